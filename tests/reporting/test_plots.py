"""The report's pictures: one of a kind for each model and suite, sharp, and small."""

import struct
from dataclasses import replace
from pathlib import Path

import cells
import pytest

from memeval.reporting import load, plots

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bytes]]:
    """Return the pictures of two suites, one of them at two sizes."""
    runs = tmp_path_factory.mktemp("runs")
    cells.write(runs, "memory/a", 6)
    cells.write(runs, "memory/a", 4, size=20)
    rows = load.load_real(runs).rows
    headline = [row for row in rows if row.size == 10]
    elsewhere = [replace(row, suite="other:one") for row in headline]
    pictures = plots.pictures([*headline, *elsewhere], [*rows, *elsewhere])
    assert pictures is not None
    return pictures


def test_each_suite_has_pictures_of_its_own(drawn: dict[str, tuple[str, bytes]]) -> None:
    """So a phone shows them below one another; only where there are two sizes are they compared."""
    assert [name.rpartition("-")[0] for name in drawn] == [
        "cost-tiny-episodic",
        "slices-tiny-episodic",
        "size-tiny-episodic",
        "cost-tiny-other-one",
        "slices-tiny-other-one",
    ]


def test_a_caption_says_what_was_measured_on_what(drawn: dict[str, tuple[str, bytes]]) -> None:
    """Its beginning, which stands for the picture where it is not seen, tells it from others."""
    beginnings = [caption.partition(":")[0] for caption, _ in drawn.values()]
    assert beginnings[:3] == [
        "Accuracy against cost, episodic 10 on tiny",
        "Slices, episodic 10 on tiny",
        "Interference, episodic on tiny",
    ]


def test_a_picture_is_sharp_and_as_wide_as_a_phone(drawn: dict[str, tuple[str, bytes]]) -> None:
    """3.9 inches of 100 pixels on a page, each of which two pixels of the picture make."""
    assert {struct.unpack_from(">I", png, 16)[0] for _, png in drawn.values()} == {780}


def test_a_picture_has_a_palette(drawn: dict[str, tuple[str, bytes]]) -> None:
    """Colour type 3 of PNG: a byte a pixel, so that sharper pictures are no larger files."""
    assert {png[25] for _, png in drawn.values()} == {3}


def test_memories_and_baselines_differ_by_more_than_colour(tmp_path: Path) -> None:
    """Baselines are squares, memories are round."""
    for preset in ("baselines/core", "memory/a"):
        cells.write(tmp_path, preset, 5)
    [axis] = plots._cost(load.load_real(tmp_path).rows).axes
    marks = {(line.get_color(), line.get_marker()) for line in axis.lines}
    assert {(plots.BASELINE_COLOUR, "s"), (plots.MEMORY_COLOUR, "o")} < marks


@pytest.mark.parametrize(
    ("costs", "ticks"),
    [
        ((65, 510), [50, 100, 200, 300, 500, 1000]),  # of 38 to 1,530
        ((10, 600), [10, 20, 50, 100, 200, 500, 1000]),  # of 5.9 to 1,800
        ((10, 9_000), [10, 30, 100, 300, 1_000, 3_000, 10_000]),  # of 5.9 to 27,000
        ((50, 50), [30, 50, 100]),  # of 29 to 150
    ],
)
def test_costs_look_logarithmic(costs: tuple[float, ...], ticks: list[float]) -> None:
    """Ticks of a decade stand unevenly, as many as have room for their figures."""
    _, axis = plots.new_figure()
    plots._scale(axis, costs)
    low, high = axis.get_xlim()
    shown = [tick for tick in axis.get_xticks() if low <= tick <= high]
    assert shown == pytest.approx(ticks)


def test_a_cost_says_its_scale_and_its_names_stay_within(tmp_path: Path) -> None:
    """Six long names of one point: rather over one another than over an axis and its figures."""
    for end in "abcdef":
        cells.write(tmp_path, f"memory/a_name_that_is_rather_long_{end}", 1)
    [axis] = plots._cost(load.load_real(tmp_path).rows).axes
    assert axis.get_xlabel() == "ms per question, log scale"
    boxes = [text.get_window_extent() for text in axis.texts]
    assert len(boxes) == 6
    assert min(box.x0 for box in boxes) >= axis.bbox.x0
