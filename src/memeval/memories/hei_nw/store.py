"""The trace store: bounded, and when it is full it forgets what is least salient by now."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw.keys import Key
from memeval.memories.hei_nw.sparse import SparseIndex
from memeval.memories.hei_nw.vectors import VectorKeys
from memeval.types import Event

FEWEST_DEAD = 256  # slots of removed traces, or outdated heap entries, that are worth a rebuild


@dataclass(slots=True)
class StoredTrace:
    """One thing remembered: a passage, who told it on which day, and the words of its key.

    `events` are those it rests on. `position` counts observed passages and names the trace; `seen`
    is the position at which it was last written or reinforced; `follows` names the trace that it
    goes on from, -1 for none; `asks` whether it ends with a question.
    """

    text: str
    speaker: str
    date: str
    events: list[str]
    time: int
    salience: float
    pinned: bool
    key: Key
    position: int
    seen: int
    asks: bool = False
    follows: int = -1

    def told(self) -> str:
        """Return the passage with when and by whom it was told in front."""
        return Event("", self.text, self.time, speaker=self.speaker, at=self.date).told()


@dataclass(frozen=True, slots=True)
class Prune:
    """A trace that had to go, and why."""

    event: str
    salience: float
    reason: str


@dataclass(slots=True)
class TraceStore:
    """Traces in slots, and indexes of their keys that are rebuilt when too many have gone.

    `vectors` is None where no encoder makes any.
    """

    max_traces: int
    half_life_events: int
    max_events: int
    new_words: Callable[[], SparseIndex]
    vectors: VectorKeys | None = None
    words: SparseIndex = field(init=False)
    prunes: list[Prune] = field(default_factory=list)
    _traces: list[StoredTrace | None] = field(default_factory=list)
    _slots: dict[int, int] = field(default_factory=dict)  # by position
    _least: list[tuple[float, int]] = field(default_factory=list)  # heap of retention, position

    def __post_init__(self) -> None:
        self.words = self.new_words()

    def __len__(self) -> int:
        return len(self._slots)

    def __getitem__(self, slot: int) -> StoredTrace:
        """Return the trace in a slot that is held."""
        trace = self._traces[slot]
        assert trace is not None, "the index names only live slots"
        return trace

    def live(self) -> list[StoredTrace]:
        """Return the traces held, in the order they were written."""
        return [trace for trace in self._traces if trace is not None]

    def in_slots(self) -> list[tuple[int, StoredTrace]]:
        """Return the traces held with their slots, in the order they were written."""
        return [(slot, trace) for slot, trace in enumerate(self._traces) if trace is not None]

    def slot_at(self, position: int) -> int | None:
        """Return the slot of the trace written at a position, None if it is not held."""
        return self._slots.get(position)

    def add(self, trace: StoredTrace, vector: npt.NDArray[np.floating] | None = None) -> bool:
        """Store a trace, evicting the least salient if full; False if it was itself the least.

        A pinned trace is never evicted, and is refused only if all traces are pinned.
        """
        if len(self) >= self.max_traces and not self._make_room(trace):
            return False
        self.rest_on(trace, ())
        self._slots[trace.position] = len(self._traces)
        self._traces.append(trace)
        self._index(trace, vector)
        self._watch(trace)
        return True

    def remove(self, slot: int) -> None:
        """Forget the trace in a slot."""
        trace = self[slot]
        self._traces[slot] = None
        self.words.remove(slot)
        del self._slots[trace.position]
        dead = len(self._traces) - len(self)
        if dead > max(FEWEST_DEAD, len(self)):
            self._rebuild()

    def rest_on(self, trace: StoredTrace, events: Iterable[str]) -> None:
        """Note that a trace rests on more events; of too many the first and the latest are kept."""
        trace.events += events
        if len(trace.events) > self.max_events:
            del trace.events[1 : len(trace.events) - self.max_events + 1]

    def reinforce(self, trace: StoredTrace, salience: float, *, seen: int) -> None:
        """Note that a trace is as salient as this, at least, and was met again."""
        trace.salience = max(trace.salience, salience)
        trace.seen = max(trace.seen, seen)
        self._watch(trace)

    def retention(self, trace: StoredTrace) -> float:
        """Return log2 of the salience, which halves every `half_life_events`, up to a constant.

        What all traces have in common by now, the position itself, is left out, so that their
        order does not change as time goes by.
        """
        return float(np.log2(max(trace.salience, 1e-9))) + trace.seen / self.half_life_events

    def told_bytes(self) -> int:
        """Return the bytes of all texts, of who told them, and of the ids of their events."""
        told = (part for t in self.live() for part in (t.text, t.speaker, t.date, *t.events))
        return sum(len(part.encode()) for part in told)

    def nbytes(self) -> int:
        """Return the bytes of all that is held."""
        vectors = self.vectors.nbytes() if self.vectors is not None else 0
        return self.told_bytes() + self.words.nbytes() + vectors

    def _watch(self, trace: StoredTrace) -> None:
        if trace.pinned:
            return
        heapq.heappush(self._least, (self.retention(trace), trace.position))
        if len(self._least) > max(FEWEST_DEAD, 2 * len(self)):
            self._least = [(self.retention(t), t.position) for t in self.live() if not t.pinned]
            heapq.heapify(self._least)

    def _make_room(self, newcomer: StoredTrace) -> bool:
        victim = self._find_least()
        if victim is None:
            self.prunes.append(Prune(newcomer.events[0], newcomer.salience, "all pinned"))
            return False
        if not newcomer.pinned and self.retention(newcomer) < self.retention(victim):
            self.prunes.append(Prune(newcomer.events[0], newcomer.salience, "store full"))
            return False
        self.prunes.append(Prune(victim.events[0], victim.salience, "store full"))
        self.remove(self._slots[victim.position])
        return True

    def _find_least(self) -> StoredTrace | None:
        """Return the trace to go first; the heap also names what has gone or was reinforced."""
        while self._least:
            retention, position = self._least[0]
            slot = self._slots.get(position)
            if slot is not None:
                trace = self[slot]
                if not trace.pinned and self.retention(trace) == retention:
                    return trace
            heapq.heappop(self._least)
        return None

    def _index(self, trace: StoredTrace, vector: npt.NDArray[np.floating] | None) -> None:
        self.words.add(trace.key)
        if self.vectors is not None:
            assert vector is not None, "a store with vectors is given one with every trace"
            self.vectors.add(vector[None])

    def _rebuild(self) -> None:
        """Give the traces held new slots, without gaps."""
        vectors = self.vectors
        kept = self.in_slots()
        self._traces = [trace for _, trace in kept]
        self._slots = {trace.position: slot for slot, (_, trace) in enumerate(kept)}
        self.words = self.new_words()
        self.vectors = None if vectors is None else VectorKeys(vectors.width)
        for slot, trace in kept:
            self._index(trace, None if vectors is None else vectors[slot])
