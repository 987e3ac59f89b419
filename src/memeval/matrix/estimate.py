"""How long a matrix still takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from memeval.matrix.cells import Cell

Key = tuple[str, ...]
Rates = Mapping[Key, tuple[float, float]]
"""Seconds and items by what they are known by."""
MORE, MORE_S = 0.25, 5.0
"""How far an estimate may lie above the countdown that is shown, in parts of it and in seconds."""


@dataclass(frozen=True, slots=True)
class Course:
    """How far a worker has come with a session of a cell, which counts from 0 among `sessions`.

    `whole_s` is what the session will have taken, as far as that can be told yet.
    """

    cell: Cell
    elapsed_s: float
    whole_s: float | None = None
    session: int = 0
    sessions: int = 1


def projected_s(before_s: float, reading_s: float, share: float) -> float | None:
    """Return the seconds of a session whose questions are answered to a share; None at none.

    What came before the first question is done; the rest of the reading goes on as it went, counted
    until the last answer, so that waiting for the next one does not make it look slower.
    """
    return before_s + reading_s / share if share else None


class Estimate:
    """Learns the seconds an item takes, and applies them to what is left.

    A cell's time grows with its items, and differs most between presets, suites and models: the
    rate of the same three is taken where it has been seen, that of the preset next, otherwise
    the rate of all cells so far. (A bar that counts cells promises a cell of 1,000 items in the
    time of one of 50.)
    """

    def __init__(self) -> None:
        self._seen: dict[Key, tuple[float, float]] = {}

    def learn(self, cell: Cell, seconds: float, share: float = 1.0) -> None:
        """Take in how long a cell took, or a share of it."""
        _learn(self._seen, cell, seconds, share)

    def remaining_s(
        self, pending: Iterable[Cell], workers: int, courses: Iterable[Course] = ()
    ) -> float | None:
        """Return the seconds that so many workers need for the rest; None without any basis.

        `pending` are cells that nobody has begun; `courses` are the sessions at work. What
        a single one of them still takes is the least.
        """
        courses = list(courses)
        rates = dict(self._seen)
        for one in courses:
            if one.whole_s is not None:
                _learn(rates, one.cell, one.whole_s, 1 / one.sessions)
        if not rates:
            return None
        furthest = sorted(courses, key=lambda course: course.session)
        begun = {(one.cell.model, one.cell.name): one for one in furthest}
        rests = [max(0.0, _session_s(rates, one) - one.elapsed_s) for one in courses]
        ahead = sum(_session_s(rates, c) * (c.sessions - 1 - c.session) for c in begun.values())
        waiting = sum(_rate(rates, cell) * cell.size for cell in pending)
        return max([(sum(rests) + ahead + waiting) / workers, *rests])


def settled(shown: float | None, fresh: float | None, passed_s: float) -> float | None:
    """Return the seconds left to be shown: a countdown, unless there is less left or clearly more.

    `shown` is what was said so many seconds ago, `fresh` what would be said without that.
    """
    if shown is None or fresh is None:
        return fresh
    counted = max(0.0, shown - passed_s)
    return counted if counted <= fresh <= counted * (1 + MORE) + MORE_S else fresh


def spoken(seconds: float) -> str:
    """Say a duration in the unit that fits."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _session_s(rates: Rates, course: Course) -> float:
    if course.whole_s is not None:
        return course.whole_s
    return _rate(rates, course.cell) * course.cell.size / course.sessions


def _learn(rates: dict[Key, tuple[float, float]], cell: Cell, seconds: float, share: float) -> None:
    for key in _keys(cell):
        before_s, items = rates.get(key, (0.0, 0.0))
        rates[key] = (before_s + seconds, items + cell.size * share)


def _rate(rates: Rates, cell: Cell) -> float:
    seconds, items = next(rates[key] for key in _keys(cell) if key in rates)
    return seconds / items if items else 0.0


def _keys(cell: Cell) -> tuple[Key, ...]:
    """Return what a rate is known by, from the most like to anything at all."""
    name = cell.preset.name
    return ((cell.model, name, cell.suite), (cell.model, name), (cell.model,), ())
