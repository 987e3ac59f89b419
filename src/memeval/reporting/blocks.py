"""A page as a list of blocks, which `markdown` and `html` render alike. All text is plain."""

from collections.abc import Sequence
from dataclasses import dataclass


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
    """A table: the first column names what the row is of, the others hold figures."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


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


Block = Heading | Text | Bullets | Grid | Picture | Link
