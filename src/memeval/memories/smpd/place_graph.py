"""The map: places, passages between them, things noticed at them. Bounded; prunes are logged."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from memeval.memories.smpd.geometry import Geometry
from memeval.memories.smpd.lexicon import Vector
from memeval.memories.smpd.params import SmpdParams
from memeval.memories.smpd.passages import Passage, remember_events


@dataclass(slots=True)
class Place:
    """A spot on the map; one without a name is told apart by where it lies."""

    name: str
    last_seen: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something noticed at a place: as it was told, when, by which event."""

    thing: str
    place: int
    text: str
    time: int
    event: str


@dataclass(frozen=True, slots=True)
class Prune:
    """Something that was dropped: what it was, when it was last seen, and why."""

    what: str
    last_seen: int
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step that somebody made, both ends on the map."""

    here: int
    there: int
    move: str
    vector: Vector | None
    cost: float
    who: str
    events: tuple[str, ...]
    time: int
    reward: bool


@dataclass(slots=True)
class PlaceGraph:
    """Places by number; `out[here][there]` holds the passages, one unless the gate is off.

    `version` changes with everything that a plan could depend on.
    """

    params: SmpdParams
    places: dict[int, Place] = field(default_factory=dict)
    out: dict[int, dict[int, list[Passage]]] = field(default_factory=dict)
    into: dict[int, set[int]] = field(default_factory=dict)
    things: dict[str, Sighting] = field(default_factory=dict)
    prunes: list[Prune] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    version: int = 0
    next_place: int = 0
    geometry: Geometry = field(init=False)
    _named: dict[str, int] = field(default_factory=dict)
    _leads: dict[tuple[int, str, float], int] = field(default_factory=dict)
    _noticed: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.geometry = Geometry(self.params.path_integration.radius)

    def place(self, name: str) -> int | None:
        """Return the place of a name, however it is capitalised; None for one never mentioned."""
        return self._named.get(name.casefold())

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
        known = self.out[step.here].get(step.there, [])
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

    def lie(self, here: int, there: int, vector: Vector) -> None:
        """Take in how two places lie, though nobody said that there is a way between them."""
        self.version += 1
        if self.params.path_integration.enabled and here != there:
            self._relate(here, there, vector)

    def close(self, here: int, there: int, time: int, event: str) -> bool:
        """Close every passage between two places, both ways; return whether there was one."""
        self.version += 1
        found = [*self.between(here, there), *self.between(there, here)]
        for passage in found:
            passage.close(time)
            remember_events(passage.events, [event], self.params.store.max_events)
        self.counts["closures" if found else "closures_of_nothing"] += 1
        return bool(found)

    def reopen(self, here: int, there: int, time: int, event: str) -> None:
        """Take in that what was closed between two places can be walked again."""
        self.version += 1
        for passage in [*self.between(here, there), *self.between(there, here)]:
            passage.walked_again(move="", vector=None, who="", time=time, reward=False)
            remember_events(passage.events, [event], self.params.store.max_events)

    def see(self, sighting: Sighting) -> None:
        """Note a thing at a place; where it was noticed last is where it is."""
        key = sighting.thing.casefold()
        if old := self.things.get(key):
            self._noticed[old.place].discard(key)
        self.things[key] = sighting
        self._noticed.setdefault(sighting.place, set()).add(key)

    def noticed_at(self, place: int) -> list[Sighting]:
        """Return what was noticed at a place, the latest first."""
        found = [self.things[key] for key in self._noticed.get(place, ())]
        return sorted(found, key=lambda seen: (-seen.time, seen.thing))

    def between(self, here: int, there: int) -> list[Passage]:
        """Return the passages from one place to another."""
        return self.out.get(here, {}).get(there, [])

    def passages(self) -> Iterator[Passage]:
        """Yield every passage."""
        for ways in self.out.values():
            for passages in ways.values():
                yield from passages

    def merge_coinciding(self) -> dict[int, int]:
        """Make one place of an unnamed one and another on its spot; return which became which."""
        unnamed = [place for place, what in self.places.items() if not what.name]
        became: dict[int, int] = {}
        for place in unnamed:
            twins = self.geometry.neighbours_of(place)
            if twins:
                named = [twin for twin in twins if self.places[twin].name]
                became[place] = min(named or twins)
                self._merge(place, became[place])
        self.counts["places_merged"] += len(became)
        return became

    def drop_place(self, place: int, reason: str) -> None:
        """Forget a place with all that hangs on it, and log it."""
        self.version += 1
        gone = self.places.pop(place)
        self.prunes.append(Prune(gone.name or f"place {place}", gone.last_seen, reason))
        for there in list(self.out.pop(place)):
            self.into[there].discard(place)
        for here in self.into.pop(place):
            self.out[here].pop(place, None)
        for key in self._noticed.pop(place, set()):
            del self.things[key]
        self._leads = {k: v for k, v in self._leads.items() if place not in (k[0], v)}
        self._named.pop(gone.name.casefold(), None)
        self.geometry.remove(place)

    def restore(
        self,
        places: Sequence[tuple[int, Place, float, float, int]],
        passages: Sequence[Passage],
        things: Sequence[Sighting],
    ) -> None:
        """Fill an empty map with saved content; positions come with their frames."""
        for number, place, x, y, frame in places:
            self.places[number] = place
            self.out[number], self.into[number] = {}, set()
            if place.name:
                self._named[place.name.casefold()] = number
            self.geometry.add(number, (x, y), frame)
        for passage in passages:
            self.out[passage.here].setdefault(passage.there, []).append(passage)
            self.into[passage.there].add(passage.here)
        for passage in sorted(passages, key=lambda p: p.last_seen):
            if passage.move:
                self._leads[passage.here, passage.move, passage.cost] = passage.there
        for sighting in things:
            self.see(sighting)
        self.version += 1

    def _new(self, name: str, time: int) -> int:
        place = self.next_place
        self.next_place += 1
        self.places[place] = Place("", time)
        self.out[place], self.into[place] = {}, set()
        if name:
            self._rename(place, name)
        return place

    def _rename(self, place: int, name: str) -> None:
        self.places[place].name = name
        self._named[name.casefold()] = place

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
        before = self._leads.get(key)
        if before is not None and before != step.there:
            self.counts["moves_contradicted"] += 1
            for passage in self.between(step.here, before):
                if passage.move == step.move:
                    passage.close(passage.last_seen)
        self._leads[key] = step.there

    def _insert(self, step: Step, vector: Vector | None) -> Passage:
        self.counts["gate_inserted"] += 1
        passage = Passage(
            step.here, step.there, step.move, vector, step.cost, step.who, step.time, step.time
        )
        passage.rewards += step.reward
        self.out[step.here].setdefault(step.there, []).append(passage)
        self.into[step.there].add(step.here)
        self._bound_degree(step.here)
        return passage

    def _bound_degree(self, here: int) -> None:
        """Drop the least walked and longest unseen passage of a place that has too many."""
        ways = self.out[here]
        if len(ways) <= self.params.store.max_degree:
            return
        there = min(
            ways, key=lambda to: (len(ways[to]), ways[to][0].evidence, ways[to][-1].last_seen)
        )
        dropped = ways.pop(there)
        self.into[there].discard(here)
        names = [self.places[p].name or f"place {p}" for p in (here, there)]
        self.prunes.append(Prune(" -> ".join(names), dropped[-1].last_seen, "degree"))

    def _merge(self, place: int, into: int) -> None:
        """Let everything that was said of one place be said of another, and drop the first."""
        self.version += 1
        for there, passages in list(self.out[place].items()):
            self._rehang(passages, into, there)
        for here in list(self.into[place]):
            self._rehang(self.out[here][place], here, into)
        for key in self._noticed.pop(place, set()):
            old = self.things[key]
            self.see(Sighting(old.thing, into, old.text, old.time, old.event))
        prunes = len(self.prunes)
        self.drop_place(place, "merged")
        del self.prunes[prunes:]  # nothing was lost

    def _rehang(self, passages: list[Passage], here: int, there: int) -> None:
        if here == there:
            return
        known = self.out[here].setdefault(there, [])
        self.into[there].add(here)
        for passage in passages:
            passage.here, passage.there = here, there
            if known and self.params.gate.enabled:
                known[0].evidence += passage.evidence
                known[0].rewards += passage.rewards
                known[0].last_seen = max(known[0].last_seen, passage.last_seen)
                remember_events(known[0].events, passage.events, self.params.store.max_events)
            else:
                known.append(passage)
