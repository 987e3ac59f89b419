"""LongMemEval: questions about a user's chats with an assistant, each with a haystack of its own.

Source: Wu et al. 2024, arXiv:2410.10813. A record of `longmemeval_s_cleaned.json`, one of 500,
cut to one chat of its fifty:

    {"question_id": "00ff00ff", "question_type": "single-session-user",
     "question": "What did I plant?", "answer": "Leeks", "question_date": "2023/05/30 (Tue) 23:40",
     "haystack_session_ids": ["answer_00ff_1"], "haystack_dates": ["2023/05/20 (Sat) 02:21"],
     "haystack_sessions": [[{"role": "user", "content": "I planted leeks.", "has_answer": true}]],
     "answer_session_ids": ["answer_00ff_1"]}

A haystack is a session of ours, told in the order of its chats' dates, and a message an event.
The ids of chats give away which of them hold the answer, so that events have ids of their own,
by place. A question of an id in `_abs` is answered by not knowing, and nothing is its evidence.
The official score is a judge's, with a prompt for each type; without one, answers are searched
for the gold, which is of no use for preferences: their gold says what a good answer is like.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.conversation import CONVERSATION
from memeval.suites.public.faults import EXCLUDED, known_faults, with_fault
from memeval.suites.public.form import Options
from memeval.suites.public.json_array import json_arrays
from memeval.suites.public.records import Checked, Record
from memeval.suites.public.tally import WRONG, Tally
from memeval.types import Event, Item, Query, Session
from memeval.words import UNKNOWN

ABSTENTION = "abstention"
PREFERENCE = "single-session-preference"
_DATE = "%Y/%m/%d (%a) %H:%M"


class _Message(Checked):
    role: Literal["user", "assistant"]
    content: str
    has_answer: bool | None = None


class _Question(Checked):
    question_id: str
    question_type: Literal[
        "single-session-user",
        "single-session-assistant",
        "single-session-preference",
        "multi-session",
        "temporal-reasoning",
        "knowledge-update",
    ]
    question: str
    answer: str | int | float
    question_date: str
    haystack_session_ids: list[str]
    haystack_dates: list[str]
    haystack_sessions: list[list[_Message]]
    answer_session_ids: list[str]


@dataclass(frozen=True, slots=True)
class _Chat:
    id: str
    at: str
    messages: list[_Message]


@dataclass(frozen=True, slots=True)
class _Told:
    """A haystack's events, the chat that each is of, and which of them hold the answer."""

    events: tuple[Event, ...]
    chats: dict[str, str]
    marked: tuple[str, ...]


def _session(record: Record, tally: Tally, options: Options) -> Session:
    """Return a haystack with its one question, which is asked at its end."""
    question = record.as_a(_Question)
    chats = sorted(_chats(record, question), key=lambda chat: chat.at)
    same = len(chats) - len({chat.id for chat in chats})
    tally.remark("chats with the id of another", same, kind=WRONG)
    told = _told(chats, tally)
    if not told.events:
        raise record.broken("a haystack must have a message", question.haystack_sessions)
    item = _item(record, question, told, tally)
    if item is not None and chats[-1].at > item.query.at:
        tally.remark("questions dated before the end of their haystack", kind=WRONG)
    fault = known_faults("longmemeval").get(question.question_id, "")
    items = () if item is None else (with_fault(item, fault, options["errata"], tally),)
    return Session(question.question_id, told.events, items, parts=told.chats)


def _chats(record: Record, question: _Question) -> Iterator[_Chat]:
    ids, dates = question.haystack_session_ids, question.haystack_dates
    chats = question.haystack_sessions
    if not len(ids) == len(dates) == len(chats):
        raise record.broken(
            "a haystack must have as many ids and dates as chats",
            (len(ids), len(dates), len(chats)),
        )
    for id_, date, messages in zip(ids, dates, chats, strict=True):
        yield _Chat(id_, _iso(record, date), messages)


def _iso(record: Record, date: str) -> str:
    """Return "2023/05/30 (Tue) 23:40" as ISO 8601."""
    try:
        return f"{datetime.strptime(date, _DATE):%Y-%m-%dT%H:%M}"
    except ValueError as error:
        raise record.broken('a date must be as in "2023/05/30 (Tue) 23:40"', date) from error


def _told(chats: list[_Chat], tally: Tally) -> _Told:
    """Return the messages of all chats as events."""
    events, parts, marked = list[Event](), dict[str, str](), list[str]()
    for place, chat in enumerate(chats, 1):
        if not chat.messages:
            tally.remark("chats without a message")
        for number, message in enumerate(chat.messages, 1):
            if not message.content.strip():
                tally.remark("messages without text, which are not told")
                continue
            id_ = f"{place}-{number}"
            events.append(
                Event(id_, message.content, len(events), speaker=message.role, at=chat.at)
            )
            parts[id_] = chat.id
            if message.has_answer:
                marked.append(id_)
    return _Told(tuple(events), parts, tuple(marked))


def _item(record: Record, question: _Question, told: _Told, tally: Tally) -> Item | None:
    """Return the question as an item; None where it asks for nothing."""
    text, answer = question.question.strip(), tally.answer(question.answer)
    if not text or not answer:
        tally.leave_out("questions without an answer" if text else "questions unasked")
        return None
    query = Query(
        question.question_id, text, len(told.events), _iso(record, question.question_date)
    )
    if question.question_id.endswith("_abs"):
        return Item(query, (UNKNOWN,), (), (), ABSTENTION)
    gold = _gold(question, told, tally)
    rubric = (answer,) if question.question_type == PREFERENCE else ()
    return Item(query, (answer,), gold, gold, question.question_type, rubric=rubric)


def _gold(question: _Question, told: _Told, tally: Tally) -> tuple[str, ...]:
    """Return the messages that are marked; where none is, all of the chats that are named."""
    missing = set(question.answer_session_ids) - set(told.chats.values())
    tally.remark("answer chats found", len(set(question.answer_session_ids)) - len(missing))
    tally.remark("answer chats that are not in the haystack", len(missing), kind=WRONG)
    if told.marked:
        return told.marked
    tally.remark("questions whose messages are not marked: evidence is all of their answer chats")
    return tuple(id_ for id_, chat in told.chats.items() if chat in question.answer_session_ids)


SUITE = Benchmark(
    "longmemeval",
    json_arrays,
    _session,
    files=("longmemeval*.json",),
    licence="MIT",
    citation="Wu et al. 2024, arXiv:2410.10813",
    home="https://github.com/xiaowu0162/LongMemEval",
    known={
        "d6f21ea9d60a0d56f34a05b609c79c88a451d2ae03597821ea3d5a9678c3a442": "S, cleaned",
        "9d79e5524794a2e6900a3aa9cb7d9152c5a3e8319c9a87c25494ba1eacee495f": "M, cleaned",
        "821a2034d219ab45846873dd14c14f12cfe7776e73527a483f9dac095d38620c": "oracle, cleaned",
        "994c3db4174b9901ea4376377f847a6562cedd634583ba41f838cd6acd2a466d": (
            "dev part: eight questions in the official shape"
        ),
    },
    prompt=CONVERSATION,
    primary="contains",
    judged="judge",
    options={"errata": ("published", EXCLUDED)},
)
