"""What the pages quote: tables of the report, and what benchmarks printed."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
MARK = re.compile(r"<!-- quoted from (\S+) -->\n\n?((?:\|.*\n)+|```\n(?:.*\n)+?```\n)")
QUOTED = [
    (page.name, source, text)
    for page in PAGES
    for source, text in MARK.findall(page.read_text("utf-8"))
]
REPORT_TABLES = [quote for quote in QUOTED if quote[1].endswith(".md")]
PRINTED = [quote for quote in QUOTED if not quote[1].endswith(".md")]

Row = tuple[str, ...]


def test_every_mark_has_something_behind_it() -> None:
    """A mark that no table follows would be passed over."""
    marks = sum(page.read_text("utf-8").count("<!-- quoted") for page in PAGES)
    assert marks == len(QUOTED) > 10


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


def renewed(source: list[Row], table: str) -> str | None:
    """Return a quoted table with the values that its source has now; None if it is not of there.

    A row is found by its first column, and by the suite where there is one.
    """
    names, *values = source
    lines = table.splitlines()
    header = cells(lines[0])
    keys = [name for name in (header[0], "suite") if name in header]
    if not set(header) <= set(names):
        return None
    rows = {tuple(row[names.index(key)] for key in keys): row for row in values}
    told = lines[:2]
    for line in lines[2:]:
        old = cells(line)
        row = rows.get(tuple(old[header.index(key)] for key in keys))
        if row is None:
            return None
        new = [row[names.index(name)] for name in header]
        new[0] = f"`{new[0]}`" if line.startswith("| `") else new[0]
        told.append(f"| {' | '.join(new)} |")
    return "\n".join(told) + "\n"


@pytest.mark.golden
@pytest.mark.parametrize(("page", "source", "table"), REPORT_TABLES)
def test_a_quoted_table_is_the_reports(page: str, source: str, table: str) -> None:
    """Columns and rows may be left out; what is there is there verbatim.

    Of the tables of a suite, those of size 200 are meant. `nox -s golden` quotes them anew.
    """
    text = (ROOT / source).read_text("utf-8")
    if "summary" in source:
        [text] = [
            part
            for part in text.split("\n## ")
            if part.startswith(f"{Path(source).parent.name} 200 ")
        ]
    if os.environ.get("MEMEVAL_REGENERATE_GOLDEN"):
        path = ROOT / ("README.md" if page == "README.md" else f"docs/{page}")
        new = next(filter(None, (renewed(one, table) for one in tables(text))))
        path.write_text(path.read_text("utf-8").replace(table, new), "utf-8")
        table = new
    [quoted] = tables(table)
    assert any(holds(one, quoted) for one in tables(text)), f"{page}: not in {source}:\n{table}"


@pytest.mark.parametrize(("page", "source", "block"), PRINTED)
def test_a_quoted_block_was_printed(page: str, source: str, block: str) -> None:
    """What a benchmark is said to have printed stands in the file that keeps it, line by line."""
    kept = (ROOT / source).read_text("utf-8")
    lines = [line.rstrip() for line in kept.splitlines()]
    quoted = [line.rstrip() for line in block.splitlines()[1:-1] if line.strip()]
    assert quoted, page
    assert [line for line in quoted if line not in lines] == []


def test_a_changed_figure_is_found() -> None:
    """The checks can fail."""
    source = [("preset", "EM", "ms"), ("a", "0.50", "10"), ("b", "0.60", "11")]
    assert holds(source, [("preset", "EM"), ("b", "0.60")])
    assert not holds(source, [("preset", "EM"), ("b", "0.61")])
    assert not holds(source, [("preset", "EM", "MB"), ("b", "0.60", "1")])


def test_a_table_is_quoted_anew_by_its_rows() -> None:
    """Values are replaced; columns, rows and their order stay those of the page."""
    source = [("preset", "ms", "suite", "EM"), ("a", "1", "s", "0.50"), ("a", "2", "t", "0.60")]
    table = "| preset | suite | EM |\n|---|---|---|\n| `a` | t | 0.10 |\n"
    assert renewed(source, table) == table.replace("0.10", "0.60")
    assert renewed([("other", "EM")], table) is None
