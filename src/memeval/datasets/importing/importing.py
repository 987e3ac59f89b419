"""What a file of chats becomes: a dataset's records, how they were read, and what was left out.

Of chats as these, each with its questions:

    {"id": "monday", "messages": [{"role": "Nora", "content": "We meet at the bridge."}],
     "questions": [{"question": "Where do we meet?", "answer": "the bridge"}]}
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from memeval import atomic
from memeval.datasets.importing import keeping, messages, questions
from memeval.datasets.importing.branches import unfolded
from memeval.datasets.importing.chats import Chats, Found, open_chats
from memeval.datasets.importing.fields import Fields
from memeval.datasets.importing.files import read_records
from memeval.datasets.records import EventRecord, ItemRecord, Record
from memeval.datasets.store import EVENTS, ITEMS
from memeval.errors import OutputError


@dataclass(frozen=True, slots=True)
class Import:
    """Events and items as they will be written.

    `taken` is the field of each of their own, by kind of record; `unread` names the other fields;
    `notes` say what was done with sessions that somebody may want otherwise, and with times.
    """

    events: Sequence[EventRecord]
    items: Sequence[ItemRecord]
    taken: Mapping[str, Mapping[str, str]]
    unread: str
    left_out: Counter[str]
    notes: Sequence[str]

    @property
    def sessions(self) -> list[str]:
        """Return the names of the sessions, in their order."""
        return list(dict.fromkeys(event.session for event in self.events))


def read_import(path: Path, mapping: Mapping[str, str], asked_in: Path | None = None) -> Import:
    """Read chats, and the questions about them from the same file or from one of their own.

    Raises:
        ConfigError: a field that must be named, or that is not there.
        DataError: a file is missing or broken, or holds nothing that can be used.
    """
    fields, left_out = Fields(mapping), Counter[str]()
    chats = open_chats(unfolded(read_records(path), left_out), fields)
    asking = open_chats(read_records(asked_in), fields, are_told=False) if asked_in else chats
    asked_by = questions.choose_fields(asking, fields, are_due=asked_in is not None)
    told_by = messages.choose_fields(chats.others, fields)
    tables = [*chats.tables(), *(asking.tables() if asked_in else ())]
    fields.check_all_used(tables)
    asked = questions.asked(asking, asked_by)
    told = _told(chats, told_by, asked_by if asking is chats else {})
    fields.require(messages.MESSAGES, [one.record for one in told], "text")
    left_out += chats.left_out + (asking.left_out if asked_in else Counter())
    events = messages.as_events(told, told_by, left_out, chats.notes)
    sessions = {name: list(some) for name, some in groupby(events, lambda event: event.session)}
    items = questions.as_items(asked, asked_by, sessions, left_out)
    times = (
        one.value(by.get("at", ""))
        for some, by in ((told, told_by), (asked, asked_by))
        for one in some
    )
    undated = keeping.undated(times, left_out.pop(keeping.NO_DATE, 0))
    notes = [*chats.notes, *([undated] if undated else [])]
    return Import(events, items, fields.taken, fields.unread(tables), left_out, notes)


def _told(chats: Chats, told_by: Mapping[str, str], asked_by: Mapping[str, str]) -> list[Found]:
    """Return the records that are messages: all that are neither chats nor questions alone."""
    text, question = told_by.get("text", ""), asked_by.get("question", "")
    return [one for one in chats.others if one.text(text) or not one.text(question)]


def check_free(folder: Path, *, force: bool) -> None:
    """Raise `OutputError` if an import cannot go to a folder: only a dataset's can be forced."""
    is_dataset = (folder / EVENTS).is_file()
    if not (folder.exists() or folder.is_symlink()) or (force and is_dataset):
        return
    forced = ", or replace its events and items with --force" * is_dataset
    raise OutputError(
        f"an import must go to a new folder, got {str(folder)!r}, which is there; name another "
        f"with --into{forced}"
    )


def write(imported: Import, folder: Path) -> None:
    """Write a dataset's folder whole; items that stand there stay where none are imported.

    Raises:
        OutputError: there is no room or no permission.
    """
    files: dict[str, Sequence[Record]] = {EVENTS: imported.events, ITEMS: imported.items}
    written = {name: _lines(records) for name, records in files.items() if records}
    with atomic.new_folder(folder, ours=tuple(written)) as unfinished:
        for name, text in written.items():
            (unfinished / name).write_text(text, "utf-8", newline="\n")


def _lines(records: Sequence[Record]) -> str:
    return "".join(record.model_dump_json(exclude_defaults=True) + "\n" for record in records)
