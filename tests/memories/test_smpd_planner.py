"""SMPD's plans, against breadth-first search and an established library."""

from itertools import pairwise, product
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memeval.memories.smpd.params import SmpdParams
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.planner import Planner
from memeval.memories.smpd.records import Step

DIRECTIONS = {"north": (0.0, 1.0), "east": (1.0, 0.0), "south": (0.0, -1.0), "west": (-1.0, 0.0)}
CALLED = {vector: name for name, vector in DIRECTIONS.items()}


def walked(
    graph: PlaceGraph, here: str, there: str, vector: tuple[float, float] | None, cost: float = 1.0
) -> None:
    a, b = graph.enter(here, 0), graph.enter(there, 0)
    move = CALLED.get(vector, "") if vector else ""
    graph.walk(Step(a, b, move, vector, cost, "Nora", (f"{here}-{there}",), 0, reward=False))


def world(side: int, seed: int, *, open_share: float) -> nx.Graph:
    """Return a grid with walls; what is not joined cannot be passed."""
    random = Random(seed)
    grid = nx.grid_2d_graph(side, side)
    walls = [edge for edge in sorted(grid.edges) if random.random() > open_share]
    grid.remove_edges_from(walls)
    return grid


def drawn(grid: nx.Graph, *, both_ways: bool) -> PlaceGraph:
    graph = PlaceGraph(SmpdParams())
    for place in sorted(grid):
        graph.enter(str(place), 0)
    for a, b in sorted(grid.edges):
        for here, there in ((a, b), (b, a)) if both_ways else ((a, b),):
            vector = (float(there[0] - here[0]), float(there[1] - here[1]))
            walked(graph, str(here), str(there), vector)
    return graph


@settings(max_examples=40, deadline=None)
@given(
    side=st.integers(2, 6),
    seed=st.integers(0, 10_000),
    open_share=st.floats(0.3, 1.0),
    closures=st.integers(0, 6),
    both_ways=st.booleans(),
)
def test_plans_are_shortest_and_pass_no_wall(
    side: int, seed: int, open_share: float, closures: int, both_ways: bool
) -> None:
    """Over random worlds every plan is as long as breadth-first search's.

    And every step of it is open; where the search finds no way there is no plan.
    """
    grid = world(side, seed, open_share=open_share)
    graph = drawn(grid, both_ways=both_ways)
    random = Random(seed)
    for a, b in random.sample(sorted(grid.edges), min(closures, grid.number_of_edges())):
        assert graph.close(graph.enter(str(a), 1), graph.enter(str(b), 1), 1, "closed")
        grid.remove_edge(a, b)
    planner = Planner(graph)
    number = {str(place): graph.place(str(place)) for place in grid}
    back = {number[str(place)]: place for place in grid}
    lengths = dict(nx.all_pairs_shortest_path_length(grid))
    for a, b in random.sample(list(product(sorted(grid), repeat=2)), min(30, side**4)):
        way = planner.plan(number[str(a)] or 0, number[str(b)] or 0)
        assert len(way) == (lengths[a][b] + 1 if b in lengths[a] else 0)
        assert all(grid.has_edge(back[x], back[y]) for x, y in pairwise(way))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), teleports=st.integers(0, 3))
def test_plans_with_lengths_and_teleports_cost_what_networkx_finds(
    seed: int, teleports: int
) -> None:
    """The metric heuristic never overestimates, whatever lengths and teleports there are."""
    random = Random(seed)
    reference = nx.DiGraph()
    graph = PlaceGraph(SmpdParams())
    places = list(product(range(5), repeat=2))
    for x, y in places:
        for dx, dy in ((1, 0), (0, 1)):
            if (x + dx, y + dy) in places and random.random() < 0.8:
                for sign, (a, b) in (
                    (1, ((x, y), (x + dx, y + dy))),
                    (-1, ((x + dx, y + dy), (x, y))),
                ):
                    cost = 1.0 + random.randrange(4)
                    walked(graph, str(a), str(b), (sign * dx * 1.0, sign * dy * 1.0), cost)
                    reference.add_edge(a, b, weight=cost)
    for _ in range(teleports):
        a, b = random.sample(places, 2)
        if not reference.has_edge(a, b) and not reference.has_edge(b, a):
            walked(graph, str(a), str(b), None, 0.5)
            walked(graph, str(b), str(a), None, 0.5)
            reference.add_edge(a, b, weight=0.5)
            reference.add_edge(b, a, weight=0.5)
    planner = Planner(graph)
    for a, b in (random.sample(sorted(reference), 2) for _ in range(10)):
        start, goal = graph.place(str(a)), graph.place(str(b))
        assert start is not None
        assert goal is not None
        way = planner.plan(start, goal)
        if not nx.has_path(reference, a, b):
            assert way == []
            continue
        cost = sum(graph.ways.between(x, y)[0].cost for x, y in pairwise(way))
        assert cost == pytest.approx(nx.shortest_path_length(reference, a, b, weight="weight"))


def test_a_way_to_where_one_is_has_one_place() -> None:
    """Start equals goal: nothing is left to walk."""
    graph = drawn(nx.grid_2d_graph(2, 2), both_ways=True)
    assert Planner(graph).plan(0, 0) == [0]


def test_of_equal_ways_the_beaten_one_is_taken() -> None:
    """Walks break ties, so that a habit is not left for a way that is no shorter."""
    graph = drawn(nx.grid_2d_graph(2, 2), both_ways=True)
    for _ in range(3):
        walked(graph, "(0, 0)", "(1, 0)", (1.0, 0.0))
        walked(graph, "(1, 0)", "(1, 1)", (0.0, 1.0))
    names = [graph.places[p].name for p in Planner(graph).plan(0, graph.enter("(1, 1)", 0))]
    assert names == ["(0, 0)", "(1, 0)", "(1, 1)"]


def test_a_passage_told_one_way_leads_back() -> None:
    """Nobody said that it does not; but once the way back is closed, it is."""
    graph = drawn(nx.path_graph(1), both_ways=True)
    walked(graph, "A", "B", (1.0, 0.0))
    a, b = graph.enter("A", 0), graph.enter("B", 0)
    assert Planner(graph).plan(b, a) == [b, a]
    graph.close(a, b, 1, "closed")
    assert Planner(graph).plan(b, a) == []
