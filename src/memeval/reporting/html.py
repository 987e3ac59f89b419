"""Renders the report as one page that needs nothing from anywhere else.

All text goes through autoescaping; items are data that a script reads and sets as text. Should
markup slip through all the same, the page's policy lets no script run but its own, by hash.
"""

import base64
import hashlib
import json
import re
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from memeval.reporting.blocks import Block, Bullets, Contents, Grid, Heading, Picture, Text, anchors
from memeval.reporting.columns import holds_figures
from memeval.reporting.drawing import SHARPER
from memeval.reporting.items import Browsed
from memeval.reporting.text import printable

FOLDER = Path(__file__).parent / "assets"
STYLES = ("page.css", "items.css")
SCRIPTS = ("tables.js", "items.js")
OWN_SECTIONS = {"Items": "browse", "Suites": "suites"}
"""Sections that this page has besides those of the index, and their anchors."""
WITH_INTERVAL = re.compile(r"([-+<]?\d\S*) (\[.*)")
"""A figure and its interval, which stand below one another where there is little room."""
LONG = 40
"""Characters of what is a sentence rather than a name."""
UNSAFE_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page(
    title: str,
    index: Sequence[Block],
    suites: Mapping[str, Sequence[Block]],
    images: Mapping[str, bytes],
    browsed: Browsed,
) -> str:
    """Return the whole report as HTML: the index, the items, and a part for each suite."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["breakable"] = _breakable
    template = environment.get_template("page.html")
    script = _joined(SCRIPTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return template.render(
        title=printable(title),
        style=Markup(_joined(STYLES)),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704 - our own files
        script_hash=digest,
        index=_sections(index, images),
        suites={printable(name): _sections(blocks, images) for name, blocks in suites.items()},
        items=Markup(as_json(browsed.content)),  # noqa: S704 - escaped by as_json
        items_note=printable(browsed.note),
    )


def _joined(names: Sequence[str]) -> str:
    """Return files of ours below one another."""
    return "".join((FOLDER / name).read_text("utf-8") for name in names)


def as_json(content: object) -> str:
    """Return JSON that can stand inside a script element: nothing in it can close the element."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    for character, escaped in UNSAFE_IN_SCRIPT.items():
        text = text.replace(character, escaped)
    return text


def _sections(blocks: Sequence[Block], images: Mapping[str, bytes]) -> list[dict[str, object]]:
    """Return blocks as what the template knows how to show; links to other files are left out.

    Pictures that follow one another are one row of pictures.
    """
    shown: list[dict[str, object]] = []
    row: list[dict[str, object]] = []
    names = anchors(blocks)
    heading = ""
    for block in blocks:
        if not isinstance(block, Picture):
            row = []
        match block:
            case Heading(text, level):
                heading = printable(text)
                anchor = names.get(text) if level == 2 else None
                shown.append({"kind": f"h{level}", "text": heading, "anchor": anchor})
            case Contents():
                links = [(printable(text), name) for text, name in names.items()]
                shown.append({"kind": "contents", "links": [*links, *OWN_SECTIONS.items()]})
            case Text(text):
                shown.append({"kind": "p", "text": printable(text)})
            case Bullets(items):
                shown.append({"kind": "ul", "items": [printable(item) for item in items]})
            case Grid():
                shown.append(_table(block) | {"label": heading})
            case Picture(name, caption) if name in images:
                if not row:
                    shown.append({"kind": "pictures", "pictures": row})
                row.append(_picture(images[name], caption))
            case _:
                pass
    return shown


def _table(grid: Grid) -> dict[str, object]:
    cells = [[_figure_and_interval(printable(text)) for text in row] for row in grid.rows]
    columns = [[row[i][0] for row in cells] for i in range(len(grid.header))]
    return {
        "kind": "table",
        "header": [_unbroken(printable(name)) for name in grid.header],
        "rows": cells,
        "kinds": [_kind(texts) for texts in columns],
    }


def _unbroken(name: str) -> str:
    """Return the name of a column, which is not broken within brackets."""
    return re.sub(r"\[[^\]]*\]", lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), name)


def _figure_and_interval(text: str) -> tuple[str, str]:
    """Return the parts of a cell; the second is empty where there is no interval."""
    found = WITH_INTERVAL.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _kind(texts: Sequence[str]) -> str:
    """Return a column's class: sentences may be broken, and what is mostly figures stands right.

    A dash stands for a figure or a name that is not there, and says nothing of the others.
    """
    if any(len(text) > LONG for text in texts):
        return "left long"
    return "" if holds_figures(texts) else "left"


def _breakable(name: str) -> Markup:
    """Return a name of several parts that may be broken between them where there is no room."""
    return Markup(re.sub(r"([/_])", r"\1<wbr>", str(escape(name))))  # noqa: S704 - escaped here


def _picture(png: bytes, caption: str) -> dict[str, object]:
    width, height = struct.unpack_from(">II", png, 16)  # where a PNG has its size
    return {
        "data": base64.b64encode(png).decode(),
        "text": printable(caption),
        "width": width // SHARPER,
        "height": height // SHARPER,
    }
