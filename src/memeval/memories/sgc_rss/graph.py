"""The relational store: a graph of entities whose edges are facts with evidence and validity."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import networkx as nx

from memeval.memories.sgc_rss.facts import Fact
from memeval.memories.sgc_rss.relations import Key, Relations, phrase_key

Group = tuple[str, Key]
"""A head and a relation: what can have one current tail, or several."""


@dataclass(slots=True)
class Edge:
    """One fact: who told it, how sure it is, and from when until when it held.

    `until` is the time of the fact that replaced it, None while it holds.
    """

    id: int
    head: str
    phrasing: Key
    tail: str
    text: str
    events: list[str]
    since: int
    until: int | None
    confidence: float
    evidence: int
    extractor: str

    @property
    def is_open(self) -> bool:
        """Whether the fact still holds."""
        return self.until is None


@dataclass(frozen=True, slots=True)
class Prune:
    """An edge that was removed to keep the store within its bound."""

    head: str
    relation: str
    tail: str
    confidence: float
    reason: str


class Graph:
    """Entities and facts in a networkx multigraph, with the current tails of every head at hand."""

    def __init__(self, relations: Relations, max_edges: int) -> None:
        self.nx: Any = nx.MultiDiGraph()
        self.relations = relations
        self.max_edges = max_edges
        self.edges: dict[int, Edge] = {}
        self.prunes: list[Prune] = []
        self.degree: Counter[str] = Counter()
        self.next_id = 0
        self._open: dict[Group, dict[str, int]] = {}
        self._told_of: dict[str, dict[Key, None]] = {}

    def __len__(self) -> int:
        return len(self.edges)

    def name(self, node: str) -> str:
        """Return how an entity was first written."""
        return str(self.nx.nodes[node].get("name", node)) if node in self.nx else node

    def set_name(self, node: str, name: str) -> None:
        """Say how an entity is written."""
        if node in self.nx:
            self.nx.nodes[node]["name"] = name

    def current(self, head: str, root: Key, limit: int | None = None) -> list[Edge]:
        """Return the facts of a head and a relation that hold, the newest first."""
        held = self._open.get((head, root), {})
        return [self.edges[id_] for id_ in islice(reversed(held.values()), limit)]

    def relations_of(self, head: str) -> Iterator[Key]:
        """Return the relations that an entity is the head of."""
        return iter(self._told_of.get(head, ()))

    def twin(self, head: str, key: Key, tail: str) -> Edge | None:
        """Return the fact that holds and says just this, if there is one."""
        id_ = self._open.get((head, self.relations.root(key)), {}).get(tail)
        return None if id_ is None else self.edges[id_]

    def insert(self, fact: Fact, ends: tuple[str, str], text: str, event: str, time: int) -> Edge:
        """Add a fact as a new edge; whatever it contradicts is closed."""
        head, tail = ends
        self._add_node(head, fact.head)
        self._add_node(tail, fact.tail)
        key = phrase_key(fact.form, fact.phrase)
        edge = Edge(
            self.next_id, head, key, tail, text, [event], time, None,
            fact.confidence, 1, fact.extractor,
        )  # fmt: skip
        self.restore(edge)
        self._supersede(edge)
        return edge

    def restore(self, edge: Edge) -> None:
        """Enter an edge as it is."""
        self.next_id = max(self.next_id, edge.id + 1)
        self.edges[edge.id] = edge
        self.nx.add_edge(edge.head, edge.tail, key=edge.id)
        self.degree[edge.head] += 1
        self.degree[edge.tail] += 1
        if edge.is_open:
            self._hold(edge)

    def aggregate(self, edge: Edge, event: str, confidence: float) -> None:
        """Count one more event that tells the same, as an independent witness.

        An event that says a thing twice is one witness.
        """
        if event in edge.events:
            return
        edge.events.append(event)
        edge.evidence += 1
        edge.confidence = _either(edge.confidence, confidence)

    def remove(self, edge: Edge) -> None:
        """Take an edge out, and entities that nothing is told of any more."""
        del self.edges[edge.id]
        self.nx.remove_edge(edge.head, edge.tail, key=edge.id)
        self._release(edge)
        for node in (edge.head, edge.tail):
            self.degree[node] -= 1
            if not self.degree[node] and node in self.nx:
                del self.degree[node]
                self.nx.remove_node(node)

    def events(self) -> set[str]:
        """Return the ids of all events that an edge rests on."""
        return {event for edge in self.edges.values() for event in edge.events}

    def settle(self, *, aggregate: bool) -> int:
        """Work out anew which facts hold, from all facts in order of time; return merged twins.

        Needed when phrasings were joined, entities merged, or facts came late.
        """
        self._open.clear()
        self._told_of.clear()
        merged = 0
        in_order = sorted(self.edges.values(), key=lambda edge: (edge.since, edge.id))
        for edge in in_order:
            edge.until = None
            twin = self.twin(edge.head, edge.phrasing, edge.tail)
            if twin and aggregate:
                self._absorb(twin, edge)
                merged += 1
            else:
                self._supersede(edge)
                self._hold(edge)
        return merged

    def rename(self, old: str, new: str, name: str | None = None) -> None:
        """Move all facts of one entity to another, written `name` if nothing is told of it yet."""
        if old not in self.nx:
            return
        touching = {id_ for _, _, id_ in self.nx.out_edges(old, keys=True)}
        touching |= {id_ for _, _, id_ in self.nx.in_edges(old, keys=True)}
        ends = {end for id_ in touching for end in (self.edges[id_].head, self.edges[id_].tail)}
        names = {end: self.name(end) for end in ends}
        names[new] = self.name(new) if new in self.nx else name or new
        for id_ in sorted(touching):
            edge = self.edges[id_]
            self.remove(edge)  # takes out a neighbour of which nothing else is told, and its name
            edge.head = new if edge.head == old else edge.head
            edge.tail = new if edge.tail == old else edge.tail
            self.restore(edge)
        for end, written in names.items():
            self.set_name(end, written)

    def prune(self) -> None:
        """Remove the least of too many edges: replaced ones first, then unsure ones.

        One in a hundred goes at a time, so that a full store is not searched for every fact.
        """
        if len(self.edges) <= self.max_edges:
            return
        excess = len(self.edges) - self.max_edges + self.max_edges // 100
        by_worth = sorted(
            self.edges.values(), key=lambda e: (e.is_open, e.confidence, e.since, e.id)
        )
        for edge in by_worth[:excess]:
            reason = "store full" if edge.is_open else "store full, replaced"
            self.prunes.append(
                Prune(edge.head, edge.phrasing[1], edge.tail, edge.confidence, reason)
            )
            self.remove(edge)

    def _add_node(self, node: str, name: str) -> None:
        if node not in self.nx:
            self.nx.add_node(node, name=name)

    def _hold(self, edge: Edge) -> None:
        root = self.relations.root(edge.phrasing)
        held = self._open.setdefault((edge.head, root), {})
        held.pop(edge.tail, None)  # the newest stands last
        held[edge.tail] = edge.id
        self._told_of.setdefault(edge.head, {})[root] = None

    def _release(self, edge: Edge) -> None:
        root = self.relations.root(edge.phrasing)
        held = self._open.get((edge.head, root), {})
        if held.get(edge.tail) == edge.id:
            del held[edge.tail]
        if not held:
            self._open.pop((edge.head, root), None)
            self._told_of.get(edge.head, {}).pop(root, None)

    def _supersede(self, edge: Edge) -> None:
        """Close what a fact replaces, or the fact itself if a later one is known."""
        root = self.relations.root(edge.phrasing)
        if root in self.relations.set_valued:
            return
        for other in self.current(edge.head, root):
            if other.id == edge.id or other.tail == edge.tail:
                continue
            late = (other.since, other.id) > (edge.since, edge.id)
            closed, by = (edge, other) if late else (other, edge)
            if closed.is_open:
                closed.until = by.since
                self._release(closed)

    def _absorb(self, twin: Edge, edge: Edge) -> None:
        """Merge an edge into the one that says the same.

        Its confidence already is that of all its witnesses together, so it counts once.
        """
        self.remove(edge)
        new = [event for event in edge.events if event not in twin.events]
        if new:
            twin.events += new
            twin.evidence += len(new)
            twin.confidence = _either(twin.confidence, edge.confidence)


def _either(a: float, b: float) -> float:
    """Return the probability that one of two independent witnesses is right."""
    return 1 - (1 - a) * (1 - b)
