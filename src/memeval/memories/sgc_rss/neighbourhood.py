"""The part of the graph around an entity that a question is answered from, and its PageRank."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

import numpy as np

from memeval.memories.sgc_rss.graph import Edge, Graph
from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.relations import Key

STEPS = 20
"""Iterations: what is left out is below alpha ** 20, a millionth at alpha = 0.5."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Edges out of each node near a seed, and every node's share of visits."""

    edges: dict[str, list[Edge]]
    visits: dict[str, float]


def explore(graph: Graph, seed: str, named: Collection[Key], params: PprParams) -> Neighbourhood:
    """Walk out from a seed, breadth first, over facts that hold, within bounds.

    From every node at most `fanout` edges are taken, those of relations that the question names
    before others, so that a hub costs no more than any node. A whole-graph PageRank would touch
    every edge.
    """
    found: dict[str, list[Edge]] = {}
    frontier = [seed]
    for _ in range(params.hops):
        following: dict[str, None] = {}
        for node in frontier:
            if len(found) >= params.nodes:
                break
            found[node] = edges_out(graph, node, named, params.fanout)
            following.update((e.tail, None) for e in found[node] if e.tail not in found)
        frontier = [node for node in following if node not in found]
    return Neighbourhood(found, page_rank(found, seed, named, graph, params))


def edges_out(graph: Graph, node: str, named: Collection[Key], fanout: int) -> list[Edge]:
    """Return facts that hold of a node, those of named relations first."""
    roots = sorted(graph.relations_of(node), key=lambda root: root not in named)
    edges = (edge for root in roots for edge in graph.current(node, root, fanout))
    return list(islice(edges, fanout))


def page_rank(
    edges: dict[str, list[Edge]],
    seed: str,
    named: Collection[Key],
    graph: Graph,
    params: PprParams,
) -> dict[str, float]:
    """Return personalised PageRank, `pi = (1 - a) r + a P^T pi` with all of r on the seed.

    P goes over an edge in proportion to its confidence, `named` times as much if its relation is
    one that the question names (Page et al. 1999; Haveliwala 2002). A walk that cannot go on is
    lost.
    """
    nodes = dict.fromkeys([seed, *(e.tail for out in edges.values() for e in out)])
    place = {node: i for i, node in enumerate(nodes)}
    rows, columns, weights = [], [], []
    for node, out in edges.items():
        for edge in out:
            is_named = graph.relations.root(edge.phrasing) in named
            rows.append(place[node])
            columns.append(place[edge.tail])
            weights.append(edge.confidence * (params.named if is_named else 1.0))
    source, target = np.array(rows, np.int64), np.array(columns, np.int64)
    weight = np.array(weights, np.float64)
    leaving = np.bincount(source, weight, minlength=len(nodes)) if rows else np.ones(len(nodes))
    share = weight / leaving[source] if rows else weight
    restart = np.zeros(len(nodes))
    restart[place[seed]] = 1 - params.alpha
    visits = restart.copy()
    for _ in range(STEPS if rows else 0):
        flow = np.bincount(target, share * visits[source], minlength=len(nodes))
        visits = restart + params.alpha * flow
    return dict(zip(nodes, visits.tolist(), strict=True))
