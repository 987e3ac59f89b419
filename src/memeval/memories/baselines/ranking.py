"""Rankers: every event gets a score for every query, and the best are given back."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import Field

from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams
from memeval.types import Event, Query, Recall, Trace

BLOCK, SCORES = 64, 2**23
"""Queries that are scored at once, and their scores, so that those of a long stream fit."""
DECIMALS = 6
"""Of a score: what is left out differs by which other queries were scored in the same block."""

Scores = npt.NDArray[np.float64]


class RankingParams(MemoryParams):
    """What every ranker has; a note is hardly shorter than 8 tokens, so that 32 fill 256."""

    k: int = Field(default=32, ge=1, description="traces a query")


class Index(Protocol):
    """Texts, kept in the order in which they were added, and a way to look for them."""

    def add(self, texts: Sequence[str]) -> None:
        """Take in texts."""

    def clear(self) -> None:
        """Forget them."""

    def scores(self, texts: Sequence[str]) -> Scores:
        """Return how well each added text fits each of these, `(texts, added texts) float64`."""
        ...


class Found(NamedTuple):
    """Places of events among which the best of a query are, in order, and their scores."""

    places: npt.NDArray[np.intp]
    scores: Scores


class Ranking(EventStore):
    """Keeps all events, and indexes them with who said them and when; subclasses add `found`."""

    class Params(RankingParams):
        """`k` traces a query."""

    params: RankingParams

    def __init__(self, params: RankingParams, *, seed: int, indexes: Sequence[Index]) -> None:
        super().__init__(params, seed=seed)
        self.indexes = indexes

    @abstractmethod
    def found(self, queries: Sequence[str]) -> Iterator[Found]:
        """Yield what each query finds, -inf for an event that it does not."""

    def observe(self, events: Sequence[Event]) -> None:
        """Keep and index the events."""
        super().observe(events)
        self._add(events)

    def load(self, directory: Path) -> None:
        """Replace the events by saved ones, which are then indexed anew.

        Raises:
            DataError: the store is broken, or not a list of events.
        """
        super().load(directory)
        for index in self.indexes:
            index.clear()
        self._add(self.events)

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the events that score best, the newer first where two score the same."""
        if not self.events:
            return [Recall()] * len(queries)
        asked = [query.text for query in queries]
        return [self._recall(one) for block in self._blocks(asked) for one in self.found(block)]

    def _add(self, events: Sequence[Event]) -> None:
        told = [event.told() for event in events]
        for index in self.indexes:
            index.add(told)

    def _blocks(self, queries: Sequence[str]) -> Iterator[Sequence[str]]:
        many = max(1, min(BLOCK, SCORES // len(self.events)))
        for start in range(0, len(queries), many):
            yield queries[start : start + many]

    def _recall(self, found: Found) -> Recall:
        rounded = np.round(found.scores, DECIMALS)
        chosen = best(rounded, self.params.k)
        events = [self.events[i] for i in found.places[chosen]]
        pairs = zip(events, rounded[chosen].tolist(), strict=True)
        return Recall(tuple(Trace(e.told(), score, (e.id,)) for e, score in pairs))


def likely(scores: npt.NDArray[np.floating], k: int, slack: float) -> npt.NDArray[np.intp]:
    """Return the places that can be among the k best, if each score is off by at most `slack`."""
    if k >= len(scores):
        return np.arange(len(scores))
    least = np.partition(scores, -k)[-k] - 2 * slack - 10.0**-DECIMALS
    found: npt.NDArray[np.intp] = np.flatnonzero(scores >= least)
    return found


def best(scores: Scores, k: int) -> npt.NDArray[np.intp]:
    """Return the places of the k highest scores, best first, of equal ones the last first."""
    least = np.partition(scores, -k)[-k] if k < len(scores) else -np.inf
    found = np.flatnonzero((scores >= least) & (scores > -np.inf))
    order: npt.NDArray[np.intp] = found[np.lexsort((-found, -scores[found]))][:k]
    return order
