"""What a map is made of besides passages: places, steps, sightings, and what was dropped."""

from dataclasses import dataclass

from memeval.memories.smpd.lexicon import Vector

SPARE = 20
"""One in so many more is dropped than must be, so that not every event has to drop one."""


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


ANYWHERE = -1
"""The place of a trait that holds wherever one is."""


@dataclass(frozen=True, slots=True)
class Trait:
    """What was told last of a place: what it is worth, or that one gets anywhere from it."""

    place: int
    worth: float
    leads_anywhere: bool
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
