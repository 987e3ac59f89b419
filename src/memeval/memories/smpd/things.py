"""The things of a map: what was noticed where, each at the place where it was noticed last."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from memeval.memories.smpd.records import SPARE, Sighting


@dataclass(slots=True)
class Things:
    """Sightings by thing, however it is capitalised, and the things of each place."""

    most: int
    known: dict[str, Sighting] = field(default_factory=dict)
    noticed: dict[int, set[str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Sighting]:
        """Yield every sighting."""
        yield from self.known.values()

    def __len__(self) -> int:
        """Return how many things there are."""
        return len(self.known)

    def find(self, thing: str) -> Sighting | None:
        """Return where a thing was noticed last."""
        return self.known.get(thing.casefold())

    def at(self, place: int) -> list[Sighting]:
        """Return what was noticed at a place, the latest first."""
        found = [self.known[key] for key in self.noticed.get(place, ())]
        return sorted(found, key=lambda seen: (-seen.time, seen.thing))

    def see(self, sighting: Sighting) -> None:
        """Note a thing at a place; where it was noticed last is where it is."""
        key = sighting.thing.casefold()
        if old := self.known.get(key):
            self.noticed[old.place].discard(key)
        self.known[key] = sighting
        self.noticed.setdefault(sighting.place, set()).add(key)

    def bound(self) -> list[Sighting]:
        """Drop the things noticed longest ago, if there are too many, and return them."""
        if len(self.known) <= self.most:
            return []
        oldest = sorted(self.known, key=lambda key: (self.known[key].time, key))
        dropped = []
        for key in oldest[: len(oldest) - self.most + self.most // SPARE]:
            gone = self.known.pop(key)
            self.noticed[gone.place].discard(key)
            dropped.append(gone)
        return dropped

    def forget(self, place: int) -> None:
        """Drop a place with all that was noticed there."""
        for key in self.noticed.pop(place, set()):
            del self.known[key]

    def hang_over(self, place: int, into: int) -> None:
        """Let what was noticed at one place be noticed at another."""
        for key in list(self.noticed.get(place, ())):
            self.see(replace(self.known[key], place=into))
