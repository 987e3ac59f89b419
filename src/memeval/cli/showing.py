"""Shows how a run goes on: lines of a terminal, drawn again and again, or one a minute in a log."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Column, Table

from memeval.cli import render
from memeval.cli.progress import Board
from memeval.interruption import INTERRUPTION
from memeval.matrix import Outcome, spoken

A_MINUTE_S = 60.0
DRAWS_A_SECOND = 4


@contextmanager
def shown(board: Board, *, interval_s: float = A_MINUTE_S) -> Iterator[None]:
    """Draw a board while a block runs; without a terminal, say where it is once an interval."""
    if render.is_drawn():
        live = Live(
            console=render.errors,
            get_renderable=lambda: drawn(board),
            refresh_per_second=DRAWS_A_SECOND,
            transient=True,
        )
        with INTERRUPTION.put_away(live.stop):
            live.start(refresh=True)
            yield
        return
    is_over = threading.Event()
    threading.Thread(target=_tell, args=(board, is_over, interval_s), daemon=True).start()
    with INTERRUPTION.put_away(is_over.set):
        yield


def drawn(board: Board) -> RenderableType:
    """Return a line of all cells, and one of each worker, each as wide as the terminal at most."""
    rows = Table.grid(Column(no_wrap=True, overflow="ellipsis", ratio=1), Column(no_wrap=True),
                      padding=(0, 1), expand=True)  # fmt: skip
    for name, where in board.lines():
        rows.add_row(name, where)
    if not board.total:
        return rows
    texts = (Column(no_wrap=True) for _ in range(2))
    whole = Table.grid(Column(no_wrap=True), Column(ratio=1), *texts, padding=(0, 1), expand=True)
    bar = ProgressBar(total=board.total, completed=board.done)
    whole.add_row("cells", bar, f"{board.done}/{board.total}", board.left())
    frame = Table.grid(expand=True)
    frame.add_row(whole)
    frame.add_row(rows)
    return frame


def told(board: Board, outcome: Outcome) -> None:
    """Say what became of a cell, where no lines are drawn."""
    if board.total > 1 and not outcome.skipped:
        state = "failed" if outcome.error else spoken(outcome.seconds)
        left = f", {board.left()}" if board.left() else ""
        render.told(f"{board.done}/{board.total} {outcome.cell.name}: {state}{left}")


def _tell(board: Board, is_over: threading.Event, interval_s: float) -> None:
    """Say where a run is, once an interval in which no cell came to its end."""
    before = board.done
    while not is_over.wait(interval_s):
        if board.done == before:
            at = "; ".join(f"{name}: {where}" for name, where in board.lines() if name)
            left = f"; {board.left()}" if board.left() else ""
            done = f"{board.done}/{board.total} done, " if board.total else ""
            render.told(f"{done}{at}{left}")
        before = board.done
