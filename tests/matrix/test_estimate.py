"""The estimate of the time left."""

from pathlib import Path

import pytest

from memeval.datasets.generated import Generated
from memeval.matrix import Cell, Estimate, spoken
from memeval.matrix.estimate import Course, projected_s, settled
from memeval.preset import Preset

SLOW, FAST = (Preset(name=f"p/{name}", memory="none") for name in ("slow", "fast"))


def cell(preset: Preset, size: int, suite: str = "episodic", model: str = "m") -> Cell:
    return Cell(preset, model, Generated(suite, size, 1, Path("unused")))


def test_nothing_is_promised_before_a_cell_ran() -> None:
    """None, not 0."""
    assert Estimate().remaining_s([cell(SLOW, 50)], 1) is None


def test_time_grows_with_items() -> None:
    """50 items took 10 s, so 200 and 1,000 take 40 and 200; two workers halve it."""
    estimate = Estimate()
    estimate.learn(cell(SLOW, 50), 10.0)
    pending = [cell(SLOW, 200), cell(SLOW, 1000)]
    assert estimate.remaining_s(pending, 1) == pytest.approx(240)
    assert estimate.remaining_s(pending, 2) == pytest.approx(120)


def test_each_preset_has_its_own_rate() -> None:
    """A fast preset's cells do not make a slow one's look short."""
    estimate = Estimate()
    estimate.learn(cell(SLOW, 100), 100.0)  # 1 s an item
    estimate.learn(cell(FAST, 100), 10.0)  # 0.1 s an item
    assert estimate.remaining_s([cell(SLOW, 50), cell(FAST, 50)], 1) == pytest.approx(50 + 5)


def test_what_was_never_seen_takes_the_nearest_rate() -> None:
    """Another suite takes the preset's rate, another model the rate of everything."""
    estimate = Estimate()
    estimate.learn(cell(SLOW, 100), 100.0)
    estimate.learn(cell(FAST, 300), 20.0)
    assert estimate.remaining_s([cell(SLOW, 10, suite="spatial")], 1) == pytest.approx(10)
    # 120 s for 400 items
    assert estimate.remaining_s([cell(SLOW, 10, model="other")], 1) == pytest.approx(3)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (89, "89 s"), (120, "2 min"), (5300, "88 min"), (7200, "2.0 h")],
)
def test_durations_are_told_in_the_unit_that_fits(seconds: float, text: str) -> None:
    """Seconds, minutes, hours."""
    assert spoken(seconds) == text


def test_what_is_at_work_counts_as_far_as_it_has_come() -> None:
    """Half of a session of 100 s is over, another cell of it waits: 50 + 100 s on one worker.

    On two, the sum is halved, but the session at work takes its own 50 s.
    """
    course = Course(cell(SLOW, 50), elapsed_s=50, whole_s=100)
    assert Estimate().remaining_s([cell(SLOW, 50, "spatial")], 1, [course]) == pytest.approx(150)
    assert Estimate().remaining_s([cell(SLOW, 50, "spatial")], 2, [course]) == pytest.approx(75)
    assert Estimate().remaining_s([], 2, [course]) == pytest.approx(50)


def test_sessions_that_nobody_has_begun_count() -> None:
    """Two workers are at sessions 4 and 5 of ten, 10 s each, half way: (2 x 5 + 4 x 10) / 2."""
    one = cell(SLOW, 50)
    courses = [Course(one, 5, 10, session=i, sessions=10) for i in (5, 4)]
    assert Estimate().remaining_s([], 2, courses) == pytest.approx(25)


def test_a_session_without_an_answer_takes_what_its_like_took() -> None:
    """30 of 100 s are over; one that takes longer than expected has nothing left, not less."""
    estimate = Estimate()
    assert estimate.remaining_s([], 1, [Course(cell(SLOW, 50), 30)]) is None
    estimate.learn(cell(SLOW, 50), 10, share=1 / 10)
    assert estimate.remaining_s([], 1, [Course(cell(SLOW, 50), 30)]) == pytest.approx(70)
    assert estimate.remaining_s([], 1, [Course(cell(SLOW, 50), 300)]) == 0


def test_a_session_is_projected_from_its_reading_alone() -> None:
    """30 s of teaching are done; a quarter of the questions took 10 s, all take 40."""
    assert projected_s(30, 10, 0.25) == 70
    assert projected_s(30, 10, 0) is None


@pytest.mark.parametrize(
    ("shown", "fresh", "told"),
    [
        (None, 50, 50),
        (100, None, None),
        (100, 80, 80),  # less is left than the countdown of 90 says
        (100, 95, 90),
        (100, 110, 90),  # not a quarter and 5 s more than 90
        (100, 200, 200),
        (5, 4, 0),
    ],
)
def test_the_time_shown_counts_down(
    shown: float | None, fresh: float | None, told: float | None
) -> None:
    """After 10 s it is 10 s less, unless the estimate is below that or far above it."""
    assert settled(shown, fresh, 10) == told
