"""How titles and columns say what was measured: how much there is, and how much was asked."""

from pathlib import Path

import cells

from memeval.reporting import load, scores, screen, tables
from memeval.reporting.row import Row
from memeval.results import META


def only_row(root: Path, **meta: object) -> Row:
    """Return the row of a cell of ten items, eight of them answerable, that says this of itself."""
    folder = cells.write(root, "memory/x", 6, seed=int(str(meta.pop("seed", 1))))
    cells.edit(folder / META, **meta)
    [row] = load.load_real(root).rows
    return row


def test_a_limit_is_told_wherever_the_size_is(tmp_path: Path) -> None:
    """The size alone would claim questions that were not asked."""
    row = only_row(tmp_path, config={"limit": 4})
    assert tables.titled([row]) == "episodic 10 (first 4 questions) on tiny, seeds 1"
    assert scores.suite_of([row], row) == "episodic 10 (first 4 questions)"


def test_a_limit_that_cuts_nothing_off_is_not_told(tmp_path: Path) -> None:
    """All ten of ten were asked."""
    assert (
        tables.titled([only_row(tmp_path, config={"limit": 10})]) == "episodic 10 on tiny, seeds 1"
    )


def test_data_that_was_not_drawn_has_no_seed(tmp_path: Path) -> None:
    """A folder of all its items stands below the seed 0, which nobody gave."""
    given = {"generated": False}
    assert tables.titled([only_row(tmp_path / "a", seed=0, data=given)]) == "episodic 10 on tiny"
    assert tables.titled([only_row(tmp_path / "b", seed=3, data=given)]).endswith(", seeds 3")
    made = {"generated": True}
    assert tables.titled([only_row(tmp_path / "c", seed=0, data=made)]).endswith(", seeds 0")


def test_the_closing_note_says_of_how_many_the_scores_are(tmp_path: Path) -> None:
    """Two of ten ask for what is not known: they are in no mean."""
    assert "; n: 8 answerable of 10" in screen.note([only_row(tmp_path)], ())
