"""HEI-NW's store on disk: Parquet for the traces, prunes and word counts, JSON for the rest."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.store import Prune, StoredTrace, TraceStore
from memeval.memories.store_folder import Saved, StoreLayout

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

LAYOUT = StoreLayout(
    "hei_nw",
    2,
    {"traces": TRACES, "prunes": PRUNES, "words": WORDS},
    {"observed": int, "counts": dict},
)


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
    tables = {
        "traces": [asdict(trace) for trace in store.live()],
        "prunes": [asdict(prune) for prune in store.prunes],
        "words": [{"word": word, "events": n} for word, n in homeostasis.fired.items()],
    }
    about = {"observed": homeostasis.observed, "counts": dict(counts)}
    LAYOUT.write(directory, Saved(tables, about), model=model)


def load(directory: Path, store: TraceStore, homeostasis: Homeostasis, model: str) -> Counter[str]:
    """Read traces, prunes and firing counts into empty ones; return the counters.

    Raises:
        DataError: the store is broken, or the events were read by another model.
    """
    with LAYOUT.reading(directory, model=model) as (tables, about):
        homeostasis.fired.update({row["word"]: row["events"] for row in tables["words"]})
        homeostasis.observed = about["observed"]
        store.prunes += [Prune(**row) for row in tables["prunes"]]
        for row in tables["traces"]:  # a smaller store prunes what does not fit
            store.add(StoredTrace(**row | {"key": tuple(row["key"])}))
    return Counter(about["counts"])
