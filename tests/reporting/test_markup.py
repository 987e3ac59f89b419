"""No text from a model, a dataset or a file name can break a page."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import cells
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from memeval.reporting import html, items, load, markdown
from memeval.reporting.blocks import Bullets, Contents, Grid, Heading, Link, Text
from memeval.reporting.text import printable
from memeval.reporting.write import write_report

NASTY = (
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=alert(1)>",
    "a | b | c",
    "[click](javascript:alert(1))",
    "![x](http://example.com/x.png)",
    "`code` *bold* __bold__ ~~gone~~ $x$",
    "line\nbreak\r\n# heading",
    "\x1b[31mred\x1b[0m \x9b31m \u202eturned round\u2066",
    "<!-- <!--<script> -->",
    "&lt;b&gt; {{ 7*7 }} {% raw %}",
    "\\| \\",
    "\ud800 alone".encode("utf-8", "replace").decode(),
    "{{constructor.constructor('alert(1)')()}}",
    "[a]: http://example.com",
    "# heading",
    "- item",
    "12. item",
    "> quotation",
    "    code",
    "=====",
    "https://example.com/</td></tr></table>",
    "see www.example.com or http://example.com, ftp://example.com",
    "nora@example.com, mailto:nora@example.com",
)
NOTHING = "<!-- -->"
GITHUB_LINK = re.compile(r"(?:https?|ftp)://|www\.|[\w.+-]@[\w-]+\.\w")
"""What GitHub links where it stands unescaped."""
PLAIN = {"text", "softbreak", "text_special"}


def inline_kinds(page: str) -> set[str]:
    """Return the kinds of inline markup that a Markdown reader finds; what is empty is none."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    children = [child for token in tokens for child in token.children or []]
    return {child.type for child in children if child.content != NOTHING}


def shown(page: str) -> list[str]:
    """Return the text that a reader sees, a string for each inline part."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    return [
        "".join(child.content for child in token.children or [] if child.content != NOTHING)
        for token in tokens
        if token.type == "inline"
    ]


@pytest.mark.parametrize("text", NASTY)
def test_markdown_shows_text_as_it_is(text: str) -> None:
    """In a heading, a paragraph and a table, text is text, and a table keeps its columns."""
    page = markdown.render([Heading(text), Text(text), Grid(("a", text), [(text, "1")])])
    assert inline_kinds(page) <= PLAIN
    expected = printable(text).strip()
    assert [part.strip() for part in shown(page)] == [
        expected,
        expected,
        "a",
        expected,
        expected,
        "1",
    ]


@pytest.mark.parametrize("text", [text for text in NASTY if GITHUB_LINK.search(text)])
def test_no_address_becomes_a_link_of_its_own(text: str) -> None:
    """Where GitHub would see one, the page has an escape or a comment in its middle."""
    page = markdown.render([Heading(text), Text(text), Bullets([text]), Grid((text,), [(text,)])])
    assert not GITHUB_LINK.search(page)


def test_a_link_leads_where_it_says_whatever_the_name() -> None:
    """A suite's folder may have a name that would end a link, or be one."""
    page = markdown.render([Link("suite", "javascript:x (1)/summary.md")])
    assert page == "[suite](javascript%3Ax%20%281%29/summary.md)\n"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["+0.30", "nothing changed", "-", "<0.01"], ""),  # two figures, one text
        (["0.30", "rag", "core"], "left"),
        (["200", "some"], "left"),
        (["-", "-"], ""),
        (["-", "-", "rag"], "left"),
        (["0.30", "0.31", "no figure, for a reason that takes a whole sentence"], "left long"),
    ],
)
def test_a_column_of_mostly_figures_stands_right(cells: list[str], kind: str) -> None:
    """One word among them moves no other figure; a dash stands for either."""
    assert html._kind(cells) == kind


@given(st.lists(st.text(max_size=30), min_size=2, max_size=2))
def test_no_text_breaks_a_table(texts: list[str]) -> None:
    """Whatever stands in a cell, the table has two columns and two lines of plain text."""
    page = markdown.table(("a", "b"), [tuple(texts)])
    assert inline_kinds(page) <= PLAIN
    assert len(shown(page)) == 4


def test_no_escape_reaches_a_terminal() -> None:
    """Control characters and marks that turn text round are shown as replaced."""
    assert printable("\x1b[31m\x9b\u202e a\nb") == "\ufffd[31m\ufffd\ufffd a b"


class Reader(HTMLParser):
    """Collects what a browser would take for elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.sources: list[str] = []
        self.data: dict[str, str] = {}
        self._id = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.sources += [value or "" for name, value in attrs if name in {"src", "href"}]
        self._id = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.data[self._id] = self.data.get(self._id, "") + data


def read(page: str) -> Reader:
    """Parse a page."""
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize("text", NASTY)
def test_html_shows_text_as_it_is(text: str) -> None:
    """The page has two scripts, its data and its own, and no element or handler from a text."""
    blocks = [Heading(text, 1), Text(text), Grid((text,), [(text,)])]
    entry = dict.fromkeys(("question", "said"), text)
    browsed = items.Browsed([entry], 1, text)
    reader = read(html.page(text, blocks, {text: blocks}, {}, browsed))
    assert reader.tags.count("script") == 2
    assert not reader.handlers
    assert "img" not in reader.tags
    assert reader.tags.count("td") == 2
    assert json.loads(reader.data["data"]) == [entry]


def test_headers_of_tables_are_text_of_others_too() -> None:
    """A slice is named by the data: nothing in its name turns round what follows it."""
    page = html.page("t", [Grid(("\x1b[31m\u202ea",), [("1",)])], {}, {}, items.Browsed([], 0, ""))
    assert '<th scope="col"><button type="button">\ufffd[31m\ufffda</button></th>' in page


def test_the_page_needs_nothing_from_anywhere(tmp_path: Path) -> None:
    """Pictures are data within the page, and nothing is linked or loaded."""
    cells.write(tmp_path / "runs", "baselines/core", 3)
    write_report(load.load_real(tmp_path / "runs"), tmp_path / "report", "today")
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    reader = read(page)
    assert reader.sources
    loaded = [source for source in reader.sources if not source.startswith("#")]
    assert all(source.startswith("data:image/png;base64,") for source in loaded)
    assert "default-src 'none'" in page
    assert "link" not in reader.tags


def test_long_texts_are_cut_and_said_to_be(tmp_path: Path) -> None:
    """A recall of a whole stream does not make the page unbearable."""
    many = {"recalled_texts": ["long " * 200] * 50}
    cells.write(tmp_path, "baselines/longctx", 3, **many)
    browsed = items.collect(load.load_real(tmp_path).rows)
    [preset] = browsed.content["presets"]
    assert len(preset["answers"]) == browsed.total == 10
    _, _, _, _, traces, more, _, _ = preset["answers"][0]
    assert [len(browsed.content["texts"][number]) for number in traces] == [400] * 5
    assert more == 45
    assert "at most 5 traces each" in browsed.note


def test_the_page_holds_so_many_items_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two presets share the room of twelve answers: both are shown with the same six questions."""
    monkeypatch.setattr(items, "MOST_ANSWERS", 12)
    for preset in ("baselines/core", "memory/hei_nw"):
        cells.write(tmp_path, preset, 3)
    browsed = items.collect(load.load_real(tmp_path).rows)
    shown = [[answer[0] for answer in one["answers"]] for one in browsed.content["presets"]]
    assert shown == [[0, 1, 2, 3, 4, 5]] * 2
    assert browsed.note.startswith("12 of 20 answers")


def test_what_has_no_room_is_left_out_for_all_presets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where texts are long there are fewer questions, each with every answer to it."""
    monkeypatch.setattr(items, "MOST_BYTES", 4_000)
    for preset in ("baselines/core", "memory/hei_nw"):
        cells.write(tmp_path, preset, 3)
        cells.write(tmp_path, preset, 3, seed=2, prompt=f"{preset} " * 100)
    browsed = items.collect(load.load_real(tmp_path).rows)
    asked = [seed for _, seed, *_ in browsed.content["questions"]]
    assert 2 < len(asked) < 20
    assert asked == [1, 2] * (len(asked) // 2) + [1] * (len(asked) % 2)  # in turn
    for one in browsed.content["presets"]:
        assert [answer[0] for answer in one["answers"]] == list(range(len(asked)))


def test_texts_that_are_missing_break_no_page(tmp_path: Path) -> None:
    """A list of texts from outside may hold nulls."""
    folder = cells.unseal(cells.write(tmp_path, "memory/hei_nw", 3))
    rows = pq.read_table(folder / "items.parquet").to_pylist()
    gaps = {name: [None, "b"] for name in ("recalled_texts", "answers", "gold_events")}
    cells.put_rows(folder, [row | gaps for row in rows])
    content = items.collect(load.load_real(tmp_path).rows).content
    _, _, _, _, traces, *_ = content["presets"][0]["answers"][0]
    assert [content["texts"][number] for number in traces] == ["", "b"]


def test_a_column_of_another_kind_leaves_a_hole(tmp_path: Path) -> None:
    """Also one that only the page shows: nothing of the cell is believed."""
    cells.write(tmp_path, "baselines/core", 3)
    folder = cells.unseal(cells.write(tmp_path, "memory/hei_nw", 3))
    table = pq.read_table(folder / "items.parquet")
    place = table.column_names.index("prompt")
    numbers = pa.array(range(table.num_rows))
    pq.write_table(table.set_column(place, "prompt", numbers), folder / "items.parquet")
    found = load.load_real(tmp_path)
    assert [row.preset for row in found.rows] == ["baselines/core"]
    assert "column prompt must be string" in found.holes[0].reason


def test_contents_lead_to_every_section() -> None:
    """Each heading of level 2 has a link to it, by the anchor that GitHub and the page give it."""
    blocks = [Heading("memeval", 1), Contents(), Heading("What it costs"), Heading("smollm2", 3)]
    assert "- [What it costs](#what-it-costs)\n" in markdown.render(blocks)
    page = html.page("t", blocks, {}, {}, items.Browsed([], 0, ""))
    assert '<a href="#what-it-costs">' in page
    assert '<h2 id="what-it-costs">' in page
