"""The items that the HTML page lets one browse: as many questions as it bears, with all answers.

Each text stands once, and is told elsewhere by its number: presets are asked the same questions,
and recall the same events.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from memeval.reporting import prompts
from memeval.reporting.answered import Answer, Answered, Question, read
from memeval.reporting.pairs import Dataset, Place, dataset_of, facing, in_turn
from memeval.reporting.prompts import Told
from memeval.reporting.reading import is_private
from memeval.reporting.row import Row
from memeval.reporting.source import Reopen, Source, opened
from memeval.results import StoredCell

MOST_ANSWERS = 24_000
MOST_BYTES = 4 * 2**20
MOST_TRACES = 5
MOST_NOTES = 20
"""A prompt of more notes is not told again from its parts."""
MOST_CHARACTERS = 400
FEWEST = 5
NUMBER = 6
"""Bytes of a number in the page, about."""


@dataclass(frozen=True, slots=True)
class Browsed:
    """Items as plain data, how many answers there are in all, and how they were chosen."""

    content: Any
    total: int
    note: str


@dataclass(slots=True)
class Texts:
    """Texts by their numbers, each once."""

    numbers: dict[str, int] = field(default_factory=dict)
    size: int = 0

    def number(self, text: str) -> int:
        """Return the number of a text, a new one if it has none yet."""
        if text not in self.numbers:
            self.size += len(text.encode("utf-8", "replace"))
        return self.numbers.setdefault(text, len(self.numbers))


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the page shows it."""

    answer: Answer
    prompt: Told | None


@dataclass(slots=True)
class Collected:
    """The questions that are shown, the answers of each row to them, and why texts are missing."""

    questions: dict[Place, Question] = field(default_factory=dict)
    events: dict[Place, list[str | None]] = field(default_factory=dict)
    answers: list[dict[Place, Shown]] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def collect(
    rows: Sequence[Row], reopen: Reopen | None = None, *, hides_private: bool = False
) -> Browsed:
    """Return the first questions of each dataset, the same for every preset, with all answers.

    Without the texts of data that may not be passed on, if it `hides_private`.
    """
    rows = [row for row in rows if row.records]
    total = sum(len(row.records) for row in rows)
    found = _collected(rows, reopen, hides_private=hides_private)
    content, count = _content(rows, found)
    note = (
        f"{count:,} of {total:,} answers can be browsed here, at one size a suite: the same "
        f"questions for every preset, at most {MOST_TRACES} traces each, texts cut at "
        f"{MOST_CHARACTERS} characters and prompts in their middle. All of them are in the cells' "
        "items.parquet, and listed by memeval report RUN --items."
    )
    return Browsed(content, total, " ".join([note, *_missing(found)]))


def _missing(found: Collected) -> Iterator[str]:
    """Say once for each reason why gold events have no texts."""
    datasets: dict[str, list[str]] = {}
    for dataset, reason in found.missing.items():
        datasets.setdefault(reason, []).append(dataset)
    for reason, names in datasets.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield f"Gold events of {names[0]}{more} are told by their ids alone: {reason}."


def _collected(rows: Sequence[Row], reopen: Reopen | None, *, hides_private: bool) -> Collected:
    """Read the cells, those of most answers first: they say which questions are shown."""
    found = Collected(answers=[{} for _ in rows])
    share = max(FEWEST, MOST_ANSWERS // max(1, sum(len(row.cells) for row in rows)))
    chosen: dict[Dataset, Answered] = {}
    sources: dict[Dataset, Source] = {}
    for index in sorted(range(len(rows)), key=lambda i: -len(rows[i].records)):
        row = rows[index]
        for cell in row.cells:
            dataset = dataset_of(row, cell.meta)
            only = chosen.get(dataset)
            hidden = hides_private and is_private(cell.meta)
            most = None if only else share
            items = read(cell, traces=MOST_NOTES, most=most, only=only, hidden=hidden)
            if only is None:
                chosen[dataset] = items
                sources[dataset] = _source(cell, reopen, found, hidden=hidden)
                _ask(found, dataset, items, sources[dataset])
            shown = _shown(cell, items, sources[dataset])
            found.answers[index].update({Place(*dataset, *key): one for key, one in shown.items()})
    return found


def _source(cell: StoredCell, reopen: Reopen | None, found: Collected, *, hidden: bool) -> Source:
    """Open a cell's dataset again, and keep why its texts are missing."""
    source = opened(cell, reopen, hidden=hidden)
    if source.missing:
        name = f"{cell.meta['suite']} {cell.meta['size']}, seed {cell.meta['seed']}"
        found.missing[name] = source.missing
    return source


def _ask(found: Collected, dataset: Dataset, items: Answered, source: Source) -> None:
    for (session, query), (question, _) in items.items():
        place = Place(*dataset, session, query)
        found.questions[place] = question
        found.events[place] = [source.events.get((session, id_)) for id_ in question.gold_events]


def _shown(cell: StoredCell, items: Answered, source: Source) -> dict[tuple[str, str], Shown]:
    answers = [(key, answer) for key, (_, answer) in items.items()]
    read_ = prompts.told(cell, answers, source.retell)
    return {key: Shown(one, told) for (key, one), told in zip(answers, read_, strict=True)}


def _content(rows: Sequence[Row], found: Collected) -> tuple[dict[str, Any], int]:
    """Return what the page's script reads, up to so many bytes, and how many answers it holds."""
    texts, size, count = Texts(), 0, 0
    questions: list[list[Any]] = []
    answers: list[list[list[Any]]] = [[] for _ in rows]
    for place in in_turn(found.questions):
        if texts.size + size > MOST_BYTES:
            break
        asked = _question(texts, place, found)
        said = [
            (i, [len(questions), *_answer(texts, mine[place])])
            for i, mine in enumerate(found.answers)
            if place in mine
        ]
        questions.append(asked)
        for i, entry in said:
            answers[i].append(entry)
            size += NUMBER * (len(entry) + len(entry[4]) + len(entry[7] or ()))
        count += len(said)
    presets = [_preset(row, mine) for row, mine in zip(rows, answers, strict=True)]
    start = [rows.index(row) if row else None for row in (facing(rows) if rows else ())]
    content = {
        "texts": list(texts.numbers),
        "questions": questions,
        "presets": presets,
        "start": start,
    }
    return content, count


def _question(texts: Texts, place: Place, found: Collected) -> list[Any]:
    question, told = found.questions[place], found.events[place]
    number = texts.number
    return [
        number(f"{place.suite} {place.size}"),
        place.seed,
        number(place.session),
        number(place.query),
        number(question.slice),
        number(_cut(question.text)),
        [number(_cut(answer)) for answer in question.gold[:MOST_TRACES]],
        [
            [number(id_), None if text is None else number(_cut(text))]
            for id_, text in zip(question.gold_events, told, strict=True)
        ],
    ]


def _answer(texts: Texts, shown: Shown) -> list[Any]:
    answer, prompt = shown.answer, shown.prompt
    number = texts.number
    traces = [number(_cut(trace)) for trace in answer.traces[:MOST_TRACES]]
    read_ = prompt and [
        int(prompt.again),
        number(prompt.shared),
        *(number(line) for line in prompt.own.split("\n")),
    ]
    lost = number(answer.lost) if answer.lost else None
    more = answer.recalled - len(traces)
    said = number(_cut(answer.said))
    return [said, int(answer.right), lost, traces, more, answer.read, read_]


def _preset(row: Row, answers: list[list[Any]]) -> dict[str, Any]:
    place = f"{row.suite} {row.size}"
    return {"preset": row.preset, "model": row.model, "suite": place, "answers": answers}


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
