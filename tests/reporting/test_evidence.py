"""Evidence within one budget of tokens, by preset and by slice."""

import json
from pathlib import Path

import cells
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from memeval.reporting import evidence, load, markdown, pages, screen
from memeval.results import ITEMS, METRICS

NAMES = ("any@256t", "all@256t")


def found(root: Path, preset: str, any_: int, all_: int, seed: int = 1) -> Path:
    """Write a cell of eight items with two gold events, of which so many have any, or all."""
    folder = cells.write(root, preset, 4, seed=seed)
    rows = pq.read_table(folder / ITEMS).to_pylist()
    golds = [[f"a{i}", f"b{i}"] if row["answerable"] else [] for i, row in enumerate(rows)]
    cells.put_rows(folder, [r | {"gold_events": g} for r, g in zip(rows, golds, strict=True)])
    budget = [(gold if i < all_ else gold[:1] if i < any_ else []) for i, gold in enumerate(golds)]
    cells.put_column(folder, "budget_events", pa.array(budget, pa.list_(pa.string())))
    metrics = json.loads((folder / METRICS).read_text())
    told = dict(zip(NAMES, (any_ / 8, all_ / 8), strict=True))
    metrics["retrieval"] |= told
    metrics["slices"]["exact"] |= told
    cells.edit(folder / METRICS, **metrics)
    return folder


def test_evidence_is_told_with_intervals_over_sessions(tmp_path: Path) -> None:
    """6 and 4 of 8 have any, 2 and 2 all: 10 of 16 and 4 of 16, of two sessions."""
    for seed, any_ in ((1, 6), (2, 4)):
        found(tmp_path, "memory/x", any_, 2, seed=seed)
    header, [row] = evidence.evidence_table(load.load_real(tmp_path).rows)
    told = dict(zip(header, row, strict=True))
    assert told["any@256t [95 %]"].startswith("0.62 [0.")
    assert told["all@256t [95 %]"].startswith("0.25 [0.")


def test_without_records_the_means_are_told(tmp_path: Path) -> None:
    """A clone may hold the small files alone."""
    (found(tmp_path, "memory/x", 6, 2) / ITEMS).unlink()
    _, [row] = evidence.evidence_table(load.load_real(tmp_path).rows)
    assert (row[1], row[3]) == ("0.75", "0.25")


@pytest.mark.parametrize(("best", "other"), [("rag", "dense"), ("dense", "rag")])
def test_evidence_is_told_over_the_baseline_that_finds_most(
    tmp_path: Path, best: str, other: str
) -> None:
    """Whatever that scores: 6 of 8 over 4 of 8, and not over 2 of 8, nor over all of a ceiling."""
    for preset, any_ in ((best, 4), (other, 2), ("oracle", 8)):
        found(tmp_path, f"baselines/{preset}", any_, 0)
    found(tmp_path, "memory/x", 6, 2)
    header, body = evidence.evidence_table(load.load_real(tmp_path).rows)
    assert header[2] == "over best baseline [95 %]"
    told = {row[0]: row[2] for row in body}
    gained = told.pop("memory/x")
    assert gained.startswith("+0.25 [")
    assert gained.endswith(f" {best}")
    assert set(told.values()) == {"-"}


def test_evidence_of_other_items_is_not_compared(tmp_path: Path) -> None:
    """As where records of one of the two are not at hand."""
    (found(tmp_path, "baselines/rag", 4, 0) / ITEMS).unlink()
    found(tmp_path, "memory/x", 6, 2)
    [gain] = evidence.over_best(load.load_real(tmp_path).rows)
    assert (gain.other is not None, gain.comparison) == (True, None)


def test_the_screen_tells_evidence_beside_the_score(tmp_path: Path) -> None:
    """Six of eight, in the closing table; a memory that found something is told from its reader."""
    found(tmp_path, "memory/x", 6, 2)
    rows = load.load_real(tmp_path).rows
    header, [row] = screen.screen_table(rows)
    assert row[header.index("found")] == ".75"
    assert "found: any of the evidence in the best 256 tokens" in screen.note(rows, header)


def test_evidence_is_told_by_slice(tmp_path: Path) -> None:
    """Any and all side by side; a slice in which nothing could be found has no column."""
    found(tmp_path, "memory/x", 6, 2)
    header, body = evidence.slice_table(load.load_real(tmp_path).rows)
    assert (header, body) == (("preset", "exact"), [("memory/x", "0.75 / 0.25")])


def test_cells_from_before_have_no_table_of_evidence(tmp_path: Path) -> None:
    """What was not measured is no column of dashes; beside others it is no row."""
    cells.write(tmp_path, "baselines/rag", 4)
    whole = load.load_real(tmp_path)
    metrics = [cell.metrics["retrieval"] for cell in whole.cells]
    for table in metrics:
        table.pop("any@256t", None)
    assert "Evidence found" not in markdown.render(pages.index(whole, "today", {}))


def test_a_report_has_the_table_of_evidence(tmp_path: Path) -> None:
    """On its first page by preset, on the suite's by slice too."""
    found(tmp_path, "memory/x", 6, 2)
    whole = load.load_real(tmp_path)
    assert "## Evidence found" in markdown.render(pages.index(whole, "today", {}))
    assert "0.75 / 0.25" in markdown.render(pages.suite_page(whole.rows, "episodic", "today"))
