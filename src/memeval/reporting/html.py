"""Renders the report as one page that needs nothing from anywhere else.

All text goes through autoescaping; items are data that a script reads and sets as text. Should
markup slip through all the same, the page's policy lets no script run but its own, by hash.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from memeval.reporting.blocks import Block, Bullets, Grid, Heading, Picture, Text
from memeval.reporting.items import Browsed
from memeval.reporting.text import printable

FOLDER = Path(__file__).parent / "assets"
UNSAFE_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page(
    title: str,
    index: Sequence[Block],
    suites: Mapping[str, Sequence[Block]],
    images: Mapping[str, bytes],
    browsed: Browsed,
) -> str:
    """Return the whole report as HTML: the index, the items, and a part for each suite."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string((FOLDER / "page.html").read_text("utf-8"))
    script = (FOLDER / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return template.render(
        title=printable(title),
        style=Markup((FOLDER / "page.css").read_text("utf-8")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=digest,
        index=_sections(index, images),
        suites={printable(name): _sections(blocks, images) for name, blocks in suites.items()},
        items=Markup(as_json(browsed.entries)),  # noqa: S704 - escaped by as_json
        items_note=printable(browsed.note),
    )


def as_json(content: object) -> str:
    """Return JSON that can stand inside a script element: nothing in it can close the element."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    for character, escaped in UNSAFE_IN_SCRIPT.items():
        text = text.replace(character, escaped)
    return text


def _is_figure(text: str) -> bool:
    return text == "-" or text[:1].isdigit() or (text[:1] in "+-<" and text[1:2].isdigit())


def _sections(blocks: Sequence[Block], images: Mapping[str, bytes]) -> list[dict[str, object]]:
    """Return blocks as what the template knows how to show; links to other files are left out."""
    shown: list[dict[str, object]] = []
    for block in blocks:
        match block:
            case Heading(text, level):
                shown.append({"kind": f"h{level}", "text": printable(text)})
            case Text(text):
                shown.append({"kind": "p", "text": printable(text)})
            case Bullets(items):
                shown.append({"kind": "ul", "items": [printable(item) for item in items]})
            case Grid(header, rows):
                cells = [[printable(text) for text in row] for row in rows]
                left = {
                    i for i in range(len(header)) if not all(_is_figure(row[i]) for row in cells)
                }
                table: dict[str, object] = {
                    "kind": "table",
                    "header": [printable(name) for name in header],
                    "rows": cells,
                    "left": left,
                }
                shown.append(table)
            case Picture(name, caption) if name in images:
                data = base64.b64encode(images[name]).decode()
                shown.append({"kind": "img", "data": data, "text": printable(caption)})
            case _:
                pass
    return shown
