"""The trace store: sparse keys in an inverted index, bounded by evicting the least salient."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw.token_space import Neighbours

Floats = npt.NDArray[np.float32]


@dataclass(slots=True)
class StoredTrace:
    """One thing remembered: its text, the events it rests on, and its key units."""

    text: str
    events: list[str]
    time: int
    salience: float
    pinned: bool
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prune:
    """A trace that was evicted: first event id, salience, reason."""

    event: str
    salience: float
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """How well a cue fits the traces: summed evidence by slot, and the evidence possible."""

    evidence: Floats  # (slots,)
    possible: float


class TraceStore:
    """Traces in numbered slots; a slot is reused after an eviction."""

    def __init__(self, max_traces: int) -> None:
        self.max_traces = max_traces
        self.traces: list[StoredTrace | None] = []
        self.prunes: list[Prune] = []
        self._free: list[int] = []
        self._postings: dict[int, array[int]] = defaultdict(lambda: array("q"))

    def __len__(self) -> int:
        return len(self.traces) - len(self._free)

    def live(self) -> list[StoredTrace]:
        """Return the traces held, in slot order."""
        return [trace for trace in self.traces if trace is not None]

    def add(self, trace: StoredTrace) -> bool:
        """Store a trace, evicting the least salient if full; False if it was itself the least.

        A pinned trace is never evicted, and is refused only if all traces are pinned.
        """
        if len(self) >= self.max_traces and not self._make_room(trace):
            return False
        if self._free:
            slot = self._free.pop()
            self.traces[slot] = trace
        else:
            slot = len(self.traces)
            self.traces.append(trace)
        for unit in trace.units:
            self._postings[unit].append(slot)
        return True

    def gain(self, mass: float) -> float:
        """Return the homeostatic gain of a unit that fires with this total strength.

        `log(1 + N / (mass + 1/2))`: units that fire for everything are turned down, as by inverse
        document frequency (Spärck Jones 1972).
        """
        return float(np.log1p(len(self) / (mass + 0.5)))

    def match(self, cue: Sequence[Neighbours]) -> Match:
        """Match every token of a cue with its most similar unit in each trace, gain-weighted."""
        evidence = np.zeros(len(self.traces), np.float32)
        possible = 0.0
        for token in cue:
            best = np.zeros(len(self.traces), np.float32)
            for unit, weight in zip(token.units.tolist(), token.weights.tolist(), strict=True):
                if (slots := self._slots(unit)) is not None:
                    best[slots] = weight  # weights rise, so the best match is written last
            gain = self.gain(float(best.sum()))
            evidence += gain * best
            possible += gain
        return Match(evidence, possible)

    def nearest(self, units: Sequence[int]) -> tuple[int, float]:
        """Return the slot whose key is most like the given units, and the gain-weighted cosine."""
        if not len(self) or not units:
            return -1, 0.0
        overlap = np.zeros(len(self.traces), np.float32)
        squares = {unit: self._square(unit) for unit in units}
        for unit, square in squares.items():
            if (slots := self._slots(unit)) is not None:
                overlap[slots] += square
        best, best_cosine = -1, 0.0
        length = np.sqrt(sum(squares.values()))
        for slot in np.argsort(-overlap, kind="stable").tolist():
            # A key is at least as long as its overlap, which bounds the cosine of all that follow.
            if np.sqrt(overlap[slot]) <= best_cosine * length:
                break
            trace = self._trace(slot)
            other = np.sqrt(sum(self._square(unit) for unit in trace.units))
            cosine = float(overlap[slot] / max(length * other, 1e-9))
            if cosine > best_cosine:
                best, best_cosine = slot, cosine
        return best, min(best_cosine, 1.0)

    def store_bytes(self) -> int:
        """Return the bytes of texts, units and postings."""
        texts = sum(len(trace.text.encode()) + 8 * len(trace.units) for trace in self.live())
        return texts + sum(8 * len(slots) for slots in self._postings.values())

    def _square(self, unit: int) -> float:
        slots = self._postings.get(unit)
        return self.gain(len(slots) if slots else 0.0) ** 2

    def _slots(self, unit: int) -> npt.NDArray[np.int64] | None:
        slots = self._postings.get(unit)
        return np.frombuffer(slots, np.int64) if slots else None

    def _make_room(self, newcomer: StoredTrace) -> bool:
        evictable = [i for i, t in enumerate(self.traces) if t is not None and not t.pinned]
        if not evictable:
            self.prunes.append(Prune(newcomer.events[0], newcomer.salience, "all pinned"))
            return False
        least = min(evictable, key=lambda i: (self._trace(i).salience, self._trace(i).time))
        victim = self._trace(least)
        if not newcomer.pinned and newcomer.salience <= victim.salience:
            self.prunes.append(Prune(newcomer.events[0], newcomer.salience, "store full"))
            return False
        self.prunes.append(Prune(victim.events[0], victim.salience, "store full"))
        for unit in victim.units:
            self._postings[unit].remove(least)
        self.traces[least] = None
        self._free.append(least)
        return True

    def _trace(self, slot: int) -> StoredTrace:
        trace = self.traces[slot]
        assert trace is not None, "postings and free list name only live slots"
        return trace
