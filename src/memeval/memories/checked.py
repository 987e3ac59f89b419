"""A memory as it is measured: whatever it returns is checked, so that no other part need do so."""

import hashlib
import math
from collections.abc import Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import Any, Never

import numpy as np

from memeval.errors import MemevalError, PluginError, blaming
from memeval.memories.contract import (
    Closes,
    Memory,
    Metered,
    Persistent,
    Shown,
    TellsSalience,
    TellsStored,
)
from memeval.memories.controls import Control
from memeval.outside import shown
from memeval.registry import MEMORIES
from memeval.types import Event, Example, Item, Query, Recall, Trace, Usage

ID_DIGITS = 12
"""Of 16 values each: enough that no two of a million questions come to one id."""


class Checked:
    """Passes calls on to a memory and checks what comes back; what it does not offer is None.

    `name` is the registered one, if any. The checks cost one pass over the traces. Queries reach
    the memory under ids that say nothing, as those of published data name what is asked for.

    Every method raises a `PluginError` that names the memory and the rule it breaks.
    """

    def __init__(self, memory: Memory, name: str = "") -> None:
        self.memory = memory
        self.name = name

    def __str__(self) -> str:
        """Say which memory it is, and where it is registered."""
        return self._label

    @cached_property
    def _label(self) -> str:
        kind = type(self.memory)
        if not self.name:
            return f"memory {kind.__module__}.{kind.__qualname__}"
        try:
            return str(MEMORIES.plugin(self.name))
        except MemevalError:
            return f"memory {self.name!r}"

    def observe(self, events: Sequence[Event]) -> None:
        """Show the memory events."""
        with self._named("teach"):
            self.memory.observe(events)

    def replay(self) -> None:
        """Let the memory consolidate."""
        with self._named("replay"):
            self.memory.replay()

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Ask the memory; nothing is asked where there are no queries."""
        with self._named("recall"):
            recalls = self.memory.recall([_unnamed(one) for one in queries]) if queries else []
            if wrong := wrong_recalls(recalls, len(queries)):
                self._refuse(*wrong)
            return recalls

    def stats(self) -> dict[str, int | float]:
        """Return what the memory counts as plain numbers, which alone JSON can hold."""
        with self._named("stats"):
            told = self._check("stats", self.memory.stats(), Mapping)
            for name, value in told.items():
                self._check("names of stats", name, str)
                if not _is_finite(value):
                    self._refuse("count with finite numbers", f"{shown(value)} for {shown(name)}")
            return {n: v.item() if isinstance(v, np.generic) else v for n, v in told.items()}

    def fingerprint(self) -> str:
        """Return the digest of what is stored."""
        with self._named("fingerprint"):
            return str(self._check("fingerprint", self.memory.fingerprint(), str))

    def stored_events(self) -> set[str] | None:
        """Return the ids of the events held; None for a memory that does not tell."""
        if not isinstance(self.memory, TellsStored):
            return None
        with self._named("stored_events"):
            told = self._check("stored_events", self.memory.stored_events(), Set)
            return {self._check("stored_events", id_, str) for id_ in told}

    def saliences(self) -> Mapping[str, float] | None:
        """Return how much each event seemed worth; None for a memory that does not tell."""
        if not isinstance(self.memory, TellsSalience):
            return None
        with self._named("saliences"):
            told = self._check("saliences", self.memory.saliences(), Mapping)
            for event, value in told.items():
                if not (isinstance(event, str) and _is_finite(value)):
                    got = f"{shown(value)} for {shown(event)}"
                    self._refuse("tell saliences as finite numbers", got)
            return dict(told)

    def usage(self) -> Usage | None:
        """Return what its own model calls have cost; None for a memory that does not count."""
        if not isinstance(self.memory, Metered):
            return None
        with self._named("usage"):
            told: Usage = self._check("usage", self.memory.usage(), Usage)
            return told

    def close(self) -> None:
        """Let the memory go of what it holds open."""
        if isinstance(self.memory, Closes):
            with self._named("close"):
                self.memory.close()

    @property
    def is_shareable(self) -> bool:
        """Whether cells may share its store: it can be kept, and no cell's items are in it."""
        return isinstance(self.memory, Persistent) and not isinstance(self.memory, Control)

    def save(self, directory: Path) -> None:
        """Write the store of a memory that is shareable."""
        assert isinstance(self.memory, Persistent)
        with self._named("save"):
            self.memory.save(directory)

    def load(self, directory: Path) -> None:
        """Replace the store of a memory that is shareable."""
        assert isinstance(self.memory, Persistent)
        with self._named("load"):
            self.memory.load(directory)

    @property
    def needs_gold(self) -> bool:
        """Whether it gives back gold events alone, so that it is asked only where there are any."""
        return isinstance(self.memory, Control) and self.memory.needs_gold

    def prepare(self, items: Sequence[Item], events: Sequence[Event]) -> None:
        """Show a session to a control, and nothing to a memory."""
        if isinstance(self.memory, Control):
            self.memory.prepare([_with_unnamed(item) for item in items], events)

    def show(self, examples: Sequence[Example]) -> None:
        """Show a memory that asks for them the worked examples of the prompt."""
        if isinstance(self.memory, Shown):
            with self._named("examples"):
                self.memory.shown(examples)

    def follow(self, decisions: Sequence[Item]) -> None:
        """Show a control the decisions that walkers are about to make, and nothing to a memory."""
        if isinstance(self.memory, Control):
            self.memory.follow([_with_unnamed(item) for item in decisions])

    def _named(self, doing: str) -> AbstractContextManager[None]:
        return blaming("a memory must not raise", self, "mend the class", doing=doing)

    def _check(self, method: str, value: Any, kind: type) -> Any:
        if not isinstance(value, kind):
            self._refuse(f"return {kind.__name__} from {method}", f"{type(value).__name__}")
        return value

    def _refuse(self, rule: str, got: str) -> Never:
        raise PluginError(f"a memory must {rule}, got {got} from {self}; mend the class")


def neutral_id(id_: str) -> str:
    """Return the id under which a memory sees a query: always the same, and of no meaning."""
    named = b"query " + id_.encode("utf-8", "surrogatepass")
    return hashlib.sha256(named).hexdigest()[:ID_DIGITS]


def _unnamed(query: Query) -> Query:
    return replace(query, id=neutral_id(query.id))


def _with_unnamed(item: Item) -> Item:
    return replace(item, query=_unnamed(item.query))


def wrong_recalls(recalls: object, queries: int) -> tuple[str, str] | None:
    """Return the rule that recalls break and what was got; None where they keep the contract."""
    if not isinstance(recalls, list) or not all(isinstance(one, Recall) for one in recalls):
        return "return a list of Recall from recall", _kind_of(recalls)
    if len(recalls) != queries:
        return "return one recall per query", f"{len(recalls)} for {queries} queries"
    for recall in {id(one): one for one in recalls}.values():  # one for all is looked at once
        if wrong := _wrong_recall(recall):
            return wrong
        for trace in recall.traces:
            if wrong := _wrong_trace(trace):
                return wrong
    return None


def _wrong_recall(recall: Recall) -> tuple[str, str] | None:
    if not isinstance(recall.traces, tuple):
        return "hold the traces of a Recall in a tuple", _kind_of(recall.traces)
    if not (recall.confidence is None or _is_probability(recall.confidence)):
        return "tell confidences from 0 to 1, or None", shown(recall.confidence)
    if not (recall.took_ms is None or (_is_finite(recall.took_ms) and recall.took_ms >= 0)):
        return "time recalls in milliseconds, or None", shown(recall.took_ms)
    if not (recall.error is None or (isinstance(recall.error, str) and recall.error)):
        return "say in words why a recall failed, or None", shown(recall.error)
    return None


def _wrong_trace(trace: object) -> tuple[str, str] | None:
    if not isinstance(trace, Trace):
        return "hold Traces in a Recall", _kind_of(trace)
    if not (isinstance(trace.text, str) and isinstance(trace.source, str)):
        return "recall text of type str", _kind_of(trace.text)
    if not _is_finite(trace.score):
        return "score traces with finite numbers", shown(trace.score)
    for name, told in (("events", trace.events), ("actions", trace.actions)):
        if not (isinstance(told, tuple) and all(isinstance(one, str) for one in told)):
            return f"recall traces whose {name} are a tuple of str", shown(told)
    return None


def _is_finite(value: object) -> bool:
    return isinstance(value, Real) and math.isfinite(value)


def _is_probability(value: object) -> bool:
    return isinstance(value, Real) and 0 <= float(value) <= 1


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {', '.join(sorted({type(one).__name__ for one in value}))}"
    return type(value).__name__
