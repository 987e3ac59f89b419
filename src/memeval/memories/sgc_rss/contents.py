"""All that SGC-RSS holds, and what of it counts when two stores are compared."""

import hashlib
import json
from dataclasses import asdict
from typing import NamedTuple

from memeval.memories.sgc_rss.buffer import Buffer
from memeval.memories.sgc_rss.entities import Entities
from memeval.memories.sgc_rss.graph import Graph
from memeval.memories.sgc_rss.params import SgcRssParams
from memeval.memories.sgc_rss.passages import Passages
from memeval.memories.sgc_rss.relations import Relations
from memeval.memories.sgc_rss.schemas import SchemaReader
from memeval.models import Encoder

NUMBERS = 5 * 8
"""Bytes of an edge's numbers."""


class Contents(NamedTuple):
    """The facts and their entities, what reads facts, what waits to be read, what was told."""

    graph: Graph
    entities: Entities
    schemas: SchemaReader
    buffer: Buffer
    passages: Passages

    def events(self) -> set[str]:
        """Return the ids of all events behind an edge or alias, in the buffer, or kept as told."""
        aliases = {event for told in self.entities.alias_events.values() for event in told}
        waiting = {one.event for one in self.buffer.waiting}
        return (
            self.graph.events() | aliases | waiting | {event.id for event in self.passages.events}
        )

    def bytes(self) -> int:
        """Return the bytes of texts, names and numbers, not of Python's objects around them."""
        edges = sum(
            NUMBERS + len(edge.text.encode()) + sum(len(event.encode()) for event in edge.events)
            for edge in self.graph.edges.values()
        )
        names = sum(len(key.encode()) for key in self.entities.mentions)
        texts = [one.text for one in self.buffer.waiting]
        texts += [event.text for event in self.passages.events]
        return edges + names + sum(len(text.encode()) for text in texts)

    def digest(self) -> str:
        """Return a digest of edges, buffer, passages, aliases and relations."""
        edges, relations = self.graph.edges, self.graph.relations
        content = {
            "edges": [asdict(edges[id_]) for id_ in sorted(edges)],
            "buffer": [asdict(one) for one in self.buffer.waiting],
            "passages": [asdict(event) for event in self.passages.events],
            "aliases": sorted(
                (alias, entity, self.entities.alias_events.get(alias, []))
                for alias, entity in self.entities.aliases.items()
            ),
            "relations": sorted((key, relations.root(key)) for key in relations.phrasings),
            "set_valued": sorted(relations.set_valued),
        }
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def empty(params: SgcRssParams, encoder: Encoder | None) -> Contents:
    """Return what an empty store consists of."""
    store = params.store
    return Contents(
        Graph(Relations(), store.max_edges),
        Entities(),
        SchemaReader(params.schema.min_support),
        Buffer(store.max_buffer),
        Passages(encoder, params.ppr, store.max_passages),
    )
