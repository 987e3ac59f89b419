"""The pictures of all suites at once."""

from dataclasses import replace
from pathlib import Path

import cells
import pytest

from memeval.reporting import forest, load

pytest.importorskip("matplotlib")


def test_a_picture_holds_every_suite_of_a_model(tmp_path: Path) -> None:
    """Each model has one of its own, and a suite more makes it higher."""
    for preset, right in (("baselines/rag", 3), ("memory/a", 6), ("memory/b", 2)):
        cells.write(tmp_path, preset, right)
    rows = load.load_real(tmp_path).rows
    other = [replace(row, suite="other") for row in rows]
    second = [replace(row, model="second") for row in rows]
    heights = []
    for mine in (rows, [*rows, *other]):
        drawn = forest.pictures([*mine, *second])
        names = [name.rpartition("-")[0] for name in drawn]
        assert names == ["gains-second", "gains-tiny"]
        caption, png = list(drawn.values())[-1]
        assert caption.startswith("Gained over the best baseline, on tiny")
        heights.append(int.from_bytes(png[20:24], "big"))
    assert heights[0] < heights[1]


def test_nothing_is_drawn_of_what_was_not_compared(tmp_path: Path) -> None:
    """A memory without a baseline gains over nothing."""
    cells.write(tmp_path, "memory/a", 6)
    assert forest.pictures(load.load_real(tmp_path).rows) == {}


@pytest.mark.parametrize(("elsewhere", "filled"), [(8, True), (3, False)])
def test_a_gain_is_drawn_where_it_stands(tmp_path: Path, elsewhere: int, *, filled: bool) -> None:
    """Its point is its mean, with its interval for a line, and filled where it is a finding."""
    for seed in range(1, 9):
        cells.write(tmp_path, "baselines/rag", 3, seed=seed)
        cells.write(tmp_path, "memory/a", 8 if seed == 1 else elsewhere, seed=seed)
    [told] = forest.on_memories(load.load_real(tmp_path).rows)
    point = forest._point(told.over_best)
    assert point is not None
    [axis] = forest._drawn([point], "exact match").axes
    [dot] = [line for line in axis.lines if list(line.get_xdata()) == [point.mean]]
    [bar] = [line for line in axis.lines if list(line.get_xdata()) == [point.low, point.high]]
    assert point.mean == pytest.approx((5 + 7 * (elsewhere - 3)) / 64)
    assert set(dot.get_ydata()) == set(bar.get_ydata())
    assert (dot.get_markerfacecolor() != "white") == filled
