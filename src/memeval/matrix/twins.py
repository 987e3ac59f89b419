"""Cells of a run that are the same but for their name: what one has found, none measures again."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from memeval.errors import DataError
from memeval.matrix.cells import Cell, cell_folder
from memeval.outside import UnreadableError
from memeval.results import FAILURE, META, StoredCell, absent_files, cell_folders, read_cell
from memeval.sealing import read_head

Meta = Mapping[str, Any]
OF_MEASURING = ("machine", "git", "packages", "finished", "text_kept")
"""What `meta.json` says of the time when the figures were taken, and of the files."""


class Twins:
    """Looks among the cells that lie at one MODEL/SUITE/SIZE_SEED: of a run, and of a plan."""

    def __init__(self, runs_dir: Path, cells: Iterable[Cell]) -> None:
        self._at: dict[tuple[str, ...], dict[Path, None]] = defaultdict(dict)
        planned = (cell_folder(runs_dir, cell) for cell in cells)
        for folder in (*cell_folders(runs_dir), *planned):
            self._at[folder.parts[-3:]].setdefault(folder)

    def has(self, folder: Path) -> bool:
        """Whether any other cell was found that could be the same as the one in a folder."""
        others = (other for other in self._at[folder.parts[-3:]] if other != folder)
        return any((other / META).is_file() for other in others)

    def find(self, folder: Path, is_same: Callable[[Meta], bool]) -> StoredCell | None:
        """Return a finished cell that is whole, lies elsewhere and is the same by its meta."""
        others = (other for other in self._at[folder.parts[-3:]] if other != folder)
        return next((found for other in others if (found := _finished(other, is_same))), None)


def _finished(folder: Path, is_same: Callable[[Meta], bool]) -> StoredCell | None:
    if not (folder / META).is_file() or (folder / FAILURE).is_file() or absent_files(folder):
        return None
    try:
        return read_cell(folder) if is_same(read_head(folder / META)) else None
    except (DataError, UnreadableError):
        return None  # it is broken, and runs again


def source_of(meta: Meta) -> str:
    """Return the preset under whose name a cell was measured."""
    return str(meta.get("reused_from") or meta["preset"])


def taken_over(meta: Meta, twin: Meta) -> dict[str, Any]:
    """Return the meta of a cell whose figures are those of another: who took them, and when."""
    measured = {name: twin[name] for name in OF_MEASURING if name in twin}
    return {**meta, **measured, "reused_from": source_of(twin)}
