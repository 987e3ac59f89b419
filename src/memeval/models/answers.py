"""What a model answers, and what it cost; None where the model does not measure it."""

from dataclasses import dataclass
from typing import Literal

Finish = Literal["stop", "length"]
"""How an answer ended: at a stop string or end token, or cut at the tokens that it may have."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A text and what it cost.

    Tokens are counted without padding. Times are the item's share of its batch: prefill is shared
    out by tokens, each decoding step among the rows still running, the shared prefix evenly.
    `thought_tokens` are those of `generated_tokens` that the model thought before the text.
    `answer_ms` is the whole call where its parts cannot be told. An `error` says why there is no
    answer: the item is then neither right nor wrong.
    """

    text: str
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    generated_tokens: int | None = None
    prefill_ms: float | None = None
    decode_ms: float | None = None
    finish: Finish | None = None
    thought_tokens: int | None = None
    answer_ms: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The most likely option and the log-likelihood of each, in nats, summed over its tokens.

    Likelihoods are None where the model was asked for a letter, and told nothing else. Costs are
    counted as for a `Generation`; the options' own tokens are not part of the prompt.
    """

    index: int
    log_likelihoods: tuple[float, ...] | None
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    prefill_ms: float | None = None
    answer_ms: float | None = None
    error: str | None = None
    generated_tokens: int | None = 0
