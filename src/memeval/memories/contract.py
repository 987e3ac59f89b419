"""What a memory must do, and what some can do besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from memeval.memories.params import MemoryParams
from memeval.types import Event, Example, Query, Recall, Usage

REQUIRED = ("observe", "replay", "recall", "stats", "fingerprint")
OPTIONAL = ("save", "load", "stored_events", "saliences", "close", "usage", "shown")


@runtime_checkable
class Memory(Protocol):
    """Something that takes in events and gives them back for queries.

    The constructor is `(params, *, seed, ...)`: `params` is an instance of the class attribute
    `Params`, and after `seed` comes by keyword whatever the class says that it needs. Two class
    attributes say so, and need not be there: `needs`, out of "model", "encoder" and "writer", is
    ("model",) unless said; `wants` names what the model must be able to do, and is empty. A third,
    `packages`, names distributions that memeval does not bring, each with the versions that will
    do: they are looked for before anything runs, and their versions are part of a cell.
    """

    Params: ClassVar[type[MemoryParams]]

    def observe(self, events: Sequence[Event]) -> None:
        """Take in events, in order of time."""
        ...

    def replay(self) -> None:
        """Consolidate; called when events are over for now, before they are asked about."""
        ...

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return one recall per query; must not change what is stored."""
        ...

    def stats(self) -> Mapping[str, int | float]:
        """Return flat counters; names end in their unit where they have one."""
        ...

    def fingerprint(self) -> str:
        """Return a digest of the stored content: equal content, equal value."""
        ...


@runtime_checkable
class Persistent(Protocol):
    """A memory whose store can be kept; needed only where several cells share one."""

    def save(self, directory: Path) -> None:
        """Write the store as Parquet and JSON."""
        ...

    def load(self, directory: Path) -> None:
        """Replace the store by a saved one."""
        ...


@runtime_checkable
class TellsStored(Protocol):
    """A memory that tells what it holds, so that a loss is put down to writing or to reading."""

    def stored_events(self) -> set[str]:
        """Return the ids of the events that are still held."""
        ...


@runtime_checkable
class TellsSalience(Protocol):
    """A memory that tells how much each event seemed worth."""

    def saliences(self) -> Mapping[str, float]:
        """Return the salience of every event observed, by event id."""
        ...


@runtime_checkable
class Closes(Protocol):
    """A memory that holds a connection, a process or a file open."""

    def close(self) -> None:
        """Let go of what is held; the memory is not used any more."""
        ...


@runtime_checkable
class Metered(Protocol):
    """A memory that asks language models of its own accord, and counts what that costs."""

    def usage(self) -> Usage:
        """Return what its own model calls have cost so far."""
        ...


@runtime_checkable
class Shown(Protocol):
    """A memory that gives back what it knows in the form in which answers are due."""

    def shown(self, examples: Sequence[Example]) -> None:
        """Take in the worked examples of the prompt; nothing of them is stored."""
        ...


@runtime_checkable
class Ablatable(Protocol):
    """A memory whose mechanisms can be switched off; asked of the class, not of an instance.

    `knobs` are switches by their dotted names, turned off one at a time; `knobs_together` are
    groups of them, turned off at once.
    """

    knobs: ClassVar[tuple[str, ...]]
    knobs_together: ClassVar[tuple[tuple[str, ...], ...]]


def knob_groups(kind: object) -> list[tuple[str, ...]]:
    """Return the groups of knobs that a memory's class declares, single ones first."""
    if not isinstance(kind, Ablatable):
        return []
    return [*((knob,) for knob in kind.knobs), *kind.knobs_together]


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a memory's constructor is handed, and what the model among it must be able to do."""

    needs: tuple[str, ...] = ("model",)
    wants: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Whatever the constructor is handed where it is there."""
        return (*self.needs, *self.uses)


def requirements(kind: object) -> Requirements:
    """Return what a memory's class says it requires, or what holds for one that does not say."""
    usual = Requirements()
    told = (getattr(kind, name, getattr(usual, name)) for name in ("needs", "wants", "uses"))
    return Requirements(*told)
