"""The report of this repository, made again from its own cells."""

from pathlib import Path

import pytest

from memeval.reporting import completeness, load
from memeval.reporting.write import write_report

ROOT = Path(__file__).parents[2]
DATE = "2026-11-23"


@pytest.fixture(scope="module")
def found() -> load.Found:
    """Return what a clone holds of the run."""
    return load.load_real(ROOT / "runs" / DATE)


def test_a_clone_writes_the_committed_report(found: load.Found, tmp_path: Path) -> None:
    """Every page, to the letter."""
    write_report(found, tmp_path / DATE, DATE)
    told = ROOT / "reports" / DATE
    pages = [path.relative_to(told) for path in told.rglob("*.md")]
    assert len(pages) == 5  # index, smoke, and a summary for each of three suites
    for page in pages:
        again = (tmp_path / DATE / page).read_text("utf-8")
        assert again == (told / page).read_text("utf-8"), page


def test_a_clone_meets_the_gate(found: load.Found) -> None:
    """Nothing that a complete measurement must have is missing."""
    assert found.study is not None
    assert completeness.missing(found, found.study, ROOT / "data") == []
