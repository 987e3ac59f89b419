"""The page as a browser has it: tables that sort, and text that does nothing."""

from pathlib import Path

import browser
import pytest

pytestmark = pytest.mark.xdist_group("chromium")  # one browser for all
FIRST_TABLE = "document.querySelector('table.figures')"
COLUMN = "[...{table}.tBodies[0].rows].map((row) => row.cells[{number}].textContent)"


def test_no_text_of_others_does_anything(chromium: browser.Browser, page: Path, nasty: str) -> None:
    """Script tags in names, questions, answers and traces are seen, and nothing runs."""
    chromium.open(page)
    assert chromium.value("window.broken === undefined")
    assert chromium.value("document.querySelectorAll('svg, img:not([src^=data])').length") == 0
    assert chromium.value("document.querySelector('.item strong').textContent") == f"Who? {nasty}"
    assert chromium.errors == []


def test_a_table_sorts_by_figures_both_ways(chromium: browser.Browser, page: Path) -> None:
    """A click sorts downwards, another upwards."""
    chromium.open(page)
    column = COLUMN.format(table=FIRST_TABLE, number=0)
    click = f"{FIRST_TABLE}.tHead.rows[0].cells[2].firstElementChild.click()"
    chromium.value(click)
    assert chromium.value(column) == ["memory/a", "memory/b"]
    chromium.value(click)
    assert chromium.value(column) == ["memory/b", "memory/a"]


def test_the_page_is_readable_on_a_phone(chromium: browser.Browser, page: Path) -> None:
    """At 360 pixels nothing but the tables scrolls sideways, and those within their frames."""
    chromium.open(page, width=360, height=740)
    assert chromium.value("document.documentElement.scrollWidth") <= 360
    assert chromium.value("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
