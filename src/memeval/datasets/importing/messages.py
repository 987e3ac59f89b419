"""Messages as the events of a dataset."""

from collections import Counter
from collections.abc import Mapping, Sequence

from memeval.datasets.importing.chats import Found
from memeval.datasets.importing.fields import Fields
from memeval.datasets.importing.keeping import by_session, named, reasons
from memeval.datasets.importing.values import date_of, moment, text_of
from memeval.datasets.records import EventRecord
from memeval.errors import DataError

MESSAGES = "messages"


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
    told: Sequence[Found], chosen: Mapping[str, str], left_out: Counter[str]
) -> list[EventRecord]:
    """Return the events of all sessions, one session after the other.

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
    events = (_session_events(name, found, chosen, left_out) for name, found in kept.items())
    return [event for session in events for event in session]


def _session_events(
    session: str, found: Sequence[Found], chosen: Mapping[str, str], left_out: Counter[str]
) -> list[EventRecord]:
    """Return the events of a session, in order of time where each has one."""
    events = []
    for id_, one in named(found, chosen.get("id", ""), "events", left_out):
        at = date_of(one.value(chosen.get("at", "")))
        left_out["times that are no date"] += at is None
        events.append(
            EventRecord(
                id=id_,
                text=text_of(one.value(chosen["text"])),
                speaker=one.text(chosen.get("speaker", "")),
                at=at or "",
                session=session,
            )
        )
    if all(event.at for event in events):
        events.sort(key=lambda event: moment(event.at))
    return events
