"""Scores of a way that was walked: success, steps over the optimum, and what chance would reach."""

from collections.abc import Mapping

from memeval.types import Navigation

BUDGET = 4
"""Steps that a walker may take for each step of the shortest way."""


def steps_to_goal(way: Navigation) -> dict[str, int]:
    """Return the steps of the shortest way to the goal, from every place that reaches it."""
    import networkx as nx

    graph = nx.DiGraph((here, there) for here in way.moves for there in way.moves[here].values())
    lengths: dict[str, int] = nx.single_source_shortest_path_length(graph.reverse(), way.goal)
    return dict(lengths)


def budget_of(way: Navigation) -> int:
    """Return how many steps a walker may take: four times the optimum."""
    return BUDGET * steps_to_goal(way)[way.start]


def random_walk_success(way: Navigation) -> float:
    """Return the probability that a walker who takes any move at random arrives within the budget.

    Exact: the distribution over places is carried forward step by step, and the goal absorbs.
    """
    at: Mapping[str, float] = {way.start: 1.0}
    arrived = 0.0
    for _ in range(budget_of(way)):
        after: dict[str, float] = {}
        for here, probability in at.items():
            exits = way.moves[here].values()
            for there in exits:
                after[there] = after.get(there, 0.0) + probability / len(exits)
        arrived += after.pop(way.goal, 0.0)
        at = after
    return arrived
