"""What changed between two dates, and what each part of a memory is worth."""

from pathlib import Path
from typing import Any

import cells
import pytest

from memeval.reporting import changes, gains, load, markdown
from memeval.results import META, METRICS


def found(root: Path, **scores: int) -> load.Found:
    """Return a date with a preset for each score, on two seeds."""
    for preset, right in scores.items():
        for seed in (1, 2):
            cells.write(root, preset.replace("__", "/"), right, seed=seed)
    return load.load_real(root)


def grid(blocks: list[Any]) -> list[tuple[str, ...]]:
    """Return the rows of the first table."""
    return [tuple(row) for block in blocks if hasattr(block, "rows") for row in block.rows]


def test_a_change_is_paired_and_of_the_same_questions(tmp_path: Path) -> None:
    """6 of 8 were right and 3 are: 3/8 less, on every seed; what cost the same differs by 0."""
    new = found(tmp_path / "new", memory__hei_nw=3)
    old = found(tmp_path / "old", memory__hei_nw=6)
    [row] = grid(changes.changes_page(new, old, "new", "old"))
    assert row[:4] == ("memory/hei_nw", "episodic 10 on tiny", "0.75", "0.38")
    assert row[4].startswith("-0.38 [")
    assert row[6:9] == ("+0", "+0", "+0")


def test_a_date_against_itself_is_indistinguishable(tmp_path: Path) -> None:
    """Nothing changed, and the page says so."""
    new = found(tmp_path, memory__hei_nw=3)
    again = load.load_real(tmp_path)
    [row] = grid(changes.changes_page(new, again, "a", "b"))
    assert row[4] == "+0.00 [-0.17, 0.17] ="
    assert row[-1] == "same"


def test_a_change_that_rounds_to_nought_has_no_minus(tmp_path: Path) -> None:
    """9.8 ms against 10.0 is +0, as a reader takes -0 for a fall."""
    pages = []
    for name, ms in (("new", 9.8), ("old", 10.0)):
        found(tmp_path / name, memory__hei_nw=3)
        for path in (tmp_path / name).rglob(METRICS):
            cells.edit(path, latency_ms_mean=ms)
        pages.append(load.load_real(tmp_path / name))
    [row] = grid(changes.changes_page(*pages, "new", "old"))
    assert row[changes.HEADER.index("ms/item")] == "+0"


def test_changed_settings_are_named(tmp_path: Path) -> None:
    """A parameter, the code and the weights that differ stand beside the change."""
    old = found(tmp_path / "old", memory__hei_nw=3)
    for path in (found(tmp_path / "new", memory__hei_nw=3), tmp_path / "new")[1].rglob(META):
        config = {"limit": None, "params": {"gate": {"tau": 2}}}
        cells.edit(path, config=config, code_hash="abcdefgh")
    new = load.load_real(tmp_path / "new")
    [row] = grid(changes.changes_page(new, old, "new", "old"))
    assert row[-1] == "code: None to abcdef, params.gate.tau: none to 2"


def test_what_only_one_date_has_is_listed(tmp_path: Path) -> None:
    """Nothing is dropped in silence."""
    new = found(tmp_path / "new", memory__hei_nw=3)
    old = found(tmp_path / "old", baselines__core=3)
    page = markdown.render(changes.changes_page(new, old, "new", "old"))
    assert "No preset was measured on the same model, suite and size in both." in page
    assert "## Only in new\n\n- memory/hei_nw: episodic 10 on tiny" in page
    assert "## Only in old\n\n- baselines/core: episodic 10 on tiny" in page


def test_other_items_are_not_compared(tmp_path: Path) -> None:
    """Dates that were asked other questions have no change, and the row says why."""
    new = found(tmp_path / "new", memory__hei_nw=3)
    cells.write(tmp_path / "old", "memory/hei_nw", 3, session="other")
    old = load.load_real(tmp_path / "old")
    [row] = grid(changes.changes_page(new, old, "new", "old"))
    assert row[4] == "other items or data"


def test_the_command_writes_the_page(
    memeval: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`memeval report A --against B` says where what changed is told."""
    found(tmp_path / "runs" / "a", memory__hei_nw=3)
    found(tmp_path / "runs" / "b", memory__hei_nw=6)
    done = memeval("report", "a", "--against", "b")
    assert done.code == 0
    assert "what changed since b in reports/a/against-b.md" in done.out
    assert "-0.38 [" in Path("reports/a/against-b.md").read_text()
    assert memeval("report", "a", "--against", "../b").code == 2


def test_a_run_to_compare_with_is_looked_for_before_a_page_is_written(
    memeval: Any, tmp_path: Path
) -> None:
    """A report that is there has not failed; one that failed is not there."""
    found(tmp_path / "runs" / "first", memory__hei_nw=3)
    for other, told in (("nothere", "got none below"), ("firts", "did you mean first?")):
        done = memeval("report", "first", "--against", other)
        assert (done.code, told in done.err) == (2, True)
    assert not Path("reports/first").exists()


def test_a_misspelt_run_is_told_the_near_ones(memeval: Any, tmp_path: Path) -> None:
    """To run one first is no help to whoever has."""
    found(tmp_path / "runs" / "first", memory__hei_nw=3)
    assert "got 'firts'; did you mean first?" in memeval("report", "firts").err


def test_a_gain_must_pass_the_adjusted_test_too(tmp_path: Path) -> None:
    """6 - 3 items a seed on two seeds: p of 6 to 0 is below 0.05, but not three times p."""
    presets = {"baselines__core": 3, "baselines__longctx": 6, "baselines__rag": 6}
    rows = found(tmp_path, **presets, memory__hei_nw=6).rows
    [(_, [over_core, *others])] = gains.over_baselines(rows)
    assert over_core.comparison is not None
    assert over_core.comparison.finding == "better"
    assert len([one for one in others if one.comparison]) == 2
    assert not over_core.is_finding
    header, [row] = gains.every_table(rows)
    assert row[header.index("over core [95 %]")].endswith(" =")
