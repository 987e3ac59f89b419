"""The trace store: bounded, and when it is full it forgets what is least salient by now."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from memeval.memories.hei_nw.evidence import Index, Ints, Key

FEWEST_DEAD = 256  # slots of removed traces, or outdated heap entries, that are worth a rebuild


@dataclass(slots=True)
class StoredTrace:
    """One thing remembered: its text, the events it rests on, and the words of its key.

    `position` counts observed events and names the trace; `seen` is the position at which it was
    last written or reinforced; traces of one `episode` share the position of its first sentence.
    """

    text: str
    events: list[str]
    time: int
    salience: float
    pinned: bool
    key: Key
    position: int
    seen: int
    episode: int


@dataclass(frozen=True, slots=True)
class Prune:
    """A trace that had to go, and why."""

    event: str
    salience: float
    reason: str


@dataclass(slots=True)
class TraceStore:
    """Traces in slots, and an index of their keys that is rebuilt when too many have gone."""

    max_traces: int
    half_life_events: int
    max_events: int
    new_index: Callable[[], Index]
    index: Index = field(init=False)
    prunes: list[Prune] = field(default_factory=list)
    _traces: list[StoredTrace | None] = field(default_factory=list)
    _slots: dict[int, int] = field(default_factory=dict)  # by position
    _episodes: dict[int, list[int]] = field(default_factory=dict)  # positions by episode
    _least: list[tuple[float, int]] = field(default_factory=list)  # heap of retention, position

    def __post_init__(self) -> None:
        self.index = self.new_index()

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

    def slot_at(self, position: int) -> int | None:
        """Return the slot of the trace written at a position, None if it is not held."""
        return self._slots.get(position)

    def add(self, trace: StoredTrace) -> bool:
        """Store a trace, evicting the least salient if full; False if it was itself the least.

        A pinned trace is never evicted, and is refused only if all traces are pinned.
        """
        if len(self) >= self.max_traces and not self._make_room(trace):
            return False
        self.rest_on(trace, ())
        self._slots[trace.position] = len(self._traces)
        self._traces.append(trace)
        self.index.add(trace.key)
        self._episodes.setdefault(trace.episode, []).append(trace.position)
        self._watch(trace)
        return True

    def remove(self, slot: int) -> None:
        """Forget the trace in a slot."""
        trace = self[slot]
        self._traces[slot] = None
        self.index.remove(slot)
        del self._slots[trace.position]
        self._leave_episode(trace)
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

    def episode(self, name: int) -> list[StoredTrace]:
        """Return the traces of an episode in the order they were observed."""
        return [self[self._slots[position]] for position in sorted(self._episodes[name])]

    def bind(self, trace: StoredTrace, episode: int) -> None:
        """Make a trace part of an episode."""
        self._leave_episode(trace)
        trace.episode = episode
        self._episodes.setdefault(episode, []).append(trace.position)

    def with_mates(self, slots: Ints) -> Ints:
        """Return slots, followed by all others of their episodes."""
        found = dict.fromkeys(slots.tolist())
        for slot in slots.tolist():
            for position in self._episodes[self[slot].episode]:
                found.setdefault(self._slots[position])
        return np.fromiter(found, np.int64, len(found))

    def retention(self, trace: StoredTrace) -> float:
        """Return log2 of the salience, which halves every `half_life_events`, up to a constant.

        What all traces have in common by now, the position itself, is left out, so that their
        order does not change as time goes by.
        """
        return float(np.log2(max(trace.salience, 1e-9))) + trace.seen / self.half_life_events

    def told_bytes(self) -> int:
        """Return the bytes of all texts and of the ids of the events that told them."""
        told = (part for trace in self.live() for part in (trace.text, *trace.events))
        return sum(len(part.encode()) for part in told)

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

    def _leave_episode(self, trace: StoredTrace) -> None:
        mates = self._episodes[trace.episode]
        mates.remove(trace.position)
        if not mates:
            del self._episodes[trace.episode]

    def _rebuild(self) -> None:
        """Give the traces held new slots, without gaps."""
        self._traces = list(self.live())
        self._slots = {t.position: slot for slot, t in enumerate(self._traces) if t}
        self.index = self.new_index()
        for trace in self.live():
            self.index.add(trace.key)
