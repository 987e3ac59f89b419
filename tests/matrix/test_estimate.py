"""The estimate of the time left."""

from pathlib import Path

import pytest

from memeval.datasets.generated import Generated
from memeval.matrix import Cell, Estimate, spoken
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
