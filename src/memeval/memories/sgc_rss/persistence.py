"""The store on disk: Parquet for edges, buffer, relations and prunes, JSON for the rest."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from memeval.memories.event_store import EVENT_SCHEMA
from memeval.memories.sgc_rss.buffer import Waiting
from memeval.memories.sgc_rss.contents import Contents
from memeval.memories.sgc_rss.graph import Edge, Prune
from memeval.memories.sgc_rss.relations import Key, Phrasing
from memeval.memories.sgc_rss.schemas import Schema
from memeval.memories.store_folder import Saved, StoreLayout, Tables
from memeval.types import Event

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
    "passages": pa.schema([*EVENT_SCHEMA, pa.field("place", pa.int64())]),
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
LAYOUT = StoreLayout(
    "sgc_rss",
    3,
    TABLES,
    {"counts": dict, "aliases": dict, "alias_events": dict, "latest": int, "next_id": int},
)


def tables_of(contents: Contents) -> Tables:
    """Return all that is stored, as rows by table."""
    graph, entities, schemas, buffer, passages = contents
    relations = graph.relations
    return {
        "edges": [edge_row(graph.edges[id_]) for id_ in sorted(graph.edges)],
        "relations": [
            phrasing_row(one, relations.set_valued) for one in relations.phrasings.values()
        ],
        "buffer": [asdict(one) for one in buffer.waiting],
        "passages": [asdict(event) | {"place": place} for place, event in passages.placed],
        "prunes": [asdict(prune) for prune in graph.prunes],
        "names": [
            {"key": key, "name": graph.name(key), "mentions": count}
            for key, count in entities.mentions.items()
        ],
        "schemas": [
            {
                "skeleton": list(skeleton),
                "support": one.support,
                "fillers": json.dumps(one.fillers),
            }
            for skeleton, one in schemas.schemas.items()
        ],
    }


def fill(contents: Contents, saved: Saved) -> None:
    """Put saved rows into an empty graph and what belongs to it."""
    graph, entities, schemas, buffer, passages = contents
    tables, about = saved
    for row in tables["relations"]:
        graph.relations.add(phrasing_of(row))
        if row["set_valued"]:
            graph.relations.set_valued.add((row["root_form"], row["root_phrase"]))
    mentions = ((row["key"], row["mentions"]) for row in tables["names"])
    entities.restore(mentions, about["aliases"].items())
    entities.alias_events = about["alias_events"]
    for row in tables["edges"]:
        graph.restore(edge_of(row))
    for row in tables["names"]:
        graph.set_name(row["key"], row["name"])
    for row in tables["schemas"]:
        fillers = [Counter[str](seen) for seen in json.loads(row["fillers"])]
        schemas.enter(tuple(row["skeleton"]), Schema(row["support"], fillers))
    buffer.waiting = [Waiting(**row) for row in tables["buffer"]]
    for row in tables["passages"]:
        place = row.pop("place")
        passages.restore(Event(**row), place)
    graph.prunes = [Prune(**row) for row in tables["prunes"]]
    graph.next_id = about["next_id"]
    graph.prune()  # a smaller store forgets what does not fit


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
