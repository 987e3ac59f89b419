"""Prints what SGC-RSS reads of eight passages of prose, what it misses, and whether it finds it.

python benchmarks/prose.py [--model smollm2]

Of each passage (`streams/prose.yaml`, written for this) the facts that a reader would note down are
counted: read, misread, missed. A fact is read if an edge of its sentence joins its two ends. Then
its questions are asked, of all passages taught as one stream: whether the sentence that answers is
in the first trace, and among five.
"""

import argparse
from pathlib import Path
from typing import Any

import yaml

from memeval import load_encoder, load_memory, load_model
from memeval.cli import render
from memeval.types import Event, Query

PROSE = Path(__file__).parent / "streams" / "prose.yaml"


def main() -> None:
    """Print the table, and what was read that is no fact."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="smollm2")
    chosen = parser.parse_args()
    passages = yaml.safe_load(PROSE.read_text(encoding="utf-8"))
    memory = load_memory(
        "sgc_rss",
        model=load_model(chosen.model, threads=1),
        encoder=load_encoder("minilm", threads=1),
    )
    texts = [(p, i, text) for p, one in enumerate(passages) for i, text in enumerate(one["text"])]
    memory.observe([Event(f"{p}-{i}", text, n) for n, (p, i, text) in enumerate(texts)])
    memory.replay()
    rows = [row_of(memory, place, passage) for place, passage in enumerate(passages)]
    header = (
        "passage",
        "sentences",
        "facts",
        "read",
        "missed",
        "other edges",
        "hit@1",
        "any@5",
        "of",
    )
    render.table("what is read of prose, and found", header, rows)
    told = [row for p, one in enumerate(passages) for row in edges_of(memory, p, one)]
    render.table("the edges", ("head", "relation", "tail", "is"), told)


def row_of(memory: Any, place: int, passage: dict[str, Any]) -> tuple[str, ...]:
    """Return what was read of a passage, and how many of its questions find their sentence."""
    read = {row[:3] for row in edges_of(memory, place, passage) if row[3] == "read"}
    edges = edges_of(memory, place, passage)
    queries = [Query(q, q, 10**6) for q in passage["ask"]]
    golds = [f"{place}-{i}" for i in passage["ask"].values()]
    recalls = memory.recall(queries)
    first, five = (
        sum(
            any(gold in trace.events for trace in recall.traces[:most])
            for gold, recall in zip(golds, recalls, strict=True)
        )
        for most in (1, 5)
    )
    facts = len(passage["facts"])
    told = (len(passage["text"]), facts, len(read), facts - len(read), len(edges) - len(read))
    return (passage["title"], *map(str, (*told, first, five, len(queries))))


def edges_of(memory: Any, place: int, passage: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the edges of a passage, each with whether it is one of its facts."""
    facts = [{a.lower(), b.lower()} for a, b in passage["facts"]]
    rows = []
    for edge in memory._graph.edges.values():
        if any(event.startswith(f"{place}-") for event in edge.events):
            head, tail = memory._graph.name(edge.head), memory._graph.name(edge.tail)
            is_fact = {head.lower(), tail.lower()} in facts
            rows.append((head, edge.phrasing[1], tail, "read" if is_fact else "other"))
    return rows


if __name__ == "__main__":
    main()
