"""Bounded search for the chain of facts that a question asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from memeval.memories.sgc_rss.graph import Edge
from memeval.memories.sgc_rss.question import Cue
from memeval.memories.sgc_rss.relations import Key

BEAM = 64

Link = Callable[[Cue, str, Sequence[Edge]], dict[Key, float]]
"""Returns how likely a cue means each relation, at a node with the edges that leave it."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Facts in order, and the probability that they are what was asked."""

    edges: tuple[Edge, ...]
    probability: float

    @property
    def end(self) -> str:
        """The entity that the chain leads to."""
        return self.edges[-1].tail


def find_chains(
    start: str,
    cues: Sequence[Cue],
    edges: dict[str, list[Edge]],
    visits: dict[str, float],
    *,
    link: Link,
    root: Callable[[Key], Key],
) -> list[Chain]:
    """Follow one edge for every cue, along the likeliest; best first.

    No chain comes by an entity twice, so cycles end; a self-loop answers a question of one step
    only. Among equally likely chains the often visited end leads, then the newest fact.
    """
    beam: list[Chain] = [Chain((), 1.0)]
    for cue in cues:
        longer = []
        for chain in beam:
            node = chain.end if chain.edges else start
            leaving = edges.get(node, [])
            if not leaving:
                continue
            likely = link(cue, node, leaving)
            passed = {start, *(edge.tail for edge in chain.edges)}
            for edge in leaving:
                probability = chain.probability * likely.get(root(edge.phrasing), 0.0)
                is_free = edge.tail not in passed or len(cues) == 1
                if probability > 0 and is_free:
                    longer.append(Chain((*chain.edges, edge), probability))
        beam = ranked(longer, visits)[:BEAM]
    return beam


def ranked(chains: Sequence[Chain], visits: dict[str, float]) -> list[Chain]:
    """Sort chains, best first."""
    return sorted(
        chains,
        key=lambda c: (
            -c.probability,
            -visits.get(c.end, 0.0),
            -c.edges[-1].since,
            -c.edges[-1].id,
        ),
    )
