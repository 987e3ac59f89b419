"""Tables that the pages quote from a committed report: every figure stands there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
MARK = re.compile(r"<!-- quoted from (\S+) -->\n\n?((?:\|.*\n)+)")
QUOTED = [
    (page.name, source, table)
    for page in PAGES
    for source, table in MARK.findall(page.read_text("utf-8"))
]

Row = tuple[str, ...]


def cells(line: str) -> Row:
    return tuple(cell.strip().strip("`") for cell in line.strip().strip("|").split("|"))


def tables(text: str) -> list[list[Row]]:
    """Return the tables of a page, their headers first, without the lines below these."""
    found = re.findall(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE)
    return [
        [cells(line) for line in table.splitlines() if set(line) - set("|-: ")] for table in found
    ]


def holds(source: list[Row], quoted: list[Row]) -> bool:
    """Whether a table has the columns that are quoted, and rows with the very same values."""
    header, *rows = quoted
    names, *values = source
    if not set(header) <= set(names):
        return False
    places = [names.index(name) for name in header]
    told = {tuple(row[i] for i in places) for row in values if len(row) == len(names)}
    return set(rows) <= told


@pytest.mark.parametrize(("page", "source", "table"), QUOTED)
def test_a_quoted_table_is_the_reports(page: str, source: str, table: str) -> None:
    """Columns and rows may be left out; what is there is there verbatim."""
    [quoted] = tables(table)
    found = tables((ROOT / source).read_text("utf-8"))
    assert any(holds(one, quoted) for one in found), f"{page}: not in {source}:\n{table}"


def test_a_changed_figure_is_found() -> None:
    """The check can fail."""
    source = [("preset", "EM", "ms"), ("a", "0.50", "10"), ("b", "0.60", "11")]
    assert holds(source, [("preset", "EM"), ("b", "0.60")])
    assert not holds(source, [("preset", "EM"), ("b", "0.61")])
    assert not holds(source, [("preset", "EM", "MB"), ("b", "0.60", "1")])
