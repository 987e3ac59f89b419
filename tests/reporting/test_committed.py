"""The report of this repository, made again from its own cells."""

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from memeval.reporting import completeness, load

pytestmark = pytest.mark.xdist_group("chromium")  # which looks at the report that is made here
ROOT = Path(__file__).parents[2]
DATE = "2026-11-23"
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")


def test_a_clone_writes_the_committed_report(committed_report: Path) -> None:
    """Every page, to the letter."""
    told = ROOT / "reports" / DATE
    pages = [path.relative_to(told) for path in told.rglob("*.md")]
    assert len(pages) == 5  # index, smoke, and a summary for each of three suites
    for page in pages:
        again = (committed_report / page).read_text("utf-8")
        assert again == (told / page).read_text("utf-8"), page


def test_the_committed_page_is_the_one_made_now(committed_report: Path) -> None:
    """With its items and scripts; pictures are drawn otherwise by other versions of matplotlib."""
    told, again = (
        PICTURE.sub("", (folder / "index.html").read_text("utf-8")).splitlines()
        for folder in (ROOT / "reports" / DATE, committed_report)
    )
    pairs = zip_longest(told, again)
    other = [number for number, (ours, new) in enumerate(pairs, 1) if ours != new]
    assert other == [], f"lines of index.html differ; write it anew: memeval report {DATE}"


def test_a_clone_meets_the_gate(committed: load.Found) -> None:
    """Nothing that a complete measurement must have is missing."""
    assert committed.study is not None
    assert completeness.missing(committed, committed.study, ROOT / "data") == []


def test_a_clone_meets_the_gate_of_the_public_study() -> None:
    """Without the benchmarks' files: the run has a copy of what was planned."""
    found = load.load_real(ROOT / "runs" / "2026-11-28")
    assert found.study is not None
    assert {cell.meta["suite"] for cell in found.cells} >= {"locomo", "babi", "cogeval"}
    assert completeness.missing(found, found.study, ROOT / "data") == []
