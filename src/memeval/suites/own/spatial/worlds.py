"""Worlds to walk in: grids with walls, towns, and the graphs of the cognitive-map literature.

A line, a tree, a star and clusters joined by bridges are the shapes that CogEval asks about
(Momennejad et al. 2023, arXiv:2309.15129). In grids and towns a move is a compass direction, in the
graphs it is the name of the next place.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import networkx as nx

from memeval.suites.own import words
from memeval.suites.own.base import Deck

COMPASS = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}
OPEN_WALLS = 0.5  # of the walls that a maze could do without
OPEN_STREETS = 0.6
CLUSTER = (4, 5)  # places of one
STREETS = ("Lane", "Road", "Street", "Square", "Court", "Green", "Cross", "Corner")
Graph = Any  # networkx has no types


@dataclass(frozen=True, slots=True)
class World:
    """Places joined by passages that can be walked both ways.

    `at` holds each place's coordinates, or nothing where there are no directions.
    """

    kind: str
    graph: Graph
    at: dict[str, tuple[int, int]]

    @property
    def compass(self) -> bool:
        """Whether moves are directions."""
        return bool(self.at)

    def move(self, here: str, there: str) -> str:
        """Name the move from a place to the one next to it."""
        if not self.compass:
            return there
        step = tuple(b - a for a, b in zip(self.at[here], self.at[there], strict=True))
        return next(name for name, way in COMPASS.items() if way == step)

    def moves(self) -> dict[str, dict[str, str]]:
        """Return where every move leads, by place and move, in a fixed order."""
        return {
            here: {self.move(here, there): there for there in sorted(self.graph[here])}
            for here in sorted(self.graph)
        }


def grid(side: int, random: Random) -> Graph:
    """Return a square of cells with walls, all of it reachable."""
    return _with_walls(nx.grid_2d_graph(side, side), OPEN_WALLS, random)


def town(places: int, random: Random) -> Graph:
    """Return places that grew along streets, on the points of a lattice."""
    taken = [(0, 0)]
    while len(taken) < places:
        steps = [
            (x + dx, y + dy)
            for x, y in taken
            for dx, dy in COMPASS.values()
            if (x + dx, y + dy) not in taken
        ]
        taken.append(random.choice(steps))  # a place beside two others is in the list twice
    lattice = nx.Graph()
    lattice.add_nodes_from(taken)
    lattice.add_edges_from(
        (a, b) for i, a in enumerate(taken) for b in taken[:i] if _are_neighbours(a, b)
    )
    return _with_walls(lattice, OPEN_STREETS, random)


def line(places: int, _random: Random) -> Graph:
    """Return places in a row."""
    return nx.path_graph(places)


def star(places: int, _random: Random) -> Graph:
    """Return one place in the middle of all others."""
    return nx.star_graph(places - 1)


def tree(places: int, random: Random) -> Graph:
    """Return places without a way round, at most three passages each."""
    graph = nx.Graph()
    graph.add_node(0)
    for place in range(1, places):
        graph.add_edge(place, random.choice([n for n in graph if graph.degree(n) < 3]))
    return graph


def clusters(places: int, random: Random) -> Graph:
    """Return rings of places with a chord, each joined to the next by one bridge."""
    graph, first, number = nx.Graph(), None, 0
    while number < places:
        size = min(random.randint(*CLUSTER), places - number)
        ring = range(number, number + size)
        nx.add_cycle(graph, ring) if size > 2 else nx.add_path(graph, ring)
        if size > 3:
            graph.add_edge(ring[0], ring[2])
        graph.add_nodes_from(ring)
        if first is not None:
            graph.add_edge(first, random.choice(ring))
        first, number = ring[-1], number + size
    return graph


@dataclass(frozen=True, slots=True)
class Kind:
    """A shape of world, the sizes it comes in, and what its places are called."""

    name: str
    shape: Callable[[int, Random], Graph]
    sizes: Sequence[int]
    called: Sequence[str]
    passages: Callable[[int], float]
    """About how many passages a world of a size has."""


KINDS = (
    Kind("grid", grid, range(5, 10), words.PLACE_KINDS, lambda side: 1.35 * side * side),
    Kind("town", town, range(9, 26), (*STREETS, *words.ROOM_KINDS), lambda n: 1.3 * n),
    Kind("line", line, range(7, 22), words.ROOM_KINDS, lambda n: n),
    Kind("clusters", clusters, range(8, 22), words.ROOM_KINDS, lambda n: 1.4 * n),
    Kind("tree", tree, range(7, 22), words.ROOM_KINDS, lambda n: n),
    Kind("star", star, range(7, 22), words.ROOM_KINDS, lambda n: n),
)


EVERYWHERE = frozenset({"place", "route", "navigate"})
SERVES = {  # what can be asked of a world: shortcuts need directions, detours a way round
    "grid": EVERYWHERE | {"shortcut", "detour", "habit"},
    "town": EVERYWHERE | {"shortcut", "detour", "habit"},
    "line": EVERYWHERE | {"habit"},
    "clusters": EVERYWHERE | {"detour"},
    "tree": EVERYWHERE,
    "star": EVERYWHERE,
}


class Atlas:
    """Makes worlds, kind after kind, whose places all have names of their own."""

    def __init__(self, random: Random) -> None:
        self._random = random
        kinds = dict.fromkeys((*words.PLACE_KINDS, *words.ROOM_KINDS))
        self._names = Deck([(name, kind) for name in words.PLACE_NAMES for kind in kinds], random)
        self._kinds = self._rotation()

    def world(self, passages: float, wanted: Collection[str]) -> World:
        """Make the next world of at most so many passages that serves a wanted slice.

        Towns stand in where every kind is too large.
        """
        chosen = next(
            kind
            for kind in self._kinds
            if kind.name == "town"
            or (kind.passages(kind.sizes[0]) <= passages and SERVES[kind.name] & set(wanted))
        )
        fitting = [size for size in chosen.sizes if chosen.passages(size) <= passages]
        size = self._random.choice(fitting or chosen.sizes[:1])
        graph = chosen.shape(size, self._random)
        names = {node: self._name(chosen.called) for node in graph}
        at = {name: node for node, name in names.items() if isinstance(node, tuple)}
        return World(chosen.name, nx.relabel_nodes(graph, names), at)

    def _name(self, kinds: Sequence[str]) -> str:
        return " ".join(self._names.draw_like(lambda card: card[1] in kinds))

    def _rotation(self) -> Iterator[Kind]:
        while True:
            kinds = [*KINDS, *KINDS[:2]]  # only the first two have directions
            self._random.shuffle(kinds)
            yield from kinds


def _with_walls(graph: Graph, kept: float, random: Random) -> Graph:
    """Wall up passages at random, as long as everything can be reached."""
    edges = sorted(graph.edges)
    random.shuffle(edges)
    needed = nx.Graph()
    needed.add_nodes_from(graph)
    reached = nx.utils.UnionFind(graph)
    for a, b in edges:
        if reached[a] != reached[b] or random.random() < kept:
            reached.union(a, b)
            needed.add_edge(a, b)
    return needed


def _are_neighbours(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1
