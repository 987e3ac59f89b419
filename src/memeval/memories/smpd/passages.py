"""Passages: what is known of the way from one place to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from memeval.memories.smpd.lexicon import Vector
from memeval.memories.smpd.params import GateParams


@dataclass(slots=True)
class Passage:
    """A step that was walked, one way.

    `move` is the direction's word, empty where the next place is all that is said. `evidence`
    counts the walks. `open` is what was said last; `flips` counts how often that changed, `steady`
    the walks since. `who` walked it last, `events` tell it (the first and the last few). `vector`
    is None where no direction was said, or one that contradicts the rest of the map. `implied`
    marks what only a list told whose names are joined each to each.
    """

    here: int
    there: int
    move: str
    vector: Vector | None
    cost: float
    who: str
    first_seen: int
    last_seen: int
    evidence: int = 1
    rewards: int = 0
    open: bool = True
    flips: int = 0
    steady: int = 1
    events: list[str] = field(default_factory=list)
    implied: bool = False

    def is_usable(self, gate: GateParams) -> bool:
        """Whether a plan may use it: open, and not flapping."""
        flaps = gate.enabled and self.flips >= gate.flaps
        return self.open and (not flaps or self.steady >= gate.settle)

    def walked_again(
        self, *, move: str, vector: Vector | None, who: str, time: int, reward: bool
    ) -> None:
        """Count one more walk; a closed passage is open again."""
        self.evidence += 1
        self.rewards += reward
        self.last_seen = max(self.last_seen, time)
        self.move, self.vector = move or self.move, vector or self.vector
        self.who = who or self.who
        self.steady += 1
        if not self.open:
            self._flip()
            self.open, self.steady = True, 1

    def close(self, time: int) -> None:
        """Take in that it cannot be used any more."""
        self.last_seen = max(self.last_seen, time)
        self.steady = 0
        if self.open:
            self._flip()
            self.open = False

    def _flip(self) -> None:
        self.flips += 1


def remember_events(events: list[str], new: Sequence[str], most: int) -> None:
    """Add event ids, each once; of too many the first and the latest are kept."""
    for event in new:
        if event not in events:
            events.append(event)
    if len(events) > most:
        del events[1 : len(events) - most + 1]
