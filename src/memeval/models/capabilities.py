"""What some models can do besides answering, each asked for by what needs it."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from memeval.models.answers import Choice, Generation
from memeval.models.base import Progress
from memeval.models.prompt import Message, Prompt


@runtime_checkable
class Chooses(Protocol):
    """Tells which option is the likeliest answer: what a walker needs."""

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Pick, for each prompt, the option with the highest log-likelihood."""
        ...


@runtime_checkable
class Surprises(Protocol):
    """Tells how unexpected a text is."""

    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return the surprise in nats of every token of each text, aligned with `tokenize`."""
        ...


@runtime_checkable
class Tokenizes(Protocol):
    """Tells what a text's tokens are, and so whether it fits the window."""

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text, without special tokens."""
        ...


@runtime_checkable
class MeasuresPieces(Protocol):
    """Tells how long a text is in a prompt, where that may be more than it is alone."""

    def piece_lengths(self, pieces: Sequence[str]) -> list[int]:
        """Return the tokens that each text takes at most as a piece of a prompt."""
        ...


@runtime_checkable
class WordVectors(Protocol):
    """Shows where its words lie."""

    def token_embeddings(self) -> npt.NDArray[np.float32]:
        """Return the input embeddings, `(vocab, width) float32`."""
        ...


@runtime_checkable
class Chats(Protocol):
    """Tells turns of a conversation in its own way."""

    def render_chat(self, messages: Sequence[Message]) -> str:
        """Return messages as the model's chat template writes them, up to where it answers.

        Only the first message may be the system's. A text that `generate` reads as it is: what the
        model puts before every text of its own accord is left out.

        Raises:
            ModelError: the model has no chat template.
        """
        ...


@runtime_checkable
class TakesTurns(Protocol):
    """Is told turns of a conversation one by one, and renders them out of sight."""

    takes_turns: Literal[True]


class Stitching(Protocol):
    """Notes kept as keys: whoever has it pays for reading them, and nobody else finds them read."""

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Answer as the model does, but read the texts of `Prompt.memory` apart from one another.

        What was read is moved to where it stands in a prompt, and kept for the next that holds it.
        """
        ...

    def stats(self) -> dict[str, int]:
        """Count hits, misses and evictions of notes so far, and the items and bytes held now."""
        ...


@runtime_checkable
class Stitches(Protocol):
    """Can read notes once and move them; a model of which that is not exact is none of these."""

    def stitching(self, *, cache_mb: int) -> Stitching:
        """Return a reader of notes with an empty cache of its own, bounded in MB."""
        ...


CAPABILITIES: Mapping[str, type] = MappingProxyType(
    {
        "choose": Chooses,
        "surprise": Surprises,
        "tokenize": Tokenizes,
        "word_vectors": WordVectors,
        "chat": Chats,
        "stitch": Stitches,
    }
)
"""Protocols by the names that `wants` of a memory uses."""


def missing(model: object, wants: Iterable[str]) -> list[str]:
    """Return the names of wanted capabilities that a model does not have, in the order wanted."""
    return [name for name in wants if not isinstance(model, CAPABILITIES[name])]
