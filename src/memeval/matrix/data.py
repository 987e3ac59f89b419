"""The data of cells: made ready before the first of them runs, read once for all that share it."""

from collections.abc import Sequence
from dataclasses import dataclass

from memeval.datasets.dataset import Built, Data, Dataset
from memeval.errors import PluginError, blaming
from memeval.matrix.cells import Cell, Context
from memeval.registry import SUITES
from memeval.types import Session


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
            self._last = (cell.dataset, opened(cell.dataset))
        return self._last[1].limited(self._limit)


def opened(dataset: Dataset) -> Data:
    """Open a dataset, and check that it holds what a dataset must.

    Raises:
        PluginError: it raises, or holds no session.
    """
    whose = f"the dataset of suite {dataset.suite!r}"
    if dataset.suite in SUITES.names():
        whose += f", {SUITES.plugin(dataset.suite)}"
    rule = "a dataset must open or say what is wrong"
    with blaming(rule, whose, "mend its method open", doing="open"):
        data = dataset.open()
    if not isinstance(data, Data):
        raise PluginError(f"open must return Data, got {type(data).__name__} from {whose}; mend it")
    if not len(data.sessions) or not all(isinstance(one, Session) for one in data.sessions[:1]):
        raise PluginError(
            f"a dataset must hold sessions, got {data.sessions!r:.60} from {whose}; mend the suite"
        )
    return data


def is_built(cell: Cell) -> bool:
    """Whether the data is there to be opened without being built first."""
    return not isinstance(cell.dataset, Built) or cell.dataset.is_built()


@dataclass(frozen=True, slots=True)
class Extent:
    """How many sessions a dataset has, and which scorers it names."""

    sessions: int
    scorers: tuple[str, ...]


def prepare(cells: Sequence[Cell], context: Context) -> dict[Dataset, Extent]:
    """Open all data of a plan, so that none is found broken later; build what is missing.

    Raises:
        DataError: a file differs from the manifest, or breaks a rule.
    """
    datasets = Datasets(context)
    first = {cell.dataset: cell for cell in cells}
    return {dataset: _extent(datasets.open(cell)) for dataset, cell in first.items()}


def _extent(data: Data) -> Extent:
    return Extent(len(data.sessions), data.scorers)
