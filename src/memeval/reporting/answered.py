"""What a cell was asked and what it answered, item by item, as its records tell."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from memeval import parquet
from memeval.reporting.reading import has_texts
from memeval.results import ITEMS, NOT_KEPT, StoredCell, is_right, score_columns
from memeval.scoring.intervals import Key

BATCH = 256
COLUMNS = (
    "session",
    "query_id",
    "slice",
    "question",
    "answers",
    "gold_events",
    "prediction",
    "answerable",
    "abstained",
    "lost",
)
LONG = ("recalled_texts", "traces_read", "notes_left_out", "notes_cut", "question_cut", "prompt")
"""What is read only where recalled texts are asked for; older cells lack some of it."""
RECALLED = ("recalled_texts", "recalled_events")


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, whoever answers."""

    slice: str
    text: str
    gold: tuple[str, ...]
    gold_events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a preset said, and where it was lost if that was wrong.

    `traces` are the best of the `recalled` ones. `notes` are those that were read, best first, None
    where the record does not tell what had no room or was cut.
    """

    said: str
    right: bool
    lost: str | None
    traces: tuple[str, ...] = ()
    recalled: int = 0
    read: int = 0
    notes: tuple[str, ...] | None = None
    prompt: str | None = None


Answered = dict[Key, tuple[Question, Answer]]
"""By session and query, in the order of the records."""


def read(
    cell: StoredCell,
    *,
    traces: int = 0,
    most: int | None = None,
    only: Container[Key] | None = None,
    hidden: bool = False,
) -> Answered:
    """Return the first `most` items of a cell, or of those that are named; with so many traces.

    Of a cell that is `hidden`, or has kept no texts, a word stands in their place.
    """
    found: Answered = {}
    is_bare = hidden or not has_texts(cell.meta)
    with parquet.opened(cell.folder / ITEMS) as file:
        names = file.schema_arrow.names
        scored = score_columns(names)[cell.primary]
        columns = [*COLUMNS, scored, *(name for name in LONG if traces and name in names)]
        columns += ["recalled_events"] if traces and is_bare else []
        for batch in file.iter_batches(batch_size=BATCH, columns=columns, use_threads=False):
            for row in _rows(batch, traces, is_bare=is_bare):
                key = (row["session"], row["query_id"])
                if most is not None and len(found) >= most:
                    return found
                if only is None or key in only:
                    found[key] = _question(row), _answer(row, row[scored], _limit(cell))
    return found


def _rows(batch: pa.RecordBatch, traces: int, *, is_bare: bool) -> Iterator[dict[str, Any]]:
    """Yield a batch row by row, without most of a recall of a whole stream, or without texts."""
    table = pa.table(batch)
    if traces:
        count = pc.list_value_length(table.column("recalled_texts"))
        for name in set(RECALLED).intersection(table.column_names):
            few = pc.list_slice(table.column(name), 0, traces)
            table = table.set_column(table.column_names.index(name), name, few)
        table = table.append_column("recalled", count)
    rows = table.to_pylist()
    yield from map(_without_texts, rows) if is_bare else rows


def _without_texts(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with a word in the place of each text; ids stay."""
    notes = [" ".join([*_texts(ids), NOT_KEPT]) for ids in row.get("recalled_events") or ()]
    question = f"{row['query_id']} {NOT_KEPT}"
    absent = {"question": question, "answers": [NOT_KEPT], "prediction": NOT_KEPT}
    return {**row, **absent, "recalled_texts": notes, "prompt": None}


def _limit(cell: StoredCell) -> int | None:
    """Return the most traces that a cell's reader took; None for all."""
    reader: dict[str, Any] = cell.meta["config"].get("reader") or {}
    return reader.get("traces")


def _question(row: dict[str, Any]) -> Question:
    answers, events = _texts(row["answers"]), _texts(row["gold_events"])
    return Question(row["slice"], row["question"], answers, events)


def _answer(row: dict[str, Any], score: float | None, limit: int | None) -> Answer:
    right = is_right(score) if row["answerable"] else row["abstained"]
    traces, recalled = _texts(row.get("recalled_texts")), row.get("recalled") or 0
    count = row.get("traces_read", -1)
    is_cut = row.get("notes_left_out") or row.get("notes_cut") or row.get("question_cut")
    is_known = not is_cut and count == min(recalled, limit or recalled) and count <= len(traces)
    return Answer(
        said=row["prediction"] or "",
        right=bool(right),
        lost=row["lost"],
        traces=traces,
        recalled=recalled,
        read=max(count, 0),
        notes=traces[:count] if is_known else None,
        prompt=row.get("prompt"),
    )


def _texts(values: Iterable[str | None] | None) -> tuple[str, ...]:
    """Return a list of texts; in the files of others it may be missing, or hold what is."""
    return tuple(value or "" for value in values or ())
