"""Where the answer begins and ends in the tokens that a model says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from memeval.models.answers import Finish
from memeval.models.local.encoding import Encoding
from memeval.models.local.thoughts import length

THOUGHT_TOKENS = 1024
"""What a model may think before an answer, beside the tokens that the answer may have."""


class Said(NamedTuple):
    """An answer without the thought before it, and how it ended; None if it has not."""

    text: str
    thought_tokens: int
    finish: Finish | None


@dataclass(frozen=True, slots=True)
class Ending:
    """Tells when an answer is over, and what it is.

    White space before an answer is no end of it, and neither is a stop string in a thought, be it
    the model that opened it or the prompt, whose mark then is `thinking`.
    """

    encoding: Encoding
    ends: set[int]
    stop: Sequence[str]
    max_new_tokens: int
    thinking: str = ""

    @property
    def most_tokens(self) -> int:
        """How many tokens a model may say at all."""
        return THOUGHT_TOKENS + self.max_new_tokens

    def is_finished(self, tokens: list[int]) -> bool:
        """Whether nothing of what comes behind these tokens could belong to the answer."""
        return self.read(tokens).finish is not None

    def read(self, tokens: list[int]) -> Said:
        """Return the answer in these tokens."""
        thoughts = self.encoding.thoughts
        whole = self._told(tokens)
        closing = self.thinking or thoughts.begun_in(whole)
        is_over = tokens[-1:] != [] and tokens[-1] in self.ends
        if closing and closing not in whole:
            cut = is_over or len(tokens) >= THOUGHT_TOKENS
            return Said("", len(tokens), "length" if cut else None)
        thought = length(tokens, closing, self._told) if closing else 0
        text = self.encoding.decode(tokens[thought:]) if thought or thoughts.hidden else whole
        end = end_of(text, self.stop)
        if end is not None or is_over:
            return Said(text[:end].strip(), thought, "stop")
        is_full = len(tokens) - thought >= self.max_new_tokens
        return Said(text.strip(), thought, "length" if is_full else None)

    def _told(self, tokens: list[int]) -> str:
        return self.encoding.decode(tokens, whole=self.encoding.thoughts.hidden)


def end_of(text: str, stop: Sequence[str]) -> int | None:
    """Return where the first stop string stands that is more than the white space at the start."""
    lead = len(text) - len(text.lstrip())
    found = [text.find(word, max(0, lead + 1 - len(word))) for word in stop]
    return min((place for place in found if place >= 0), default=None)
