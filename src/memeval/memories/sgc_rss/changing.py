"""How facts change in the stream: whether two wordings take turns in telling so."""

from collections import defaultdict

from memeval.memories.sgc_rss.graph import Graph
from memeval.memories.sgc_rss.relations import Key

FEWEST_CHANGES = 3
TURNS = 0.25
"""Share of the changes, told within one wording or the other, that would be told across the two."""


class Changes:
    """The tails that each head was ever told with, by wording.

    What is told now in one wording and now in another changes as often from one to the other as
    within either. Where people move house and change employers, each in words of its own and never
    across, the two are different matters, however alike the words.
    """

    def __init__(self, graph: Graph) -> None:
        self._tails: dict[Key, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for edge in graph.edges.values():
            self._tails[edge.phrasing][edge.head].add(edge.tail)

    def are_apart(self, one: Key, other: Key) -> bool:
        """Whether changes are told within two wordings, and hardly ever across them."""
        first, second = self._tails[one], self._tails[other]
        within = sum(len(tails) > 1 for told in (first, second) for tails in told.values())
        across = sum(not tails & second[head] for head, tails in first.items() if head in second)
        return within >= FEWEST_CHANGES and across < TURNS * within
