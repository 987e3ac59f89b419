"""What yields no fact is kept as it was said: passages, found by words, vectors and neighbours."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from memeval.memories.baselines.fusion import standardised
from memeval.memories.baselines.ranking import DECIMALS, Scores, best
from memeval.memories.baselines.vector_index import VectorIndex
from memeval.memories.baselines.word_index import WordIndex, WordParams
from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.spreading import Links, links, spread
from memeval.models import Encoder
from memeval.types import Event


class Found(NamedTuple):
    """A passage, its score, and the cosine of its vector and the question's, if there are any."""

    event: Event
    score: float
    cosine: float | None


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
        self._index = _Index(encoder, params)

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
        events, index = self.events, self._index
        index.hold(self.placed)
        fits = [ranker.scores(texts) for ranker in index.rankers]
        cosines = fits[-1] if index.has_vectors else None
        return [
            [
                Found(events[i], float(row[i]), None if cosines is None else float(cosines[n, i]))
                for i in best(row, most)
            ]
            for n, row in enumerate(np.round(index.spread(fits), DECIMALS))
        ]


class _Index:
    """Words and vectors of passages, and what links them."""

    def __init__(self, encoder: Encoder | None, params: PprParams) -> None:
        self.rankers: list[Any] = [WordIndex(WordParams())]
        self.has_vectors = encoder is not None
        if encoder is not None:
            self.rankers.append(VectorIndex(encoder))
        self._params = params
        self._held: list[Event] = []
        self._links: Links | None = None

    def hold(self, placed: Sequence[tuple[int, Event]]) -> None:
        """Index these passages, of which most may be held."""
        events = [event for _, event in placed]
        known = len(self._held)
        if events == self._held:
            return
        if events[:known] != self._held:
            known = 0
            for ranker in self.rankers:
                ranker.clear()
        told = [event.told() for event in events]
        for ranker in self.rankers:
            ranker.add(told[known:])
        self._held = events
        self._links = links(placed, told, self._params) if self._params.enabled else None

    def spread(self, fits: Sequence[Scores]) -> Scores:
        """Return how well each passage answers, by how well all fit, `(texts, passages)`."""
        total: Scores = np.sum([standardised(one) for one in fits], axis=0)
        return total if self._links is None else spread(total, self._links, self._params)
