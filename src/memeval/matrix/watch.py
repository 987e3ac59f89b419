"""Who is told how a run goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from memeval.matrix.cells import Cell, Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """Work on one session of a cell goes on: `done` more of the `total` steps of a phase.

    `session` counts from 0 among the `sessions` of the cell.
    """

    phase: str
    done: int
    total: int
    session: int = 0
    sessions: int = 1


@dataclass(frozen=True, slots=True)
class Watch:
    """Callbacks of a run: a step of a cell, what became of a cell, something to be known."""

    on_step: Callable[[Cell, Step], None] = lambda *_: None
    on_outcome: Callable[[Outcome], None] = lambda _: None
    on_note: Callable[[str], None] = lambda _: None
