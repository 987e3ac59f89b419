"""Whose data a suite is: licence, citation, files, and what was left out of it and remarked."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from memeval.reporting.blocks import Block, Grid, Text
from memeval.reporting.reading import is_private
from memeval.reporting.row import Row

HEADER = ("what", "as its files tell")
PRIVATE = (
    "This data is other people's, and taken as not to be passed on: no text of it stands here."
)


def blocks(rows: Sequence[Row]) -> list[Block]:
    """Return whose data some rows are of, where somebody published it."""
    note, table = private_note(rows), origin_table(rows)
    return [*([Text(note)] if note else []), *([Grid(*table)] if table[1] else [])]


def origin_table(rows: Sequence[Row]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return what is known of the data of some rows; no rows of data that somebody made here."""
    told: dict[tuple[str, str], None] = {}
    for row in rows:
        for cell in row.cells:
            data = cell.meta.get("data")
            if isinstance(data, Mapping) and (data.get("private") or data.get("citation")):
                told |= dict.fromkeys(_told(data, cell.metrics.get("left_out") or {}))
    return HEADER, list(told)


def _told(data: Mapping[str, Any], unscored: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    source = str(data.get("source") or "")
    named = PurePath(source).name if PurePath(source).is_absolute() else source
    plain = {"file": named, "licence": data.get("licence"), "citation": data.get("citation")}
    yield from ((what, str(text)) for what, text in plain.items() if text)
    yield "sessions", f"{data.get('sessions', 0):,}"
    counted = {
        "left out": data.get("left_out"),
        "asked, not scored": unscored,
        "remarked": data.get("remarks"),
    }
    for what, counts in counted.items():
        yield from ((what, f"{why}: {count:,}") for why, count in (counts or {}).items())


def private_note(rows: Sequence[Row]) -> str:
    """Say that no text stands here, where data may not be passed on."""
    is_any = any(is_private(cell.meta) for row in rows for cell in row.cells)
    return PRIVATE if is_any else ""
