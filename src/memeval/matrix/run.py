"""Runs a plan: checked as a whole first, then cell by cell, here or in workers."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from memeval.matrix.bench import Bench
from memeval.matrix.cells import Cell, Context, Outcome
from memeval.matrix.data import Datasets, prepare
from memeval.matrix.identity import State, state_of
from memeval.matrix.teaching import Stores, shared_teachings


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how a run goes on."""

    on_step: Callable[[Cell, str, int, int], None] = lambda *_: None
    on_outcome: Callable[[Outcome], None] = lambda _: None
    on_note: Callable[[str], None] = lambda _: None


def check_plan(cells: Sequence[Cell], context: Context, *, force: bool = False) -> list[State]:
    """Return the state of every cell, and nothing is written.

    Raises:
        ConfigError: a folder holds a cell with other overrides, and `force` is not given.
        DataError: a dataset differs from the manifest.
    """
    datasets = Datasets(context)
    return [State("run") if force else state_of(cell, context, datasets) for cell in cells]


def run_cells(
    cells: Sequence[Cell],
    context: Context,
    *,
    workers: int = 1,
    force: bool = False,
    watch: Watch = Watch(),
) -> list[Outcome]:
    """Run cells, in this process or in several; return their outcomes in order.

    All data is read, and built where it is missing, before the first cell runs.
    """
    prepare(cells, context)
    if workers > 1 and len(cells) > 1:
        from memeval.matrix.workers import run_in_workers

        return run_in_workers(cells, context, workers=workers, force=force, watch=watch)
    return _run_here(cells, context, force=force, watch=watch)


def _run_here(
    cells: Sequence[Cell], context: Context, *, force: bool, watch: Watch
) -> list[Outcome]:
    """Run cells in order; those that another process is at come again at the end."""
    several = len({cell.model for cell in cells}) > 1
    waiting = deque((i, False) for i in range(len(cells)))
    outcomes: dict[int, Outcome] = {}
    with Stores(shared_teachings(cells)) as stores:
        bench = Bench(context, stores, force=force, several_models=several, on_note=watch.on_note)
        while waiting:
            i, wait = waiting.popleft()
            cell = cells[i]

            def report(phase: str, done: int, total: int, cell: Cell = cell) -> None:
                watch.on_step(cell, phase, done, total)

            outcome = bench.run(cell, wait=wait, report=report)
            if outcome.busy:
                waiting.append((i, True))
                continue
            outcomes[i] = outcome
            watch.on_outcome(outcome)
    return [outcomes[i] for i in range(len(cells))]
