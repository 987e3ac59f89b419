"""LoCoMo: what two people told each other over months, and questions about it.

Source: Maharana et al. 2024, arXiv:2402.17753. A sample of the published `locomo10.json`, one of
ten, cut to one turn and one question:

    {"sample_id": "conv-0",
     "conversation": {"speaker_a": "Ann", "speaker_b": "Bo",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [{"speaker": "Ann", "dia_id": "D1:1", "text": "The quilt is done!",
                       "blip_caption": "a photo of a quilt", "query": "patchwork"}]},
     "qa": [{"question": "When was the quilt done?", "answer": "8 May 2023",
             "evidence": ["D1:1"], "category": 2}]}

A sample is a session of ours, and a turn an event, with its speaker and the date of its session;
what a picture shows (`blip_caption`) is told with the turn that shares it. Not read: `query`, with
which annotators looked for the picture, and the summaries and observations, which models wrote.
Questions of category 5 ask about something that never was: the tempting `adversarial_answer` is
not read, nothing is their evidence, and right is that nothing is known. That goes for the few of
them that have an `answer` as well, as it does for the official score.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.conversation import CONVERSATION
from memeval.suites.public.fields import not_true
from memeval.suites.public.form import Options
from memeval.suites.public.json_array import json_arrays
from memeval.suites.public.locomo_audit import mended
from memeval.suites.public.records import Checked, Record
from memeval.suites.public.tally import MENDED, WRONG, Tally
from memeval.types import Event, Item, Query, Session
from memeval.words import UNKNOWN

ADVERSARIAL = 5
SLICES = {
    1: "multi-hop",
    2: "temporal",
    3: "open-domain",
    4: "single-hop",
    ADVERSARIAL: "adversarial",
}
"""By category, as the authors number them."""
PUBLISHED = (
    *("conv-26", "conv-30", "conv-41", "conv-42", "conv-43"),
    *("conv-44", "conv-47", "conv-48", "conv-49", "conv-50"),
)
"""The samples in the order of the published file, by whose place the audit names them."""
OURS = "6949fd2aa4c8b79dbf6cc27fe8d7e0f731c8047673269aab7c26f2110573ee0d"
"""The sha256 of `data/conversation/locomo.json`, which memeval wrote in the form of LoCoMo."""
_SESSION = re.compile(r"session_([1-9]\d{0,5})")
_TURN_ID = re.compile(r"D:?0*(\d+):0*(\d+)")
_DATE = "%I:%M %p on %d %B, %Y"


class _Turn(Checked):
    speaker: str
    dia_id: str
    text: str
    blip_caption: str | None = None

    def told(self) -> str:
        """Return what was said, and what the picture shows that came with it."""
        picture = f"(shares a picture of {self.blip_caption})" if self.blip_caption else ""
        return " ".join(filter(None, (self.text.strip(), picture)))


class _Question(Checked):
    question: str
    answer: str | int | float = ""
    evidence: list[str] = []
    category: Annotated[Literal[1, 2, 3, 4, 5], BeforeValidator(not_true)]


class _Sample(Checked):
    sample_id: str
    conversation: dict[str, Any]
    qa: list[_Question]


def _session(record: Record, tally: Tally, options: Options) -> Session:
    """Return a conversation, all of whose questions are asked at its end."""
    sample = record.as_a(_Sample)
    parts, events = dict[str, str](), list[Event]()
    for name, at, turns in _sessions(record, sample.conversation, tally):
        for turn in turns:
            if not turn.told():
                tally.remark("turns without text, which are not told")
                continue
            if turn.dia_id in parts:
                raise record.broken("turns must have ids of their own", turn.dia_id)
            parts[turn.dia_id] = name
            events.append(Event(turn.dia_id, turn.told(), len(events), speaker=turn.speaker, at=at))
    if not events:
        raise record.broken("a conversation must have a turn", sample.conversation)
    asked = _Asked(record, sample.sample_id, [event.id for event in events], tally, options)
    items = (asked.item(place, question) for place, question in enumerate(sample.qa))
    return Session(sample.sample_id, tuple(events), tuple(filter(None, items)), parts=parts)


def _sessions(
    record: Record, conversation: Mapping[str, Any], tally: Tally
) -> Iterator[tuple[str, str, list[_Turn]]]:
    """Yield the sessions that have turns, in their order: name, date and turns."""
    named = {name.removesuffix("_date_time") for name in conversation}
    numbers = sorted(int(match[1]) for name in named if (match := _SESSION.fullmatch(name)))
    for name in (f"session_{number}" for number in numbers):
        turns, date = conversation.get(name, []), conversation.get(f"{name}_date_time", "")
        if not isinstance(turns, list):
            raise record.broken(f"{name} must be a list of turns", turns)
        if not turns:
            tally.remark("sessions with a date and no turns")
            continue
        if not date:
            tally.remark("sessions without a date")
        read = (
            Record(turn, f"{record.where}, {name}, turn {place}").as_a(_Turn)
            for place, turn in enumerate(turns, 1)
        )
        yield name, _iso(record, date) if date else "", [*read]


def _iso(record: Record, date: object) -> str:
    """Return "1:56 pm on 8 May, 2023" as ISO 8601."""
    try:
        return f"{datetime.strptime(str(date), _DATE):%Y-%m-%dT%H:%M}"
    except ValueError as error:
        raise record.broken('a date must be as in "1:56 pm on 8 May, 2023"', date) from error


@dataclass(frozen=True, slots=True)
class _Asked:
    """Makes items of a conversation's questions; `turns` are the ids that there are, in order."""

    record: Record
    sample: str
    turns: Sequence[str]
    tally: Tally
    options: Options

    def item(self, place: int, question: _Question) -> Item | None:
        """Return a question as an item; None where there is nothing to ask or to score."""
        text, answer = question.question.strip(), self.tally.answer(question.answer)
        is_adversarial = question.category == ADVERSARIAL
        if not text or not (answer or is_adversarial):
            self.tally.leave_out("questions without an answer" if text else "questions unasked")
            return None
        query = Query(f"{self.sample}_qa{place}", text, len(self.turns))
        item = Item(query, (answer,), (), (), SLICES[question.category])
        if is_adversarial:
            if answer:
                self.tally.remark("adversarial questions with an answer, which no score asks for")
            return replace(item, answers=(UNKNOWN,))
        return self._cited(self._audited(item, place), question.evidence)

    def _audited(self, item: Item, place: int) -> Item:
        if self.sample not in PUBLISHED:
            return item
        audit_id = f"locomo_{PUBLISHED.index(self.sample)}_qa{place}"
        return mended(item, audit_id, self.record, self.tally, self.options)

    def _cited(self, item: Item, evidence: Sequence[str]) -> Item:
        """Return an item with the turns that it cites, which an audit may have named already."""
        gold = tuple(dict.fromkeys(self._resolved(item.gold_events or evidence)))
        return replace(item, gold_events=gold, passage=tuple(sorted(gold, key=self.turns.index)))

    def _resolved(self, evidence: Sequence[str]) -> Iterator[str]:
        """Yield the turns that evidence names, also where it is not written as it should be."""
        if not evidence:
            self.tally.remark("questions that cite nothing")
        for cited in evidence:
            if cited in self.turns:
                self.tally.remark("citations that name a turn")
                yield cited
                continue
            named = [f"D{session}:{turn}" for session, turn in _TURN_ID.findall(cited)]
            found = [turn for turn in named if turn in self.turns]
            if found:
                self.tally.remark("citations mended", kind=MENDED)
            else:
                self.tally.remark("citations that name no turn", kind=WRONG)
            yield from found


SUITE = Benchmark(
    "locomo",
    json_arrays,
    _session,
    files=("locomo*.json",),
    licence="CC BY-NC 4.0",
    citation="Maharana et al. 2024, arXiv:2402.17753",
    home="https://github.com/snap-research/locomo",
    known={
        "79fa87e90f04081343b8c8debecb80a9a6842b76a7aa537dc9fdf651ea698ff4": "as published",
        "2ba19efc8b4340f6e33750bea626723e1571674965226e6f65e91d6a08a3aecb": (
            "dev part: the first five conversations"
        ),
        OURS: "memeval's own conversation",
    },
    ours={OURS: "Apache-2.0"},
    prompt=CONVERSATION,
    primary="locomo_f1",
    scorers=("locomo_f1",),
    options={"errata": ("published", "excluded", "corrected"), "audit": ()},
)
