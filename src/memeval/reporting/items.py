"""The items that the HTML page lets one browse: some of each row, cut to a bearable length."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from memeval import parquet
from memeval.reporting.row import Row
from memeval.results import ITEMS, StoredCell, is_right, score_columns

MOST_ITEMS = 6000
MOST_BYTES = 6 * 2**20
MOST_TRACES = 5
MOST_CHARACTERS = 400
FEWEST = 5
COLUMNS = (
    "query_id",
    "slice",
    "question",
    "answers",
    "prediction",
    "answerable",
    "abstained",
    "recalled_texts",
    "lost",
)


@dataclass(frozen=True, slots=True)
class Browsed:
    """Items as plain data, how many there are in all, and how they were chosen."""

    entries: list[dict[str, Any]]
    total: int
    note: str


def collect(rows: Sequence[Row]) -> Browsed:
    """Return the first items of each row's first seed: the same questions for every preset."""
    total = sum(len(row.records) for row in rows)
    share = max(FEWEST, MOST_ITEMS // max(1, len(rows)))
    entries: list[dict[str, Any]] = []
    size, full = 0, False
    for row in rows:
        if full:
            break
        if not row.records:
            continue
        cell = min(row.cells, key=lambda cell: cell.meta["seed"])
        for entry in _entries(row, cell, share):
            size += sum(len(part) for part in _texts(entry))
            full = size > MOST_BYTES or len(entries) >= MOST_ITEMS
            if full:
                break
            entries.append(entry)
    note = (
        f"{len(entries):,} of {total:,} answers can be browsed here: up to {share} of each "
        f"preset's first seed, at one size a suite; at most {MOST_TRACES} traces each, long texts "
        f"cut at {MOST_CHARACTERS} characters. All of them are in the cells' items.parquet."
    )
    return Browsed(entries, total, note)


def _entries(row: Row, cell: StoredCell, count: int) -> list[dict[str, Any]]:
    with parquet.opened(cell.folder / ITEMS) as file:  # was found whole when it was loaded
        scored = score_columns(file.schema_arrow.names)[row.primary]
        columns = [*COLUMNS, scored]
        batches = file.iter_batches(batch_size=count, columns=columns, use_threads=False)
        batch = next(iter(batches), None)
        found = [] if batch is None else batch.to_pylist()
    place = {"preset": row.preset, "model": row.model, "suite": f"{row.suite} {row.size}"}
    seed = {"seed": cell.meta["seed"]}
    return [place | _entry(item, item[scored]) | seed for item in found]


def _entry(item: dict[str, Any], score: float | None) -> dict[str, Any]:
    traces = item["recalled_texts"] or []
    right = is_right(score) if item["answerable"] else item["abstained"]
    return {
        "id": item["query_id"],
        "slice": item["slice"],
        "question": _cut(item["question"]),
        "gold": [_cut(answer) for answer in (item["answers"] or [])[:MOST_TRACES]],
        "said": _cut(item["prediction"]),
        "right": bool(right),
        "lost": item["lost"],
        "traces": [_cut(trace) for trace in traces[:MOST_TRACES]],
        "more": max(0, len(traces) - MOST_TRACES),
    }


def _cut(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _texts(entry: dict[str, Any]) -> list[str]:
    return [entry["question"], entry["said"], *entry["gold"], *entry["traces"]]
