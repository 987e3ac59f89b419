"""SMPD's store as tables: what is hashed for the fingerprint, and what is written to disk."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from memeval.memories.smpd.macros import Macro
from memeval.memories.smpd.passages import Passage
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.records import Place, Prune, Sighting, Trait
from memeval.memories.smpd.relations import Relation
from memeval.memories.smpd.tracking import Tracker, Walk, Walker
from memeval.memories.store_folder import Saved, StoreLayout, Tables

NUMBER, REAL, TEXT = pa.int64(), pa.float64(), pa.string()
SCHEMAS = {
    "places": {"number": NUMBER, "name": TEXT, "last_seen": NUMBER, "x": REAL, "y": REAL}
    | {"frame": NUMBER},
    "passages": {"here": NUMBER, "there": NUMBER, "move": TEXT, "vector": pa.list_(REAL)}
    | {"cost": REAL, "who": TEXT, "first_seen": NUMBER, "last_seen": NUMBER, "evidence": NUMBER}
    | {"rewards": NUMBER, "open": pa.bool_(), "flips": NUMBER, "steady": NUMBER}
    | {"events": pa.list_(TEXT), "implied": pa.bool_()},
    "things": {"thing": TEXT, "place": NUMBER, "text": TEXT, "time": NUMBER, "event": TEXT},
    "relations": {"here": NUMBER, "there": NUMBER, "vector": pa.list_(REAL), "time": NUMBER}
    | {"is_exact": pa.bool_(), "is_map": pa.bool_(), "events": pa.list_(TEXT)},
    "traits": {"place": NUMBER, "worth": REAL, "leads_anywhere": pa.bool_(), "event": TEXT},
    "walks": {"places": pa.list_(NUMBER), "rewards": NUMBER},
    "walkers": {"name": TEXT, "place": NUMBER, "heading": pa.list_(REAL)}
    | {"course": pa.list_(NUMBER), "rewards": NUMBER, "told_by": TEXT},
    "macros": {"places": pa.list_(NUMBER), "uses": NUMBER, "rewards": NUMBER, "failures": NUMBER},
    "prunes": {"what": TEXT, "last_seen": NUMBER, "reason": TEXT},
}
LAYOUT = StoreLayout(
    "smpd",
    2,
    {name: pa.schema(list(columns.items())) for name, columns in SCHEMAS.items()},
    {"counts": dict, "events_read": int, "next_place": int, "last_walker": str},
)


def tables_of(graph: PlaceGraph, tracker: Tracker, macros: list[Macro]) -> Tables:
    """Return all that is stored, as rows by table."""
    geometry = graph.geometry
    return {
        "places": [
            {"number": n, "name": place.name, "last_seen": place.last_seen}
            | dict(zip("xy", geometry.at[n], strict=True))
            | {"frame": geometry.frame[n]}
            for n, place in graph.places.items()
        ],
        "passages": [asdict(passage) for passage in graph.ways],
        "things": [asdict(sighting) for sighting in graph.things],
        "relations": [asdict(relation) for relation in graph.relations],
        "traits": [asdict(trait) for trait in graph.traits.values()],
        "walks": [asdict(walk) for walk in tracker.walks],
        "walkers": [{"name": name} | asdict(w) for name, w in tracker.walkers.items()],
        "macros": [asdict(macro) for macro in macros],
        "prunes": [asdict(prune) for prune in graph.prunes],
    }


def digest(tables: Tables) -> str:
    """Return a hash of all rows."""
    return hashlib.sha256(json.dumps(tables).encode()).hexdigest()


def fill(graph: PlaceGraph, tracker: Tracker, saved: Saved) -> list[Macro]:
    """Put saved rows into an empty map and tracker; return the saved macros."""
    tables, about = saved
    graph.restore(
        [
            (row["number"], Place(row["name"], row["last_seen"]), row["x"], row["y"], row["frame"])
            for row in tables["places"]
        ],
        [Passage(**row | {"vector": _pair(row["vector"])}) for row in tables["passages"]],
        [Sighting(**row) for row in tables["things"]],
        [_relation(row) for row in tables["relations"]],
        [Trait(**row) for row in tables["traits"]],
    )
    graph.prunes += [Prune(**row) for row in tables["prunes"]]
    graph.counts.update(about["counts"])
    graph.next_place = about["next_place"]
    tracker.walks.extend(Walk(tuple(row["places"]), row["rewards"]) for row in tables["walks"])
    for row in tables["walkers"]:
        name = row.pop("name")
        tracker.walkers[name] = Walker(**row | {"heading": _pair(row["heading"])})
    tracker.last = about["last_walker"]
    return [Macro(**row | {"places": tuple(row["places"])}) for row in tables["macros"]]


def _relation(row: dict[str, Any]) -> Relation:
    x, y = row["vector"]
    return Relation(**row | {"vector": (x, y)})


def _pair(values: list[float] | None) -> tuple[float, float] | None:
    return None if values is None else (values[0], values[1])
