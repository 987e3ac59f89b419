"""What commands print: tables, progress, questions. All of it through one console."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from memeval.datasets.dataset import Data
from memeval.scoring.walks import steps_to_goal
from memeval.types import Item, Session

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def line(text: str) -> None:
    """Print a line as it is."""
    console.print(escape(text), soft_wrap=True)


def note(text: str) -> None:
    """Print an explanation, less bright than what it explains."""
    console.print(f"[dim]{escape(text)}[/]")


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that folds its cells rather than run over the edge of the terminal."""
    grid = Table(
        title=escape(title), title_justify="left", header_style="bold", box=SIMPLE, padding=(0, 0)
    )
    for i, name in enumerate(header):
        grid.add_column(name, justify="right" if i else "left", overflow="fold")
    for row in rows:
        grid.add_row(*map(escape, row))
    console.print(grid)


def progress(*last: ProgressColumn) -> Progress:
    """Return a progress display on standard error, so that output can be piped."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *(last or (TimeRemainingColumn(),)),
        console=errors,
        transient=True,
    )


def told(text: str) -> None:
    """Print how work goes on, where there is no terminal to draw a bar on."""
    if not errors.is_terminal:
        errors.print(escape(text), soft_wrap=True)


@contextmanager
def counted(description: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar; call what is given whenever one more thing is done."""
    with progress() as display:
        task = display.add_task(description, total=total)
        yield lambda: display.advance(task)


def sessions(data: Data, count: int) -> None:
    """Print the first questions of a dataset with their passages, session by session."""
    if len(data.sessions) > 1:
        total = sum(len(session.items) for session in data.sessions)
        line(f"{len(data.sessions)} sessions, {total} questions")
    for shown in data.sessions:
        if count <= 0:
            return
        session(shown, count)
        count -= len(shown.items)


def session(shown: Session, count: int) -> None:
    """Print the first questions of a session with their passages."""
    events = {event.id: event for event in shown.events}
    console.print(
        f"[bold]{escape(shown.id)}[/]: {len(shown.events)} events, {len(shown.items)} questions"
    )
    for item in shown.items[:count]:
        console.print(f"\n[bold]{escape(item.query.text)}[/]  [dim]{item.slice}[/]")
        console.print(f"  answer: [green]{escape(_answer(item))}[/]")
        for id_ in item.passage:
            mark = "*" if id_ in item.gold_events else " "
            line(f"  {mark} {events[id_].time:>5}  {events[id_].told()}")


def _answer(item: Item) -> str:
    """Return the accepted answers, or how far there is to walk."""
    way = item.navigation
    if way is None:
        return " | ".join(item.answers)
    steps = steps_to_goal(way)[way.start]
    return f"to be walked, {steps} steps at best, in a world of {len(way.moves)} places"
