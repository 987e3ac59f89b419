"""What an extractor reads from a sentence, and what every extractor must offer."""

from dataclasses import dataclass
from typing import Literal, Protocol

from memeval.memories.sgc_rss.sentences import Sentence

Form = Literal["verb", "noun"]
"""A relation is told by a verb ("works for") or by a noun ("employer", as in "the employer of")."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One relation between two entities, as one sentence tells it."""

    head: str
    phrase: str
    tail: str
    form: Form
    extractor: str
    confidence: float
    fit: float = 0.0


class Extractor(Protocol):
    """Reads facts from sentences."""

    name: str

    def read(self, sentence: Sentence) -> list[Fact]:
        """Return the facts that the sentence tells, none if it tells none that can be read."""
        ...
