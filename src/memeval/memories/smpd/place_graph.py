"""The map: places, passages between them, things noticed at them. Bounded; prunes are logged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from memeval.memories.smpd.geometry import Geometry
from memeval.memories.smpd.lexicon import Vector
from memeval.memories.smpd.params import SmpdParams
from memeval.memories.smpd.passages import Passage, remember_events
from memeval.memories.smpd.records import Place, Prune, Sighting, Step, Trait
from memeval.memories.smpd.relations import Relation, Relations, settle
from memeval.memories.smpd.things import Things
from memeval.memories.smpd.ways import Ways


@dataclass(slots=True)
class PlaceGraph:
    """Places by number, the ways between them, and the things at them.

    `leads` tells where a move of a length led to last. `version` changes with everything that a
    plan could depend on.
    """

    params: SmpdParams
    places: dict[int, Place] = field(default_factory=dict)
    ways: Ways = field(init=False)
    things: Things = field(init=False)
    relations: Relations = field(default_factory=Relations)
    traits: dict[int, Trait] = field(default_factory=dict)
    prunes: list[Prune] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    version: int = 0
    next_place: int = 0
    geometry: Geometry = field(init=False)
    named: dict[str, int] = field(default_factory=dict)
    leads: dict[tuple[int, str, float], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ways = Ways(self.params)
        self.things = Things(self.params.store.max_things)
        self.geometry = Geometry(self.params.path_integration.radius)

    def place(self, name: str) -> int | None:
        """Return the place of a name, however it is capitalised; None for one never mentioned."""
        return self.named.get(_key(name))

    def enter(self, name: str, time: int) -> int:
        """Return the place of a name, and make one if there is none."""
        place = self.place(name)
        if place is None:
            place = self._new(name, time)
            self.geometry.add(place)
        self.places[place].last_seen = time
        return place

    def enter_unnamed(self, here: int, vector: Vector, time: int) -> int:
        """Return the place that a move leads to: one known by its coordinates, or a new one."""
        known = self._beyond(here, vector) if self.params.path_integration.enabled else None
        if known is None:
            known = self._new("", time)
            x, y = self.geometry.at[here]
            frame = self.geometry.frame[here] if self.params.path_integration.enabled else None
            self.geometry.add(known, (x + vector[0], y + vector[1]), frame)
        self.places[known].last_seen = time
        return known

    def enter_beyond(self, name: str, here: int, vector: Vector, time: int) -> int:
        """Return the place of a name; an unnamed one that stands where the move leads gets it."""
        if self.place(name) is None and self.params.path_integration.enabled:
            known = self._beyond(here, vector)
            if known is not None and not self.places[known].name:
                self._rename(known, name)
        return self.enter(name, time)

    def walk(self, step: Step) -> Passage | None:
        """Take in a step. The gate counts a repeat instead of storing it again."""
        self.version += 1
        if step.here == step.there:
            self.counts["steps_in_place"] += 1
            return None
        vector = self._agreed(step)
        self._supersede(step)
        known = self.ways.between(step.here, step.there)
        if known and self.params.gate.enabled:
            self.counts["gate_aggregated"] += 1
            known[0].walked_again(
                move=step.move, vector=vector, who=step.who, time=step.time, reward=step.reward
            )
            passage = known[0]
        else:
            passage = self._insert(step, vector)
        remember_events(passage.events, step.events, self.params.store.max_events)
        return passage

    def lie(self, relation: Relation, move: str) -> None:
        """Take in how two places were told to lie; one can go there where the knob says so.

        What was told before changes nothing but which events tell it.
        """
        told, relation.events = relation.events, []
        known = self.relations.add(relation)
        remember_events(known.events, told, self.params.store.max_events)
        if known is not relation or relation.here == relation.there:
            return
        self.version += 1
        if self.params.path_integration.enabled:
            self.geometry.relate(relation.here, relation.there, relation.vector)
        leads = self.params.relations.passages
        if leads == "all" or (leads == "map" and relation.is_map and move):
            self._lead(relation, move)

    def _lead(self, relation: Relation, move: str) -> None:
        """Let one go where a place was told to lie, unless a way is known."""
        here, there = relation.here, relation.there
        if here == there or self.ways.between(here, there) or self.ways.between(there, here):
            return
        length = max(map(abs, relation.vector)) or 1.0
        unit = (relation.vector[0] / length, relation.vector[1] / length)
        events = tuple(relation.events)
        step = Step(here, there, move, unit, length, "", events, relation.time, reward=False)
        self._insert(step, unit if move else None).events += events

    def join(self, here: int, there: int, time: int, event: str, *, implied: bool = False) -> None:
        """Take in that one gets from one place to another; what was told before is left alone."""
        known = [*self.ways.between(here, there), *self.ways.between(there, here)]
        for passage in known:
            passage.implied &= implied
        if any(not passage.open for passage in known):
            self.reopen(here, there, time, event)
        elif not known and here != there:
            self.version += 1
            step = Step(here, there, "", None, 1.0, "", (event,), time, reward=False)
            passage = self._insert(step, None)
            passage.events.append(event)
            passage.implied = implied

    def read_lists_from_first(self) -> None:
        """Believe no more that the others in a list are joined to each other.

        So it is where somebody tells what only such a list has told, and nothing new with it: had
        the list meant all pairs, that would not be said.
        """
        self.version += 1
        self.counts["lists_restated"] += 1

    def is_usable(self, passage: Passage) -> bool:
        """Whether a plan may use a passage."""
        is_doubtful = passage.implied and self.counts["lists_restated"] > 0
        return passage.is_usable(self.params.gate) and not is_doubtful

    def tell_of(
        self,
        place: int,
        event: str,
        *,
        worth: float | None = None,
        leads_anywhere: bool | None = None,
    ) -> None:
        """Take in what a place is worth now, or whether one gets anywhere from it."""
        known = self.traits.get(place, Trait(place, 0.0, leads_anywhere=False, event=event))
        worth = known.worth if worth is None else worth
        anywhere = known.leads_anywhere if leads_anywhere is None else leads_anywhere
        self.traits[place] = Trait(place, worth, leads_anywhere=anywhere, event=event)

    def settle(self) -> None:
        """Lay out anew what was told so that it does not agree."""
        if self.params.path_integration.enabled:
            settle(self.geometry, self.relations, self.ways)

    def close(self, here: int, there: int, time: int, event: str) -> bool:
        """Close every passage between two places, both ways; return whether there was one."""
        self.version += 1
        found = [*self.ways.between(here, there), *self.ways.between(there, here)]
        for passage in found:
            passage.close(time)
            remember_events(passage.events, [event], self.params.store.max_events)
        self.counts["closures" if found else "closures_of_nothing"] += 1
        return bool(found)

    def reopen(self, here: int, there: int, time: int, event: str) -> None:
        """Take in that what was closed between two places can be walked again."""
        self.version += 1
        for passage in [*self.ways.between(here, there), *self.ways.between(there, here)]:
            passage.walked_again(move="", vector=None, who="", time=time, reward=False)
            remember_events(passage.events, [event], self.params.store.max_events)

    def see(self, sighting: Sighting) -> None:
        """Note a thing at a place; where it was noticed last is where it is."""
        self.things.see(sighting)
        self.prunes += [Prune(gone.thing, gone.time, "things") for gone in self.things.bound()]

    def told(self, place: int) -> str:
        """Return what a place is called in the log of prunes."""
        return self.places[place].name or f"place {place}"

    def drop(self, places: Iterable[int]) -> None:
        """Forget places with all that hangs on them."""
        self.version += 1
        gone = set(places)
        for place in gone:
            what = self.places.pop(place)
            self.ways.forget(place)
            self.things.forget(place)
            self.relations.forget(place)
            self.traits.pop(place, None)
            self.named.pop(_key(what.name), None)
            self.geometry.remove(place)
        self.leads = {
            key: there
            for key, there in self.leads.items()
            if key[0] not in gone and there not in gone
        }

    def hang_over(self, place: int, into: int) -> None:
        """Let everything that was said of one place be said of another."""
        self.ways.hang_over(place, into)
        self.things.hang_over(place, into)
        self.relations.hang_over(place, into)
        if trait := self.traits.pop(place, None):
            self.traits.setdefault(into, replace(trait, place=into))

    def become(self, became: Mapping[int, int]) -> None:
        """Drop places that have been hung over; the moves that led to them lead to the others."""
        self.leads = {
            (became.get(here, here), move, cost): became.get(there, there)
            for (here, move, cost), there in self.leads.items()
        }
        self.drop(became)
        self.counts["places_merged"] += len(became)

    def restore(
        self,
        places: Sequence[tuple[int, Place, float, float, int]],
        passages: Sequence[Passage],
        things: Sequence[Sighting],
        relations: Sequence[Relation],
        traits: Sequence[Trait],
    ) -> None:
        """Fill an empty map with saved content; positions come with their frames."""
        for number, place, x, y, frame in places:
            self.places[number] = place
            self.ways.begin(number)
            if place.name:
                self.named[_key(place.name)] = number
            self.geometry.add(number, (x, y), frame)
        for passage in passages:
            self.ways.add(passage)
        for passage in sorted(passages, key=lambda p: p.last_seen):
            if passage.move:
                self.leads[passage.here, passage.move, passage.cost] = passage.there
        for sighting in things:
            self.see(sighting)
        for relation in relations:
            self.relations.add(relation)
        self.traits = {trait.place: trait for trait in traits}
        self.version += 1

    def _new(self, name: str, time: int) -> int:
        place = self.next_place
        self.next_place += 1
        self.places[place] = Place("", time)
        self.ways.begin(place)
        if name:
            self._rename(place, name)
        return place

    def _rename(self, place: int, name: str) -> None:
        self.places[place].name = name
        self.named[_key(name)] = place

    def _beyond(self, here: int, vector: Vector) -> int | None:
        x, y = self.geometry.at[here]
        return self.geometry.nearest(self.geometry.frame[here], (x + vector[0], y + vector[1]))

    def _agreed(self, step: Step) -> Vector | None:
        """Return the step's vector, or None if it contradicts the rest of the map."""
        if step.vector is None or not self.params.path_integration.enabled:
            return step.vector
        return step.vector if self._relate(step.here, step.there, step.vector) else None

    def _relate(self, here: int, there: int, vector: Vector) -> bool:
        left_over = self.geometry.relate(here, there, vector)
        if left_over > self.geometry.radius:
            self.counts["geometry_contradictions"] += 1
            return False
        return True

    def _supersede(self, step: Step) -> None:
        """Close what the same move led to before: it cannot lead to two places."""
        if not step.move:
            return
        key = (step.here, step.move, step.cost)
        before = self.leads.get(key)
        if before is not None and before != step.there:
            self.counts["moves_contradicted"] += 1
            for passage in self.ways.between(step.here, before):
                if passage.move == step.move:
                    passage.close(passage.last_seen)
        self.leads[key] = step.there

    def _insert(self, step: Step, vector: Vector | None) -> Passage:
        self.counts["gate_inserted"] += 1
        passage = Passage(
            step.here, step.there, step.move, vector, step.cost, step.who, step.time, step.time
        )
        passage.rewards += step.reward
        self.ways.add(passage)
        if gone := self.ways.bound(step.here):
            told = f"{self.told(gone.here)} -> {self.told(gone.there)}"
            self.prunes.append(Prune(told, gone.last_seen, "degree"))
        return passage


def _key(name: str) -> str:
    """Return a name without what its spelling may differ in."""
    return name.casefold().replace("\u2019", "'")
