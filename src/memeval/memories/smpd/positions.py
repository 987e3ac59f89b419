"""Answers from how places lie, and from the ways between them: in one word, or a way of moves."""

import math
from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from memeval.memories.smpd.asking import Asked
from memeval.memories.smpd.forms import Forms
from memeval.memories.smpd.geometry import moved
from memeval.memories.smpd.lexicon import Lexicon, Vector
from memeval.memories.smpd.link_words import LinkWords
from memeval.memories.smpd.linking import HEARER
from memeval.memories.smpd.params import RecallParams
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.planner import Planner
from memeval.memories.smpd.relations import Relation
from memeval.memories.smpd.telling import Teller
from memeval.memories.smpd.valuing import Valuer
from memeval.types import Trace


class Positions:
    """Answers questions that were understood; None where the map does not tell."""

    def __init__(
        self,
        graph: PlaceGraph,
        planner: Planner,
        *,
        lexicon: Lexicon,
        params: RecallParams,
        forms: Forms,
    ) -> None:
        self._graph, self._planner, self._params = graph, planner, params
        self._forms = forms
        self._teller = Teller(graph, lexicon)
        self._words = lexicon.links
        self._valuer = Valuer(graph, planner, lexicon.links) if lexicon.links else None

    def answer(self, asked: Asked, question: str) -> Trace | None:
        """Return a note that tells the answer, with what it rests on; of ways others know more."""
        answering = {
            "what": self._what,
            "whether": self._whether,
            "where": self._where,
            "steps": self._steps,
            "can": self._can,
            "after": self._along,
            "before": self._along,
            "nearer": self._nearer,
        }
        answer = answering.get(asked.kind)
        return answer(asked, question) if answer else None

    def _what(self, asked: Asked, question: str) -> Trace | None:
        """Tell what lies in a direction: what was told to, else what is nearest that way."""
        here = self._graph.place(asked.here)
        there = None if here is None else self._towards(here, asked.vector)
        if here is None or there is None:
            return None
        return self._told(here, there, question, self._teller.name(there))

    def _whether(self, asked: Asked, question: str) -> Trace | None:
        """Tell whether a place lies in a direction of another: on every axis that was asked."""
        apart = self._apart(asked.here, asked.there)
        if apart is None:
            return None
        here, there, vector = apart
        wanted, is_so = asked.vector, _sign(vector)
        agrees = [w == s for w, s in zip(_sign(wanted), is_so, strict=True) if w]
        answer = all(agrees) if agrees else is_so == (0, 0)
        return self._told(here, there, question, self._teller.yes_or_no(is_so=answer))

    def _where(self, asked: Asked, question: str) -> Trace | None:
        apart = self._apart(asked.here, asked.there)
        if apart is None:
            return None
        here, there, vector = apart
        return self._told(here, there, question, self._called(here, there, vector))

    def listed(self, question: str, names: Sequence[str]) -> Trace | None:
        """Return a way as a list of its places, where a question asks for one; None otherwise.

        It leads from the first place named to the second, else to where it pays most.
        """
        valuer, words = self._valuer, self._words
        if not (valuer and words):
            return None
        is_list, is_best = words.asks(question, "list"), valuer.asks(question)
        if not names and is_best and words.asks(question, "first"):
            names = [HEARER]
        places = [p for p in map(self._graph.place, names[:2]) if p is not None]
        if len(places) == 2 and is_list:
            way = valuer.shortest(*places)
        elif len(places) == 1 and is_best:
            way = valuer.best(places[0], question)
        else:
            return None
        return self._walked(way, question, self._list(way, question, words)) if way else None

    def _list(self, way: Sequence[int], question: str, words: LinkWords) -> str:
        """Write the places of a way; only where it begins, or ends, where no list is asked for."""
        names = [self._teller.name(place) for place in way]
        if not words.asks(question, "list"):
            return names[min(1, len(names) - 1)] if words.asks(question, "first") else names[-1]
        if words.asks(question, "numbers"):
            names = [name.rpartition(" ")[2] for name in names]
        return ", ".join(names)

    def _steps(self, asked: Asked, question: str) -> Trace | None:
        way = self._plan(asked)
        return self._walked(way, question, str(len(way) - 1)) if len(way) > 1 else None

    def _can(self, asked: Asked, question: str) -> Trace | None:
        way = self._plan(asked)
        return self._walked(way, question, self._teller.yes_or_no(is_so=True)) if way[1:] else None

    def _along(self, asked: Asked, question: str) -> Trace | None:
        """Tell what comes after, or before, a place on the way."""
        way, place = self._plan(asked), self._graph.place(asked.among[0])
        if place not in way:
            return None
        at = way.index(place) + (1 if asked.kind == "after" else -1)
        if not 0 <= at < len(way):
            return None
        return self._walked(way, question, self._teller.name(way[at]))

    def _nearer(self, asked: Asked, question: str) -> Trace | None:
        """Tell which is nearer: by the way there is, else as the crow flies."""
        here = self._graph.place(asked.here)
        places = [p for p in map(self._graph.place, asked.among) if p is not None]
        if here is None or len(places) < 2:
            return None
        far = [(self._distance(here, place), i, place) for i, place in enumerate(places)]
        (best, _, place), (second, _, _) = sorted(far)[:2]
        if best == second:
            return None
        return self._told(here, place, question, self._teller.name(place))

    def _distance(self, here: int, there: int) -> float:
        way = self._planner.plan(here, there)
        if way:
            return sum(self._cost(a, b) for a, b in pairwise(way))
        vector = self._vector(here, there)
        return math.inf if vector is None else math.hypot(*vector)

    def _cost(self, here: int, there: int) -> float:
        passage = self._teller.evidence(here, there)
        return passage.cost if passage else 0.0

    def _plan(self, asked: Asked) -> list[int]:
        here, there = self._graph.place(asked.here), self._graph.place(asked.there)
        return [] if here is None or there is None else self._planner.plan(here, there)

    def _apart(self, here: str, there: str) -> tuple[int, int, Vector] | None:
        a, b = self._graph.place(here), self._graph.place(there)
        vector = None if a is None or b is None else self._vector(a, b)
        if a is None or b is None or vector is None:
            return None
        return a, b, vector

    def _vector(self, here: int, there: int) -> Vector | None:
        """Return where one place lies from another, if that can be told."""
        geometry = self._graph.geometry
        if geometry.frame[here] == geometry.frame[there]:
            (x, y), (u, v) = geometry.at[here], geometry.at[there]
            return u - x, v - y
        for told in self._graph.relations.between(here, there):
            x, y = told.vector
            return (x, y) if told.here == here else (-x, -y)
        return None

    def _towards(self, here: int, vector: Vector) -> int | None:
        """Return what lies in a direction: right there, else the nearest that is nowhere else."""
        geometry = self._graph.geometry
        at, sign = geometry.at[here], _sign(vector)
        found = geometry.nearest(geometry.frame[here], moved(at, vector))
        if found is not None and found != here:
            return found
        others = [p for p in geometry.members(geometry.frame[here]) if p != here]
        vectors = {p: (geometry.at[p][0] - at[0], geometry.at[p][1] - at[1]) for p in others}
        there = [p for p, v in vectors.items() if _sign(v) == sign and self._graph.places[p].name]
        told = [p for p in self._graph.relations.beside.get(here, ()) if self._lies(here, p, sign)]
        return min(
            there or told, key=lambda p: (math.hypot(*vectors.get(p, (0, 0))), p), default=None
        )

    def _lies(self, here: int, there: int, sign: Vector) -> bool:
        vector = self._vector(here, there)
        return vector is not None and _sign(vector) == sign

    def _called(self, here: int, there: int, vector: Vector) -> str:
        """Return the word for how a place lies: of a map, where all of it was told in such."""
        relations = self._chain(here, there)
        is_map = all(r is None or r.is_map for r in relations)
        return self._forms.relation(_sign(vector), is_map=is_map)

    def _told(self, here: int, there: int, question: str, answer: str) -> Trace:
        chain = self._chain(here, there)
        vector = self._vector(here, there)
        events = self._chain_events(here, there)
        fact = (
            self._teller.step(here, there) if vector is None else self._lying(here, there, vector)
        )
        sure = self._params.told * (1.0 if _is_certain(chain) else self._params.inferred)
        return self._note(fact, question, answer, sure, events)

    def _lying(self, here: int, there: int, vector: Vector) -> str:
        return self._teller.lying(here, there, self._called(here, there, vector))

    def _walked(self, way: Sequence[int], question: str, answer: str) -> Trace:
        events = [e for a, b in pairwise(way) for e in self._events(a, b)]
        fact = self._teller.way(way) if len(way) > 1 else ""
        return self._note(fact, question, answer, self._params.told, events)

    def _note(
        self, fact: str, question: str, answer: str, sure: float, events: Sequence[str]
    ) -> Trace:
        text = self._teller.rehearsed(fact, question, answer, self._params.rehearsals)
        return Trace(text, sure, tuple(dict.fromkeys(events)))

    def _chain(self, here: int, there: int) -> list[Relation | None]:
        """Return what was told from place to place on the shortest chain; None for a step."""
        return [
            next(iter(self._graph.relations.between(a, b)), None)
            for a, b in pairwise(self._links(here, there))
        ]

    def _chain_events(self, here: int, there: int) -> list[str]:
        return [e for a, b in pairwise(self._links(here, there)) for e in self._events(a, b)]

    def _events(self, here: int, there: int) -> list[str]:
        told = [e for r in self._graph.relations.between(here, there) for e in r.events]
        passage = self._teller.evidence(here, there)
        return told or (passage.events if passage else [])

    def _links(self, here: int, there: int) -> list[int]:
        """Return the places of the shortest chain of what was told between two, breadth first."""
        graph, before, waiting = self._graph, {here: here}, deque([here])
        while waiting and there not in before:
            place = waiting.popleft()
            beside = graph.relations.beside.get(place, set())
            for other in sorted({*beside, *graph.ways.out[place], *graph.ways.into[place]}):
                if other not in before:
                    before[other] = place
                    waiting.append(other)
        chain = [there] if there in before else []
        while chain and chain[-1] != here:
            chain.append(before[chain[-1]])
        return chain[::-1]


def _sign(vector: Vector) -> Vector:
    """Return the direction on each axis, -1, 0 or 1; less than half a step is none."""
    x, y = (float((part > 0.5) - (part < -0.5)) for part in vector)
    return x, y


def _is_certain(chain: Sequence[Relation | None]) -> bool:
    """Whether it follows without steps being taken to be of one length: all lead the same way."""
    vectors = [relation.vector for relation in chain if relation]
    return not any(min(axis) < 0 < max(axis) for axis in zip(*vectors, strict=True))
