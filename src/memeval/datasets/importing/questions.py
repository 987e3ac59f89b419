"""Questions as the items of a dataset."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from memeval.datasets import store
from memeval.datasets.importing.chats import Chats, Found
from memeval.datasets.importing.fields import Fields
from memeval.datasets.importing.keeping import by_session, named, reasons
from memeval.datasets.importing.values import date_of, text_of, texts_of
from memeval.datasets.records import EventRecord, ItemRecord
from memeval.datasets.validity import BUILT_IN_ONLY, find_faults
from memeval.errors import DataError
from memeval.outside import shown
from memeval.types import Session

QUESTIONS = "questions"
OPTIONAL = ("at", "id", "session", "gold_events", "slice", "choices")

Events = Mapping[str, Sequence[EventRecord]]


def choose_fields(chats: Chats, fields: Fields, *, are_due: bool) -> dict[str, str]:
    """Return the fields of questions, {} where there is none.

    Raises:
        ConfigError: question or answer has no field, or something has several.
    """
    tables = [one.record for one in _candidates(chats)]
    is_asked = "question" in fields.choose(QUESTIONS, tables, "question")
    if not is_asked and not are_due and not chats.questions:
        return {}
    fields.require(QUESTIONS, tables, "question")
    tables = [one.record for one in asked(chats, fields.taken[QUESTIONS])]
    chosen = fields.choose(QUESTIONS, tables, "question", "answers", *OPTIONAL)
    fields.require(QUESTIONS, tables, "answers")
    return chosen


def asked(chats: Chats, chosen: Mapping[str, str]) -> list[Found]:
    """Return the records that are questions: those listed as such, and others that hold one."""
    name, listed = chosen.get("question", ""), len(chats.questions)
    candidates = enumerate(_candidates(chats))
    return [one for place, one in candidates if place < listed or one.text(name)]


def as_items(
    found: Sequence[Found], chosen: Mapping[str, str], events: Events, left_out: Counter[str]
) -> list[ItemRecord]:
    """Return the questions that can be asked of the sessions that events tell of.

    Raises:
        DataError: there are questions, and none is left.
    """

    def place(one: Found) -> tuple[str, str]:
        if not one.text(chosen["question"]):
            return "", "questions without text"
        if not texts_of(one.value(chosen["answers"])):
            return "", "questions without answer"
        own = one.text(chosen.get("session", ""))
        only = next(iter(events)) if len(events) == 1 and not own else ""
        session = own if own in events else one.session or own or only
        return session, "" if session in events else "questions about no session that is there"

    kept = by_session(found, place, left_out)
    items = [
        item
        for session, some in kept.items()
        for item in _sound(session, some, chosen, events[session], left_out)
    ]
    if found and not items:
        raise DataError(
            "questions to import must have an answer and a session that is there, got "
            f"{', '.join(reasons(left_out))}, of sessions {shown(list(events))}; mend them, or "
            "make one session of all with: --map session="
        )
    return items


def _candidates(chats: Chats) -> list[Found]:
    return [*chats.questions, *chats.others, *chats.chats]


def _sound(
    session: str,
    found: Sequence[Found],
    chosen: Mapping[str, str],
    events: Sequence[EventRecord],
    left_out: Counter[str],
) -> Iterator[ItemRecord]:
    """Yield the items of a session that keep the rules of a dataset."""
    items = list(_items(session, found, chosen, {event.id for event in events}, left_out))
    told, _ = store.as_events(events)
    faults = find_faults(Session(session, told, store.as_items(enumerate(items), told)))
    broken = {fault.where: fault.rule for fault in faults if fault.rule not in BUILT_IN_ONLY}
    for item in items:
        if rule := broken.get(item.id or ""):
            left_out[f"questions against the rule '{rule}'"] += 1
        else:
            yield item


def _items(
    session: str,
    found: Sequence[Found],
    chosen: Mapping[str, str],
    known: set[str],
    left_out: Counter[str],
) -> Iterator[ItemRecord]:
    for id_, one in named(found, chosen.get("id", ""), QUESTIONS, left_out):
        values = {name: one.value(field) for name, field in chosen.items()}
        at, gold = date_of(values.get("at")), dict.fromkeys(texts_of(values.get("gold_events")))
        left_out["times that are no date"] += at is None
        left_out["gold events that are not there"] += len(gold.keys() - known)
        yield ItemRecord(
            id=id_,
            question=text_of(values["question"]),
            answers=texts_of(values["answers"]),
            gold_events=[name for name in gold if name in known],
            slice=text_of(values.get("slice")).strip() or "all",
            choices=texts_of(values.get("choices")),
            at=at or "",
            session=session,
        )
