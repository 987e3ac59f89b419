"""Answers about ways that pay: the shortest list of places, the way or the place worth most."""

from collections.abc import Sequence
from itertools import permutations

from memeval.memories.smpd.link_words import LinkWords
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.planner import Planner
from memeval.memories.smpd.records import ANYWHERE

MOST_STOPS = 5
"""Places worth something that a way is tried through, in every order."""


class Valuer:
    """Finds ways by what places are worth; a way leads on from where one gets anywhere."""

    def __init__(self, graph: PlaceGraph, planner: Planner, words: LinkWords) -> None:
        self._graph, self._planner, self._words = graph, planner, words

    def shortest(self, here: int, there: int) -> list[int]:
        """Return the places of the shortest way, by one that leads anywhere if that is no more."""
        ways = [self._planner.plan(here, there)]
        for place, trait in self._graph.traits.items():
            if trait.leads_anywhere:
                ways.append([*self._towards(here, place), there])
        return min(reversed([way for way in ways if way]), key=len, default=[])

    def _towards(self, here: int, place: int) -> list[int]:
        """Return the way to a place that leads anywhere; nobody said how one gets to a new one."""
        if place == ANYWHERE:
            return []
        return self._planner.plan(here, place) or [here, place]

    def best(self, here: int, question: str) -> list[int]:
        """Return the way from a place that a question asks for by what it is worth."""
        worth = {p: t.worth for p, t in self._graph.traits.items() if t.worth > 0}
        ways = {place: self.shortest(here, place) for place in worth}
        reached = {place: way for place, way in ways.items() if way}
        if not reached:
            return []
        if self._words.asks(question, "total"):
            return self._richest(here, sorted(reached, key=lambda p: (-worth[p], p)))
        sign = 1 if self._words.asks(question, "least") else -1
        return reached[min(reached, key=lambda p: (sign * worth[p], len(reached[p]), p))]

    def asks(self, question: str) -> bool:
        """Whether a question asks for what is worth most, or least."""
        return self._words.asks(question, "most") or self._words.asks(question, "least")

    def _richest(self, here: int, places: Sequence[int]) -> list[int]:
        """Return the shortest way through all of the places that are worth something."""
        found = [self._through(here, order) for order in permutations(places[:MOST_STOPS])]
        return min(filter(None, found), key=len, default=[])

    def _through(self, here: int, places: Sequence[int]) -> list[int]:
        way = [here]
        for place in places:
            piece = self.shortest(way[-1], place)
            if not piece:
                return []
            way += piece[1:] if place not in way else []
        return way
