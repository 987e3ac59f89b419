"""Whether cells repeat what an earlier run found, perhaps on another machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from memeval.errors import ConfigError, DataError
from memeval.matrix.cells import Cell, Context, cell_folder
from memeval.matrix.identity import differences
from memeval.results import ITEMS, ItemRecord, read_cell, read_items
from memeval.scoring.intervals import Key

BY_SCORES = "no text was kept: scores and recalled events are compared"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many of a cell's items have the prediction of the earlier run, and what else differs.

    Where one of the cells holds no text, their scores and what was recalled are compared instead.
    `items` is None where there was nothing to compare with; `why` then says so. Otherwise `why`
    names what the two cells do not share: data, code, versions of packages.
    """

    cell: Cell
    why: str
    items: int | None = None
    same: int = 0

    @property
    def holds(self) -> bool:
        """Whether every prediction is the same."""
        return self.items is not None and self.items == self.same


def check_reference(reference: Path, context: Context) -> None:
    """Raise `ConfigError` unless the folder holds a run other than this one."""
    if not reference.is_dir() or reference.resolve() == context.runs_dir.resolve():
        raise ConfigError(
            f"--verify-against must name the folder of an earlier run, as runs/RUN, got "
            f"{str(reference)!r}; the run itself goes to {str(context.runs_dir)!r}, see --run"
        )


def verify(cells: Sequence[Cell], context: Context, reference: Path) -> list[Verdict]:
    """Compare finished cells item by item with those of an earlier run."""
    return [
        _verdict(cell, cell_folder(context.runs_dir, cell), cell_folder(reference, cell))
        for cell in cells
    ]


def _verdict(cell: Cell, ours: Path, theirs: Path) -> Verdict:
    if not (theirs / ITEMS).is_file():
        return Verdict(cell, f"the earlier run has no {ITEMS}")
    try:
        here, there = read_cell(ours), read_cell(theirs)
        has_texts = all(one.meta.get("text_kept", True) for one in (here, there))
        compared = _prediction if has_texts else _scored
        found, before = (_by_item(folder, compared) for folder in (ours, theirs))
    except DataError as error:
        return Verdict(cell, str(error))
    parts, others = (one.meta.get("identity_parts", {}) for one in (here, there))
    same = sum(found.get(item) == compared for item, compared in before.items())
    why = [*differences(others, parts), *([] if has_texts else [BY_SCORES])]
    return Verdict(cell, ", ".join(why), len(found.keys() | before.keys()), same)


def _by_item(folder: Path, compared: Callable[[ItemRecord], object]) -> dict[Key, object]:
    return {(one.session, one.query_id): compared(one) for one in read_items(folder)}


def _prediction(record: ItemRecord) -> object:
    return record.prediction


def _scored(record: ItemRecord) -> object:
    return record.scores, record.abstained, record.recalled_events
