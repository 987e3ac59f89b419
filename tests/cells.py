"""Finished cells with made-up figures, for tests of results and reports."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from memeval.metrics import summarize
from memeval.results import ITEMS, META, METRICS, CellResult, ItemRecord, to_csv, write_cell
from memeval.results.files import SEALED, TABLE
from memeval.scoring.scorer import STANDARD
from memeval.sealing import SEAL, sealed

ANSWERABLE = 8
UNANSWERABLE = 2


def record(number: int, *, right: bool, seed: int = 1, **changes: Any) -> ItemRecord:
    """Return a record; the last two of ten ask for what is not known."""
    answerable = number < ANSWERABLE
    fields: dict[str, Any] = {
        "session": f"episodic-10-{seed}",
        "query_id": f"q{number:05d}",
        "slice": ("exact", "bound")[number % 2] if answerable else "unknown",
        "question": f"Where | was number {number}?",
        "answers": [f"Place {number}" if answerable else "unknown"],
        "answerable": answerable,
        "gold_events": [f"e{number}"] if answerable else [],
        "prediction": f"Place {number}" if right else "Elsewhere",
        "scores": dict.fromkeys(STANDARD, float(right)),
        "abstained": right and not answerable,
        "recalled_events": [[f"e{number}"]],
        "recalled_texts": ["Something happened."],
        "recalled_scores": [0.5],
        "traces_read": 1,
        "reciprocal_rank": (1.0 if right else 0.25) if answerable else None,
        "lost": None if right or not answerable else "not_retrieved",
        "prompt_tokens": 100,
        "reused_tokens": 80,
        "generated_tokens": 4,
        "recall_ms": 1.0,
        "prefill_ms": 10.0 + number,
        "decode_ms": 5.0,
        "notes_left_out": 0,
        "notes_cut": 0,
        "question_cut": False,
        "answer_cut": False,
        "thought_tokens": 0,
    }
    return ItemRecord(**fields | changes)


def cell(right: int, seed: int = 1, *, primary: str = "exact_match", **changes: Any) -> CellResult:
    """Return a cell of ten items whose first `right` were answered rightly."""
    total = ANSWERABLE + UNANSWERABLE
    records = tuple(record(i, right=i < right, seed=seed, **changes) for i in range(total))
    metrics = summarize(
        records,
        primary=primary,
        n_sessions=1,
        phases_ms={"teach": 300.0, "replay": 0.0, "recall": 10.0, "read": 195.0},
        peak_bytes=512 * 2**20,
        events=30,
        memory_stats={"store_items": 30, "store_bytes": 1000},
        writes={"precision": 0.5, "recall": 1.0},
        read_as="text",
        kv_cache={"hits": 0, "misses": 0, "evictions": 0, "items": 0, "bytes": 0},
    )
    return CellResult(records, metrics)


def write(
    runs_dir: Path,
    preset: str,
    right: int,
    *,
    seed: int = 1,
    model: str = "tiny",
    config_hash: str = "c0ffee",
    size: int = 10,
    **changes: Any,
) -> Path:
    """Write such a cell where `eval` would; of whatever size it says it is, it has ten items."""
    folder = runs_dir / preset / model / "episodic" / f"{size}_{seed}"
    meta = {
        "identity": "same",
        "preset": preset,
        "model": {"name": model},
        "suite": "episodic",
        "size": size,
        "seed": seed,
        "config": {"limit": None},
        "config_hash": config_hash,
    }
    write_cell(folder, cell(right, seed, **changes), meta)
    return folder


def edit(path: Path, **changes: Any) -> None:
    """Change entries of a cell's JSON as if it had been written so; None takes one out."""
    content = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}), "utf-8")
    seal(path.parent)


def seal(folder: Path) -> None:
    """Let a cell's files be taken for what was written."""
    (folder / TABLE).write_text(to_csv(json.loads((folder / METRICS).read_text("utf-8"))), "utf-8")
    meta = json.loads((folder / META).read_text("utf-8"))
    meta.pop(SEAL, None)
    there = [name for name in SEALED if (folder / name).exists()]
    (folder / META).write_text(json.dumps(sealed(folder, META, meta, there)), "utf-8")


def put_rows(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Let a cell hold these records, as if it had been written so."""
    table = pa.Table.from_pylist(rows, pq.read_schema(folder / ITEMS))
    pq.write_table(table, folder / ITEMS)
    seal(folder)


def put_column(folder: Path, name: str, column: pa.Array) -> None:
    """Let a cell's records have a column, as later versions write it."""
    table = pq.read_table(folder / ITEMS)
    table = table.drop_columns(name) if name in table.column_names else table
    pq.write_table(table.append_column(name, column), folder / ITEMS)
    seal(folder)


def unseal(folder: Path) -> Path:
    """Rewrite a cell as versions did whose files had no digests and pages no checksums."""
    meta = json.loads((folder / META).read_text("utf-8")) | {"format": 2}
    meta.pop(SEAL, None)
    (folder / META).write_text(json.dumps(meta), "utf-8")
    pq.write_table(pq.read_table(folder / ITEMS), folder / ITEMS, compression="zstd")
    return folder


def as_format_1(folder: Path) -> Path:
    """Rewrite a cell as the first version wrote it: four scores by name, one session, no more."""
    metrics = json.loads((folder / METRICS).read_text("utf-8"))
    for name in ("primary", "scores", "n_sessions", "usage"):
        del metrics[name]
    for table in metrics["slices"].values():
        del table["scores"]
    (folder / METRICS).write_text(json.dumps(metrics | {"format": 1}), "utf-8")
    (folder / TABLE).write_text(to_csv(metrics | {"format": 1}), "utf-8")
    table = pq.read_table(folder / ITEMS)
    for name in STANDARD:
        column = table.column(name)
        place = table.column_names.index(name)
        kind = column.type if name == "f1" else "bool"
        table = table.set_column(place, name, column.cast(kind))
    pq.write_table(table, folder / ITEMS)
    return unseal(folder)
