"""A page as a list of blocks, which `markdown` and `html` render alike. All text is plain."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memeval.reporting import columns


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the page's title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first column names what the row is of, the others hold figures.

    A column in which no row has one is left out.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        """Leave out the columns that say nothing."""
        header, rows = columns.filled(self.header, self.rows)
        object.__setattr__(self, "header", header)
        object.__setattr__(self, "rows", rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the report's folder `assets`, with its caption."""

    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another page of the report."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Links to the page's headings of level 2."""


Part = Heading | Text | Bullets | Grid | Picture | Link
Block = Part | Contents


def anchors(blocks: Sequence[Block]) -> dict[str, str]:
    """Return the anchors of a page's headings of level 2, as GitHub makes them of their texts."""
    texts = [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]
    return {text: re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts}


def noted(note: str, table: tuple[Sequence[str], Sequence[Sequence[str]]]) -> list[Block]:
    """Return a table below its note; nothing where that has no rows."""
    return [Text(note), Grid(*table)] if table[1] else []
