"""Says of what there was no room, so that no figure rests on it unseen."""

from collections.abc import Sequence

from memeval.errors import DataError
from memeval.reporting.row import Row, figure
from memeval.results import read_items

NAMED = 5
KINDS = {
    "notes_left_out": "notes for which budget or window had no room",
    "notes_cut": "notes longer than budget or window, read in part",
    "questions_cut": "questions longer than the window, asked in part",
    "cut": "answers cut at the tokens that they may have",
    "empty": "empty answers",
    "thought_tokens": "tokens thought before the answers",
}


def lines(rows: Sequence[Row]) -> list[str]:
    """Return a line for each kind that there was any of, with how many in which preset."""
    told = []
    for name, kind in KINDS.items():
        counts = [(row, int(row.total(name) or 0)) for row in rows]
        some = [f"{row.preset} {count:,}{_named(row, name)}" for row, count in counts if count]
        if some:
            told.append(f"{kind}: {', '.join(some)}")
    return told


def _named(row: Row, name: str) -> str:
    """Name the questions that were cut, as far as the items are at hand."""
    if name != "questions_cut":
        return ""
    folders = [cell.folder for cell in row.cells if figure(cell, name)]
    try:
        items = [item for one in folders for item in read_items(one)]
    except DataError:  # the count is known all the same
        return ""
    ids = [item.query_id for item in items if item.question_cut]
    return f" ({', '.join(ids[:NAMED])}{', ...' if len(ids) > NAMED else ''})" if ids else ""
