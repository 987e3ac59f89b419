"""Messages and questions in the records of a file, however deep, and whose session they are.

A record with a list of messages is a chat, and so is a list; they may lie in one another, the
innermost name counts. Any other record is a message, a question, or both.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

    def tables(self) -> list[Record]:
        """Return every record."""
        return [found.record for found in (*self.others, *self.questions, *self.chats)]


def open_chats(records: list[Any], fields: Fields) -> Chats:
    """Go through records and what lies in them, level by level."""
    chats = Chats()
    level = _tables(records, "", chats)
    while level:
        lists = fields.choose(CHATS, [found.record for found in level], *LISTS)
        held = [one for one in level if _holds_any(one.record, lists)]
        chats.others.extend(one for one in level if not _holds_any(one.record, lists))
        named, level = _named(held, fields), []
        for record, session in named:
            inner = {name: value_at(record, field) for name, field in lists.items()}
            level += _tables(inner.get("messages"), session, chats)
            chats.questions.extend(_tables(inner.get("questions"), session, chats))
        chats.chats.extend(named)
    return chats


def _holds_any(record: Record, lists: Mapping[str, str]) -> bool:
    return any(holds(record, field, name) for name, field in lists.items())


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


def _named(chats: Sequence[Found], fields: Fields) -> list[Found]:
    """Name chats by their own field, or by what they lie in, or number them."""
    if fields.mapping.get("session") == "":
        return [Found(record, "") for record, _ in chats]
    records = [record for record, _ in chats]
    chosen = fields.choose(CHATS, records, "session") or fields.choose(CHATS, records, "id")
    own = next(iter(chosen.values()), "")
    several = len(chats) > 1
    return [
        Found(one.record, one.text(own) or one.session or f"chat{n}" * several)
        for n, one in enumerate(chats, start=1)
    ]
