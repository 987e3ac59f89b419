"""BEAM: a long chat between a user and an assistant, and questions about ten abilities.

Source: Tavakoli et al. 2025, arXiv:2510.27246. A chat is a folder: `chat.json`, cut to a message,

    [{"batch_number": 1, "time_anchor": null, "turns": [[{"role": "user", "id": 0,
      "time_anchor": "March-15-2024", "content": "My loom has eight shafts. ->-> 1,1"}]]}]

and `probing_questions.json` beside it, or in a folder of that name:

    {"information_extraction": [{"question": "How many shafts has my loom?", "answer": "Eight.",
      "source_chat_ids": [0], "rubric": ["LLM response should state: eight"]}]}

Chats of 10M tokens hold plans by name, each a list of batches. A chat is a session, its messages
the events. A date stands on the first message of a batch, and holds for the batch. A message's
marker ("->-> 1,1") and its kind are not told, nor what questions say of themselves. The official
evaluation reads `chat_trunecated.json` where it lies beside a chat, and so does this.

Gold events are the messages of `source_chat_ids`, whatever lists and tables they stand in. Without
a judge the primary score is the F1 of the ideal answer's words. What `expected_compliance` holds
says how to answer, and is no answer: it takes a judge.
"""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.form import Options
from memeval.suites.public.records import Checked, Record, Records, parsed, read_file
from memeval.suites.public.tally import Tally
from memeval.types import Event, Example, Item, PromptFormat, Query, Session
from memeval.words import UNKNOWN

ABSTENTION = "abstention"
ABILITIES = (
    *(ABSTENTION, "contradiction_resolution", "event_ordering", "information_extraction"),
    *("instruction_following", "knowledge_update", "multi_session_reasoning"),
    *("preference_following", "summarization", "temporal_reasoning"),
)
QUESTIONS = "probing_questions"
CUT_CHAT = "chat_trunecated.json"  # as it is published
_MARKER = re.compile(r"\s*->\s*->[\s\d,./NA]*$")
_SIZE = re.compile(r"\d+[KM]")
_DATE = "%B-%d-%Y"

PROMPT = PromptFormat(
    instruction=(
        "The user asks about what was said in the notes. Answer from the notes alone, in a few "
        "words on one line, with dates as dates; where several things are asked for, name all, in "
        "order. If the notes contradict each other, say so. If they do not tell, answer unknown."
    ),
    examples=(
        Example((), "Which glaze did I order?", "unknown"),
        Example(
            ("[2 June 2019] user: My kiln holds forty mugs, I counted them today.",),
            "How many mugs fit into my kiln?",
            "forty",
        ),
        Example(
            (
                "[9 July 2019] user: Now that the clay is wedged, how do I centre it?",
                "[30 June 2019] user: I have to wedge the clay first, don't I?",
            ),
            "In which order did I ask about my clay?",
            "wedging the clay; centring the clay",
        ),
    ),
)


class _Message(Checked):
    role: str
    id: int
    content: str
    time_anchor: str | None = None


class _Question(Checked):
    question: str
    answer: str | int | float | None = None
    ideal_response: str | int | float | None = None
    ideal_answer: str | int | float | None = None
    ideal_summary: str | int | float | None = None
    expected_compliance: str | int | float | None = None
    rubric: list[str] | str = []
    source_chat_ids: Any = None

    @property
    def told(self) -> str | int | float:
        """What it is answered by, under whichever name; nothing if it is not there."""
        named = (self.answer, self.ideal_response, self.ideal_answer, self.ideal_summary)
        return next((one for one in (*named, self.expected_compliance) if one is not None), "")

    @property
    def nuggets(self) -> tuple[str, ...]:
        """What a good answer says."""
        rubric = [self.rubric] if isinstance(self.rubric, str) else self.rubric
        return tuple(nugget for nugget in rubric if nugget.strip())


@dataclass(frozen=True, slots=True)
class _Chat:
    """A chat's name, and what its two files hold."""

    name: str
    batches: Record
    questions: Record


class _Chats(Records):
    """The chats of several folders, each read when it is asked for."""

    def __init__(self, paths: Sequence[Path]) -> None:
        chats = {path.parent for path in paths}
        # a chat of plans may have each plan's chat below it, which no question is asked about
        self._paths = [path for path in paths if path.parent.parent not in chats]

    def __len__(self) -> int:
        return len(self._paths)

    def read(self, index: int) -> Record:
        """Read a chat and its questions."""
        folder = self._paths[index].parent
        cut = folder / CUT_CHAT
        questions = folder / f"{QUESTIONS}.json"
        nested = folder / QUESTIONS / f"{QUESTIONS}.json"
        chat = _Chat(
            f"{folder.parent.name}-{folder.name}"
            if _SIZE.fullmatch(folder.parent.name)
            else folder.name,
            read_file(cut if cut.is_file() else self._paths[index]),
            _literal(read_file(nested if nested.is_file() else questions)),
        )
        return Record(chat, chat.batches.where)


def _literal(file: Record) -> Record:
    """Return what a file holds: the text of a Python literal is read, as Hugging Face has it."""
    if not isinstance(file.content, str):
        return file
    try:
        as_json = json.dumps(ast.literal_eval(file.content))
    except (TypeError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise file.broken("it must be a table of questions", file.content) from error
    return Record(parsed(as_json.encode(), file.where), file.where)


@dataclass(frozen=True, slots=True)
class _Stream:
    """The messages of a chat as events; `named` are the events' ids by the messages' own."""

    events: list[Event]
    parts: dict[str, str]
    named: dict[int, list[str]]


def _session(record: Record, tally: Tally, _options: Options) -> Session:
    """Return a chat, all of whose questions are asked at its end."""
    chat: _Chat = record.content
    stream = _Stream([], {}, {})
    for part, batch in _batches(chat.batches):
        _tell(stream, chat.name, part, batch, tally)
    if not stream.events:
        raise record.broken("a chat must have a message", chat.batches.content)
    items = (
        _item(f"{chat.name}-{ability}-{place}", ability, question, stream, tally)
        for ability, place, question in _questions(chat.questions)
    )
    events = tuple(stream.events)
    return Session(chat.name, events, tuple(filter(None, items)), parts=stream.parts)


def _batches(file: Record, plan: str = "") -> Iterator[tuple[str, Record]]:
    """Yield the batches of a chat, or of its plans, by name."""
    if not isinstance(file.content, list):
        raise file.broken("a chat must be a list of batches, or of plans of them", file.content)
    for place, part in enumerate(file.content, 1):
        where = f"{file.where}, batch {place}"
        if isinstance(part, list) or (isinstance(part, dict) and "turns" in part):
            yield f"{plan}batch-{place}", Record(part, where)
        elif isinstance(part, dict) and part and not plan:
            for name, batches in part.items():
                if batches is not None:
                    yield from _batches(Record(batches, f"{file.where}, {name}"), f"{name}-")
        else:
            raise Record(part, where).broken("a batch must have turns", part)


def _messages(batch: Record) -> Iterator[_Message]:
    """Yield the messages of a batch's turns."""
    turns = batch.content["turns"] if isinstance(batch.content, dict) else batch.content
    if not isinstance(turns, list):
        raise batch.broken("its turns must be a list", turns)
    flat = [one for turn in turns for one in (turn if isinstance(turn, list) else [turn])]
    for place, message in enumerate(flat, 1):
        yield Record(message, f"{batch.where}, message {place}").as_a(_Message)


def _tell(stream: _Stream, chat: str, part: str, batch: Record, tally: Tally) -> None:
    """Add a batch's messages to the events, from the date on that it begins with."""
    anchor = batch.content.get("time_anchor") if isinstance(batch.content, dict) else None
    at = _date(anchor, tally)
    dated = False
    for message in _messages(batch):
        at = _date(message.time_anchor, tally) or at
        dated |= bool(at)
        text = _MARKER.sub("", message.content).strip()
        if not text:
            tally.remark("messages without text, which are not told")
            continue
        same = stream.named.setdefault(message.id, [])
        id_ = f"{chat}-{message.id}" + (f"-{len(same) + 1}" if same else "")
        if same:
            tally.remark("messages with the id of another")
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
        tally.remark("time anchors that are no dates")
        return ""


def _questions(file: Record) -> Iterator[tuple[str, int, _Question]]:
    """Yield the questions with their ability and place."""
    if not isinstance(file.content, dict):
        raise file.broken("it must be a table of questions by ability", file.content)
    for ability, questions in file.content.items():
        if ability not in ABILITIES:
            raise file.broken(f"an ability must be one of {', '.join(ABILITIES)}", ability)
        if not isinstance(questions, list):
            raise file.broken(f"{ability} must be a list of questions", questions)
        for place, question in enumerate(questions):
            where = f"{file.where}, {ability} {place + 1}"
            yield ability, place, Record(question, where).as_a(_Question)


def _item(
    id_: str, ability: str, question: _Question, stream: _Stream, tally: Tally
) -> Item | None:
    """Return a question as an item; None where there is nothing to ask or to score."""
    answer = str(question.told).strip()
    if not (question.question.strip() and (answer or ability == ABSTENTION)):
        tally.leave_out("a question or answer is empty")
        return None
    if not isinstance(question.told, str):
        tally.remark("answers that are numbers, read as text")
    if question.expected_compliance is not None:
        tally.remark("answers that say how to answer, which takes a judge to score")
    gold = () if ability == ABSTENTION else _cited(question.source_chat_ids, stream.named, tally)
    places = {event.id: event.time for event in stream.events} if gold else {}
    return Item(
        Query(id_, question.question.strip(), len(stream.events)),
        (UNKNOWN,) if ability == ABSTENTION else (answer,),
        gold_events=gold,
        passage=tuple(sorted(gold, key=places.__getitem__)),
        slice=ability,
        rubric=question.nuggets,
    )


def _cited(cited: object, named: Mapping[int, Sequence[str]], tally: Tally) -> tuple[str, ...]:
    """Return the events of the messages that are cited, in that order, each once."""
    found: Counter[str] = Counter()
    ids = [*_flat(cited)]
    if not ids:
        tally.remark("questions that cite nothing")
    for id_ in ids:
        events = named.get(id_, ()) if type(id_) is int else ()  # True is 1 elsewhere
        if len(events) == 1:
            tally.remark("citations that name a message")
            found[events[0]] += 1
        else:
            tally.remark(f"citations that name {'several messages' if events else 'no message'}")
    return tuple(found)


def _flat(cited: object) -> Iterator[object]:
    """Yield what stands in lists and tables of any depth."""
    within: Iterable[object] | None = None
    if isinstance(cited, dict):
        within = cited.values()
    elif isinstance(cited, list):
        within = cited
    if within is None:
        if cited is not None:
            yield cited
        return
    for one in within:
        yield from _flat(one)


SUITE = Benchmark(
    "beam",
    _Chats,
    _session,
    files=("chat.json",),
    licence="none stated: for reading only",
    citation="Tavakoli et al. 2025, arXiv:2510.27246",
    home="https://github.com/mohammadtavakoli78/BEAM",
    known={
        "ea71efd5dcc13f7366d3737b45d532eadb3d1497f3d6f23d1fa1c4004d5ffdf2": "100K, chat 1",
        "3a3bd796f4aa24e8f34e718dc2823ae942663349eb89054f03885051e2daf1c4": "100K, chat 2",
        "432d3ae5493c04a17a5b6b0ef7c012a70e70ac5cfcaef13059fca6bedb903009": "100K, chat 3",
        "e0ef0f74b1f7ac911e8e0518722335c422cbc1112048e9909911b208c51fc027": "100K, chat 4",
        "13ac88e483e0d63d3830479fe17f961af1b414503b5077914865eca1c48a1ce8": "100K, chat 5",
        "5365cdc41da212fb7143cf9f191ff7862eed8e9ca175b3728fe593adedc87871": "100K, chat 6",
    },
    prompt=PROMPT,
    primary="f1",
    scorers=("kendall_tau_b",),
)
