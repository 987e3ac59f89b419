"""What there was no room for is said."""

from pathlib import Path

import cells
import pyarrow.parquet as pq

from memeval.reporting import cuts, load, pages
from memeval.reporting.blocks import Bullets
from memeval.results import ITEMS, read_items

CUT = {"notes_left_out": 120, "answer_cut": True, "question_cut": True, "prediction": ""}


def test_each_kind_is_a_line_that_counts_it_by_preset(tmp_path: Path) -> None:
    """Ten items each; a question that was cut is named, and nothing is said of what was whole."""
    cells.write(tmp_path, "baselines/core", 2, notes_cut=1, thought_tokens=30)
    cells.write(tmp_path, "baselines/longctx", 2, **CUT)
    named = "q00000, q00001, q00002, q00003, q00004, ..."
    assert cuts.lines(load.load_real(tmp_path).rows) == [
        "notes for which budget or window had no room: baselines/longctx 1,200",
        "notes longer than budget or window, read in part: baselines/core 10",
        f"questions longer than the window, asked in part: baselines/longctx 10 ({named})",
        "answers cut at the tokens that they may have: baselines/longctx 10",
        "empty answers: baselines/longctx 10",
        "tokens thought before the answers: baselines/core 300",
    ]


def test_a_report_says_so_where_there_was_any(tmp_path: Path) -> None:
    """The page of a suite ends with the lines; without a cut it has none."""
    cells.write(tmp_path, "baselines/core", 2)
    whole = pages.suite_page(load.load_real(tmp_path).rows, "episodic", "d")
    cells.write(tmp_path, "baselines/core", 2, answer_cut=True)
    cut = pages.suite_page(load.load_real(tmp_path).rows, "episodic", "d")
    assert not any(isinstance(block, Bullets) for block in whole)
    assert isinstance(cut[-1], Bullets)


def test_a_cell_written_before_this_was_kept_is_reported(tmp_path: Path) -> None:
    """Its columns are not there, so nothing is known, and nothing is said."""
    folder = cells.write(tmp_path, "baselines/core", 2)
    table = pq.read_table(folder / ITEMS)
    pq.write_table(table.drop_columns([*CUT.keys() - {"prediction"}, "notes_cut"]), folder / ITEMS)
    cells.unseal(folder)
    [row] = load.load_real(tmp_path).rows
    assert len(row.records) == 10
    record = read_items(folder)[0]
    assert (record.answer_cut, record.notes_cut, record.notes_left_out) == (None, None, None)
