"""The data of cells: made ready before the first of them runs, read once for all that share it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

from memeval.datasets.dataset import Built, Data, Dataset
from memeval.errors import PluginError, blaming
from memeval.matrix.cells import Cell, Context
from memeval.outside import shown
from memeval.registry import OWN, SUITES, files
from memeval.trial import TRIAL
from memeval.types import Session

T = TypeVar("T")
OPENS = "a dataset must open or say what is wrong"
MEND = "mend its method open"


class Datasets:
    """Opens the data of cells, and keeps what was opened last: cells of one stand together."""

    def __init__(self, context: Context) -> None:
        self._limit = context.limit
        self._last: tuple[Dataset, Data] | None = None

    def open(self, cell: Cell) -> Data:
        """Return the data that a cell is measured on, cut to the limit; its digest is the whole's.

        Raises:
            DataError: a file differs from the manifest, or breaks a rule.
            PluginError: it breaks the contract of a dataset.
        """
        if self._last is None or self._last[0] != cell.dataset:
            self._last = (cell.dataset, opened(cell.dataset))
        with opening(cell.dataset):  # sessions may be read only now
            return self._last[1].limited(self._limit)


def opened(dataset: Dataset) -> Data:
    """Open a dataset, and check that it holds what a dataset must.

    Raises:
        PluginError: it raises, or does not hold what it must.
    """
    return open_checked(dataset) if is_own_dataset(dataset) else tried(dataset, open_checked)


def tried(dataset: Dataset, function: Callable[[Dataset], T]) -> T:
    """Do something with a dataset once it is seen to end well in a process of its own.

    Raises:
        PluginError: it does not.
    """
    if found := TRIAL.verdict_of_call(files(), function, dataset):
        found.refuse(OPENS, _whose(dataset), MEND)
    return function(dataset)


def is_own_dataset(dataset: Dataset) -> bool:
    """Whether its class comes with memeval."""
    return type(dataset).__module__.startswith(f"{OWN}.")


def open_checked(dataset: Dataset) -> Data:
    """Open a dataset without a trial, and check that it holds what a dataset must.

    Raises:
        PluginError: it raises, or does not hold what it must.
    """
    with opening(dataset):
        data = dataset.open()
        for rule, got in _broken(data):
            raise PluginError(f"{rule}, got {shown(got)} from {_whose(dataset)}; mend the suite")
    return data


def opening(dataset: Dataset) -> AbstractContextManager[None]:
    """Name the dataset that raises; also for sessions that are read only when asked for."""
    return blaming(OPENS, _whose(dataset), MEND, doing="open")


def _whose(dataset: Dataset) -> str:
    known = dataset.suite in SUITES.names()
    where = f", {SUITES.plugin(dataset.suite)}" if known else ""
    return f"the dataset of suite {dataset.suite!r}{where}"


def _broken(data: Any) -> Iterator[tuple[str, object]]:
    """Yield the rules that an opened dataset breaks; of many sessions the first one is read."""
    if not isinstance(data, Data):
        yield "open must return Data", data
    elif not (hasattr(data.sessions, "__len__") and hasattr(data.sessions, "__getitem__")):
        yield "a dataset's sessions must be a sequence", data.sessions
    elif not len(data.sessions) or not isinstance(data.sessions[0], Session):
        yield "a dataset must hold sessions", data.sessions
    elif not isinstance(data.digest, str):
        yield "a dataset's digest must be text", data.digest
    elif not isinstance(data.scorers, tuple) or not all(isinstance(s, str) for s in data.scorers):
        yield "a dataset's scorers must be a tuple of names", data.scorers


def is_built(cell: Cell) -> bool:
    """Whether the data is there to be opened without being built first."""
    return not isinstance(cell.dataset, Built) or cell.dataset.is_built()


@dataclass(frozen=True, slots=True)
class Extent:
    """How many sessions a dataset has, and which scorers it names."""

    sessions: int
    scorers: tuple[str, ...]


def prepare(
    cells: Sequence[Cell], context: Context, on_doing: Callable[[str], None] = lambda _: None
) -> dict[Dataset, Extent]:
    """Open all data of a plan, so that none is found broken later; build what is missing.

    Raises:
        DataError: a file differs from the manifest, or breaks a rule.
    """
    datasets = Datasets(context)
    first = {cell.dataset: cell for cell in cells}
    extents = {}
    for dataset, cell in first.items():
        does = "opening" if is_built(cell) else "building"
        on_doing(f"{does} data {cell.suite} {cell.size} seed {cell.seed}")
        extents[dataset] = _extent(datasets.open(cell))
    return extents


def _extent(data: Data) -> Extent:
    return Extent(len(data.sessions), data.scorers)
