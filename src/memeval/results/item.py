"""What happened to one item, and how it is laid out as a row of `items.parquet`."""

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from types import NoneType, UnionType
from typing import Any, get_args

import pyarrow as pa

SCORE_PREFIX = "scores."
FORMAT_1_SCORES = ("exact_match", "raw_exact_match", "f1", "contains")
"""Scores whose columns have their bare names, as they had before a cell could have others."""
PLAIN_TYPES = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """What happened to one item: one row of `items.parquet`, a column for each of its scores.

    A score is None where a scorer could not tell; times and tokens are where the model does not
    measure them. `recalled_scores` have three digits, which is enough to look at.
    `recalled_sources` names the part of the memory that each trace comes from; None where the
    traces do not tell, and in cells that were written before it was kept. So are what of notes and
    question had no room in the window, whether the answer was cut at the tokens that it may have,
    and how many the model thought before it. `prompt` is the text that the model read, of a walk at
    its first decision. `budget_events` are the events behind the notes that stand in the best 256
    tokens of the recall, whatever was read of it; None of a walk. `gold_parts` and `recalled_parts`
    are the parts of the stream that gold and recalled events are of, each once and the latter best
    first; None where the stream has none. `fault` is what is known to be wrong with the gold of an
    item that is asked all the same. `confidence` is what the recall tells. `answer_ms` is what a
    model took whose parts cannot be told, `error` why there was no recall, or no answer: such an
    item has no scores, is neither right nor wrong, and has not abstained. `context_tokens` are
    those of the notes in its prompt; None of a walk, and of a model that tells no tokens.
    """

    session: str
    query_id: str
    slice: str
    question: str
    answers: list[str]
    answerable: bool
    gold_events: list[str]
    prediction: str
    scores: dict[str, float | None]
    abstained: bool
    recalled_events: list[list[str]]
    recalled_texts: list[str]
    recalled_scores: list[float]
    traces_read: int
    reciprocal_rank: float | None
    lost: str | None
    prompt_tokens: int | None
    reused_tokens: int | None
    generated_tokens: int | None
    recall_ms: float
    prefill_ms: float | None
    decode_ms: float | None
    steps: int | None = None
    optimal_steps: int | None = None
    decisions: int | None = None
    random_walk_success: float | None = None
    recalled_sources: list[str] | None = None
    notes_left_out: int | None = None
    notes_cut: int | None = None
    question_cut: bool | None = None
    answer_cut: bool | None = None
    thought_tokens: int | None = None
    prompt: str | None = None
    budget_events: list[str] | None = None
    gold_parts: list[str] | None = None
    recalled_parts: list[str] | None = None
    fault: str | None = None
    confidence: float | None = None
    answer_ms: float | None = None
    error: str | None = None
    context_tokens: int | None = None

    @property
    def latency_ms(self) -> float | None:
        """The item's share of the time from question to answer; None if a part is not measured."""
        if self.answer_ms is not None:
            return self.recall_ms + self.answer_ms
        if self.prefill_ms is None or self.decode_ms is None:
            return None
        return self.recall_ms + self.prefill_ms + self.decode_ms


def schema(scores: Iterable[str]) -> pa.Schema:
    """Return the columns of records that have these scores."""
    columns: list[tuple[str, pa.DataType]] = []
    for field in fields(ItemRecord):
        if field.name == "scores":
            columns += [(score_column(name), pa.float64()) for name in scores]
        else:
            columns.append((field.name, _arrow_type(field.type)))
    return pa.schema(columns)


def required_columns() -> list[str]:
    """Return the columns that every format has; later ones take a default where they are not."""
    return [f.name for f in fields(ItemRecord) if f.default is MISSING and f.name != "scores"]


def score_columns(columns: Iterable[str]) -> dict[str, str]:
    """Return by score name the columns that hold scores."""
    names = list(columns)
    bare = {name: name for name in FORMAT_1_SCORES if name in names}
    return bare | {n.removeprefix(SCORE_PREFIX): n for n in names if n.startswith(SCORE_PREFIX)}


def score_column(name: str) -> str:
    """Return the column of a score: no name of somebody else's can be taken for a field."""
    return name if name in FORMAT_1_SCORES else SCORE_PREFIX + name


def as_table(records: Sequence[ItemRecord], scores: Sequence[str]) -> pa.Table:
    """Lay records out by columns, without copying what they hold."""
    layout = schema(scores)
    columns = [pa.array([_value(r, f.name) for r in records], f.type) for f in layout]
    return pa.Table.from_arrays(columns, schema=layout)


def check_columns(table: pa.Table) -> None:
    """Raise `ValueError` where a column of a record is of another type, or empty against the rule.

    Scores may be any numbers, right or wrong among them, and empty.
    """
    for column in score_columns(table.column_names).values():
        kind = table.column(column).type
        if not (
            pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)
        ):
            raise ValueError(f"column {column} must hold numbers, got {kind}")
    for field in fields(ItemRecord):
        if field.name not in table.column_names or field.name == "scores":
            continue
        values, wanted = table.column(field.name), _arrow_type(field.type)
        if values.type != wanted:
            raise ValueError(f"column {field.name} must be {wanted}, got {values.type}")
        if values.null_count and not isinstance(field.type, UnionType):
            raise ValueError(f"column {field.name} must have no empty answers, got one")


def as_records(table: pa.Table) -> list[ItemRecord]:
    """Return the records of a table of either format; a column it lacks takes its default.

    Raises:
        ValueError: a column is not what it must be.
    """
    check_columns(table)
    scored = score_columns(table.column_names)
    known = {field.name for field in fields(ItemRecord)}
    return [
        ItemRecord(
            scores={name: _number(row[column]) for name, column in scored.items()},
            **{name: value for name, value in row.items() if name in known},
        )
        for row in table.to_pylist()
    ]


def _arrow_type(hint: Any) -> pa.DataType:
    """Return the type of a column for the type of a field; every column may hold nulls."""
    if isinstance(hint, UnionType):
        [hint] = [one for one in get_args(hint) if one is not NoneType]
    inner = get_args(hint)
    return pa.list_(_arrow_type(inner[0])) if inner else PLAIN_TYPES[hint]


def _value(record: ItemRecord, column: str) -> Any:
    if column.startswith(SCORE_PREFIX) or column in FORMAT_1_SCORES:
        return record.scores.get(column.removeprefix(SCORE_PREFIX))
    return getattr(record, column)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
