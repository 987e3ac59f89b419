"""bAbI: short stories with questions between their sentences, in twenty tasks.

Source: Weston et al. 2015, arXiv:1502.05698. A file `qaK_TASK_test.txt` holds stories line by line;
a question has its answer and the lines that it rests on behind tabs:

    1 Olga walked to the harbour.
    2 Where is Olga?	harbour	1

A line 1 begins a story, which is a session. A question is asked where it stands: later sentences
change what is so. Files for training are not read. Stories of another folder than `en` have its
name in theirs, so that several can be read together.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.form import Options
from memeval.suites.public.known import known_files
from memeval.suites.public.records import Listed, Record, Records, read_text
from memeval.suites.public.tally import EMPTY, MENDED, WRONG, Tally
from memeval.types import Event, Example, Item, PromptFormat, Query, Session

EDITIONS = frozenset({"en-10k", "hn", "hn-10k", "shuffled", "shuffled-10k", "en-valid",
                      "en-valid-10k"})  # fmt: skip
"""Folders of the published archive beside `en`: more training, Hindi words, shuffled letters."""
TASKS = 20
LISTS = 8
"""The task whose answers are lists, which are right in any order."""
LONGEST_LIST = 4
_FILE = re.compile(r"qa([0-9]{1,3})_(.+)_test\.txt")
_LINE = re.compile(r"([0-9]{1,6}) (.*)")
_TAB = re.compile(r"[\t|]")
PIPES = "questions whose parts are told apart by | where tabs should be"
UNENDED = "files that end within a line, perhaps cut short"
NO_LINE = "supporting lines that are no sentence before their question"

PROMPT = PromptFormat(
    examples=(
        Example(("Olga walked to the harbour.",), "Where is Olga?", "harbour"),
        Example(
            ("Victor seized the lamp.", "Victor seized the rope."),
            "What does Victor hold?",
            "lamp,rope",
        ),
        Example(
            ("The mill is west of the barn.", "The tower is south of the mill."),
            "How do you go from the barn to the tower?",
            "w,s",
        ),
        Example(("Victor seized the lamp.",), "How many lamps does Victor hold?", "one"),
        Example(("Olga walked to the harbour.",), "Is Olga in the library?", "no"),
        Example(("The lamp is above the rope.",), "Is the rope below the lamp?", "yes"),
    ),
    instruction="Answer the question from the notes in one word. "
    "Put commas between several things, and between the letters n, e, s, w of a way.",
)


@dataclass(frozen=True, slots=True)
class _Story:
    id: str
    slice: str
    lines: Sequence[str]
    has_lists: bool
    is_unended: bool = False


def _records(paths: Sequence[Path]) -> Records:
    """Return the stories of all files."""
    return Listed([story for path in paths for story in _stories(path)])


def _stories(path: Path) -> Iterator[Record]:
    """Yield the stories of a file; where it ends within a line, the last one knows."""
    named = _FILE.fullmatch(path.name)
    if not named:
        raise Record(path.name, str(path)).broken("its name must be qaK_TASK_test.txt", path.name)
    if not 1 <= int(named[1]) <= TASKS:
        rule = f"the task in its name must be 1 to {TASKS}"
        raise Record(path.name, str(path)).broken(rule, path.name)
    edition = f"{path.parent.name}/" * (path.parent.name in EDITIONS)
    text = read_text(path)
    lines = [line for line in text.split("\n") if line.strip()]
    begins = [i for i, line in enumerate(lines) if line.startswith("1 ")]
    if not begins or begins[0]:
        raise Record(lines, str(path)).broken("its first line must begin a story", lines[:1])
    for number, (start, end) in enumerate(zip(begins, [*begins[1:], len(lines)], strict=True), 1):
        story = _Story(
            f"{edition}qa{named[1]}-{number}",
            f"{edition}{named[1]} {named[2]}",
            lines[start:end],
            has_lists=int(named[1]) == LISTS,
            is_unended=end == len(lines) and not text.endswith("\n"),
        )
        yield Record(story, f"{path}, story {number}")


def _session(record: Record, tally: Tally, _options: Options) -> Session:
    """Return a story, in which a question is asked at the time of its line."""
    story: _Story = record.content
    events, items = list[Event](), list[Item]()
    for number, line in enumerate(story.lines, start=1):
        question, *behind = _parts(record, number, line)
        if not behind:
            events.append(Event(f"{story.id}-{number}", question, number))
        elif not (question and behind[0]):
            tally.leave_out(EMPTY)
        else:
            gold = _gold(story, behind[1], {event.id for event in events}, tally)
            query = Query(f"{story.id}-{number}", question, number)
            answers = _accepted(behind[0], any_order=story.has_lists)
            items.append(Item(query, answers, gold, tuple(sorted(gold, key=_line)), story.slice))
    if not _TAB.search(story.lines[-1]):
        rule = "a story must end with a question, before another line 1 begins the next"
        raise record.broken(rule, story.lines[-1])
    tally.remark(PIPES, sum("|" in line for line in story.lines), kind=MENDED)
    tally.remark(UNENDED, story.is_unended, kind=WRONG)
    return Session(story.id, tuple(events), tuple(items))


def _parts(record: Record, number: int, line: str) -> list[str]:
    """Return a sentence, or a question with its answer and its supporting lines."""
    numbered = _LINE.fullmatch(line)
    if not numbered or int(numbered[1]) != number:
        rule = "must begin with that number, as each stands once and in order"
        raise record.broken(f"its line {number} {rule}", line)
    parts = [part.strip() for part in _TAB.split(numbered[2])]
    if len(parts) not in {1, 3} or parts == [""]:
        raise record.broken(
            f"its line {number} must hold a sentence, or a question with an answer and the lines "
            "that it rests on behind tabs",
            line,
        )
    return parts


def _gold(story: _Story, supporting: str, told: Collection[str], tally: Tally) -> tuple[str, ...]:
    """Return the events of the supporting lines, in the order that leads to the answer."""
    named = [f"{story.id}-{line}" for line in dict.fromkeys(supporting.split())]
    tally.remark(NO_LINE, sum(id_ not in told for id_ in named) + (not named), kind=WRONG)
    return tuple(id_ for id_ in named if id_ in told)


def _line(event: str) -> int:
    return int(event.rpartition("-")[2])


def _accepted(answer: str, *, any_order: bool) -> tuple[str, ...]:
    """Return an answer as it is published, then as it may be written otherwise."""
    parts = [part.strip() for part in answer.split(",")]
    any_order = any_order and len(parts) <= LONGEST_LIST
    orders = permutations(parts) if any_order else [tuple(parts)]
    written = (between.join(order) for order in orders for between in (",", ", "))
    return tuple(dict.fromkeys([answer, *written]))


SUITE = Benchmark(
    "babi",
    _records,
    _session,
    files=("qa*_test.txt",),
    licence="CC BY 3.0",
    citation="Weston et al. 2015, arXiv:1502.05698",
    home="https://research.facebook.com/downloads/babi/",
    known=known_files("babi"),
    prompt=PROMPT,
)
