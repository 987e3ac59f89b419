"""What yields no fact is kept as it was said: passages, found by words, vectors and neighbours."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from memeval.memories.baselines.fusion import standardised
from memeval.memories.baselines.ranking import DECIMALS, Scores, best
from memeval.memories.baselines.terms import terms
from memeval.memories.baselines.vector_index import VectorIndex
from memeval.memories.baselines.word_index import WordIndex, WordParams
from memeval.memories.passages import passages
from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.spreading import Links, links, spread
from memeval.models import Encoder
from memeval.types import Event

LOOKED = 5
"""Best passages of which a newer one may lead."""
HELD = 0.9
"""How near to a question a newer telling is, as a share of the older one, at least."""
FEWEST = 4
"""Words of a question that passages share, which say the same of it."""


class Found(NamedTuple):
    """A passage, its score, and the cosine of its vector and the question's, if there are any.

    Of a long message the event's text is the part that was found.
    """

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
        index = self._index
        events = index.hold(self.placed)
        fits = [ranker.scores(texts) for ranker in index.rankers]
        cosines = fits[-1] if index.has_vectors else None
        told = [event.told() for event in events]
        return [
            [
                Found(events[i], float(row[i]), None if cosines is None else float(cosines[n, i]))
                for i in _newest_first(best(row, most).tolist(), told, texts[n], fits[-1][n])
            ]
            for n, row in enumerate(np.round(index.spread(texts, fits), DECIMALS))
        ]


def _newest_first(ranked: list[int], told: Sequence[str], text: str, fits: Scores) -> list[int]:
    """Return passages with the newest first of those that say of a question what the first says.

    Where something was told again, with all the words of the question that the best passage has and
    as near to it, the later telling holds.
    """
    asked, best_ = set(terms(text)), ranked[0]
    shared = asked & set(terms(told[best_]))
    if len(shared) < FEWEST:
        return ranked
    again = [i for i in ranked[:LOOKED] if shared <= set(terms(told[i]))]
    first = max(i for i in again if fits[i] >= HELD * fits[best_])
    return [first, *(i for i in ranked if i != first)]


class _Index:
    """Words and vectors of passages, and what links them."""

    def __init__(self, encoder: Encoder | None, params: PprParams) -> None:
        self.rankers: list[Any] = [WordIndex(WordParams())]
        self.has_vectors = encoder is not None
        if encoder is not None:
            self.rankers.append(VectorIndex(encoder))
        self._params = params
        self._placed: list[tuple[int, Event]] = []
        self._parts: list[tuple[int, Event]] = []
        self._links: Links | None = None

    def hold(self, placed: list[tuple[int, Event]]) -> list[Event]:
        """Index these events, of which most may be held, and return their parts, in order."""
        known = len(self._placed)
        if placed[:known] != self._placed:
            known = 0
            self._parts = []
            for ranker in self.rankers:
                ranker.clear()
        if placed[known:] or not known:
            self._add(placed[known:])
        self._placed = placed
        return [part for _, part in self._parts]

    def _add(self, placed: Sequence[tuple[int, Event]]) -> None:
        """Index events in parts, as a budget holds a few parts of a long message at the most."""
        parts = [
            (place, replace(event, text=part))
            for place, event in placed
            for part in passages(event.text)
        ]
        for ranker in self.rankers:
            ranker.add([event.told() for _, event in parts])
        self._parts += parts
        if self._params.enabled:
            told = [event.told() for _, event in self._parts]
            self._links = links(self._parts, told, self._params)

    def spread(self, texts: Sequence[str], fits: Sequence[Scores]) -> Scores:
        """Return how well each passage answers, by how well all fit, `(texts, passages)`."""
        total: Scores = np.sum([standardised(one) for one in fits], axis=0)
        total += self._params.speaker * self._said_by_named(texts)
        return total if self._links is None else spread(total, self._links, self._params)

    def _said_by_named(self, texts: Sequence[str]) -> Scores:
        """Return 1 where a question names whoever said a passage, `(texts, passages)`."""
        speakers = [frozenset(terms(event.speaker)) for _, event in self._parts]
        asked = [set(terms(text)) for text in texts]
        named = {names: [not names.isdisjoint(words) for words in asked] for names in set(speakers)}
        return np.array([named[names] for names in speakers], np.float64).T
