r"""FactConsolidation: numbered facts, of which a later one replaces an earlier one.

Source: Hu, Wang and McAuley 2025, arXiv:2507.05257 (MemoryAgentBench, Conflict_Resolution). A
record:

    {"context": "Here is a list of facts:\n0. The mayor of Orrin is Pat Vale.\n1. The mayor of
    Orrin is Lou Birk.\n", "questions": ["Who is the mayor of Orrin?"], "answers": [["Lou Birk"]],
    "metadata": {"source": "factconsolidation_sh_6k", "qa_pair_ids": [...]}}

A record is a session, its facts the events. A fact keeps its number, as the official prompt has it:
notes stand in order of fit, so that a reader could not tell the later of two without it. Facts are
told in the order of their numbers, of two with one number the later in the file last. The file
names no evidence: gold events are found by memeval, from the facts alone, where they follow.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from memeval.errors import DataError
from memeval.outside import shown_text
from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.fact_chains import Facts
from memeval.suites.public.form import Options
from memeval.suites.public.json_array import JsonArray
from memeval.suites.public.records import Checked, Listed, Record, Records
from memeval.suites.public.tally import EMPTY, MENDED, WRONG, Tally
from memeval.types import Event, Example, Item, PromptFormat, Query, Session

PROMPT = PromptFormat(
    instruction=(
        "Answer the question from the numbered facts, even where they are not true of the world, "
        "in as few words as possible. Where two facts disagree, the one with the larger number "
        "holds. If the facts do not tell, answer unknown."
    ),
    heading="Facts:\n",
    examples=(
        Example((), "Who keeps the lamp at Gull Skerry?", "unknown"),
        Example(
            ("31. Gull Skerry's keeper is Amos Pell.", "7. Gull Skerry's keeper is Nora Fenn."),
            "Who keeps the lamp at Gull Skerry?",
            "Amos Pell",
        ),
        Example(
            (
                "12. The ferry to Skell sails from Marrow Quay.",
                "58. Marrow Quay lies in Tarn.",
                "40. Marrow Quay lies in Upper Fenwick.",
            ),
            "Where does the ferry to Skell set out?",
            "Tarn",
        ),
    ),
)

SUPERSEDED = "a later fact says otherwise"
"""The fault of an answer that the benchmark's own rule holds replaced."""
_FACT = re.compile(r"([0-9]+)\. ")
LONGEST_NUMBER = 9
"""Digits of a fact's number."""
_SOURCE = re.compile(r"factconsolidation_(?P<slice>(?P<hops>sh|mh)_\w+)", re.ASCII)


class _Metadata(Checked):
    source: str
    qa_pair_ids: list[str] | None = None


class _Record(Checked):
    context: str
    questions: list[str]
    answers: list[list[str | int | float]]
    metadata: _Metadata


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question and its answers; `slice` has the number of hops and the size of the list."""

    id: str
    question: str
    answers: tuple[str, ...]
    source: str
    slice: str
    is_single_hop: bool


def _records(paths: Sequence[Path]) -> Records:
    return Listed([record for path in paths for record in _of_file(path)])


def _of_file(path: Path) -> Iterator[Record]:
    """Yield the records of a file as it is published, a Parquet table, or of the same as JSON."""
    if path.suffix != ".parquet":
        yield from JsonArray(path)
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(path).to_pylist()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DataError(
            f"{path}: a benchmark's file must be whole Parquet, got something else "
            f"({shown_text(str(error))}); fetch it again"
        ) from error
    yield from (Record(row, f"{path}, record {i + 1}") for i, row in enumerate(rows))


def _session(record: Record, tally: Tally, _options: Options) -> Session:
    """Return a list of facts with its questions, which are asked at its end."""
    told = record.as_a(_Record)
    lines = _lines(record, told.context, tally)
    facts = Facts(_FACT.sub("", line, count=1) for line in lines)
    if facts.unread:
        tally.remark("facts of a form that no gold event is found by", facts.unread)
    source = told.metadata.source
    events = (Event(f"{source}-{i}", line, i) for i, line in enumerate(lines))
    items = (_item(asked, facts, len(lines), tally) for asked in _asked(record, told, tally))
    return Session(source, tuple(events), tuple(items))


def _lines(record: Record, context: str, tally: Tally) -> list[str]:
    """Return the facts of a list by number; a line without one goes on with the fact before."""
    lines: list[str] = []
    for line in filter(None, map(str.strip, context.splitlines())):
        if _FACT.match(line):
            lines.append(line)
        elif lines:
            tally.remark("lines without a number, told with the fact before", kind=MENDED)
            lines[-1] += f" {line}"
    if not lines:
        raise record.broken("its context must be a list of numbered facts", context)
    numbers = [_number(record, line) for line in lines]
    _remark_numbers(numbers, tally)
    return [line for _, line in sorted(zip(numbers, lines, strict=True), key=itemgetter(0))]


def _number(record: Record, line: str) -> int:
    """Return what a fact begins with."""
    digits = line.partition(".")[0]
    if len(digits) > LONGEST_NUMBER:
        rule = f"a fact's number must have at most {LONGEST_NUMBER} digits"
        raise record.broken(rule, line)
    return int(digits)


def _remark_numbers(numbers: Sequence[int], tally: Tally) -> None:
    """Count what is wrong with the numbers of facts, which should count on one by one."""
    different = set(numbers)
    missing = max(numbers) - min(numbers) + 1 - len(different)
    unordered = sum(b < a for a, b in pairwise(numbers))
    tally.remark("facts with the number of another", len(numbers) - len(different), kind=WRONG)
    tally.remark("numbers that no fact has", missing, kind=WRONG)
    tally.remark("facts out of order, told by number", unordered, kind=MENDED)


def _asked(record: Record, told: _Record, tally: Tally) -> Iterator[_Asked]:
    """Yield the questions that have an answer.

    Raises:
        DataError: it is no record of this benchmark, or questions and answers are no pairs.
    """
    source = told.metadata.source
    kind = _SOURCE.fullmatch(source)
    if kind is None:
        raise record.broken("its source must be factconsolidation_sh_* or _mh_*", source)
    ids = told.metadata.qa_pair_ids or [f"{source}_no{i}" for i in range(len(told.questions))]
    if not len(told.questions) == len(told.answers) == len(ids):
        got = f"{len(told.questions)} questions, {len(told.answers)} answers, {len(ids)} ids"
        raise record.broken("every question must have its answers and its id", got)
    for id_, question, answers in zip(ids, told.questions, told.answers, strict=True):
        accepted = tuple(filter(None, map(tally.answer, answers)))
        if not (question.strip() and accepted):
            tally.leave_out(EMPTY)
            continue
        yield _Asked(id_, question, accepted, source, kind["slice"], kind["hops"] == "sh")


def _item(asked: _Asked, facts: Facts, time: int, tally: Tally) -> Item:
    """Return a question with its evidence, where it can be found."""
    chain = next(filter(None, (_evidence(asked, facts, one) for one in asked.answers)), ())
    is_right = not chain or any(facts.says(chain[-1], answer) for answer in asked.answers)
    gold = chain if is_right else ()
    passage = sorted({alike for place in gold for alike in facts.alike(place)})
    tally.remark(
        "questions with gold events, found by memeval: the file names none"
        if gold
        else "questions without gold events: not one chain of facts alone leads to the answer"
    )
    return Item(
        Query(asked.id, asked.question, time),
        asked.answers,
        gold_events=tuple(f"{asked.source}-{place}" for place in gold),
        passage=tuple(f"{asked.source}-{place}" for place in passage),
        slice=asked.slice,
        fault="" if is_right else SUPERSEDED,
        corrected=() if is_right else (facts.object_of(chain[-1]),),
    )


def _evidence(asked: _Asked, facts: Facts, answer: str) -> tuple[int, ...]:
    """Return the places of the facts that an answer rests on, or should: the last of the matter."""
    if not asked.is_single_hop:
        return facts.leading(asked.question, answer)
    place = facts.telling(asked.question, answer)
    return () if place is None else (place,)


SUITE = Benchmark(
    "factconsolidation",
    _records,
    _session,
    files=("Conflict_Resolution*.json", "Conflict_Resolution*.parquet"),
    licence="MIT",
    citation="Hu, Wang and McAuley 2025, arXiv:2507.05257",
    home="https://huggingface.co/datasets/ai-hyz/MemoryAgentBench",
    known={
        "50eff5a2ab26932f910fd049fa9959a5216aaa803af6abe2771a40c4b240a450": (
            "dev part, lists of 6k and 32k tokens"
        ),
    },
    prompt=PROMPT,
    primary="substring_exact_match",
    scorers=("substring_exact_match",),
)
