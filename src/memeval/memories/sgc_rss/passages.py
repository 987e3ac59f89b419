"""Every event as it was told: what a fact says of it may not be what is asked."""

from collections.abc import Sequence

from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.passage_index import Found, PassageIndex
from memeval.models import Encoder
from memeval.types import Event


class Passages:
    """Events in the order they came, the latest of them where they do not all fit.

    They are indexed when they are asked for: where facts answer every question, no vector is made.
    What came since they were last asked for is added to the index; one that is gone has it made
    anew.
    """

    def __init__(self, encoder: Encoder | None, params: PprParams, most: int) -> None:
        self._most = most
        self._events: dict[str, tuple[int, Event]] = {}
        self._next = 0
        self._index = PassageIndex(encoder, params)

    def __len__(self) -> int:
        return len(self._events)

    @property
    def placed(self) -> list[tuple[int, Event]]:
        """What is kept, with its place in the stream."""
        return list(self._events.values())

    @property
    def events(self) -> list[Event]:
        """What is kept, in order."""
        return [event for _, event in self._events.values()]

    def add(self, event: Event) -> Event | None:
        """Keep an event; return the one that had to go for it."""
        self.restore(event, self._next)
        if len(self._events) <= self._most:
            return None
        return self._events.pop(next(iter(self._events)))[1]

    def restore(self, event: Event, place: int) -> None:
        """Enter an event at its place in the stream."""
        self._next = place + 1
        self._events[event.id] = (place, event)

    def find(self, texts: Sequence[str], most: int) -> list[list[Found]]:
        """Return for each question the passages that fit best."""
        if not self._events or not texts or not most:
            return [[] for _ in texts]
        self._index.hold(self.placed)
        return self._index.find(texts, most)
