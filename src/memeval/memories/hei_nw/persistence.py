"""HEI-NW's store on disk: Parquet for the traces, prunes and word counts, JSON for the rest."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from memeval.errors import DataError
from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.store import Prune, StoredTrace, TraceStore
from memeval.memories.store_folder import Saved, StoreLayout

TRACES = pa.schema(
    [
        ("text", pa.string()),
        ("speaker", pa.string()),
        ("date", pa.string()),
        ("events", pa.list_(pa.string())),
        ("time", pa.int64()),
        ("salience", pa.float64()),
        ("pinned", pa.bool_()),
        ("key", pa.list_(pa.string())),
        ("position", pa.int64()),
        ("seen", pa.int64()),
        ("asks", pa.bool_()),
        ("follows", pa.int64()),
        ("vector", pa.binary()),
    ]
)
WORDS = pa.schema([("word", pa.string()), ("events", pa.int64())])
PRUNES = pa.schema([("event", pa.string()), ("salience", pa.float64()), ("reason", pa.string())])

LAYOUT = StoreLayout(
    "hei_nw",
    3,
    {"traces": TRACES, "prunes": PRUNES, "words": WORDS},
    {"observed": int, "counts": dict, "encoder": str},
)


@dataclass(frozen=True, slots=True)
class Readers:
    """The fingerprints of what read the events: the model, and the encoder, "" for none."""

    model: str
    encoder: str


def save(
    directory: Path,
    store: TraceStore,
    homeostasis: Homeostasis,
    counts: Counter[str],
    readers: Readers,
) -> None:
    """Write the store in place of an older one.

    Raises:
        DataError: the folder holds something else, which would be lost.
    """
    tables = {
        "traces": [
            asdict(trace) | {"vector": _bytes(store, slot)} for slot, trace in store.in_slots()
        ],
        "prunes": [asdict(prune) for prune in store.prunes],
        "words": [{"word": word, "events": n} for word, n in homeostasis.fired.items()],
    }
    about = {"observed": homeostasis.observed, "counts": dict(counts), "encoder": readers.encoder}
    LAYOUT.write(directory, Saved(tables, about), model=readers.model)


def load(
    directory: Path, store: TraceStore, homeostasis: Homeostasis, readers: Readers
) -> Counter[str]:
    """Read traces, prunes and firing counts into empty ones; return the counters.

    Raises:
        DataError: the store is broken, or the events were read by another model or encoder.
    """
    with LAYOUT.reading(directory, model=readers.model) as (tables, about):
        if about["encoder"] != readers.encoder:
            raise DataError(
                "a store must be read with the encoder that wrote it, got "
                f"{about['encoder'] or 'none':.12} in {str(directory)!r} for "
                f"{readers.encoder or 'none':.12}; load that encoder, or teach it again"
            )
        homeostasis.fired.update({row["word"]: row["events"] for row in tables["words"]})
        homeostasis.observed = about["observed"]
        store.prunes += [Prune(**row) for row in tables["prunes"]]
        for row in tables["traces"]:  # a smaller store prunes what does not fit
            vector = _vector(store, row.pop("vector"))
            store.add(StoredTrace(**row | {"key": tuple(row["key"])}), vector)
    return Counter(about["counts"])


def _bytes(store: TraceStore, slot: int) -> bytes:
    return b"" if store.vectors is None else store.vectors[slot].astype("<f2").tobytes()


def _vector(store: TraceStore, told: bytes) -> npt.NDArray[np.float16] | None:
    """Return a vector as it was saved.

    Raises:
        ValueError: it has another width than the encoder's.
    """
    if store.vectors is None:
        return None
    return np.frombuffer(told, "<f2").reshape(store.vectors.width).astype(np.float16)
