"""Messages as the events of a dataset."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from memeval.datasets.importing.chats import Found
from memeval.datasets.importing.fields import Fields
from memeval.datasets.importing.keeping import by_session, named, reasons
from memeval.datasets.importing.values import date_of, moment, number_of, text_of
from memeval.datasets.records import EventRecord
from memeval.errors import DataError
from memeval.outside import shown

MESSAGES = "messages"
SHOWN_SESSIONS = 3


def choose_fields(others: Sequence[Found], fields: Fields) -> dict[str, str]:
    """Return the fields of messages. A session of their own counts only outside of a chat.

    Raises:
        ConfigError: the text has no field, or something has several.
    """
    tables = [one.record for one in others]
    chosen = fields.choose(MESSAGES, tables, "text", "speaker", "at", "id")
    outside = [one.record for one in others if not one.session]
    return chosen | fields.choose(MESSAGES, outside, "session")


def as_events(
    told: Sequence[Found], chosen: Mapping[str, str], left_out: Counter[str], notes: list[str]
) -> list[EventRecord]:
    """Return the events of all sessions, one session after the other.

    What is told of their order goes to `notes`.

    Raises:
        DataError: none is left.
    """
    is_one = not any(one.session for one in told) and "session" not in chosen

    def place(one: Found) -> tuple[str, str]:
        session = one.session or one.text(chosen.get("session", ""))
        if not one.text(chosen["text"]):
            return "", "messages without text"
        return session, "" if session or is_one else "messages of no session"

    kept = by_session(told, place, left_out)
    if not kept:
        raise DataError(
            "a file to import must hold messages with text, got "
            f"{', '.join(reasons(left_out)) or 'no record'}; check the file, or the fields that "
            "--map names"
        )
    events, orders = [], dict[str, str]()
    for name, found in kept.items():
        told_as = _session_events(name, found, chosen, left_out)
        numbers = [number_of(one.value(chosen.get("at", ""))) for _, one in told_as]
        ordered, orders[name] = _in_order([event for event, _ in told_as], numbers)
        events += ordered
    notes += _told_orders(orders)
    return events


def _session_events(
    session: str, found: Sequence[Found], chosen: Mapping[str, str], left_out: Counter[str]
) -> list[tuple[EventRecord, Found]]:
    """Return the events of a session as they come, each with its record."""
    events = []
    for id_, one in named(found, chosen.get("id", ""), "events", left_out):
        at = date_of(one.value(chosen.get("at", "")))
        left_out["times that are no date"] += at is None
        event = EventRecord(
            id=id_,
            text=text_of(one.value(chosen["text"])),
            speaker=one.text(chosen.get("speaker", "")),
            at=at or "",
            session=session,
        )
        events.append((event, one))
    return events


def _in_order(
    events: Sequence[EventRecord], numbers: Sequence[float | None]
) -> tuple[list[EventRecord], str]:
    """Return events by date, or by the numbers that all have instead; and what is to be told."""
    undated = sum(not event.at for event in events)
    if not undated:
        return sorted(events, key=lambda event: moment(event.at)), ""
    if undated == len(events) and None not in numbers:
        places = sorted(range(len(events)), key=lambda place: numbers[place] or 0.0)
        return [events[place] for place in places], "in the order of numbers that are no dates"
    if undated == len(events):
        return list(events), ""
    return list(events), f"in the file's order, {undated} of {len(events)} without a date"


def _told_orders(orders: Mapping[str, str]) -> list[str]:
    """Return a line for each of the first sessions whose order is to be told, and for the rest."""
    told = {session: order for session, order in orders.items() if order}
    lines = [
        f"session {shown(session)}: {order}" if session else f"all messages: {order}"
        for session, order in islice(told.items(), SHOWN_SESSIONS)
    ]
    more = len(told) - len(lines)
    return [*lines, *[f"{more} more sessions: likewise, not by date"] * bool(more)]
