"""What a cell is measured on, and what is in it once it is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from memeval.datasets.validity import Fault
from memeval.types import PromptFormat, Session

PRIMARY = "exact_match"
"""The score that a dataset is judged by unless it names another."""


@dataclass(frozen=True, slots=True)
class Data:
    """What a dataset holds: sessions, each with a store of its own, and how they are scored.

    `sessions` may read each one when it is asked for. `digest` is a sha256 over all that the
    sessions say. `scorers` are asked beside the standard ones, and `primary` is the score that
    reports follow. `is_generated` says that a program made it. `left_out` counts the items that
    are not asked, by the reason why, and `remarks` what else is to be known of the files, the
    weightiest first. A dataset that is `private` may not be passed on under its `licence`: nothing
    of its text may stand in results that are. `citation` names who made it. `asked` is what
    `--suite` takes to open it again, with its `options`, where its name in results does not tell.
    `judged` is the score that reports follow where a judge is asked.
    """

    sessions: Sequence[Session]
    digest: str
    prompt: PromptFormat | None = None
    scorers: tuple[str, ...] = ()
    primary: str = PRIMARY
    source: str = ""
    licence: str = ""
    is_generated: bool = False
    left_out: Mapping[str, int] = field(default_factory=dict)
    remarks: Mapping[str, int] = field(default_factory=dict)
    private: bool = False
    citation: str = ""
    asked: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    judged: str = ""

    def limited(self, limit: int | None) -> "Data":
        """Return the first `limit` items with their sessions, whose streams stay whole."""
        if limit is None:
            return self
        kept, left = [], limit
        for session in self.sessions:
            if not left:
                break
            kept.append(replace(session, items=session.items[:left]))
            left -= len(kept[-1].items)
        return replace(self, sessions=kept)


@runtime_checkable
class Dataset(Protocol):
    """Something that sessions come from: cheap to make, to compare, and to send to a worker.

    A cell's files lie below `suite/SIZE_SEED`. Equal datasets hold the same data.
    """

    @property
    def suite(self) -> str:
        """The name that stands for it in results."""
        ...

    @property
    def size(self) -> int:
        """How many items are asked."""
        ...

    @property
    def seed(self) -> int:
        """What made or chose them."""
        ...

    def open(self) -> Data:
        """Read and check it.

        Raises:
            DataError: a file is missing, broken, or not what it was.
        """
        ...


@runtime_checkable
class Built(Protocol):
    """A dataset whose files are made by a generator where they are missing."""

    def is_built(self) -> bool:
        """Whether it can be opened without being built first."""
        ...


@runtime_checkable
class Ruled(Protocol):
    """A dataset that is held to some rules alone: others are not in the hands of who reads it."""

    @property
    def rules(self) -> frozenset[str]:
        """The rules of `find_faults` that its sessions must keep."""
        ...


@runtime_checkable
class Verifiable(Protocol):
    """A dataset that can list everything that is wrong with it."""

    def faults(self) -> list[Fault]:
        """Return every rule that it breaks, and where.

        Raises:
            DataError: a file is missing, or a line is broken.
        """
        ...
