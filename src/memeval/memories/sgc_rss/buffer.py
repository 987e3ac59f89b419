"""The episodic buffer: sentences that wait until replay has seen enough of their kind."""

from dataclasses import dataclass

from memeval.memories.sgc_rss.sentences import Sentence, sentences


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sentence, and the event and time it comes from."""

    text: str
    event: str
    time: int

    def sentence(self) -> Sentence:
        """Return the sentence as it was read when it came."""
        return next(sentences(self.text))


class Buffer:
    """Sentences in order of arrival."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.waiting: list[Waiting] = []

    @property
    def is_full(self) -> bool:
        """Whether nothing more fits before a consolidation."""
        return len(self.waiting) >= self.capacity

    def add(self, one: Waiting) -> None:
        """Keep a sentence."""
        self.waiting.append(one)

    def take(self) -> list[Waiting]:
        """Empty the buffer, in order of time."""
        taken = sorted(self.waiting, key=lambda one: one.time)
        self.waiting = []
        return taken
