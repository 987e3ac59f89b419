"""What a cell was asked and what it answered, item by item, as its records tell."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from memeval import parquet
from memeval.results import ITEMS, StoredCell, is_right, score_columns
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
) -> Answered:
    """Return the first `most` items of a cell, or of those that are named; with so many traces."""
    found: Answered = {}
    with parquet.opened(cell.folder / ITEMS) as file:
        names = file.schema_arrow.names
        scored = score_columns(names)[cell.primary]
        columns = [*COLUMNS, scored, *(name for name in LONG if traces and name in names)]
        for batch in file.iter_batches(batch_size=BATCH, columns=columns, use_threads=False):
            for row in _rows(batch, traces):
                key = (row["session"], row["query_id"])
                if most is not None and len(found) >= most:
                    return found
                if only is None or key in only:
                    found[key] = _question(row), _answer(row, row[scored], _limit(cell))
    return found


def _rows(batch: pa.RecordBatch, traces: int) -> Iterator[dict[str, Any]]:
    """Yield a batch row by row, without most of a recall of a whole stream."""
    table = pa.table(batch)
    if traces:
        recalled = table.column("recalled_texts")
        few = pc.list_slice(recalled, 0, traces)
        place = table.column_names.index("recalled_texts")
        table = table.set_column(place, "recalled_texts", few)
        table = table.append_column("recalled", pc.list_value_length(recalled))
    yield from table.to_pylist()


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
