"""Finds passages: by words and vectors, by who said them, and by what stands beside them."""

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
    """A passage and its score; of a long message the event's text is the part that was found."""

    event: Event
    score: float


class PassageIndex:
    """Words and vectors of passages, who said them, and what links them."""

    def __init__(self, encoder: Encoder | None, params: PprParams) -> None:
        self._rankers: list[Any] = [WordIndex(WordParams())]
        if encoder is not None:
            self._rankers.append(VectorIndex(encoder))
        self._params = params
        self._placed: list[tuple[int, Event]] = []
        self._clear()

    def _clear(self) -> None:
        """Forget all passages."""
        self._parts: list[Event] = []
        self._places: list[int] = []
        self._told: list[str] = []
        self._speakers: dict[str, list[int]] = {}
        self._links: Links | None = None
        for ranker in self._rankers:
            ranker.clear()

    def hold(self, placed: list[tuple[int, Event]]) -> None:
        """Index these events, of which most may be held, in parts."""
        known = len(self._placed)
        if placed[:known] != self._placed:
            known = 0
            self._clear()
        if placed[known:]:
            self._add(placed[known:])
        self._placed = placed

    def _add(self, placed: Sequence[tuple[int, Event]]) -> None:
        """Index events in parts, as a budget holds a few parts of a long message at the most."""
        known = len(self._parts)
        for place, event in placed:
            for part in passages(event.text):
                self._speakers.setdefault(event.speaker, []).append(len(self._parts))
                self._parts.append(replace(event, text=part))
                self._places.append(place)
        self._told += [part.told() for part in self._parts[known:]]
        for ranker in self._rankers:
            ranker.add(self._told[known:])
        if self._params.enabled:
            at = list(zip(self._places, self._parts, strict=True))
            self._links = links(at, self._told, self._params)

    def find(self, texts: Sequence[str], most: int) -> list[list[Found]]:
        """Return for each question the passages that fit best, at most so many."""
        fits = [ranker.scores(texts) for ranker in self._rankers]
        rows = np.round(self._spread(texts, fits), DECIMALS)
        return [
            self._found(text, best(row, most).tolist(), row, fits[-1][n])
            for n, (text, row) in enumerate(zip(texts, rows, strict=True))
        ]

    def _found(self, text: str, ranked: list[int], scores: Scores, near: Scores) -> list[Found]:
        """Return passages; whichever leads has the highest score."""
        places = self._newest_first(ranked, text, near)
        return [
            Found(self._parts[i], float(score))
            for i, score in zip(places, scores[ranked], strict=True)
        ]

    def _newest_first(self, ranked: list[int], text: str, fits: Scores) -> list[int]:
        """Return places with the newest first of those that say of a question what the first says.

        Where something was told again, with all the words of the question that the best passage has
        and as near to it, the later telling holds.
        """
        leader = ranked[0]
        shared = set(terms(text)) & set(terms(self._told[leader]))
        if len(shared) < FEWEST:
            return ranked
        again = [i for i in ranked[:LOOKED] if shared <= set(terms(self._told[i]))]
        held = [i for i in again if fits[i] >= HELD * fits[leader]] or [leader]
        first = max(held, key=lambda i: (self._parts[i].time, i))
        return [first, *(i for i in ranked if i != first)]

    def _spread(self, texts: Sequence[str], fits: Sequence[Scores]) -> Scores:
        """Return how well each passage answers, by how well all fit, `(texts, passages)`."""
        total: Scores = np.sum([standardised(one) for one in fits], axis=0)
        total += self._params.speaker * self._said_by_named(texts)
        return total if self._links is None else spread(total, self._links, self._params)

    def _said_by_named(self, texts: Sequence[str]) -> Scores:
        """Return 1 where a question names whoever said a passage, `(texts, passages)`."""
        said = np.zeros((len(texts), len(self._parts)))
        asked = [set(terms(text)) for text in texts]
        for speaker, parts in self._speakers.items():
            names = set(terms(speaker))
            naming = [n for n, words in enumerate(asked) if not names.isdisjoint(words)]
            said[np.ix_(naming, parts)] = 1
        return said
