"""Whether confidences hold, by preset and suite, and abstention beside false abstention."""

from pathlib import Path

import cells
import pytest

from memeval.reporting import confidences, load, markdown, pages, plots
from memeval.reporting.blocks import Picture

FOUND = {"confidence": 0.75, "budget_events": ["e0", "e1", "e2"]}
"""Of ten items with a confidence of 0.75, three have their evidence."""


@pytest.fixture
def whole(tmp_path: Path) -> load.Found:
    """Return a run of a memory that tells confidences, on two seeds, and of a baseline."""
    cells.write(tmp_path, "memory/x", 9, seed=1, **FOUND)
    cells.write(tmp_path, "memory/x", 8, seed=2, **FOUND | {"confidence": 0.15})
    cells.write(tmp_path, "baselines/rag", 4)
    return load.load_real(tmp_path)


def test_the_curve_is_of_all_seeds(whole: load.Found) -> None:
    """Each seed fills a bin of its own here; empty ones are left out."""
    told = [row for row in whole.rows if row.is_memory]
    _, lines = confidences.curve_table(told)
    assert lines == [
        ("memory/x", "0.1-0.2", "10", "0.15", "0.30"),
        ("memory/x", "0.7-0.8", "10", "0.75", "0.30"),
    ]


def test_figures_stand_beside_the_curve(whole: load.Found) -> None:
    """ECE is the mean of 0.15 and 0.45; of equal confidences none is higher, so AUROC is 0.5.

    Brier: 0.3 * 0.25^2 + 0.7 * 0.75^2 = 0.4125 and 0.3 * 0.85^2 + 0.7 * 0.15^2 = 0.2325.
    """
    told = [row for row in whole.rows if row.is_memory]
    _, [line] = confidences.figure_table(told)
    assert line == ("memory/x", "20", "0.30", "0.32", "0.50")


def test_abstention_is_told_by_slice_of_every_preset(whole: load.Found) -> None:
    """9 and 8 right of ten: of two unknown items one, then none, was said to be unknown."""
    header, lines = confidences.abstention_table(whole.rows)
    assert header == ("preset", "abstention", "false abstention", "bound", "exact", "unknown")
    assert lines == [
        ("baselines/rag", "0.00", "0.00", "0.00", "0.00", "0.00"),
        ("memory/x", "0.25", "0.00", "0.00", "0.00", "0.25"),
    ]


def test_a_report_says_whether_confidences_hold(whole: load.Found) -> None:
    """On its first page, with a picture, and on the suite's."""
    index = markdown.render(pages.index(whole, "today", {"confidence-x.png": "A curve"}))
    assert "## Do confidences hold" in index
    assert "assets/confidence-x.png" in index
    suite = markdown.render(pages.suite_page(whole.rows, "episodic", "today"))
    for page in (index, suite):
        assert "mean confidence" in page
        assert page.count("false abstention") > 0


def test_cells_without_confidences_leave_a_report_as_it_was(tmp_path: Path) -> None:
    """No section, no table, no picture."""
    cells.write(tmp_path, "memory/x", 9)
    rows = load.load_real(tmp_path).rows
    assert confidences.section(rows, [Picture("confidence-x.png", "A curve")]) == []
    assert confidences.blocks(rows) == []
    drawn = plots.pictures(rows, rows) or {}
    assert not [name for name in drawn if name.startswith("confidence-")]


def test_a_suite_has_one_picture_of_all_curves(whole: load.Found) -> None:
    """The dashed line of what is right, and a line for each memory that tells."""
    pytest.importorskip("matplotlib")
    drawn = plots.pictures(whole.rows, whole.rows) or {}
    [caption] = [text for name, (text, _) in drawn.items() if name.startswith("confidence-")]
    assert caption.startswith("Do confidences hold, episodic 10 on tiny: ")
    told = [row for row in whole.rows if confidences.curve(row)]
    [axis] = plots._confidence(told).axes
    right, line = axis.lines
    assert list(right.get_xdata()) == list(right.get_ydata()) == [0, 1]
    assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == [
        (pytest.approx(0.15), pytest.approx(0.3)),
        (pytest.approx(0.75), pytest.approx(0.3)),
    ]
