"""The data of cells: made ready before the first of them runs, read once for all that share it."""

from collections.abc import Sequence

from memeval.datasets.dataset import Built, Data, Dataset
from memeval.matrix.cells import Cell, Context


class Datasets:
    """Opens the data of cells, and keeps what was opened last: cells of one stand together."""

    def __init__(self, context: Context) -> None:
        self._limit = context.limit
        self._last: tuple[Dataset, Data] | None = None

    def open(self, cell: Cell) -> Data:
        """Return the data that a cell is measured on, cut to the limit; its digest is the whole's.

        Raises:
            DataError: a file differs from the manifest, or breaks a rule.
        """
        if self._last is None or self._last[0] != cell.dataset:
            self._last = (cell.dataset, cell.dataset.open())
        return self._last[1].limited(self._limit)


def is_built(cell: Cell) -> bool:
    """Whether the data is there to be opened without being built first."""
    return not isinstance(cell.dataset, Built) or cell.dataset.is_built()


def prepare(cells: Sequence[Cell], context: Context) -> dict[Dataset, int]:
    """Open all data of a plan, so that none is found broken later; build what is missing.

    Returns:
        How many sessions each dataset has.

    Raises:
        DataError: a file differs from the manifest, or breaks a rule.
    """
    datasets = Datasets(context)
    first = {cell.dataset: cell for cell in cells}
    return {dataset: len(datasets.open(cell).sessions) for dataset, cell in first.items()}
