"""What yields no fact is kept as it was said: passages, found by words, vectors and neighbours."""

from collections.abc import Sequence

from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.passage_index import Found, PassageIndex
from memeval.models import Encoder
from memeval.types import Event


class Passages:
    """Events of which some sentence is no fact, in the order they came.

    They are indexed when they are asked for: a stream of facts alone costs no vector. What came
    since they were last asked for is added to the index; one that is gone has it made anew.
    """

    def __init__(self, encoder: Encoder | None, params: PprParams, most: int) -> None:
        self._most = most
        self.unread: dict[str, int] = {}
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

    def add(self, event: Event, unread: int) -> Event | None:
        """Keep an event with sentences that were not read; return the one that had to go for it."""
        if not unread:
            self._next += 1
            return None
        self.restore(event, unread, self._next)
        if len(self._events) <= self._most:
            return None
        oldest = next(iter(self._events))
        del self.unread[oldest]
        return self._events.pop(oldest)[1]

    def restore(self, event: Event, unread: int, place: int) -> None:
        """Enter an event at its place in the stream."""
        self._next = place + 1
        self.unread[event.id] = unread
        self._events[event.id] = (place, event)

    def read(self, event: str) -> None:
        """Note that one more sentence of an event is a fact; when all are, it is no passage."""
        if event not in self.unread:
            return
        self.unread[event] -= 1
        if not self.unread[event]:
            del self.unread[event], self._events[event]

    def find(self, texts: Sequence[str], most: int) -> list[list[Found]]:
        """Return for each question the passages that fit best."""
        if not self._events or not texts or not most:
            return [[] for _ in texts]
        self._index.hold(self.placed)
        return self._index.find(texts, most)
