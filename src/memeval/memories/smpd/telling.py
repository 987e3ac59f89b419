"""Tells map facts as sentences, in the words of the lexicon."""

from collections.abc import Sequence
from itertools import pairwise

from memeval.memories.smpd.geometry import scaled
from memeval.memories.smpd.lexicon import Lexicon
from memeval.memories.smpd.passages import Passage
from memeval.memories.smpd.place_graph import PlaceGraph


class Teller:
    """Says steps and ways over a map."""

    def __init__(self, graph: PlaceGraph, lexicon: Lexicon) -> None:
        self._graph = graph
        self._lexicon = lexicon

    def name(self, place: int) -> str:
        """Return what a place is called."""
        return self._graph.places[place].name or self._lexicon.tell["unnamed"]

    def move(self, here: int, there: int) -> str:
        """Return the move from a place to the next: a direction, or else the next place's name."""
        direction = self._direction(here, there)
        return direction or self.name(there)

    def step(self, here: int, there: int) -> str:
        """Say one step as it was walked."""
        return self.way([here, there])

    def way(self, places: Sequence[int]) -> str:
        """Say a way: from where, which moves, to where."""
        tell = self._lexicon.tell
        here, there = self.name(places[0]), self.name(places[-1])
        directions = [self._direction(a, b) for a, b in pairwise(places)]
        who = self._who(places[0], places[1])
        if not all(directions):
            names = ", ".join(self.name(place) for place in places[1:])
            return tell["place_by_place"].format(here=here, who=who, moves=names)
        return tell["walked"].format(here=here, who=who, move=", ".join(directions), there=there)

    def rehearsed(self, fact: str, question: str, answer: str, times: int) -> str:
        """Say a fact, and then a question with its answer, as often as it is rehearsed."""
        form = self._lexicon.tell["rehearsed"]
        return fact + times * form.format(question=question, answer=answer)

    def inferred(self, here: int, move: str, there: int) -> str:
        """Say a step that nobody made, but geometry tells."""
        form = self._lexicon.tell["infer"]
        return form.format(move=move, here=self.name(here), there=self.name(there))

    def lying(self, here: int, there: int, relation: str) -> str:
        """Say how one place lies, seen from another."""
        form = self._lexicon.tell["lying"]
        return form.format(here=self.name(here), there=self.name(there), relation=relation)

    def yes_or_no(self, *, is_so: bool) -> str:
        """Say whether something is so."""
        return self._lexicon.tell["yes"] if is_so else self._lexicon.tell["no"]

    def evidence(self, here: int, there: int) -> Passage | None:
        """Return the passage that tells a step, if need be the one that leads back."""
        gate = self._graph.params.gate
        ways = [*self._graph.ways.between(here, there), *self._graph.ways.between(there, here)]
        return next((p for p in ways if p.is_usable(gate)), ways[0] if ways else None)

    def _who(self, here: int, there: int) -> str:
        passage = self.evidence(here, there)
        return (passage.who if passage else "") or self._lexicon.tell["somebody"]

    def _direction(self, here: int, there: int) -> str:
        passage = self.evidence(here, there)
        if passage is None or not passage.move:
            return ""
        if passage.here == here:
            return passage.move
        back = scaled(self._lexicon.directions[passage.move], -1.0)
        return self._lexicon.called.get(back, "")
