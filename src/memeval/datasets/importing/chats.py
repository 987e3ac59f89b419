"""Messages and questions in the records of a file, however deep, and whose session they are.

A record with a list of messages is a chat, and so is a list; they may lie in one another, the
innermost name counts. Any other record is a message, a question, or both.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from memeval.datasets.importing.fields import LISTS, Fields, Record, holds, value_at
from memeval.datasets.importing.values import text_of

CHATS = "chats"


class Found(NamedTuple):
    """A record, and the name of the chat that it stands in."""

    record: Record
    session: str

    def value(self, field: str) -> Any:
        """Return what a field holds, None where there is none."""
        return value_at(self.record, field) if field else None

    def text(self, field: str) -> str:
        """Return what a field holds, as a name or as text that is there or not."""
        return text_of(self.value(field)).strip()


@dataclass(frozen=True, slots=True)
class Chats:
    """What a file's records are: chats, and the others, among them those listed as questions."""

    chats: list[Found] = field(default_factory=list)
    others: list[Found] = field(default_factory=list)
    questions: list[Found] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def tables(self) -> list[Record]:
        """Return every record."""
        return [found.record for found in (*self.others, *self.questions, *self.chats)]


def open_chats(records: list[Any], fields: Fields, *, are_told: bool = True) -> Chats:
    """Go through records and what lies in them, level by level.

    Chats that are told are numbered apart where two have one id; those that only ask, in a file of
    questions, name each the chat that it asks about.
    """
    chats = Chats()
    level = _tables(records, "", chats)
    while level:
        lists = fields.choose(CHATS, [found.record for found in level], *LISTS)
        held = [one for one in level if _holds_any(one.record, lists)]
        chats.others.extend(one for one in level if not _holds_any(one.record, lists))
        told = [are_told and _holds_messages(one.record, lists) for one in held]
        named, level = _named(held, fields, told, chats.notes), []
        for record, session in named:
            inner = {name: value_at(record, field) for name, field in lists.items()}
            level += _tables(inner.get("messages"), session, chats)
            chats.questions.extend(_tables(inner.get("questions"), session, chats))
        chats.chats.extend(named)
    return chats


def _holds_any(record: Record, lists: Mapping[str, str]) -> bool:
    return any(holds(record, field, name) for name, field in lists.items())


def _holds_messages(record: Record, lists: Mapping[str, str]) -> bool:
    return "messages" in lists and holds(record, lists["messages"], "messages")


def _tables(records: Any, session: str, chats: Chats) -> list[Found]:
    """Return a list's records; a list in it is one of messages, and a text is a message's."""
    found = []
    for record in records if isinstance(records, list) else ():
        if isinstance(record, Mapping):
            found.append(Found(record, session))
        elif isinstance(record, list):
            found.append(Found({"messages": record}, session))
        elif isinstance(record, str):
            found.append(Found({"text": record}, session))
        else:
            chats.left_out["records that are no tables"] += 1
    return found


def _named(
    chats: Sequence[Found], fields: Fields, told: Sequence[bool], notes: list[str]
) -> list[Found]:
    """Name chats by their own field, or by what they lie in, or number them.

    A field that names a session may join chats; an id is of one of those that tell something.
    """
    if fields.mapping.get("session") == "":
        return [Found(record, "") for record, _ in chats]
    records = [record for record, _ in chats]
    session = fields.choose(CHATS, records, "session")
    chosen = session or fields.choose(CHATS, records, "id")
    field = next(iter(chosen.values()), "")
    own = [one.text(field) for one in chats]
    if not session:
        own = _apart(own, field, told, notes)
    several = len(chats) > 1
    return [
        Found(one.record, name or one.session or f"chat{n}" * several)
        for n, (one, name) in enumerate(zip(chats, own, strict=True), start=1)
    ]


def _apart(names: Sequence[str], field: str, told: Sequence[bool], notes: list[str]) -> list[str]:
    """Number names that stood before, of chats with messages; questions alone go to the first."""
    taken, times, apart = set(names), Counter[str](), []
    for name, is_told in zip(names, told, strict=True):
        times[name] += is_told
        if name and is_told and times[name] > 1:
            own = next(new for n in count(times[name]) if (new := f"{name}-{n}") not in taken)
            taken.add(own)
            apart.append(own)
        else:
            apart.append(name)
    if numbered := sum(name != own for name, own in zip(names, apart, strict=True)):
        notes.append(
            f"chats whose {field} stood before, numbered apart: {numbered}; to join them: --map "
            f"session={field}"
        )
    return apart
