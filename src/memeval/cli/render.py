"""What commands print: tables, progress, questions. All of it through one console.

Most of it comes from outside: names, questions, what a model raised. A console takes a text as it
is, so markup in it is none, and shows what a terminal would obey.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE
from rich.console import Console, JustifyMethod
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from memeval.cli import widths
from memeval.reporting import columns
from memeval.reporting.text import printable


class _Console(Console):
    """A console whose texts hold neither markup nor anything that a terminal obeys."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    def render_str(self, text: str, **style: Any) -> Text:
        """Make a text of a string, wherever it is to stand: alone, in a cell, beside a bar."""
        return super().render_str(printable(text), **style)


console = _Console()
errors = _Console(stderr=True)


def line(text: str) -> None:
    """Print a line as it is."""
    console.print(text, soft_wrap=True)


def note(text: str) -> None:
    """Print an explanation, less bright than what it explains."""
    console.print(text, style="dim")


def table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, spare: Sequence[str] = ()
) -> list[str]:
    """Print a table that fits the terminal; return the names of the columns that it shows.

    A column of dashes is not shown. Where the terminal is too narrow, columns to spare are left
    out, the first of them first, and what is still too wide is told on several lines.
    """
    header, rows = columns.filled(header, rows)
    shown = widths.shown(header, rows, room=console.width, spare=spare)
    grid = Table(header_style="bold", box=SIMPLE, padding=(0, 0))
    for i, column in enumerate(shown):
        justify: JustifyMethod = "right" if i and column.holds_figures else "left"
        grid.add_column(column.name, justify=justify, overflow="fold", width=column.width)
    for row in zip(*(column.cells for column in shown), strict=True):
        grid.add_row(*row)
    console.print(title, style="table.title")
    console.print(grid)
    names = [column.name for column in shown]
    if left_out := [name for name in header if name not in names]:
        note(f"a wider terminal also shows: {', '.join(left_out)}")
    return names


def progress() -> Progress:
    """Return a progress display on standard error, so that output can be piped."""
    return Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
    )


def is_drawn() -> bool:
    """Whether lines can be drawn again: on a terminal, and not in a log that just takes colours."""
    return errors.is_interactive and sys.stderr.isatty()


def told(text: str) -> None:
    """Print how work goes on, where there is no terminal to draw a bar on."""
    if not is_drawn():
        errors.print(text, soft_wrap=True)


@contextmanager
def counted(description: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar; call what is given whenever one more thing is done."""
    with progress() as display:
        task = display.add_task(description, total=total)
        yield lambda: display.advance(task)
