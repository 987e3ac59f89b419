"""HEI-NW's store on disk: Parquet for the traces and prunes, JSON for the rest."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from memeval import atomic
from memeval.errors import DataError
from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.store import Prune, StoredTrace, TraceStore

FORMAT = 2
FILES = ("traces.parquet", "prunes.parquet", "words.parquet", "store.json")
TRACES = pa.schema(
    [
        ("text", pa.string()),
        ("events", pa.list_(pa.string())),
        ("time", pa.int64()),
        ("salience", pa.float64()),
        ("pinned", pa.bool_()),
        ("key", pa.list_(pa.string())),
        ("position", pa.int64()),
        ("seen", pa.int64()),
        ("episode", pa.int64()),
    ]
)
WORDS = pa.schema([("word", pa.string()), ("events", pa.int64())])
PRUNES = pa.schema([("event", pa.string()), ("salience", pa.float64()), ("reason", pa.string())])


def save(
    directory: Path,
    store: TraceStore,
    homeostasis: Homeostasis,
    counts: Counter[str],
    model: str,
) -> None:
    """Write the store in place of an older one; `model` is the fingerprint of the one that read it.

    Raises:
        DataError: the folder holds something else, which would be lost.
    """
    others = sorted({path.name for path in directory.glob("*")} - set(FILES))
    if others:
        raise DataError(
            f"a store must be saved to a folder of its own, got {str(directory)!r} with "
            f"{others[0]!r}; name a new folder"
        )
    traces = pa.Table.from_pylist([asdict(trace) for trace in store.live()], schema=TRACES)
    prunes = pa.Table.from_pylist([asdict(prune) for prune in store.prunes], schema=PRUNES)
    fired = homeostasis.fired
    words = pa.table([list(fired), list(fired.values())], schema=WORDS)
    about = {
        "format": FORMAT,
        "memory": "hei_nw",
        "model": model,
        "observed": homeostasis.observed,
        "counts": dict(counts),
    }
    with atomic.new_folder(directory) as folder:
        pq.write_table(traces, folder / "traces.parquet")
        pq.write_table(prunes, folder / "prunes.parquet")
        pq.write_table(words, folder / "words.parquet")
        (folder / "store.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def load(directory: Path, store: TraceStore, homeostasis: Homeostasis, model: str) -> Counter[str]:
    """Read traces, prunes and firing counts into empty ones; return the counters.

    Raises:
        DataError: a file is missing or cut short, or the events were read by another model.
    """
    try:
        about = json.loads((directory / "store.json").read_text("utf-8"))
        traces = pq.read_table(directory / "traces.parquet", schema=TRACES).to_pylist()
        prunes = pq.read_table(directory / "prunes.parquet", schema=PRUNES).to_pylist()
        words = pq.read_table(directory / "words.parquet", schema=WORDS).to_pydict()
        observed = int(about["observed"])
        form, written_with, counts = about["format"], about["model"], Counter(about["counts"])
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise DataError(
            f"a saved store must be whole, got {str(directory)!r} ({error}); teach it again"
        ) from error
    if form != FORMAT:
        raise DataError(
            f"a saved store must have format {FORMAT}, got {form!r} in {str(directory)!r}; "
            "teach it again"
        )
    if written_with != model:
        raise DataError(
            f"a store must be read with the model that wrote it, got {written_with[:12]}... in "
            f"{str(directory)!r} for a model {model[:12]}...; load that model, or teach it again"
        )
    homeostasis.fired.update(dict(zip(words["word"], words["events"], strict=True)))
    homeostasis.observed = observed
    store.prunes += [Prune(**row) for row in prunes]
    for row in traces:  # a smaller store prunes what does not fit
        store.add(StoredTrace(**row | {"key": tuple(row["key"])}))
    return counts
