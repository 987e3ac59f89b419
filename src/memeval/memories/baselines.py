"""Baselines that see what any memory sees: nothing kept, everything kept, retrieval by BM25."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import Field

from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams
from memeval.types import Event, Query, Recall, Trace
from memeval.words import UNSPACED, fold

_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_TERM = re.compile(rf"(?:{UNSPACED.pattern})+|(?:(?!{UNSPACED.pattern})\w)+")


class NoMemory(EventStore):
    """Remembers nothing: the model on its own, the floor."""

    def observe(self, events: Sequence[Event]) -> None:
        """Forget the events at once."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return empty recalls."""
        return [Recall()] * len(queries)


class FullContext(EventStore):
    """Gives back the whole stream, newest best; the reader cuts what does not fit the window."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return every event for every query."""
        newest_first = sorted(self.events, key=lambda event: -event.time)
        traces = (Trace(e.told(), float(e.time), (e.id,)) for e in newest_first)
        return [Recall(tuple(traces), ranked=False)] * len(queries)


class BM25(EventStore):
    """Lexical retrieval with Okapi BM25, as implemented by bm25s (Lù 2024, arXiv:2407.03618)."""

    class Params(MemoryParams):
        """`k` traces a query; `k1` saturates repeats, `b` corrects for length."""

        k: int = Field(default=5, ge=1)
        k1: float = Field(default=1.5, ge=0)
        b: float = Field(default=0.75, ge=0, le=1)

    params: Params

    def __init__(self, params: MemoryParams, *, seed: int) -> None:
        super().__init__(params, seed=seed)
        self._index: Any = None
        self._indexed = 0

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the events that score best, and none that shares no word with the query."""
        index = self._fresh_index()
        if index is None or not queries:
            return [Recall()] * len(queries)
        k = min(self.params.k, len(self.events))
        asked = [terms(query.text) for query in queries]
        found, scores = index.retrieve(asked, k=k, show_progress=False)
        return [
            Recall(
                tuple(
                    Trace(self.events[i].told(), float(score), (self.events[i].id,))
                    for i, score in zip(row, row_scores, strict=True)
                    if score > 0
                )
            )
            for row, row_scores in zip(found, scores, strict=True)
        ]

    def load(self, directory: Path) -> None:
        """Replace the events by saved ones, which are then indexed anew.

        Raises:
            DataError: the store is broken, or not a list of events.
        """
        super().load(directory)
        self._index, self._indexed = None, 0

    def _fresh_index(self) -> Any:
        """Return the index of all events; None if no event has a word in it."""
        import bm25s

        if self._indexed != len(self.events):
            told = [terms(event.told()) for event in self.events]
            self._index = bm25s.BM25(k1=self.params.k1, b=self.params.b) if any(told) else None
            if self._index:
                self._index.index(told, show_progress=False)
            self._indexed = len(self.events)
        return self._index


def terms(text: str) -> list[str]:
    """Return what a text is found by: its words, also those of one letter, no possessive's end.

    In a script without spaces between words these are the characters and the pairs of neighbours,
    as Lucene's analyser for Chinese, Japanese and Korean can have them.
    """
    found: list[str] = []
    for run in _TERM.findall(_POSSESSIVE.sub("", fold(text))):
        if UNSPACED.match(run):
            found += [*run, *map("".join, pairwise(run))]
        else:
            found.append(run)
    return found
