"""Taught stores that several cells share: presets that differ only in how the model reads."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from memeval.errors import MemevalError
from memeval.matrix.cells import Cell
from memeval.memories.checked import Checked
from memeval.memories.contract import Memory
from memeval.runner import Report, Taught, teach
from memeval.types import Session


def shared_teachings(cells: Sequence[Cell]) -> frozenset[object]:
    """Return the teachings that more than one cell needs."""
    times = Counter(cell.teaching for cell in cells)
    return frozenset(teaching for teaching, count in times.items() if count > 1)


class Stores:
    """Keeps the shared stores of a dataset on disk, and fills memories of later cells with them.

    A later cell gets a memory of its own: what one that was asked before holds in its caches would
    make the answers come faster. What lies on disk is removed when the `with` block ends.
    """

    def __init__(self, shared: frozenset[object]) -> None:
        self._shared = shared
        self._dataset: object = None
        self._kept: dict[object, tuple[Path, Taught]] = {}
        self._folder: TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._empty(None)

    def teach(self, cell: Cell, session: Session, memory: Memory, *, report: Report) -> Taught:
        """Teach an empty memory, or fill it with the store of an earlier cell.

        Raises:
            MemevalError: the memory does not load what it saved.
        """
        teaching = cell.teaching
        if teaching not in self._shared or not Checked(memory).is_shareable:
            return teach(session, memory, report=report)
        if self._dataset != cell.dataset:
            self._empty(cell.dataset)
        if teaching in self._kept:
            folder, taught = self._kept[teaching]
            Checked(memory).load(folder)
            _check_equal(memory, taught, cell)
            return taught
        taught = teach(session, memory, report=report)
        self._keep(teaching, memory, taught)
        return taught

    def _keep(self, teaching: object, memory: Memory, taught: Taught) -> None:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="memeval-stores-")
        folder = Path(self._folder.name) / str(len(self._kept))
        Checked(memory).save(folder)
        self._kept[teaching] = (folder, taught)

    def _empty(self, dataset: object) -> None:
        if self._folder:
            self._folder.cleanup()
        self._folder, self._dataset = None, dataset
        self._kept.clear()


def _check_equal(memory: Memory, taught: Taught, cell: Cell) -> None:
    if memory.fingerprint() != taught.fingerprint:
        raise MemevalError(
            f"a memory must load the store that it saved, got another fingerprint from "
            f"{cell.preset.memory}; mend its save or load"
        )
