"""What all adapters share: the contract of a memory, over add and search of somebody else's."""

import hashlib
import json
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from pydantic import Field

from memeval.memories.params import MemoryParams
from memeval.memories.peers.calls import OPEN, CallError, Calls
from memeval.outside import shown
from memeval.types import Event, Query, Recall, Trace

LONGEST = 2**14
"""Characters of a result that are kept: more than any budget of a reader holds."""
DECIMALS = 6
"""Of a score: what is left out differs from one search to the next of the same question."""


class PeerParams(MemoryParams):
    """What every adapter has; as rankers do, it asks for enough to fill a reader's budget."""

    k: int = Field(default=32, ge=1, description="results asked for a query")
    events_per_add: int = Field(default=1, ge=1, description="events told in one call")
    timeout_s: float = Field(default=60.0, gt=0, description="seconds that a call may take")


@dataclass(frozen=True, slots=True)
class Found:
    """One text that a system gives back; `keys` are what it was added under, where that is told.

    A system that does not score has None, and is taken at its order.
    """

    text: str
    keys: tuple[str, ...] = ()
    score: float | None = None


class Peer(ABC):
    """Adds events and searches; every store is a user of its own, under a name never used before.

    Events are added under keys made of the user's name, so that what was added to another store, or
    by nobody, is known when it comes back: a search that returns it has failed. Calls are made from
    one thread, within `timeout_s`. What goes beyond `k` results is cut from the worst and counted.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    packages: ClassVar[Mapping[str, str]] = {}

    class Params(PeerParams):
        """The shared ones."""

    def __init__(self, params: PeerParams, *, seed: int) -> None:  # noqa: ARG002 - no chance in it
        self.params: Any = params
        self.user = f"memeval-{uuid4().hex}"
        self._calls = Calls(params.timeout_s, type(self).__name__.lower())
        self._added: dict[str, tuple[str, ...]] = {}
        self._told: dict[str, tuple[str, ...]] = {}
        self._counts: Counter[str] = Counter()
        self._calls.must(OPEN, self._open)

    def observe(self, events: Sequence[Event]) -> None:
        """Add the events; one that cannot be added is counted."""
        size = self.params.events_per_add
        for start in range(0, len(events), size):
            self._tell(events[start : start + size])

    def replay(self) -> None:
        """Wait until what was added can be found.

        Raises:
            PluginError: too much could not be added.
        """
        if self._added:
            self._calls.check("add")
            self._calls.must("settle", self._settle)

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Search for each question; a search that fails is an error of its item."""
        return [self._recall(query.text) if self._added else Recall() for query in queries]

    def stats(self) -> Mapping[str, int | float]:
        """Count what is stored, what calls took and how many failed."""
        items, size = self._calls.must("stats", self._size) if self._added else (0, 0)
        calls = (self._calls.tallies[kind].stats(kind) for kind in ("add", "search"))
        told = dict(pair for pairs in calls for pair in pairs)
        return {"store_items": items, "store_bytes": size, **told, **self._counts}

    def fingerprint(self) -> str:
        """Return a digest of what the store gives back, under whichever name it is asked."""
        told = self._calls.must("stats", self._content) if self._added else []
        return hashlib.sha256(self._unnamed(told).encode()).hexdigest()

    def close(self) -> None:
        """Empty the store and let go of it; what is left behind of one that fails is not ours."""
        try:
            self._calls.make("close", self._close)
        except CallError:
            pass
        finally:
            self._calls.end()

    def _tell(self, group: Sequence[Event]) -> None:
        """Add events in one call, which is dated as the last of them."""
        key, text = f"{self.user}-{len(self._added)}", "\n".join(e.told() for e in group)
        self._added[key] = tuple(event.id for event in group)
        self._told.setdefault(text, (key,))
        try:
            self._calls.make("add", lambda: self._add(key, text, group[-1].at))
        except CallError:
            self._counts["events_failed"] += len(group)

    def _recall(self, text: str) -> Recall:
        start = time.perf_counter()
        try:
            found = self._calls.make("search", lambda: self._search(text)) if text.strip() else ()
            traces = self._traces(list(found))
        except CallError as error:
            return Recall(ranked=False, error=str(error), took_ms=_since(start))
        return Recall(traces, took_ms=_since(start))

    def _traces(self, found: Sequence[Found]) -> tuple[Trace, ...]:
        """Return results as traces, best first, with the events that they were added for."""
        if found and all(one.score is not None for one in found):
            found = sorted(found, key=lambda one: (-_rounded(one), self._age(one)))
        else:
            found = [Found(one.text, one.keys, 1 / (i + 1)) for i, one in enumerate(found)]
        self._counts["results_over_k"] += max(0, len(found) - self.params.k)
        return tuple(map(self._trace, found[: self.params.k]))

    def _trace(self, one: Found) -> Trace:
        keys = one.keys or self._told.get(one.text, ())
        for key in set(keys) - self._added.keys():
            raise CallError(
                "a search must give back what was added to this store, got the key "
                f"{shown(key)}; see how the system keeps its users apart"
            )
        events = dict.fromkeys(event for key in keys for event in self._added[key])
        self._counts["results_without_events"] += not events
        self._counts["results_shortened"] += len(one.text) > LONGEST
        return Trace(one.text[:LONGEST], _rounded(one), tuple(events))

    def _age(self, one: Found) -> int:
        """Return by how many adds a result is behind the newest; of equals the newer is first."""
        numbers = (key.rpartition("-")[2] for key in one.keys)
        return -max((int(number) for number in numbers if number.isdecimal()), default=-1)

    def _unnamed(self, content: object) -> str:
        return json.dumps(content, sort_keys=True, default=str).replace(self.user, "user")

    @abstractmethod
    def _open(self) -> None:
        """Begin an empty store."""

    @abstractmethod
    def _add(self, key: str, text: str, at: str) -> None:
        """Add what was told, so that the key comes back with it; `at` is when, or nothing."""

    @abstractmethod
    def _search(self, text: str) -> Iterable[Found]:
        """Return what fits a question, best first."""

    @abstractmethod
    def _size(self) -> tuple[int, int]:
        """Return how many things are stored, and in how many bytes."""

    @abstractmethod
    def _content(self) -> object:
        """Return what is stored, as far as that is told, in an order that does not change."""

    @abstractmethod
    def _close(self) -> None:
        """Empty the store and let go of it."""

    def _settle(self) -> None:  # noqa: B027 - most have nothing to wait for
        """Wait until what was added can be found."""


def _rounded(one: Found) -> float:
    return round(float(one.score or 0.0), DECIMALS)


def _since(start: float) -> float:
    return 1000 * (time.perf_counter() - start)
