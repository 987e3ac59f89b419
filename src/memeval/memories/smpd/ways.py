"""The ways of a map: which passages lead from where to where."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from memeval.memories.smpd.params import SmpdParams
from memeval.memories.smpd.passages import Passage, remember_events


@dataclass(slots=True)
class Ways:
    """Passages by their ends; `out[here][there]` holds them, one unless the gate is off."""

    params: SmpdParams
    out: dict[int, dict[int, list[Passage]]] = field(default_factory=dict)
    into: dict[int, set[int]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Passage]:
        """Yield every passage."""
        for ways in self.out.values():
            for passages in ways.values():
                yield from passages

    def between(self, here: int, there: int) -> list[Passage]:
        """Return the passages from one place to another."""
        return self.out.get(here, {}).get(there, [])

    def at(self, place: int | None) -> list[Passage]:
        """Return the passages from and to a place, the one told first in front."""
        found = [passage for passage in self if place in {passage.here, passage.there}]
        return sorted(found, key=lambda passage: passage.first_seen)

    def begin(self, place: int) -> None:
        """Take in a place that nothing leads to yet."""
        self.out[place], self.into[place] = {}, set()

    def add(self, passage: Passage) -> None:
        """Take in a passage between two places."""
        self.out[passage.here].setdefault(passage.there, []).append(passage)
        self.into[passage.there].add(passage.here)

    def bound(self, here: int) -> Passage | None:
        """Drop the least walked and longest unseen passage of a place that has too many."""
        passages = [passage for ways in self.out[here].values() for passage in ways]
        if len(passages) <= self.params.store.max_degree:
            return None
        gone = min(passages, key=lambda passage: (passage.evidence, passage.last_seen))
        kept = self.out[here][gone.there]
        kept.remove(gone)
        if not kept:
            del self.out[here][gone.there]
            self.into[gone.there].discard(here)
        return gone

    def forget(self, place: int) -> None:
        """Drop a place with every passage from it and to it."""
        for there in self.out.pop(place):
            self.into[there].discard(place)
        for here in self.into.pop(place):
            self.out[here].pop(place, None)

    def hang_over(self, place: int, into: int) -> None:
        """Let every passage of one place be another's.

        Nothing is left hanging on the first: its neighbours may be the next to be hung over.
        """
        leaving, self.out[place] = self.out[place], {}
        for there, passages in leaving.items():
            self.into[there].discard(place)
            self._move(passages, into, there)
        coming, self.into[place] = self.into[place], set()
        for here in coming:
            self._move(self.out[here].pop(place), here, into)

    def _move(self, passages: list[Passage], here: int, there: int) -> None:
        if here == there:
            return
        known = self.out[here].setdefault(there, [])
        self.into[there].add(here)
        for passage in passages:
            passage.here, passage.there = here, there
            if known and self.params.gate.enabled:
                known[0].evidence += passage.evidence
                known[0].who = known[0].who or passage.who
                known[0].rewards += passage.rewards
                known[0].last_seen = max(known[0].last_seen, passage.last_seen)
                remember_events(known[0].events, passage.events, self.params.store.max_events)
            else:
                known.append(passage)
