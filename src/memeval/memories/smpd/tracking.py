"""Follows people through what is told: where they stand, which way they face, how they walked."""

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from memeval.memories.smpd.course import Leg
from memeval.memories.smpd.geometry import rotated, scaled
from memeval.memories.smpd.lexicon import Lexicon, Vector
from memeval.memories.smpd.linking import LinkReader, Links
from memeval.memories.smpd.params import StoreParams
from memeval.memories.smpd.passages import Passage
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.reading import Clause, read
from memeval.memories.smpd.records import ANYWHERE, Sighting, Step
from memeval.memories.smpd.relating import RelationReader, Told
from memeval.memories.smpd.relations import Relation
from memeval.types import Event


@dataclass(slots=True)
class Walker:
    """Somebody: the place and the heading after the last step, and the course walked so far.

    `told_by` is the event that says where: a step told without its start rests on it, too.
    """

    place: int | None = None
    heading: Vector | None = None
    course: list[int] = field(default_factory=list)
    rewards: int = 0
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """A course that somebody walked without a break, and how often it paid off."""

    places: tuple[int, ...]
    rewards: int


class Tracker:
    """Turns clauses into steps on a map. It knows a bounded number of people and of walks."""

    def __init__(self, graph: PlaceGraph, lexicon: Lexicon, params: StoreParams) -> None:
        self._graph, self._lexicon = graph, lexicon
        self._max_walkers = params.max_walkers
        self.walkers: OrderedDict[str, Walker] = OrderedDict()
        self.walks: deque[Walk] = deque(maxlen=params.max_walks)
        self.last = ""
        self._relations = RelationReader(lexicon)
        self._links = LinkReader(lexicon.links)
        self._led_to: int | None = None

    def _is_known(self, name: str) -> bool:
        return self._graph.place(name) is not None

    def take(self, event: Event) -> bool:
        """Take in an event; return whether it said anything about the map."""
        if told := self._relations.read(event.text, self._is_known):
            for one in told:
                self._lie(one, event)
            return True
        if links := self._links.read(event.text, self._is_known):
            return self._link(links, event)
        taken = [self._clause(clause, event) for clause in read(event.text, self._lexicon)]
        return any(taken)

    def all_walks(self) -> list[Walk]:
        """Return the walks that ended and those that may still go on."""
        going = [Walk(tuple(w.course), w.rewards) for w in self.walkers.values() if w.course]
        return [*self.walks, *going]

    def replace(self, became: Mapping[int, int]) -> None:
        """Follow places that became others; a place that is gone is nowhere to stand."""
        for walker in self.walkers.values():
            walker.place = self._now(walker.place, became)
            walker.course = [became.get(place, place) for place in walker.course]
            if walker.place is None:
                walker.course = []
        walks = [
            Walk(tuple(became.get(place, place) for place in walk.places), walk.rewards)
            for walk in self.walks
        ]
        self.walks.clear()
        self.walks.extend(walks)

    def _now(self, place: int | None, became: Mapping[int, int]) -> int | None:
        now = None if place is None else became.get(place, place)
        return now if now in self._graph.places else None

    def _clause(self, clause: Clause, event: Event) -> bool:
        does = clause.does
        if clause.at and not self._is_place(clause.at) and "arrival" not in does:
            clause.at = ""
        if does & {"closed", "opened"} and "motion" not in does:  # but "through the open door"
            return self._passage_changes(clause, event)
        if "negation" in does:
            return False
        if "facing" in does:
            return self._stand(clause, event)
        if "motion" in does or "turning" in does or (clause.follows and not clause.thing):
            return self._move(clause, event)
        if clause.thing and clause.at:
            return self._notice(clause, event)
        return "seen" in does and self._stand(clause, event)

    def _notice(self, clause: Clause, event: Event) -> bool:
        where = self._graph.enter(clause.at, event.time)
        self._graph.see(Sighting(clause.thing, where, event.text, event.time, event.id))
        return True

    def _is_place(self, name: str) -> bool:
        """Whether something can be noticed there: not "in a good mood", unless one can go there."""
        return name[0].isupper() or self._graph.place(name) is not None

    def _passage_changes(self, clause: Clause, event: Event) -> bool:
        here, there = self._graph.place(clause.here), self._graph.place(clause.there)
        if here is None or there is None:
            return False
        if ("closed" in clause.does) != ("negation" in clause.does):
            return self._graph.close(here, there, event.time, event.id)
        self._graph.reopen(here, there, event.time, event.id)
        return True

    def _lie(self, told: Told, event: Event) -> None:
        """Take in that one place was told to lie in a direction of another."""
        here = self._graph.enter(told.here, event.time)
        there = self._graph.enter(told.there, event.time)
        length = max(map(abs, told.vector)) or 1.0
        move = self._lexicon.called.get((told.vector[0] / length, told.vector[1] / length), "")
        relation = Relation(here, there, told.vector, told.is_exact, told.is_map, event.time)
        relation.events.append(event.id)
        self._graph.lie(relation, move)

    def _link(self, links: Links, event: Event) -> bool:
        """Take in which places are joined, and which no more; and what is told of a place."""
        graph = self._graph
        self._join(links, event)
        known = [
            (here, there)
            for here, there in ((graph.place(a), graph.place(b)) for a, b in links.cut)
            if here is not None and there is not None
        ]
        shut = [p for name in links.shut for p in graph.ways.at(graph.place(name))]
        shut += [p for role in links.blocked for p in self._usual_way(role)]
        known += [(p.here, p.there) for p in shut]
        for here, there in known:
            graph.close(here, there, event.time, event.id)
        for names in links.anywhere:
            told = [n for n in names if n[0].isupper() or self._is_known(n)]
            hub = self._meant(told[-1], event) if told else ANYWHERE
            graph.tell_of(hub, event.id, leads_anywhere=True)
        for leg in links.course:
            self._lead(leg, event)
        for name, worth in links.worth:
            place = graph.place(name) if name else self._led_to
            if place is not None:
                graph.tell_of(place, event.id, worth=worth)
        return bool(links)

    def _meant(self, name: str, event: Event) -> int:
        """Return the place of a name, or of its last words: "this Castle" of Elm Castle."""
        here = self._led_to
        is_here = here is not None and self._graph.told(here).endswith(f" {name}")
        if here is not None and is_here and not self._is_known(name):
            return here
        return self._graph.enter(name, event.time)

    def _usual_way(self, role: str) -> list[Passage]:
        """Return the passage to what is worth most, or least, that was told first."""
        worth = {p: t.worth for p, t in self._graph.traits.items() if t.worth > 0}
        if not worth:
            return []
        best = (max if role == "most" else min)(worth, key=lambda place: worth[place])
        return self._graph.ways.at(best)[:1]

    def _join(self, links: Links, event: Event) -> None:
        """Join pairs; what says nothing new but what a list implied shows how lists are meant."""
        graph = self._graph

        def entered(pairs: list[tuple[str, str]]) -> list[tuple[int, int]]:
            return [(graph.enter(a, event.time), graph.enter(b, event.time)) for a, b in pairs]

        told, implied = entered(links.joined), entered(links.implied)
        known = [[*graph.ways.between(a, b), *graph.ways.between(b, a)] for a, b in told + implied]
        is_new = not all(known)
        if not is_new and any(p.implied for passages in known[: len(told)] for p in passages):
            graph.read_lists_from_first()
        for here, there in told:
            graph.join(here, there, event.time, event.id)
        for here, there in implied:
            graph.join(here, there, event.time, event.id, implied=True)

    def _lead(self, leg: Leg, event: Event) -> None:
        """Follow whoever is led through a place: a step where one is led on to one place."""
        here = self._led_to
        places = [self._graph.enter(name, event.time) for name in leg.names]
        if leg.goes_on and here is not None:
            for there in places:
                self._graph.join(here, there, event.time, event.id)
        if len(places) == 1:
            self._led_to = places[0]

    def _stand(self, clause: Clause, event: Event) -> bool:
        """Take in where somebody is, and which way they face."""
        where = clause.at or clause.here
        if not where and not clause.step:
            return False
        walker = self._walker(clause)
        if where:
            self._set_off(walker, self._graph.enter(where, event.time), event)
        walker.heading = clause.step or walker.heading
        return True

    def _move(self, clause: Clause, event: Event) -> bool:
        walker = self._walker(clause)
        comes_to = clause.there or (clause.at if "arrival" in clause.does else "")
        leaves = clause.here or (clause.at if clause.at != comes_to else "")
        if leaves:
            self._set_off(walker, self._graph.enter(leaves, event.time), event)
        unit = self._unit(clause, walker)
        walker.heading = unit or walker.heading
        goes = "motion" in clause.does or clause.follows
        if walker.place is None:
            if goes and comes_to:
                self._set_off(walker, self._graph.enter(comes_to, event.time), event)
            return bool(comes_to)
        if not goes or not (comes_to or unit):
            return bool(leaves or unit)
        self._step(clause, walker, comes_to, unit, event)
        return True

    def _step(
        self, clause: Clause, walker: Walker, comes_to: str, unit: Vector | None, event: Event
    ) -> None:
        here = walker.place
        assert here is not None, "the caller looked"
        length = 1.0 if clause.length is None else clause.length
        vector = scaled(unit, length) if unit else None
        if not comes_to and vector:
            there = self._graph.enter_unnamed(here, vector, event.time)
        elif vector:
            there = self._graph.enter_beyond(comes_to, here, vector, event.time)
        else:
            there = self._graph.enter(comes_to, event.time)
        move = self._lexicon.called.get(unit, "") if unit else ""
        told_by = tuple(dict.fromkeys((walker.told_by, event.id)))
        self._graph.walk(
            Step(here, there, move, vector, length, self.last, told_by, event.time, event.reward)
        )
        walker.place, walker.told_by = there, event.id
        walker.course.append(there)
        walker.rewards += event.reward

    def _unit(self, clause: Clause, walker: Walker) -> Vector | None:
        """Return the direction of a move: said outright, or relative to the heading."""
        if clause.step:
            return clause.step
        if clause.turn is None or walker.heading is None:
            return None
        return rotated(walker.heading, clause.turn)

    def _walker(self, clause: Clause) -> Walker:
        """Return who moves: the one named, else the one told of last."""
        name = clause.who
        if not name:
            name = self.last if not clause.here or "pronouns" in clause.does else ""
        self.last = name
        walker = self.walkers.pop(name, None) or Walker()
        self.walkers[name] = walker
        if len(self.walkers) > self._max_walkers:
            _, gone = self.walkers.popitem(last=False)
            self._graph.counts["people_forgotten"] += 1
            self._end(gone)
        return walker

    def _set_off(self, walker: Walker, place: int, event: Event) -> None:
        """Put somebody at a place; a walk that led elsewhere ends."""
        walker.told_by = event.id
        if walker.place != place or not walker.course:
            self._end(walker)
            walker.course, walker.rewards, walker.place = [place], 0, place

    def _end(self, walker: Walker) -> None:
        if len(walker.course) > 1:
            self._graph.counts["walks_forgotten"] += len(self.walks) == self.walks.maxlen
            self.walks.append(Walk(tuple(walker.course), walker.rewards))
