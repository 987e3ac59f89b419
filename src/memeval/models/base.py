"""What memeval asks of a language model, and the records that pass between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Progress = Callable[[int], None]
"""Called with the number of prompts answered since the last call."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in the parts that an engine can reuse.

    `prefix` is shared by a whole suite, `memory` holds one text per recalled trace, `suffix` asks
    the question. The model reads their concatenation.
    """

    prefix: str
    memory: tuple[str, ...]
    suffix: str

    @property
    def pieces(self) -> tuple[str, ...]:
        """The parts in reading order; each is tokenized on its own."""
        return (self.prefix, *self.memory, self.suffix)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Generation:
    """An answer and what it cost.

    Tokens are counted without padding. Times are the item's share of its batch: prefill is shared
    out by tokens, each decoding step among the rows still running, the shared prefix evenly.
    """

    text: str
    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    prefill_ms: float
    decode_ms: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The most likely option and the log-likelihood of each, in nats, summed over its tokens.

    Costs are counted as for a `Generation`; the options' own tokens are not part of the prompt.
    """

    index: int
    log_likelihoods: tuple[float, ...]
    prompt_tokens: int = 0
    reused_tokens: int = 0
    prefill_ms: float = 0.0


@runtime_checkable
class LanguageModel(Protocol):
    """A causal language model. All methods are batched and deterministic."""

    name: str
    window: int
    """Tokens that fit into one forward pass, prompt and answer together."""
    stitches: bool
    """Whether notes can be read apart from one another; otherwise they are read as text."""
    kv_cache_mb: int
    """Bound of the cache of such notes."""

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        stitched: bool = False,
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Continue each prompt greedily until a stop string, the end token or the limit.

        With `stitched` the texts of `Prompt.memory` are read apart from one another and moved to
        their places, where the model can do that.
        """
        ...

    def render_chat(self, messages: Sequence[Message]) -> str:
        """Return messages as the model's chat template writes them, up to where it answers.

        Only the first message may be the system's. A text that `generate` reads as it is: what the
        model puts before every text of its own accord is left out.

        Raises:
            ModelError: the model has no chat template.
        """
        ...

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Pick, for each prompt, the option with the highest log-likelihood."""
        ...

    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return the surprise in nats of every token of each text, aligned with `tokenize`."""
        ...

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text, without special tokens."""
        ...

    def token_embeddings(self) -> npt.NDArray[np.float32]:
        """Return the input embeddings, `(vocab, width) float32`."""
        ...

    def fingerprint(self) -> str:
        """Return a hex digest that changes when weights, precision or tokenizer change."""
        ...

    def cache_stats(self) -> dict[str, int]:
        """Count what the cache of fragments did since the model was loaded, and what it holds."""
        ...

    def description(self) -> dict[str, str | int]:
        """Return what a reader of the results should know: device, dtype, architecture, size."""
        ...
