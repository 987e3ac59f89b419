"""Sessions as files: `events.jsonl` and `items.jsonl`, one record a line."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from memeval.datasets.records import EventRecord, ItemRecord, Record, explain
from memeval.errors import DataError
from memeval.outside import UnreadableError, read_json, shown
from memeval.types import Event, Item, Session

EVENTS, ITEMS = "events.jsonl", "items.jsonl"

R = TypeVar("R", bound=Record)


def event_lines(session: Session) -> str:
    """Return the events as JSON lines; flags stand only where they are set.

    `worth` is the scorer's label. It is read into `Session.worth`, never shown to a memory. A
    session that was labelled without anything being worth it says so on every line.
    """
    worth = session.worth or frozenset()
    nothing = {"worth": False} if session.worth == frozenset() else {}
    records = []
    for event in session.events:
        record: dict[str, Any] = {"id": event.id, "time": event.time, "text": event.text}
        told = {"speaker": event.speaker, "at": event.at}
        record |= {name: value for name, value in told.items() if value}
        flags = {"reward": event.reward, "pin": event.pin, "worth": event.id in worth}
        records.append(record | nothing | {name: True for name, is_set in flags.items() if is_set})
    return _lines(records)


def item_lines(session: Session) -> str:
    """Return the items as JSON lines."""
    return _lines(_item_fields(item) for item in session.items)


def read_events(path: Path) -> tuple[tuple[Event, ...], frozenset[str] | None]:
    """Return the events of a file and the ids of those that were worth remembering.

    An event without a time follows the one before it. None is returned where no line says of any
    event whether it was worth it.

    Raises:
        DataError: a line is not an event.
    """
    return as_events(record for _, record in read_records(path, EventRecord))


def as_events(
    records: Iterable[EventRecord],
) -> tuple[tuple[Event, ...], frozenset[str] | None]:
    """Return the events that records tell of, and the ids of those that were worth it."""
    events: list[Event] = []
    said: dict[str, bool] = {}
    for record in records:
        after = events[-1].time + 1 if events else 0
        time = after if record.time is None else record.time
        flags = record.reward, record.pin
        events.append(Event(record.id, record.text, time, *flags, record.speaker, record.at))
        if record.worth is not None:
            said[record.id] = record.worth
    worth = frozenset(id_ for id_, is_worth in said.items() if is_worth)
    return tuple(events), worth if said else None


def read_items(path: Path, events: Sequence[Event]) -> tuple[Item, ...]:
    """Return the items of a file; what a line leaves out is taken from the events.

    Raises:
        DataError: a line is not an item.
    """
    return as_items(read_records(path, ItemRecord), events)


def as_items(
    records: Iterable[tuple[int, ItemRecord]], events: Sequence[Event]
) -> tuple[Item, ...]:
    """Return the items that numbered records tell of; what one leaves out is the events'."""
    places = {event.id: place for place, event in enumerate(events)}
    end = max((event.time for event in events), default=-1) + 1
    return tuple(record.item(number, places, end) for number, record in records)


def _item_fields(item: Item) -> dict[str, Any]:
    """Return what a line says of an item; what is empty by default is left out."""
    fields = asdict(item)
    if not item.query.at:
        del fields["query"]["at"]
    for name in ("navigation", "choices", "rubric", "unscored_reason", "fault", "corrected"):
        if not fields[name]:
            del fields[name]
    return fields


def _lines(records: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def read_records(path: Path, kind: type[R]) -> Iterator[tuple[int, R]]:
    """Yield every line's number, from 1, and its record.

    Raises:
        DataError: a file that is not UTF-8, or a line that is no record of this kind.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"a dataset file must be readable UTF-8, got {str(path)!r} ({error}); "
            "check its path and encoding"
        ) from error
    lines = text.removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        try:
            record = kind.model_validate_json(line)
            read_json(line)  # which, unlike the first, sees a key that stands twice
        except ValidationError as error:
            raise DataError(f"{path}, line {number}: {explain(error, kind, line)}") from error
        except UnreadableError as error:
            raise DataError(
                f"{path}, line {number}: a line must name each of its fields once, got "
                f"{shown(line)} ({error}); mend the line"
            ) from error
        yield number, record
