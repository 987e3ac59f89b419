"""HEI-NW's store on disk: Parquet for the traces and prunes, JSON for the rest."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from memeval.errors import DataError
from memeval.memories.hei_nw.store import Prune, StoredTrace, TraceStore

FORMAT = 1
TRACES = pa.schema(
    [
        ("text", pa.string()),
        ("events", pa.list_(pa.string())),
        ("time", pa.int64()),
        ("salience", pa.float64()),
        ("pinned", pa.bool_()),
        ("units", pa.list_(pa.int64())),
    ]
)
PRUNES = pa.schema([("event", pa.string()), ("salience", pa.float64()), ("reason", pa.string())])


def save(directory: Path, store: TraceStore, counts: Counter[str], model: str) -> None:
    """Write the store; `model` is the fingerprint of the model whose tokens the keys are."""
    directory.mkdir(parents=True, exist_ok=True)
    traces = [asdict(trace) for trace in store.live()]
    pq.write_table(pa.Table.from_pylist(traces, schema=TRACES), directory / "traces.parquet")
    prunes = [asdict(prune) for prune in store.prunes]
    pq.write_table(pa.Table.from_pylist(prunes, schema=PRUNES), directory / "prunes.parquet")
    about = {"format": FORMAT, "memory": "hei_nw", "model": model, "counts": dict(counts)}
    (directory / "store.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def load(directory: Path, max_traces: int, model: str) -> tuple[TraceStore, Counter[str]]:
    """Read a store.

    Raises:
        DataError: a file is missing or cut short, or the keys belong to another model.
    """
    try:
        about = json.loads((directory / "store.json").read_text("utf-8"))
        traces = pq.read_table(directory / "traces.parquet", schema=TRACES).to_pylist()
        prunes = pq.read_table(directory / "prunes.parquet", schema=PRUNES).to_pylist()
        written_with = about["model"]
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise DataError(
            f"a saved store must be whole, got {str(directory)!r} ({error}); teach it again"
        ) from error
    if written_with != model:
        raise DataError(
            f"a store must be read with the model that wrote it, got {written_with[:12]}... in "
            f"{str(directory)!r} for a model {model[:12]}...; load that model, or teach it again"
        )
    store = TraceStore(max_traces)
    store.prunes += [Prune(**row) for row in prunes]
    for row in traces:  # a smaller store prunes what does not fit
        store.add(StoredTrace(**row | {"units": tuple(row["units"])}))
    return store, Counter(about["counts"])
