"""The store on disk: Parquet for edges, buffer, relations and prunes, JSON for the rest."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from memeval.errors import DataError
from memeval.memories.sgc_rss.buffer import Waiting
from memeval.memories.sgc_rss.graph import Edge, Prune
from memeval.memories.sgc_rss.relations import Key, Phrasing

FORMAT = 1
KEY = [("form", pa.string()), ("phrase", pa.string())]
TABLES = {
    "edges": pa.schema(
        [
            ("id", pa.int64()),
            ("head", pa.string()),
            *KEY,
            ("tail", pa.string()),
            ("text", pa.string()),
            ("events", pa.list_(pa.string())),
            ("since", pa.int64()),
            ("until", pa.int64()),
            ("confidence", pa.float64()),
            ("evidence", pa.int64()),
            ("extractor", pa.string()),
        ]
    ),
    "relations": pa.schema(
        [
            *KEY,
            ("root_form", pa.string()),
            ("root_phrase", pa.string()),
            ("set_valued", pa.bool_()),
            ("count", pa.int64()),
            ("example", pa.list_(pa.string())),
            ("heads", pa.list_(pa.float32())),
            ("tails", pa.list_(pa.float32())),
        ]
    ),
    "buffer": pa.schema([("text", pa.string()), ("event", pa.string()), ("time", pa.int64())]),
    "prunes": pa.schema(
        [
            ("head", pa.string()),
            ("relation", pa.string()),
            ("tail", pa.string()),
            ("confidence", pa.float64()),
            ("reason", pa.string()),
        ]
    ),
    "names": pa.schema([("key", pa.string()), ("name", pa.string()), ("mentions", pa.int64())]),
    "schemas": pa.schema(
        [
            ("skeleton", pa.list_(pa.string())),
            ("support", pa.int64()),
            ("fillers", pa.string()),  # JSON: for each slot, how often each filler came
        ]
    ),
}


class Saved(NamedTuple):
    """The rows of every table, and what stands in `store.json`."""

    tables: dict[str, list[dict[str, Any]]]
    about: dict[str, Any]


def write(directory: Path, saved: Saved) -> None:
    """Write the store into a folder."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, schema in TABLES.items():
        table = pa.Table.from_pylist(saved.tables[name], schema=schema)
        pq.write_table(table, directory / f"{name}.parquet")
    about = {"format": FORMAT, "memory": "sgc_rss", **saved.about}
    (directory / "store.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def read(directory: Path, model: str) -> Saved:
    """Read a store.

    Raises:
        DataError: a file is missing or cut short, or the types of slots belong to another model.
    """
    try:
        about = json.loads((directory / "store.json").read_text("utf-8"))
        tables = {
            name: pq.read_table(directory / f"{name}.parquet", schema=schema).to_pylist()
            for name, schema in TABLES.items()
        }
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
    return Saved(tables, about)


def edge_row(edge: Edge) -> dict[str, Any]:
    """Return an edge as a row."""
    row = asdict(edge)
    form, phrase = row.pop("phrasing")
    return row | {"form": form, "phrase": phrase}


def edge_of(row: dict[str, Any]) -> Edge:
    """Return the edge of a row."""
    fields = dict(row)
    key = fields.pop("form"), fields.pop("phrase")
    return Edge(**fields, phrasing=key)


def phrasing_row(phrasing: Phrasing, set_valued: set[Key]) -> dict[str, Any]:
    """Return a phrasing as a row."""
    root = phrasing.root or phrasing.key
    return {
        "form": phrasing.key[0],
        "phrase": phrasing.key[1],
        "root_form": root[0],
        "root_phrase": root[1],
        "set_valued": root in set_valued,
        "count": phrasing.count,
        "example": list(phrasing.example),
        "heads": phrasing.heads.tolist(),
        "tails": phrasing.tails.tolist(),
    }


def phrasing_of(row: dict[str, Any]) -> Phrasing:
    """Return the phrasing of a row."""
    key, root = (row["form"], row["phrase"]), (row["root_form"], row["root_phrase"])
    head, tail, text = row["example"]
    return Phrasing(
        key,
        (head, tail, text),
        row["count"],
        np.array(row["heads"], np.float32),
        np.array(row["tails"], np.float32),
        None if root == key else root,
    )


def waiting_of(row: dict[str, Any]) -> Waiting:
    """Return the waiting sentence of a row."""
    return Waiting(**row)


def prune_of(row: dict[str, Any]) -> Prune:
    """Return the logged prune of a row."""
    return Prune(**row)
