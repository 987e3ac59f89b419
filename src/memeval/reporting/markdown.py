"""Renders pages as Markdown. No text from a model, dataset or file name can become markup."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from memeval.reporting.blocks import (
    Block,
    Bullets,
    Contents,
    Grid,
    Heading,
    Link,
    Part,
    Picture,
    Text,
    anchors,
)
from memeval.reporting.text import printable

SPECIAL = re.compile(
    r"[\\`*&|~$]|<(?=[A-Za-z/!?])|(?<![^\W_])_|_(?![^\W_])|(?<=\])[(:]"
    r"|:(?=//)|(?<=[Ww]{3})\."  # GitHub links an address without being asked to
)
MAIL = re.compile(r"(?<=[\w.+-])@(?=[\w-]+\.\w)")
"""The middle of a mail address, which GitHub links even where a character is escaped."""


def render(blocks: Sequence[Block]) -> str:
    """Return blocks as a Markdown page."""
    names = anchors(blocks)
    return "\n".join(
        _contents(names) if isinstance(block, Contents) else _block(block) for block in blocks
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its columns padded so that it reads well as plain text too."""
    cells = [[escape(text) for text in line] for line in (header, *rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(header))]
    lines = [
        "| " + " | ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line; brackets alone mean nothing."""
    return MAIL.sub("@<!-- -->", SPECIAL.sub(r"\\\g<0>", printable(text)))


def _line(text: str) -> str:
    """Return escaped text that starts no heading, list, quotation or block of code."""
    return re.sub(r"^(\d*)([#>+=.)-])", r"\1\\\2", escape(text).strip())


def _contents(names: Mapping[str, str]) -> str:
    return "".join(f"- [{escape(text)}](#{quote(to)})\n" for text, to in names.items())


def _block(block: Part) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {escape(text)}\n"
        case Text(text):
            return f"{_line(text)}\n"
        case Bullets(items):
            return "".join(f"- {_line(item)}\n" for item in items)
        case Grid(header, rows):
            return table(header, rows)
        case Picture(name, caption):
            alternative = caption.partition(":")[0]
            return f"![{escape(alternative)}](assets/{quote(name)})\n\n{escape(caption)}\n"
        case Link(text, target):
            return f"[{escape(text)}]({quote(target)})\n"
