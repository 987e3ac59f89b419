"""The data of cells: made ready before the first of them runs, read once for all that share it."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from memeval import suites
from memeval.matrix.cells import Cell, Context
from memeval.types import Session

LOCK = ".datasets.lock"


class Datasets:
    """Reads the data of cells, and keeps what was read last: cells of a dataset stand together."""

    def __init__(self, context: Context) -> None:
        self._data_dir = context.data_dir
        self._limit = context.limit
        self._last: tuple[object, tuple[Session, str]] | None = None

    def load(self, cell: Cell) -> tuple[Session, str]:
        """Return the session that a cell is measured on, with the sha256 of the whole of it.

        Raises:
            DataError: a file differs from the manifest, or breaks a rule.
        """
        if self._last is None or self._last[0] != cell.dataset:
            self._last = (cell.dataset, self._read(cell))
        session, digest = self._last[1]
        return limited(session, self._limit), digest

    def is_built(self, cell: Cell) -> bool:
        """Whether the data is there to be read without being built first."""
        return cell.data_folder is not None or folder_of(self._data_dir, cell).is_dir()

    def _read(self, cell: Cell) -> tuple[Session, str]:
        if cell.data_folder is not None:
            return suites.folder.load(cell.data_folder)
        return suites.load(self._data_dir, cell.suite, size=cell.size, seed=cell.seed)


def prepare(cells: Sequence[Cell], context: Context) -> None:
    """Read all data of a plan, so that none is found broken later; build what is missing.

    Raises:
        DataError: a file differs from the manifest, or breaks a rule.
    """
    datasets = Datasets(context)
    for cell in {cell.dataset: cell for cell in cells}.values():
        if cell.data_folder is not None:
            datasets.load(cell)
            continue
        with _building(context.data_dir, cell):
            datasets.load(cell)


@contextmanager
def _building(data_dir: Path, cell: Cell) -> Iterator[None]:
    """Let one command at a time build, and begin anew what one that was killed had begun.

    A dataset that is there needs no writing, so that a data folder may be read-only then.
    """
    folder = folder_of(data_dir, cell)
    unfinished = data_dir / f".unfinished-{cell.suite}-{folder.name}"
    if folder.is_dir() and not unfinished.exists():
        yield
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(data_dir / LOCK):
        if unfinished.exists():
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.is_dir():  # built by another command while this one waited
            yield
            return
        unfinished.touch()
        try:
            yield
        except Exception:
            unfinished.unlink()
            raise
        unfinished.unlink()


def folder_of(data_dir: Path, cell: Cell) -> Path:
    """Return where a built-in dataset lies."""
    return data_dir / cell.suite / f"{cell.size}_{cell.seed}"


def limited(session: Session, limit: int | None) -> Session:
    """Return the session with its first `limit` items; the stream stays whole."""
    return session if limit is None else replace(session, items=session.items[:limit])
