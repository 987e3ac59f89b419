"""CogEval: ways through rooms and circles of friends, and what becomes of them when things change.

Source: Momennejad et al. 2023, arXiv:2309.15129. A file `GRAPH/WORLD.json` holds messages by name,
and conversations that say some of them, in order; what is asked has its answers there:

    {"SYSTEM_MSG": {"content": "Give your outcome as 'Answer: [hut]'"},
     "valuePath": {"content": "Hut 1 leads to hut 2. Hut 2 has 5 coins. Where are 5 coins?"},
     "CONVERSATIONS": [{"valuePath": [{"prompt_id": "SYSTEM_MSG"},
       {"prompt_id": "valuePath", "expected_answer": ["Answer: hut 2"]}]}]}

A conversation is a session. The sentences of its messages are events but for the question; what a
message without an answer asks is left away, as another conversation asks it. What a system message
says of the form of answers stands in the prompt. Which sentences an answer rests on is not told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.form import Options
from memeval.suites.public.known import known_files
from memeval.suites.public.records import Checked, Listed, Record, Records, read_file
from memeval.suites.public.tally import WRONG, Tally
from memeval.types import Event, Example, Item, PromptFormat, Query, Session
from memeval.words import words

NO_ANSWER = "no answer is given that could be scored"
UNTOLD = "the answer names what is told nowhere"
SYSTEM = "SYSTEM"
"""What names of messages begin with that are told to a model as its instruction."""
_SENTENCES = re.compile(r"(?<=[.?!])\s+|\s*\n\s*")
_QUESTION = re.compile(r"(?s)Please\b.*|.*\?")
_ANSWER = re.compile(r"\s*answer:?\s*", re.IGNORECASE)
_CLUSTERS = re.compile(r"there are ([0-9]+) clusters")

PROMPT = PromptFormat(
    examples=(
        Example(
            ("The quay adjoins hut 4 and hut 6.", "Hut 4 adjoins hut 9.",
             "Hut 9 holds 3 pearls.", "Hut 6 holds 1 pearl."),
            "Which hut beside the quay brings you nearer to more pearls?",
            "hut 4",
        ),
        Example(
            ("Pim writes to Otto.", "Otto writes to Greta.", "Greta writes to Lars."),
            "By whom does a letter of Pim's get to Greta? All of them, with commas between.",
            "Pim, Otto, Greta",
        ),
        Example(
            ("Hut 1, hut 2 and hut 3 are joined.", "Hut 7, hut 8 and hut 9 are joined."),
            "How many clusters of huts are there?",
            "there are 2 clusters",
        ),
    ),
    instruction="Answer the question from the notes, in as few words as possible.",
)  # fmt: skip

Answers = str | int | float | list[str | int | float] | None


class _Message(Checked):
    content: str
    expected_answer: Answers = None


class _Named(Checked):
    prompt_id: str
    expected_answer: Answers = None


class _Task(Checked):
    CONVERSATIONS: list[dict[str, list[object]]]


@dataclass(frozen=True, slots=True)
class _Said:
    """A message of a conversation, with the answers that are right, where it asks for one."""

    name: str
    content: str
    answers: tuple[str | int | float, ...] | None


@dataclass(frozen=True, slots=True)
class _Conversation:
    graph: str
    id: str
    messages: tuple[_Said, ...]


def _records(paths: Sequence[Path]) -> Records:
    """Return the conversations of all files."""
    return Listed([talk for path in paths for talk in _conversations(path)])


def _conversations(path: Path) -> Iterator[Record]:
    file = read_file(path)
    for named in file.as_a(_Task).CONVERSATIONS:
        for name, entries in named.items():
            where = f"{path}, conversation {name}"
            said = tuple(_said(file, Record(entry, where)) for entry in entries)
            id_ = f"{path.parent.name}/{path.stem}/{name}"
            yield Record(_Conversation(path.parent.name, id_, said), where)


def _said(file: Record, entry: Record) -> _Said:
    """Return the message of a file that an entry of a conversation names, alone or with answers."""
    of = _Named(prompt_id=entry.content) if isinstance(entry.content, str) else entry.as_a(_Named)
    if of.prompt_id not in file.content:
        raise entry.broken("it must be made of messages of its file", of.prompt_id)
    message = Record(file.content[of.prompt_id], f"{file.where}, message {of.prompt_id}")
    told = message.as_a(_Message)
    expected = told.expected_answer if of.expected_answer is None else of.expected_answer
    if expected is None:
        return _Said(of.prompt_id, told.content, None)
    several = expected if isinstance(expected, list) else [expected]
    return _Said(of.prompt_id, told.content, tuple(several))


def _accepted(expected: Iterator[str]) -> tuple[str, ...]:
    """Return answers without what is said before each; a number of clusters also by itself.

    What has no letter or figure is the pattern of just any answer.
    """
    bare = [_ANSWER.sub("", answer, count=1).strip() for answer in expected]
    counted = [match[1] for match in map(_CLUSTERS.fullmatch, bare) if match]
    return tuple(dict.fromkeys(a for a in [*bare, *counted] if any(map(str.isalnum, a))))


def _session(record: Record, tally: Tally, _options: Options) -> Session:
    """Return a conversation; what a later message says has happened when it asks."""
    talk: _Conversation = record.content
    said = [message for message in talk.messages if not message.name.startswith(SYSTEM)]
    told, items = list[str](), list[Item]()
    for message in said:
        statements, question = _parted(message.content)
        told += statements
        answers = _accepted(map(tally.answer, message.answers or ()))
        if answers and question:
            query = Query(f"{talk.id}-q{len(items) + 1}", question, len(told))
            fault = _fault(answers, " ".join([*told, question]))
            tally.remark(UNTOLD, bool(fault), kind=WRONG)
            items.append(Item(query, answers, (), (), f"{talk.graph}/{message.name}", fault=fault))
        elif message.answers is not None or message is said[-1]:
            tally.leave_out(NO_ANSWER)
    events = (Event(f"{talk.id}-{i}", text, i) for i, text in enumerate(told))
    return Session(talk.id, tuple(events), tuple(items))


def _parted(content: str) -> tuple[list[str], str]:
    """Return the statements of a message, and what it asks: from its question on to the end.

    Where the question comes first, what stands behind it are the statements.
    """
    sentences = [sentence for sentence in _SENTENCES.split(content.strip()) if sentence]
    asks = [bool(_QUESTION.fullmatch(sentence)) for sentence in sentences]
    start = asks.index(True) if True in asks else len(sentences) - 1
    if start > 0:
        return sentences[:start], " ".join(sentences[start:])
    parted = list(zip(sentences, asks, strict=True))
    return [text for text, is_asked in parted if not is_asked], " ".join(
        text for text, is_asked in parted if is_asked
    )


def _fault(answers: Sequence[str], told: str) -> str:
    """Return what is wrong with answers that list names, where no list has only names told."""
    known = _bare(told)
    lists = [[_bare(name) for name in answer.split(",")] for answer in answers]
    is_told = any(len(names) == 1 or all(name in known for name in names) for names in lists)
    return "" if is_told else UNTOLD


def _bare(text: str) -> str:
    """Return the words of a text between spaces, of which several may be one or many."""
    return f" {' '.join(word.removesuffix('s') for word in words(text))} "


SUITE = Benchmark(
    "cogeval",
    _records,
    _session,
    files=("n[0-9]*/*.json", "logic/*.json"),
    licence="MIT",
    citation="Momennejad et al. 2023, arXiv:2309.15129",
    home="https://github.com/cogeval/cogmaps",
    known=known_files("cogeval"),
    prompt=PROMPT,
)
