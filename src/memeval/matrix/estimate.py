"""How long a matrix still takes."""

from collections import defaultdict
from collections.abc import Iterable

from memeval.matrix.cells import Cell


class Estimate:
    """Learns the seconds an item takes, and applies them to what is left.

    A cell's time grows with its items, and differs most between presets, suites and models: the
    rate of the same three is taken where it has been seen, that of the preset next, otherwise
    the rate of all cells so far. (A bar that counts cells promises a cell of 1,000 items in the
    time of one of 50.)
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])

    def learn(self, cell: Cell, seconds: float) -> None:
        """Take in how long a cell took."""
        for key in _keys(cell):
            self._seen[key][0] += seconds
            self._seen[key][1] += cell.size

    def remaining_s(self, pending: Iterable[Cell], workers: int) -> float | None:
        """Return the seconds that so many workers need for the rest; None before any cell ran."""
        if () not in self._seen:
            return None
        return sum(self._rate(cell) * cell.size for cell in pending) / workers

    def _rate(self, cell: Cell) -> float:
        seconds, items = next(self._seen[key] for key in _keys(cell) if key in self._seen)
        return seconds / items if items else 0.0


def _keys(cell: Cell) -> tuple[tuple[str, ...], ...]:
    """Return what a rate is known by, from the most like to anything at all."""
    name = cell.preset.name
    return ((cell.model, name, cell.suite), (cell.model, name), (cell.model,), ())


def spoken(seconds: float) -> str:
    """Say a duration in the unit that fits."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
