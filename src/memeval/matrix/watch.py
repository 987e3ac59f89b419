"""Who is told how a run goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from memeval.matrix.cells import Cell, Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """Work on a cell goes on: `done` more of the `total` steps of a phase; 0 where nobody counts.

    `session` counts from 0 among the `sessions` of the cell; before the first there are none.
    """

    phase: str
    done: int = 0
    total: int = 0
    session: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Callbacks of a run: a worker's step, what became of a cell, something to be known.

    `on_doing` is told what goes on before there are workers, which count from 0.
    """

    on_doing: Callable[[str], None] = lambda _: None
    on_step: Callable[[int, Cell, Step], None] = lambda *_: None
    on_outcome: Callable[[Outcome], None] = lambda _: None
    on_note: Callable[[str], None] = lambda _: None
