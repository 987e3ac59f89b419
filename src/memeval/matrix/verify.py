"""Whether cells repeat what an earlier run found, perhaps on another machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from memeval.errors import ConfigError, DataError
from memeval.matrix.cells import Cell, Context, cell_folder
from memeval.matrix.identity import differences
from memeval.results import ITEMS, read_cell, read_items


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many of a cell's items have the prediction of the earlier run, and what else differs.

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
        found = {record.query_id: record.prediction for record in read_items(ours)}
        before = {record.query_id: record.prediction for record in read_items(theirs)}
    except DataError as error:
        return Verdict(cell, str(error))
    parts, others = (one.meta.get("identity_parts", {}) for one in (here, there))
    same = sum(found.get(query) == prediction for query, prediction in before.items())
    return Verdict(
        cell, ", ".join(differences(others, parts)), len(found.keys() | before.keys()), same
    )
