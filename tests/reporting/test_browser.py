"""The page as a browser has it: tables that sort, items that filter, text that does nothing."""

from pathlib import Path

import browser
import pytest

pytestmark = pytest.mark.xdist_group("chromium")  # one browser for all
FIRST_TABLE = "document.querySelector('table.figures')"
COLUMN = "[...{table}.tBodies[0].rows].map((row) => row.cells[{number}].textContent)"


def choose(chromium: browser.Browser, name: str, value: str) -> None:
    """Set a filter as a user would."""
    field = f"document.getElementById('filters').elements['{name}']"
    chromium.value(f"{field}.value = '{value}'")
    chromium.value(f"{field}.dispatchEvent(new Event('input', {{bubbles: true}}))")


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


def test_items_are_filtered_by_preset_answer_and_slice(
    chromium: browser.Browser, page: Path
) -> None:
    """Of 30 answers 17 are right; of core's ten 3 are; of its two unknown ones none."""
    chromium.open(page)
    count = "document.getElementById('count').textContent"
    assert chromium.value(count) == "30 answers, 17 right; 25 shown"
    choose(chromium, "preset", "baselines/core")
    assert chromium.value(count) == "10 answers, 3 right; 10 shown"
    choose(chromium, "verdict", "right")
    assert chromium.value(count) == "3 answers, 3 right; 3 shown"
    choose(chromium, "verdict", "")
    choose(chromium, "slice", "unknown")
    assert chromium.value(count) == "2 answers, 0 right; 2 shown"


def test_more_items_are_shown_on_demand(chromium: browser.Browser, page: Path) -> None:
    """The first 25 of 30, then all; the button goes with the last."""
    chromium.open(page)
    shown = "document.querySelectorAll('.item').length"
    assert chromium.value(shown) == 25
    chromium.value("document.getElementById('more').click()")
    assert chromium.value(shown) == 30
    assert chromium.value("document.getElementById('more').hidden")


def test_the_page_is_readable_on_a_phone(chromium: browser.Browser, page: Path) -> None:
    """At 360 pixels nothing but the tables scrolls sideways, and those within their frames."""
    chromium.open(page, width=360, height=740)
    assert chromium.value("document.documentElement.scrollWidth") <= 360
    assert chromium.value("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
