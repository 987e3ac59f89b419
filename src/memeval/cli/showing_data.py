"""What `memeval datasets show` prints: questions, what a good answer is, and where it is told."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from memeval.cli.render import console, line, note
from memeval.outside import shown_text
from memeval.scoring.walks import steps_to_goal
from memeval.types import Item, Session

MOST_EVENTS = 5
"""Gold ones of a question, and others of its passage, which may be long."""
MOST_CHARACTERS = 240
"""Of a text, which may be a page."""


def sessions(found: Sequence[Session], total: int, count: int) -> None:
    """Print the first questions of a dataset, session by session; no more of them are read."""
    if len(found) > 1:
        line(f"{_counted(len(found), 'session')}, {_counted(total, 'question')}")
    for one in found:
        _session(one, count)
        count -= len(one.items)
        if count <= 0:
            return


def _session(shown: Session, count: int) -> None:
    """Print the first questions of a session."""
    events, questions = len(shown.events), len(shown.items)
    counts = f"{_counted(events, 'event')}, {_counted(questions, 'question')}"
    _styled((shown.id, "bold"), (f": {counts}", ""))
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
    """Print an item's passage by the ids of its events, gold ones marked.

    Where no event is known to tell the answer, nothing is printed.
    """
    if not item.gold_events:
        return
    named = {*item.passage, *item.gold_events}
    events = [event for event in shown.events if event.id in named]
    gold = [event for event in events if event.id in item.gold_events]
    others = [event for event in events if event.id not in item.gold_events]
    told = {event.id for event in (*gold[:MOST_EVENTS], *others[:MOST_EVENTS])}
    grid = Table.grid(padding=(0, 1))
    for event in events:
        if event.id in told:
            mark = "*" if event.id in item.gold_events else " "
            grid.add_row(f"  {mark}", event.id, f" {_cut(event.told())}")
    console.print(grid)
    for what, count in (("gold events", len(gold)), ("events of its passage", len(others))):
        if count > MOST_EVENTS:
            note(f"  and {count - MOST_EVENTS:,} more {what}")


def _styled(*parts: tuple[str, str]) -> None:
    """Print texts, each in its style, on one line."""
    console.print(Text.assemble(*(console.render_str(text, style=style) for text, style in parts)))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _cut(text: str) -> str:
    return shown_text(text, MOST_CHARACTERS)
