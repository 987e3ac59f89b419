"""What an extractor reads from a sentence."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["verb", "noun", "clause"]
"""A relation is told by a verb ("works for"), by a noun ("employer", as in "the employer of"), or
by words before and behind its head ("company that _ founded is")."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One relation between two entities, as one sentence tells it."""

    head: str
    phrase: str
    tail: str
    form: Form
    extractor: str
    confidence: float
