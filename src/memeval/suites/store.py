"""Sessions as files: `events.jsonl` and `items.jsonl`, one record a line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from memeval.errors import DataError
from memeval.types import Event, Item, Navigation, Query, Session

EVENTS, ITEMS = "events.jsonl", "items.jsonl"
ITEM_LISTS = ("answers", "gold_events", "passage")


def event_lines(session: Session) -> str:
    """Return the events as JSON lines; flags stand only where they are set.

    `worth` is the scorer's label. It is read into `Session.worth`, never shown to a memory.
    """
    worth = session.worth or frozenset()
    records = []
    for event in session.events:
        record: dict[str, Any] = {"id": event.id, "time": event.time, "text": event.text}
        flags = {"reward": event.reward, "pin": event.pin, "worth": event.id in worth}
        records.append(record | {name: True for name, is_set in flags.items() if is_set})
    return _lines(records)


def item_lines(session: Session) -> str:
    """Return the items as JSON lines."""
    return _lines(asdict(item) for item in session.items)


def read_events(path: Path) -> tuple[tuple[Event, ...], frozenset[str]]:
    """Return the events of a file and the ids of those that were worth remembering."""
    events, worth = [], set()
    for line, record in _records(path):
        with _Located(path, line):
            if record.pop("worth", False):
                worth.add(record["id"])
            events.append(Event(**record))
    return tuple(events), frozenset(worth)


def read_items(path: Path) -> tuple[Item, ...]:
    """Return the items of a file."""
    items = []
    for line, record in _records(path):
        with _Located(path, line):
            fields: dict[str, Any] = dict(record)
            fields["query"] = Query(**fields["query"])
            for name in ITEM_LISTS:
                fields[name] = tuple(fields[name])
            if way := fields.get("navigation"):
                fields["navigation"] = Navigation(**way)
            items.append(Item(**fields))
    return tuple(items)


def _lines(records: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"a dataset file must be readable UTF-8, got {str(path)!r} ({error}); "
            "build it with: memeval datasets build"
        ) from error
    lines = text.removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        with _Located(path, number):
            yield number, json.loads(line)


class _Located:
    """Turns what goes wrong with a record into a `DataError` that names file and line."""

    def __init__(self, path: Path, line: int) -> None:
        self.where = f"{path}, line {line}"

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (KeyError, TypeError, ValueError, AttributeError)):
            raise DataError(
                f"every line must be one JSON record with the documented fields, got {error} "
                f"at {self.where}; mend the line or build the dataset again"
            ) from error
