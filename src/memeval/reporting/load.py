"""Finds the cells of a date and groups them: one row for each preset, model, suite and size."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.errors import DataError
from memeval.results import FAILURE, ItemRecord, StoredCell, cell_folders, read_cell
from memeval.scoring.compare import Comparison, Interval, Key, compare_scores, mean_interval

FAKE_MODEL = "scripted"
FLOOR, CORE, CEILING = "baselines/closed_book", "baselines/core", "baselines/oracle"
ORDER = (FLOOR, "baselines/shuffled", CORE, "baselines/longctx", "baselines/rag")


@dataclass(frozen=True, slots=True)
class Row:
    """All seeds of one preset, model, suite and size."""

    preset: str
    model: str
    suite: str
    size: int
    cells: tuple[StoredCell, ...]
    records: dict[Key, ItemRecord]

    @property
    def group(self) -> tuple[str, str, int]:
        """What rows must share to be compared."""
        return (self.model, self.suite, self.size)

    @property
    def seeds(self) -> list[int]:
        """The seeds measured."""
        return sorted(cell.meta["seed"] for cell in self.cells)

    def exact_match(self) -> Interval:
        """Return exact match over answerable items, with its interval."""
        return mean_interval(self._scores())

    def against(self, other: "Row") -> Comparison | None:
        """Compare with another row; None unless both answered the same items."""
        ours, theirs = self._scores(), other._scores()
        return compare_scores(ours, theirs) if ours and ours.keys() == theirs.keys() else None

    def mean(self, *path: str) -> float | None:
        """Return the mean over seeds of one metric; None if no seed measured it."""
        found = self._values(path)
        return sum(found) / len(found) if found else None

    def max(self, *path: str) -> float | None:
        """Return the largest value of one metric over seeds; None if no seed measured it."""
        return max(self._values(path), default=None)

    def _values(self, path: Sequence[str]) -> list[float]:
        found = []
        for cell in self.cells:
            value: Any = cell.metrics
            for name in path:
                value = value.get(name) if isinstance(value, Mapping) else None
            if isinstance(value, int | float):
                found.append(float(value))
        return found

    def _scores(self) -> dict[Key, float]:
        return {k: float(r.exact_match) for k, r in self.records.items() if r.answerable}


@dataclass(frozen=True, slots=True)
class Hole:
    """A cell that is not there to be read: it failed, or its files are broken."""

    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below a date: rows of finished cells, baselines first, and the holes."""

    rows: list[Row]
    holes: list[Hole]


def load_real(runs_dir: Path) -> Found:
    """Read all cells of a date, those of the fake model apart.

    Raises:
        DataError: there are no finished cells.
    """
    found = load(runs_dir, lambda meta: bool(meta["model"]["name"] != FAKE_MODEL))
    if not found.rows:
        raise DataError(
            f"a report needs finished cells, got none below {str(runs_dir)!r}; "
            "run some first with: memeval eval --date DATE"
        )
    return found


def load(runs_dir: Path, accept: Callable[[Mapping[str, Any]], bool]) -> Found:
    """Read the cells whose meta is accepted; a cell that failed or is broken leaves a hole."""
    groups: dict[tuple[str, str, str, int, str], list[StoredCell]] = {}
    records: dict[Path, list[ItemRecord]] = {}
    holes = []
    for folder in cell_folders(runs_dir):
        name = str(folder.relative_to(runs_dir))
        if (folder / FAILURE).is_file():
            last_line = (folder / FAILURE).read_text("utf-8").strip().split("\n")[-1]
            holes.append(Hole(name, last_line))
            continue
        try:
            cell = read_cell(folder)
            if accept(cell.meta):
                records[folder] = cell.items()
                groups.setdefault(_group_key(cell.meta), []).append(cell)
        except (DataError, KeyError, TypeError) as error:
            holes.append(Hole(name, str(error)))
    configurations = Counter(key[:-1] for key in groups)
    rows = [
        Row(
            preset if configurations[key[:-1]] == 1 else f"{preset} ({config[:6]})",
            model,
            suite,
            size,
            tuple(cells),
            {(r.session, r.query_id): r for cell in cells for r in records[cell.folder]},
        )
        for key, cells in groups.items()
        for preset, model, suite, size, config in [key]
    ]
    return Found(sorted(rows, key=lambda row: (*row.group, *_rank(row.preset))), holes)


def _group_key(meta: Mapping[str, Any]) -> tuple[str, str, str, int, str]:
    """Return what cells must share to be pooled over seeds: configurations are never mixed."""
    return (
        meta["preset"],
        meta["model"]["name"],
        meta["suite"],
        meta["size"],
        meta["config_hash"],
    )


def partner(rows: Sequence[Row], row: Row, preset: str) -> Row | None:
    """Return the row of another preset on the same model, suite and size."""
    return next((r for r in rows if r.preset == preset and r.group == row.group), None)


def _rank(preset: str) -> tuple[int, str]:
    if preset == CEILING:
        return (len(ORDER) + 1, preset)
    return (ORDER.index(preset) if preset in ORDER else len(ORDER), preset)
