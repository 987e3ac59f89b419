"""All chains of facts that hold, out from an entity."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from memeval.memories.sgc_rss.graph import Edge, Graph
from memeval.memories.sgc_rss.neighbourhood import edges_out
from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.restating import Path, Told


class Step(NamedTuple):
    """A fact, followed from its head to its tail, or back."""

    edge: Edge
    is_back: bool = False

    @property
    def end(self) -> str:
        """The entity it leads to."""
        return self.edge.head if self.is_back else self.edge.tail


Walk = tuple[Step, ...]
"""Facts in order, each of what the one before leads to."""


def walks(graph: Graph, start: str, params: PprParams) -> list[Walk]:
    """Return the walks from an entity that come by none twice, the shorter first, within bounds.

    The first step may go back, from who is told of to whoever it is told of ("Who is married to
    X?"); from there on facts are followed as they are told.
    """
    found: list[Walk] = []
    level: list[Walk] = [()]
    for _ in range(params.hops if params.enabled else 1):
        longer: list[Walk] = []
        for walk in level:
            longer += ((*walk, step) for step in _steps(graph, start, walk, params))
            if len(found) + len(longer) >= params.walks:
                break
        found += longer
        level = longer
    return found[: params.walks]


def _steps(graph: Graph, start: str, walk: Walk, params: PprParams) -> Iterator[Step]:
    """Yield how a walk may go on."""
    node = walk[-1].end if walk else start
    passed = {start, *(step.end for step in walk)}
    for edge in edges_out(graph, node, (), params.fanout):
        if edge.tail not in passed or not walk:
            yield Step(edge)
    if params.back and not walk:
        yield from islice(_back(graph, start), params.fanout)


def _back(graph: Graph, node: str) -> Iterator[Step]:
    """Yield the facts that hold and have an entity as their tail, the newest first."""
    if node not in graph.nx:
        return
    for head, keys in reversed([*graph.nx.pred[node].items()]):
        for id_ in keys:
            edge = graph.edges[id_]
            if edge.is_open and head != node:
                yield Step(edge, is_back=True)


def path_of(walk: Walk) -> Path:
    """Return the phrasings of a walk, in order."""
    return tuple(Told(step.edge.phrasing, step.is_back) for step in walk)
