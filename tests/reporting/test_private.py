"""Reports of data that may not be passed on hold no word of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval.reporting import load
from memeval.reporting.source import NO_TEXTS, Source
from memeval.reporting.write import write_report
from memeval.results import META, NOT_KEPT, read_cell, read_items, without_texts, write_cell
from memeval.results.cell import CellResult

WORD = "zanzibar"
TEXTS: dict[str, Any] = {
    "question": f"Who is {WORD}?",
    "answers": [WORD],
    "prediction": WORD,
    "recalled_texts": [WORD],
    "prompt": WORD,
}
PRIVATE = {"data": {"private": True}}


def private(runs_dir: Path, *, kept: bool) -> None:
    """Write two presets measured on data that may not be passed on, with its texts or without."""
    for preset, right in (("baselines/rag", 3), ("memory/a", 8)):
        folder = cells.write(runs_dir, preset, right, **TEXTS)
        cells.edit(folder / META, text_kept=kept, **PRIVATE)
        if not kept:
            stored = read_cell(folder)
            bare = without_texts(CellResult(tuple(read_items(folder)), stored.metrics))
            write_cell(folder, bare, stored.meta)


def report(root: Path, **options: Any) -> str:
    """Write a report whose data can be opened, and return all of its pages."""
    source = Source({("episodic-10-1", f"e{i}"): WORD for i in range(10)}, lambda *_: WORD)
    found = load.load_real(root / "runs")
    write_report(found, root / "report", "today", reopen=lambda _: source, **options)
    pages = [p for p in (root / "report").rglob("*") if p.suffix in (".md", ".html", ".json")]
    return "".join(p.read_text() for p in pages)


@pytest.mark.parametrize("kept", [True, False])
def test_no_page_has_a_word_of_private_data(tmp_path: Path, kept: bool) -> None:
    """Neither from records that hold texts nor from the data itself."""
    private(tmp_path / "runs", kept=kept)
    told = report(tmp_path)
    assert WORD not in told
    assert NOT_KEPT in told


def test_a_report_of_ones_own_shows_texts_that_were_kept(tmp_path: Path) -> None:
    """One that is written where git does not look."""
    private(tmp_path / "runs", kept=True)
    assert WORD in report(tmp_path, hides_private=False)


def test_items_without_texts_are_listed_by_their_ids(
    memeval: Callable[..., Any], workplace: Path
) -> None:
    """What was asked and said is told to be absent, and in one sentence how to get it."""
    private(workplace / "runs/t", kept=False)
    done = memeval("report", "t", "--items", "-n", "1", "--prompt")
    assert (done.code, done.err) == (0, "")
    assert f"q00000 {NOT_KEPT}" in done.out
    assert done.out.count(NOT_KEPT) >= 4
    assert f"e0 {NOT_KEPT}" in done.out
    assert NO_TEXTS.split(";")[0] in " ".join(done.out.split())
    assert "--keep-text" in done.out
