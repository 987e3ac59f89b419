"""Finds the cells of a date and groups them: one row for each preset, model, suite and size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.errors import DataError
from memeval.results import ItemRecord, StoredCell, find_cells
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
        found = []
        for cell in self.cells:
            value: Any = cell.metrics
            for name in path:
                value = value.get(name) if isinstance(value, Mapping) else None
            if isinstance(value, int | float):
                found.append(float(value))
        return sum(found) / len(found) if found else None

    def _scores(self) -> dict[Key, float]:
        return {k: float(r.exact_match) for k, r in self.records.items() if r.answerable}


def load_rows(runs_dir: Path) -> list[Row]:
    """Read a date's finished cells into rows, baselines first, floor to ceiling.

    Raises:
        DataError: there are no finished cells, or one is broken.
    """
    cells = find_cells(runs_dir)
    real = [cell for cell in cells if cell.meta["model"]["name"] != FAKE_MODEL]
    if not real:
        raise DataError(
            f"a report needs finished cells, got none below {str(runs_dir)!r}; "
            "run some first with: memeval eval --date DATE"
        )
    return rows_of(real)


def rows_of(cells: Iterable[StoredCell]) -> list[Row]:
    """Group cells into rows."""
    groups: dict[tuple[str, str, str, int], list[StoredCell]] = {}
    for cell in cells:
        meta = cell.meta
        key = (meta["preset"], meta["model"]["name"], meta["suite"], meta["size"])
        groups.setdefault(key, []).append(cell)
    rows = [
        Row(preset, model, suite, size, tuple(group), _records(group))
        for (preset, model, suite, size), group in groups.items()
    ]
    return sorted(rows, key=lambda row: (*row.group, *_rank(row.preset)))


def partner(rows: Sequence[Row], row: Row, preset: str) -> Row | None:
    """Return the row of another preset on the same model, suite and size."""
    return next((r for r in rows if r.preset == preset and r.group == row.group), None)


def _records(cells: Sequence[StoredCell]) -> dict[Key, ItemRecord]:
    return {(record.session, record.query_id): record for cell in cells for record in cell.items()}


def _rank(preset: str) -> tuple[int, str]:
    if preset == CEILING:
        return (len(ORDER) + 1, preset)
    return (ORDER.index(preset) if preset in ORDER else len(ORDER), preset)
