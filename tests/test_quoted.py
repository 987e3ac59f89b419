"""Figures stand where a command writes them: pages quote reports and kept outputs, and no more."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
QUOTE = re.compile(
    r"(?P<mark><!-- quoted from (?P<source>[^\s#]+)(?:#(?P<part>.+?))? -->\n\n?)"
    r"(?P<block>(?:\|.*\n)+|```\n(?:.*\n)+?```\n)"
)
CODE = re.compile(r"^```\w+$.*?^```$", re.MULTILINE | re.DOTALL)
NOT_PROSE = re.compile(r"<!--.*?-->|\]\([^)]*\)|`[^`]*[A-Za-z/][^`]*`", re.DOTALL)
UNIT = r"(?:ms|s|kB|KB|MB|GB|%|times|seconds|minutes|hours|items/s|tokens/s|nats|points)"
FIGURE = re.compile(rf"(?<![\w.])(?:\d+ of \d+|[\d,]*\d\.\d+|[\d.,]*\d\s*{UNIT})(?!\w)")
DEFINED = {
    "95 %": "what an interval covers",
    "5 %": "the level of a test",
    "100 %": "all of the way",
    "80 of 100": "the power of a minimum detectable effect",
    "0.05": "the level of a test",
    "0.975": "a quantile",
    "0.80": "a quantile",
    "2.8": "the sum of these quantiles",
    "50 ms": "how often memory is sampled",
    "3.11": "the oldest Python",
    "2.0": "the licence's version",
    "1606.05250": "an article's number",
    "3.2": "Llama's version",
    "93 MB": "the size of the embedded model's file",
    "84 MB": "the size of the encoder's file",
}

Row = tuple[str, ...]


def cells(line: str) -> Row:
    return tuple(cell.strip().strip("`") for cell in line.strip().strip("|").split("|"))


def tables(text: str) -> list[list[Row]]:
    """Return the tables of a page, their headers first, without the lines below these."""
    found = re.findall(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE)
    return [
        [cells(line) for line in table.splitlines() if set(line) - set("|-: ")] for table in found
    ]


def table_anew(table: str, source: list[Row]) -> str | None:
    """Return a table with its source's values; None where it has other columns or rows.

    Columns and rows may be left out. A row is found by its first column, and by its suite.
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


def lines_anew(block: str, source: str) -> str | None:
    """Return a fenced block with its source's lines; None where it begins otherwise.

    A block that shows the command is all that this printed. Of another, paragraphs may be left
    out: one is found by its first line, whatever figures this holds, and ends where the source has
    an empty line.
    """
    printed = [line.rstrip() for line in source.strip().splitlines()]
    quoted = block.removeprefix("```\n").removesuffix("```\n").strip()
    if quoted.startswith("$ "):
        return "```\n" + "\n".join(printed) + "\n```\n"
    heads = [anonymous(line) for line in printed]
    told = []
    for paragraph in re.split(r"\n\s*\n", quoted):
        head = anonymous(paragraph.splitlines()[0])
        if head not in heads:
            return None
        start = heads.index(head)
        told.append("\n".join(printed[start : [*printed, ""].index("", start)]))
    return "```\n" + "\n\n".join(told) + "\n```\n"


def anonymous(line: str) -> str:
    """Return a line without its figures and its spaces."""
    return "".join(re.sub(r"\d[\d.,]*", "#", line).split())


def quote_anew(quote: re.Match[str]) -> str:
    """Return a mark and what stands behind it, as the source has it now."""
    text, block = (ROOT / quote["source"]).read_text("utf-8"), quote["block"]
    if quote["part"]:
        parts = re.split(r"^#+ ", text, flags=re.MULTILINE)
        text = next(part for part in parts if part.startswith(quote["part"]))
    if block.startswith("```"):
        found = lines_anew(block, text)
    else:
        found = next(filter(None, (table_anew(block, one) for one in tables(text))), None)
    assert found, f"not in {quote['source']}:\n{block}"
    return quote["mark"] + found


@pytest.mark.golden
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_quoted_is_what_was_written(page: Path) -> None:
    """Every quoted block is its source's to the letter; `nox -s golden` quotes it anew."""
    text = page.read_text("utf-8")
    assert text.count("<!-- quoted") == len(QUOTE.findall(text)), "a mark with nothing behind it"
    anew = QUOTE.sub(quote_anew, text)
    if os.environ.get("MEMEVAL_REGENERATE_GOLDEN"):
        page.write_text(anew, "utf-8")
        text = anew
    assert text == anew


def figures(text: str) -> list[str]:
    """Return the figures of a page's prose and tables that nothing is there to renew."""
    prose = NOT_PROSE.sub(" ", CODE.sub("", QUOTE.sub("", text)).replace("```", ""))
    found = (" ".join(figure.split()) for figure in FIGURE.findall(prose))
    return [figure for figure in found if figure not in DEFINED]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_figure_stands_in_prose(page: Path) -> None:
    """What was measured is quoted or linked to; written by hand it would be wrong one day."""
    assert figures(page.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "prose",
    [
        "It answers 0.83 of them.",
        "It gains +0.62 [0.56, 0.67].",
        "It is 16.2 times faster.",
        "A question takes 120 ms.",
        "It goes 89\n% of the way.",
        "Right are 179 of 180.",
        "| a | `0.83` |",
        "See [a file](b.txt) for 1,368 tokens/s.",
        "```\n core 0.20\n```",
    ],
)
def test_a_figure_in_prose_is_found(prose: str) -> None:
    """Each kind of figure is seen, in sentences, tables, and code of no language."""
    assert figures(f"Words.\n\n{prose}\n")


def test_a_figure_of_code_quotes_and_definitions_is_none() -> None:
    """Commands, formulas, quoted blocks, versions and levels may hold numbers."""
    quoted = "<!-- quoted from x.md -->\n\n| a |\n|---|\n| 0.83 |\n"
    assert (
        figures(
            f"`--set gate.tau=0.5`\n\n```bash\nsleep 12 ms\n```\n\n{quoted}\nPython 3.11, 95 %\n"
        )
        == []
    )


def test_a_table_is_quoted_anew_by_its_rows() -> None:
    """Values are replaced; columns, rows and their order stay those of the page."""
    source = [("preset", "ms", "suite", "EM"), ("a", "1", "s", "0.50"), ("a", "2", "t", "0.60")]
    table = "| preset | suite | EM |\n|---|---|---|\n| `a` | t | 0.10 |\n"
    assert table_anew(table, source) == table.replace("0.10", "0.60")
    assert table_anew(table, [("other", "EM")]) is None
    assert table_anew(table.replace("`a`", "`b`"), source) is None


def test_lines_are_quoted_anew_by_their_paragraph() -> None:
    """A paragraph is found by its first line without figures, and taken as it is now."""
    printed = "$ command\n\n12 rows, 3 threads  \n a  0.5\n\nmore\n"
    block = "```\n10 rows, 3 threads\n a  0.4\n```\n"
    assert lines_anew(block, printed) == "```\n12 rows, 3 threads\n a  0.5\n```\n"
    assert lines_anew("```\nother\n```\n", printed) is None


def test_lines_below_their_command_are_all_that_it_printed() -> None:
    """Nothing of an output is left out by oversight."""
    assert lines_anew("```\n$ command\n```\n", "$ command\n\n1 ms \n") == (
        "```\n$ command\n\n1 ms\n```\n"
    )
