"""What `memeval datasets show` prints: questions, what a good answer is, and where it is told."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from rich.table import Table
from rich.text import Text

from memeval.cli.render import console, line, note
from memeval.outside import shown_text
from memeval.scoring.walks import steps_to_goal
from memeval.types import Event, Item, Session

MOST_EVENTS = 12
"""Of a question's passage; a chat's may be long."""
MOST_CHARACTERS = 240
"""Of a text, which may be a page."""


def sessions(found: Sequence[Session], total: int, count: int) -> None:
    """Print the first questions of a dataset, session by session; no more of them are read."""
    if len(found) > 1:
        line(f"{len(found)} sessions, {total} questions")
    for one in found:
        _session(one, count)
        count -= len(one.items)
        if count <= 0:
            return


def _session(shown: Session, count: int) -> None:
    """Print the first questions of a session."""
    counts = f": {len(shown.events)} events, {len(shown.items)} questions"
    _styled((shown.id, "bold"), (counts, ""))
    for item in shown.items[:count]:
        console.print()
        _styled((_cut(item.query.told()), "bold"), (f"  {item.slice}", "dim"))
        for what, text, style in _told(item):
            _styled((f"  {what}: ", ""), (_cut(text), style))
        _print_events(shown, item)


def _told(item: Item) -> Iterator[tuple[str, str, str]]:
    """Yield what only the scorer knows of an item, and in which style it stands."""
    yield "answer", _answer(item), "green"
    if item.choices:
        yield "choices", " | ".join(item.choices), ""
    for nugget in item.rubric:
        yield "rubric", nugget, ""
    if item.fault:
        yield "known to be wrong", item.fault, "red"
    if item.corrected:
        yield "corrected", " | ".join(item.corrected), "green"
    if item.unscored_reason:
        yield "not scored", item.unscored_reason, "red"


def _answer(item: Item) -> str:
    """Return the accepted answers, or how far there is to walk."""
    way = item.navigation
    if way is None:
        return " | ".join(item.answers)
    steps = steps_to_goal(way)[way.start]
    return f"to be walked, {steps} steps at best, in a world of {len(way.moves)} places"


def _print_events(shown: Session, item: Item) -> None:
    """Print an item's passage, gold events marked; without one, what was told last.

    Where nothing tells the answer, nothing is printed.
    """
    if not (item.passage or item.answerable):
        return
    events = _passage(shown, item)
    grid = Table.grid(padding=(0, 1))
    for event in events[-MOST_EVENTS:] if not item.passage else events[:MOST_EVENTS]:
        mark = "*" if event.id in item.gold_events else " "
        grid.add_row(f"  {mark}", f"{event.time:>5}", f" {_cut(event.told())}")
    console.print(grid)
    if (more := len(events) - MOST_EVENTS) > 0:
        note(f"  and {more:,} more events {'of its passage' if item.passage else 'before'}")


def _passage(shown: Session, item: Item) -> Sequence[Event]:
    if item.passage:
        by_id = {event.id: event for event in shown.events}
        return [by_id[id_] for id_ in item.passage]
    return list(takewhile(lambda event: event.time <= item.query.time, shown.events))


def _styled(*parts: tuple[str, str]) -> None:
    """Print texts, each in its style, on one line."""
    console.print(Text.assemble(*(console.render_str(text, style=style) for text, style in parts)))


def _cut(text: str) -> str:
    return shown_text(text, MOST_CHARACTERS)
