"""What a cell's dataset can tell that its records do not hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from memeval.reporting.reading import has_texts
from memeval.reporting.text import shortened
from memeval.results import StoredCell
from memeval.scoring.intervals import Key

NO_TEXTS = (
    "their texts were not kept; to read them, run again with --keep-text where git does not look, "
    "as with --outdir FOLDER"
)
HIDDEN = (
    "texts of data that may not be passed on stay out of a report where git would see it; --items "
    "lists them, or MEMEVAL_REPORTS_DIR names another folder"
)
Retell = Callable[[Key, Sequence[str]], str]
"""Tells a question's prompt from the notes that were read, in the order in which they stood."""


@dataclass(frozen=True, slots=True)
class Source:
    """The texts of gold events, by session and id, and prompts told again from their parts.

    `retell` is None where the cell's prompts had another form than the dataset's have today, and
    `missing` says why there are no texts.
    """

    events: Mapping[Key, str]
    retell: Retell | None = None
    missing: str = ""


Reopen = Callable[[StoredCell], Source]
"""Opens a cell's dataset again; whatever it raises says why that cannot be done."""


def opened(cell: StoredCell, reopen: Reopen | None, *, hidden: bool = False) -> Source:
    """Open a cell's dataset again; one that cannot be opened has no texts, and says why.

    Nor has one that is `hidden`, or whose texts were not kept.
    """
    if hidden or not has_texts(cell.meta):
        return Source({}, missing=HIDDEN if has_texts(cell.meta) else NO_TEXTS)
    if reopen is None:
        return Source({})
    try:
        return reopen(cell)
    except Exception as error:  # whatever data does, the report is of the cells
        return Source({}, missing=shortened(str(error) or type(error).__name__))
