"""From a question to traces: the next move, the whole way, what lies where."""

import re
from collections.abc import Sequence
from itertools import pairwise

from memeval.memories.smpd.asking import Understander
from memeval.memories.smpd.forms import Forms
from memeval.memories.smpd.geometry import moved, scaled
from memeval.memories.smpd.lexicon import Lexicon, Vector
from memeval.memories.smpd.macros import MacroLibrary
from memeval.memories.smpd.params import RecallParams
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.planner import Planner
from memeval.memories.smpd.positions import Positions
from memeval.memories.smpd.reading import Clause, read_all
from memeval.memories.smpd.records import Sighting
from memeval.memories.smpd.telling import Teller
from memeval.types import Example, Recall, Trace

NOTHING: list[Trace] = []


class Answerer:
    """Answers from a map, its macros and its geometry; what it does not know it does not answer."""

    def __init__(
        self,
        graph: PlaceGraph,
        planner: Planner,
        macros: MacroLibrary,
        *,
        lexicon: Lexicon,
        params: RecallParams,
        examples: Sequence[Example] = (),
    ) -> None:
        self._graph, self._planner, self._macros = graph, planner, macros
        self._lexicon, self._params = lexicon, params
        self._teller = Teller(graph, lexicon)
        self._understander = Understander(lexicon)
        self._forms = Forms(lexicon, examples)
        self._positions = Positions(
            graph, planner, lexicon=lexicon, params=params, forms=self._forms
        )

    def recall(self, question: str) -> Recall:
        """Return what is known, best first; nothing for places and things never mentioned."""
        return Recall(tuple(self._answers(question)[: self._params.traces]))

    def _answers(self, question: str) -> list[Trace]:
        """Return what is known: of a list of places, of how places lie, or of what was walked."""
        places, asked = self._understander.understand(question, self._is_place)
        if listed := self._positions.listed(question, places):
            return [listed]
        if asked and asked.kind == "way":
            return self._whole_way(asked.here, asked.there, question)
        answer = asked and self._positions.answer(asked, question)
        if asked and answer and asked.kind != "what":
            return [answer]
        clause = _merged(read_all(question, self._lexicon))
        walked = self._traces(clause, question)
        if not walked and asked and asked.kind == "step":
            return self._whole_way(asked.here, asked.there, question)
        return walked or ([answer] if answer else NOTHING)

    def _is_place(self, name: str) -> bool:
        return self._graph.place(name) is not None

    def _traces(self, asked: Clause, question: str) -> list[Trace]:
        if asked.at and asked.there:
            return self._decision(asked.at, asked.there, question)
        if asked.here and asked.there:
            return self._whole_way(asked.here, asked.there, question)
        if asked.here and asked.step:
            return self._beyond(asked.here, asked.step, asked)
        if seen := self._graph.things.find(asked.thing):
            return [self._seen(seen)]
        place = self._graph.place(asked.at or asked.here)
        if place is None:
            return NOTHING
        return [self._seen(seen) for seen in self._graph.things.at(place)]

    def _decision(self, at: str, to: str, question: str) -> list[Trace]:
        """Return the next move, behind a macro where one does more of the way."""
        way = self._plan(at, to)
        if len(way) < 2:
            return NOTHING
        events = self._events(way)
        step = Trace(self._teller.way(way[:2]), self._confidence(way[:2]), events)
        found = self._macros.along(way)
        if not found:
            return [step]
        piece = way[: found[1] + 1]
        actions = tuple(self._teller.move(a, b) for a, b in pairwise(piece))
        sure = max(step.score, self._confidence(piece))
        return [
            Trace(self._rehearsed(piece, question, ", ".join(actions)), sure, events, actions),
            step,
        ]

    def _whole_way(self, here: str, to: str, question: str) -> list[Trace]:
        way = self._plan(here, to)
        if len(way) < 2:
            return NOTHING
        text = self._rehearsed(way, question, self._forms.way(self._teller, way))
        return [Trace(text, self._confidence(way), self._events(way))]

    def _rehearsed(self, way: Sequence[int], question: str, answer: str) -> str:
        """Tell a way, and rehearse it where it takes several moves, or is not told as is due."""
        told = self._teller.way(way)
        is_told = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", told)  # "n" is not, in "barn"
        times = self._params.rehearsals if len(way) > 2 or not is_told else 0
        return self._teller.rehearsed(told, question, answer, times)

    def _plan(self, here: str, to: str) -> list[int]:
        start, goal = self._graph.place(here), self._graph.place(to)
        if start is None or goal is None:
            return []
        return self._planner.plan(start, goal)

    def _beyond(self, name: str, step: Vector, asked: Clause) -> list[Trace]:
        """Say what a move leads to, told or inferred, or what is to be found there."""
        here = self._graph.place(name)
        if here is None:
            return NOTHING
        move = self._lexicon.called.get(step, "")
        there = self._told_beyond(here, move)
        inferred = there is None
        if there is None:
            there = self._inferred_beyond(here, step)
        if there is None:
            return NOTHING
        sure = self._confidence([here, there]) * (self._params.inferred if inferred else 1.0)
        way = self._planner.plan(here, there) if inferred else [here, there]
        if "ask_what" in asked.does:
            return [self._beyond_is(seen, sure, way) for seen in self._graph.things.at(there)]
        tell = self._teller
        text = tell.inferred(here, move, there) if inferred else tell.step(here, there)
        return [Trace(text, sure, self._events(way))]

    def _told_beyond(self, here: int, move: str) -> int | None:
        """Return where a move was last said to lead, closed or not."""
        told = [
            passage
            for passages in self._graph.ways.out[here].values()
            for passage in passages
            if passage.move == move
        ]
        return max(told, key=lambda p: p.last_seen).there if told else None

    def _inferred_beyond(self, here: int, step: Vector) -> int | None:
        """Return what lies one move away by coordinates, a move being as long as those there."""
        geometry = self._graph.geometry
        if not self._graph.params.path_integration.enabled:
            return None
        lengths = {p.cost for ways in self._graph.ways.out[here].values() for p in ways if p.vector}
        for length in sorted(lengths | {1.0}):
            point = moved(geometry.at[here], scaled(step, length))
            there = geometry.nearest(geometry.frame[here], point)
            if there is not None and there != here:
                return there
        return None

    def _seen(self, seen: Sighting) -> Trace:
        return Trace(seen.text, self._params.told, (seen.event,))

    def _beyond_is(self, seen: Sighting, sure: float, way: Sequence[int]) -> Trace:
        """Tell a thing behind the steps from which it follows where it is."""
        steps = [self._teller.step(a, b) for a, b in pairwise(way)]
        events = dict.fromkeys((*self._events(way), seen.event))
        return Trace(" ".join([*steps, seen.text]), sure * self._params.told, tuple(events))

    def _events(self, way: Sequence[int]) -> tuple[str, ...]:
        passages = [self._teller.evidence(a, b) for a, b in pairwise(way)]
        return tuple(dict.fromkeys(event for p in passages if p for event in p.events))

    def _confidence(self, way: Sequence[int]) -> float:
        """Return how sure a way is: as its least walked step, and less where one is inferred."""
        return min((self._sureness(a, b) for a, b in pairwise(way)), default=self._params.told)

    def _sureness(self, here: int, there: int) -> float:
        passage = self._teller.evidence(here, there)
        if passage is None:
            return self._params.told
        told = 1 - (1 - self._params.told) / passage.evidence
        return told if passage.here == here else told * self._params.inferred


def _merged(clauses: Sequence[Clause]) -> Clause:
    """Return all that a question says, the first mention of each part."""
    asked = Clause()
    for clause in clauses:
        for slot in ("here", "there", "at", "thing", "step"):
            if not getattr(asked, slot):
                setattr(asked, slot, getattr(clause, slot))
        asked.does |= clause.does
    return asked
