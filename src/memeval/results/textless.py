"""Records without text: what may be passed on of data that may not be."""

from dataclasses import replace

from memeval.results.cell import CellResult
from memeval.results.item import ItemRecord

NOT_KEPT = "(text not kept)"
"""What stands where a text would."""


UNTOLD = "not kept"
"""Why an item has no answer, where that may hold text of its own."""


def without_texts(result: CellResult) -> CellResult:
    """Return a cell whose records hold ids, scores, counts and times, and no text.

    The columns stay, and how many notes were recalled.
    """
    return replace(result, items=tuple(map(_without_text, result.items)))


def _without_text(record: ItemRecord) -> ItemRecord:
    return replace(
        record,
        question="",
        answers=[],
        prediction="",
        recalled_texts=["" for _ in record.recalled_texts],
        prompt=None,
        error=None if record.error is None else UNTOLD,
    )
