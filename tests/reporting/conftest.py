"""The page and the browser that the tests of the report look at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import cells
import pytest

from memeval.reopening import reopened
from memeval.reporting import load
from memeval.reporting.write import write_report

NASTY = (
    "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'>"
    "<svg onload='window.broken = 3'>"
)
ROOT = Path(__file__).parents[2]
DATE = "2026-11-23"
NO_BROWSER = "needs Chromium: apt-get install chromium, or name one in MEMEVAL_BROWSER"


@pytest.fixture(scope="session")
def nasty() -> str:
    """Return the text of questions, answers and traces of `page`."""
    return NASTY


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory, nasty: str) -> Path:
    """Return a report with three presets, whose texts would break a careless page."""
    root = tmp_path_factory.mktemp("page")
    texts: dict[str, Any] = {"question": f"Who? {nasty}", "prediction": nasty, "prompt": nasty}
    texts["recalled_texts"] = [nasty]
    for preset, right in (("baselines/rag", 3), ("memory/a", 8), ("memory/b", 6)):
        cells.write(root / "runs", preset, right, **texts)
    write_report(load.load_real(root / "runs"), root / "report", nasty)
    return root / "report" / "index.html"


@pytest.fixture(scope="session")
def committed() -> load.Found:
    """Return what a clone holds of the run of this repository."""
    return load.load_real(ROOT / "runs" / DATE)


@pytest.fixture(scope="session")
def committed_report(committed: load.Found, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of its report, made again."""
    folder = tmp_path_factory.mktemp("committed") / DATE
    write_report(committed, folder, DATE, reopen=reopened)
    return folder


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    """Return a headless browser; where there is none, the test is skipped."""
    program = browser.find()
    if program is None:
        pytest.skip(NO_BROWSER)
    with browser.Browser(program, tmp_path_factory.mktemp("profile")) as one:
        yield one
