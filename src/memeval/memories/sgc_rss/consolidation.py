"""What replay settles: which relations have several tails at a time, which names are one."""

from collections import defaultdict

from memeval.memories.sgc_rss.entities import Entities
from memeval.memories.sgc_rss.graph import Graph
from memeval.memories.sgc_rss.relations import Key

FEWEST_HEADS = 5
FUNCTIONALITY = 0.4
"""Heads for every different fact, below which a relation has several tails at a time.

Where every fact has changed once it is 0.5, so that more than that must speak for a set.
"""


def find_set_valued(graph: Graph) -> set[Key]:
    """Return the relations whose heads mostly have several tails, as "is a friend of" has.

    Functionality is the number of heads over the number of different (head, tail) pairs (Galarraga
    et al. 2013, AMIE). It is 1 for a relation with one tail a head; a few corrections lower it a
    little. A relation with few heads is taken for functional.
    """
    heads: dict[Key, set[str]] = defaultdict(set)
    pairs: dict[Key, set[tuple[str, str]]] = defaultdict(set)
    for edge in graph.edges.values():
        root = graph.relations.root(edge.phrasing)
        heads[root].add(edge.head)
        pairs[root].add((edge.head, edge.tail))
    return {
        root
        for root in heads
        if len(heads[root]) >= FEWEST_HEADS and len(heads[root]) < FUNCTIONALITY * len(pairs[root])
    }


def merge_misspelt(graph: Graph, entities: Entities) -> int:
    """Move the facts of misspelt names to the entities that were meant; return how many names."""
    found = list(entities.misspellings())
    for typo, meant in found:
        graph.rename(typo, meant)
        entities.merge(typo, into=meant)
    return len(found)
