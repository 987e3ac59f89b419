"""The files of BEAM's chats, and what is told of their messages."""

import ast
import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from memeval.errors import DataError
from memeval.suites.public.records import Checked, Record, Records, parsed, read_file
from memeval.suites.public.tally import WRONG, Tally
from memeval.types import Event

QUESTIONS = "probing_questions"
QUESTIONS_FILE = f"{QUESTIONS}.json"
CUT_CHAT = "chat_trunecated.json"  # as it is published
_MARKER = re.compile(r"\s*->\s*->[\s\d,./NA]*$")
_SIZE = re.compile(r"\d+[KM]")
_DATE = "%B-%d-%Y"


class _Message(Checked):
    role: str
    id: int
    content: str
    time_anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat's name, and what its two files hold."""

    name: str
    batches: Record
    questions: Record


class Chats(Records):
    """The chats of several folders, each read when it is asked for."""

    def __init__(self, paths: Sequence[Path]) -> None:
        told = [path for path in paths if path.name != QUESTIONS_FILE]
        folders = {path.parent for path in told}
        for path in paths:
            if path.name == QUESTIONS_FILE and _folder_of(path) not in folders:
                raise DataError(
                    f"{path}: the questions of a BEAM chat must have it beside them, got no "
                    f"chat.json in {str(_folder_of(path))!r}; put it there, or name the chat"
                )
        # a chat of plans may have each plan's chat below it, which no question is asked about
        self._paths = [path for path in told if path.parent.parent not in folders]

    def __len__(self) -> int:
        return len(self._paths)

    def read(self, index: int) -> Record:
        """Read a chat and its questions."""
        folder = self._paths[index].parent
        cut = folder / CUT_CHAT
        batches = read_file(cut if cut.is_file() else self._paths[index])
        deque(_batches(batches), maxlen=0)  # what is no chat has no questions to look for
        is_of_a_size = _SIZE.fullmatch(folder.parent.name)
        name = f"{folder.parent.name}-{folder.name}" if is_of_a_size else folder.name
        return Record(Chat(name, batches, _literal(_questions(folder, batches))), batches.where)


def _folder_of(questions: Path) -> Path:
    """Return the folder of the chat that a file of questions lies in, or below."""
    return questions.parent.parent if questions.parent.name == QUESTIONS else questions.parent


def _questions(folder: Path, batches: Record) -> Record:
    """Read the questions that lie in a chat's folder, or in a folder of their own below it."""
    places = (folder / QUESTIONS / QUESTIONS_FILE, folder / QUESTIONS_FILE)
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise DataError(
            f"{batches.where}: a BEAM chat must have its questions beside it, got no "
            f"{QUESTIONS_FILE} in {str(folder)!r}; put it there"
        )
    return read_file(found)


def _literal(file: Record) -> Record:
    """Return what a file holds: the text of a Python literal is read, as Hugging Face has it."""
    if not isinstance(file.content, str):
        return file
    try:
        as_json = json.dumps(ast.literal_eval(file.content))
    except (TypeError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise file.broken("it must be a table of questions", file.content) from error
    return Record(parsed(as_json, file.where), file.where)


@dataclass(frozen=True, slots=True)
class Stream:
    """The messages of a chat as events; `named` are the events' ids by the messages' own."""

    events: list[Event]
    parts: dict[str, str]
    named: dict[int, list[str]]


def streamed(chat: Chat, tally: Tally) -> Stream:
    """Return all messages of a chat.

    Raises:
        DataError: it is no chat, or holds no message.
    """
    stream = Stream([], {}, {})
    for part, batch in _batches(chat.batches):
        _tell(stream, chat.name, part, batch, tally)
    if not stream.events:
        raise chat.batches.broken("a chat must have a message", chat.batches.content)
    return stream


def _batches(file: Record, plan: str = "") -> Iterator[tuple[str, Record]]:
    """Yield the batches of a chat, or of its plans, by name."""
    if not isinstance(file.content, list):
        raise file.broken(
            "a BEAM chat must be a list of batches, or of plans of them", file.content
        )
    for place, part in enumerate(file.content, 1):
        where = f"{file.where}, batch {place}"
        if isinstance(part, list) or (isinstance(part, dict) and "turns" in part):
            yield f"{plan}batch-{place}", Record(part, where)
        elif isinstance(part, dict) and part and not plan:
            for name, batches in part.items():
                if batches is not None:
                    yield from _batches(Record(batches, f"{file.where}, {name}"), f"{name}-")
        else:
            raise Record(part, where).broken("a batch of a BEAM chat must have turns", part)


def _messages(batch: Record) -> Iterator[_Message]:
    """Yield the messages of a batch's turns."""
    turns = batch.content["turns"] if isinstance(batch.content, dict) else batch.content
    if not isinstance(turns, list):
        raise batch.broken("its turns must be a list", turns)
    flat = [one for turn in turns for one in (turn if isinstance(turn, list) else [turn])]
    for place, message in enumerate(flat, 1):
        yield Record(message, f"{batch.where}, message {place}").as_a(_Message)


def _tell(stream: Stream, chat: str, part: str, batch: Record, tally: Tally) -> None:
    """Add a batch's messages to the events, from the date on that it begins with."""
    anchor = batch.content.get("time_anchor") if isinstance(batch.content, dict) else None
    at = _date(anchor, tally)
    dated, messages = False, [*_messages(batch)]
    if not messages:
        tally.remark("batches with a date and no turns" if at else "batches without turns")
        return
    for message in messages:
        at = _date(message.time_anchor, tally) or at
        dated |= bool(at)
        text = _MARKER.sub("", message.content).strip()
        if not text:
            tally.remark("messages without text, which are not told")
            continue
        same = stream.named.setdefault(message.id, [])
        id_ = f"{chat}-{message.id}" + (f"-{len(same) + 1}" if same else "")
        if same:
            tally.remark("messages with the id of another", kind=WRONG)
        same.append(id_)
        stream.parts[id_] = f"{chat}-{part}"
        stream.events.append(Event(id_, text, len(stream.events), speaker=message.role, at=at))
    if not dated:
        tally.remark("batches without a date")


def _date(anchor: object, tally: Tally) -> str:
    """Return "March-15-2024" as ISO 8601; nothing, and a count, of what is no date."""
    if anchor is None:
        return ""
    try:
        return f"{datetime.strptime(str(anchor), _DATE):%Y-%m-%d}"
    except ValueError:
        tally.remark("time anchors that are no dates", kind=WRONG)
        return ""
