"""The four files of a cell: their schema, written all at once, and read back."""

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from memeval.atomic import new_folder
from memeval.errors import DataError

METRICS, TABLE, META, ITEMS = "metrics.json", "metrics.csv", "meta.json", "items.parquet"
FAILURE = "failure.txt"
CELL_FILES = {META, METRICS, TABLE, ITEMS, FAILURE}
FORMAT = 1
REQUIRED_META = ("identity", "preset", "model", "suite", "size", "seed", "config", "config_hash")
REQUIRED_METRICS = ("n", "exact_match", "slices", "memory")


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """What happened to one item: one row of `items.parquet`.

    `recalled_sources` names the part of the memory that each trace comes from; None where the
    traces do not tell, and in cells that were written before it was kept.
    """

    session: str
    query_id: str
    slice: str
    question: str
    answers: list[str]
    answerable: bool
    gold_events: list[str]
    prediction: str
    exact_match: bool
    raw_exact_match: bool
    f1: float
    contains: bool
    abstained: bool
    recalled_events: list[list[str]]
    recalled_texts: list[str]
    recalled_scores: list[float]
    traces_read: int
    reciprocal_rank: float | None
    lost: str | None
    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    recall_ms: float
    prefill_ms: float
    decode_ms: float
    steps: int | None = None
    optimal_steps: int | None = None
    decisions: int | None = None
    random_walk_success: float | None = None
    recalled_sources: list[str] | None = None

    @property
    def latency_ms(self) -> float:
        """The item's share of the time from question to answer."""
        return self.recall_ms + self.prefill_ms + self.decode_ms


SCHEMA = pa.schema(
    [
        ("session", pa.string()),
        ("query_id", pa.string()),
        ("slice", pa.string()),
        ("question", pa.string()),
        ("answers", pa.list_(pa.string())),
        ("answerable", pa.bool_()),
        ("gold_events", pa.list_(pa.string())),
        ("prediction", pa.string()),
        ("exact_match", pa.bool_()),
        ("raw_exact_match", pa.bool_()),
        ("f1", pa.float64()),
        ("contains", pa.bool_()),
        ("abstained", pa.bool_()),
        ("recalled_events", pa.list_(pa.list_(pa.string()))),
        ("recalled_texts", pa.list_(pa.string())),
        ("recalled_scores", pa.list_(pa.float64())),
        ("traces_read", pa.int64()),
        ("reciprocal_rank", pa.float64()),
        ("lost", pa.string()),
        ("prompt_tokens", pa.int64()),
        ("reused_tokens", pa.int64()),
        ("generated_tokens", pa.int64()),
        ("recall_ms", pa.float64()),
        ("prefill_ms", pa.float64()),
        ("decode_ms", pa.float64()),
        ("steps", pa.int64()),
        ("optimal_steps", pa.int64()),
        ("decisions", pa.int64()),
        ("random_walk_success", pa.float64()),
        ("recalled_sources", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class CellResult:
    """What one cell found: a record for every item, and the metrics over them."""

    items: tuple[ItemRecord, ...]
    metrics: Mapping[str, Any]

    @property
    def exact_match(self) -> float | None:
        """Exact match over answerable items; None if there are none."""
        value: float | None = self.metrics["exact_match"]
        return value


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A finished cell on disk, with what its `meta.json` and `metrics.json` say."""

    folder: Path
    meta: Mapping[str, Any]
    metrics: Mapping[str, Any]

    def items(self) -> list[ItemRecord]:
        """Read the records of the cell."""
        return read_items(self.folder)


def write_cell(folder: Path, result: CellResult, meta: Mapping[str, Any]) -> None:
    """Write the four files as one: the folder is there whole, or as it was before.

    Raises:
        OutputError: the folder cannot be written.
    """
    with new_folder(folder) as unfinished:
        pq.write_table(_as_table(result.items), unfinished / ITEMS, compression="zstd")
        (unfinished / METRICS).write_text(to_json(result.metrics), "utf-8")
        (unfinished / TABLE).write_text(to_csv(result.metrics), "utf-8")
        (unfinished / META).write_text(to_json(meta), "utf-8")


def _as_table(records: Sequence[ItemRecord]) -> pa.Table:
    """Lay records out by columns, without copying what they hold."""
    columns = [pa.array([getattr(r, f.name) for r in records], f.type) for f in SCHEMA]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def read_cell(folder: Path) -> StoredCell:
    """Read a finished cell's metrics and meta.

    Raises:
        DataError: a file is missing or broken.
    """
    try:
        meta = json.loads((folder / META).read_text("utf-8"))
        metrics = json.loads((folder / METRICS).read_text("utf-8"))
        absent = [name for name in REQUIRED_META if name not in meta]
        absent += [name for name in REQUIRED_METRICS if name not in metrics]
        if absent:
            raise ValueError(f"no {', '.join(absent)}")
    except (OSError, ValueError, TypeError) as error:
        raise DataError(
            f"a finished cell must hold {META} and {METRICS}, got {str(folder)!r} ({error}); "
            "run the cell again"
        ) from error
    return StoredCell(folder, meta, metrics)


def read_items(folder: Path) -> list[ItemRecord]:
    """Read a cell's records.

    Raises:
        DataError: `items.parquet` is missing or broken.
    """
    try:
        rows = pq.read_table(folder / ITEMS, schema=SCHEMA).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"a cell's records must be in {ITEMS}, got {str(folder)!r} ({error}); "
            "run the cell again"
        ) from error
    return [ItemRecord(**row) for row in rows]


def cell_folders(root: Path) -> list[Path]:
    """Return every folder that holds any file of a cell, in order of path; links are not followed.

    A folder that has lost its `meta.json` is among them: what is broken must be seen. Folders with
    hidden names are not: what they hold is unfinished.
    """
    found = []
    for folder, below, files in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        if CELL_FILES.intersection(files):
            found.append(Path(folder))
    return sorted(found)


def to_json(content: Mapping[str, Any]) -> str:
    """Render as JSON; what was not measured is null, and NaN is refused."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_csv(metrics: Mapping[str, Any]) -> str:
    """Render as two columns, metric and value, with dotted names; unmeasured values are empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["metric", "value"])
    writer.writerows(flatten(metrics))
    return buffer.getvalue()


def flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names and values of a nested table."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
