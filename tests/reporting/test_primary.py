"""Reports of other scores than exact match."""

from pathlib import Path
from typing import Any

import cells
import pyarrow.parquet as pq
import pytest

from memeval.reporting import changes, gains, load, markdown, raw, scores, tables
from memeval.reporting.write import write_report
from memeval.scoring.scorer import STANDARD

JUDGED = {"primary": "judge_v2"}


def judged(runs_dir: Path, preset: str, score: float | None, **changes: Any) -> Path:
    """Write a cell in which every answer was judged alike, and none matches exactly."""
    given = {**dict.fromkeys(STANDARD, 0.0), "judge_v2": score}
    return cells.write(runs_dir, preset, 0, scores=given, **JUDGED, **changes)


def test_every_table_shows_the_primary_score(tmp_path: Path) -> None:
    """Nothing matches exactly, and 0.75 was judged: no table says 0.00."""
    judged(tmp_path, "baselines/rag", 0.25)
    judged(tmp_path, "memory/x", 0.75)
    rows = load.load_real(tmp_path).rows
    header, [_, compared] = tables.comparison_table(rows)
    assert header[2] == "judge v2 [95 %]"
    assert compared[2] == "0.75 [0.45, 0.88]"
    assert compared[4].startswith("+0.50 [")
    header, [gain] = gains.verdict_table(rows)
    assert header[:3] == ("memory", "suite", "judge v2 [95 %]")
    assert gain[1] == "episodic 10"
    assert gain[4].startswith("+0.50")
    assert tables.slice_table(rows)[1][1][1] == "0.75"
    assert tables.lost_rows(rows)[1][1] == "0"  # of three quarters each is right


def test_a_slice_of_what_is_not_known_has_the_primary_score_if_that_says_any(
    tmp_path: Path,
) -> None:
    """Else how often the model abstained: of exact match, one of the two with nine right."""
    judged(tmp_path, "memory/x", 0.75)
    cells.write(tmp_path, "memory/y", 9)
    rows = {row.preset: row for row in load.load_real(tmp_path).rows}
    of_score, of_match = rows["memory/x"], rows["memory/y"]
    assert (of_score.slice_score("unknown"), of_score.slice_items("unknown")) == (0.75, 2)
    assert (of_match.slice_score("unknown"), of_match.slice_items("exact")) == (0.5, 4)


def test_the_whole_report_is_written_of_another_score(tmp_path: Path) -> None:
    """No page, picture or list of items takes exact match for granted."""
    judged(tmp_path / "runs", "baselines/rag", 0.25)
    judged(tmp_path / "runs", "memory/x", 0.75)
    write_report(load.load_real(tmp_path / "runs"), tmp_path / "report", "today")
    index = (tmp_path / "report/index.md").read_text("utf-8")
    assert "memory/x has judge v2 0.75" in index
    assert "exact match" not in index.lower()


def test_an_item_that_could_not_be_judged_is_left_out(tmp_path: Path) -> None:
    """Neither right nor wrong: there is no mean to tell."""
    judged(tmp_path, "memory/x", None)
    [row] = load.load_real(tmp_path).rows
    assert row.score().mean is None


def test_a_table_of_several_scores_names_them_in_its_suites(tmp_path: Path) -> None:
    """An F1 and an exact match under one heading would be taken for the same quantity."""
    cells.write(tmp_path, "memory/x", 4)
    judged(tmp_path, "memory/x", 0.75, size=20, session="another")
    header, body = gains.verdict_table(load.load_real(tmp_path).rows)
    assert header[2] == "score [95 %]"
    assert [row[1] for row in body] == ["episodic 10 (exact match)", "episodic 20 (judge v2)"]


def test_rows_of_different_scores_are_not_compared(tmp_path: Path) -> None:
    """The same questions by another measure: no difference means anything."""
    cells.write(tmp_path, "baselines/rag", 4)
    judged(tmp_path, "memory/x", 0.75)
    core, memory = load.load_real(tmp_path).rows
    assert memory.against(core) is None
    assert gains.over_baselines([core, memory])[0][1][0].other is None


def test_seeds_of_different_scores_are_not_pooled(tmp_path: Path) -> None:
    """Two seeds of one preset, each by its own score, are two rows."""
    cells.write(tmp_path, "memory/x", 4, seed=1)
    judged(tmp_path, "memory/x", 0.75, seed=2)
    rows = load.load_real(tmp_path).rows
    assert [(row.primary, row.seeds) for row in rows] == [("exact_match", [1]), ("judge_v2", [2])]


def test_changes_between_dates_are_of_one_score(tmp_path: Path) -> None:
    """A date that was scored otherwise has nothing in common with this one."""
    cells.write(tmp_path / "old", "memory/x", 4)
    judged(tmp_path / "new", "memory/x", 0.75)
    new, old = load.load_real(tmp_path / "new"), load.load_real(tmp_path / "old")
    page = markdown.render(changes.changes_page(new, old, "new", "old"))
    assert "No preset was measured" in page


def test_raw_figures_hold_every_score(tmp_path: Path) -> None:
    """Also those that do not count."""
    judged(tmp_path, "memory/x", 0.75)
    page = markdown.render(raw.smoke(load.load_real(tmp_path), "today"))
    assert "| n  | exact_match | raw_exact_match | f1 | contains | judge_v2 |" in page


def test_a_primary_score_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The metrics name a score that they do not hold."""
    folder = cells.write(tmp_path, "memory/x", 4)
    cells.edit(folder / "metrics.json", primary="x")
    cells.write(tmp_path, "memory/y", 4)
    [hole] = load.load_real(tmp_path).holes
    assert "primary score must be among the scores of metrics.json, got 'x'" in hole.reason


def test_formats_1_and_2_stand_in_one_table(tmp_path: Path) -> None:
    """A memory of today is compared with a baseline of before."""
    cells.as_format_1(cells.write(tmp_path, "baselines/rag", 2))
    cells.write(tmp_path, "memory/x", 6)
    core, memory = load.load_real(tmp_path).rows
    comparison = memory.against(core)
    assert comparison is not None
    assert comparison.difference.mean == pytest.approx((6 - 2) / 8)
    assert scores.label_of([core, memory]) == "exact match"


def test_two_seeds_may_share_sessions(tmp_path: Path) -> None:
    """Each seed asks other questions of the same conversations: both count, each on its seed."""
    cells.write(tmp_path, "memory/x", 8, seed=1, session="one")
    shared = cells.write(tmp_path, "memory/x", 0, seed=2, session="one")
    renumber(shared)
    found = load.load_real(tmp_path)
    [row] = found.rows
    assert found.holes == []
    assert row.score().n == 16
    assert set(row.scores([1]).values()) == {1.0}
    assert set(row.scores([2]).values()) == {0.0}


def renumber(folder: Path) -> None:
    """Give the items of a cell names of their own."""
    rows = pq.read_table(folder / "items.parquet").to_pylist()
    for row in rows:
        row["query_id"] = f"other {row['query_id']}"
    cells.put_rows(folder, rows)
