"""Times SMPD on large maps, and measures what its gate and its geometry are worth without a model.

    python benchmarks/smpd.py [--side 316] [--walks 40]

Three tables: reading and planning on a grid with walls of side x side places, beside networkx; the
gate on a wandering stream; the error of coordinates after 100 relative moves, by noise.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import networkx as nx

from memeval import load_memory
from memeval.cli import render
from memeval.memories.smpd.geometry import Geometry, rotated
from memeval.models.scripted import ScriptedModel
from memeval.types import Event, Query

DIRECTIONS = {(0, 1): "north", (1, 0): "east", (0, -1): "south", (-1, 0): "west"}
OPEN = 0.5  # of the walls that a maze could do without, as in the spatial suite
ASKED = 40

Spot = tuple[int, int]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=316)
    parser.add_argument("--walks", type=int, default=40, help="of 100 steps, for the gate")
    chosen = parser.parse_args()
    speed(chosen.side)
    gate(chosen.walks)
    localisation()


def speed(side: int) -> None:
    """Time teaching and planning on a grid with walls."""
    grid, random = maze(side, Random(1)), Random(2)
    steps = [step for edge in grid.edges for step in (edge, edge[::-1])]
    events = [Event(f"e{i}", told(*step), i) for i, step in enumerate(steps)]
    memory: Any = load_memory("smpd", model=ScriptedModel(), **{"store.max_places": side**2})
    observe_s = timed(memory.observe, events)
    replay_s = timed(memory.replay)
    pairs = [random.sample(sorted(grid), 2) for _ in range(ASKED)]
    plans, recalls, naive = [], [], []
    for a, b in pairs:
        query = Query("q", f"You are at {name(a)} on the way to {name(b)}.", len(events))
        plans.append(timed(plan, memory, a, b))
        recalls.append(timed(memory.recall, [query]))
        assert len(plan(memory, a, b)) == nx.shortest_path_length(grid, a, b) + 1
    for a, b in pairs[:10]:
        naive.append(timed(nx.astar_path, grid, a, b, square))
    rows = [
        ("places", f"{grid.number_of_nodes():,}"),
        ("passages", f"{len(steps):,}"),
        ("observations/s", f"{len(events) / observe_s:,.0f}"),
        ("replay s", f"{replay_s:.1f}"),
        ("plan ms, median", f"{1000 * statistics.median(plans):.1f}"),
        ("plan ms, worst", f"{1000 * max(plans):.1f}"),
        ("recall ms, median", f"{1000 * statistics.median(recalls):.1f}"),
        ("networkx A* ms, median", f"{1000 * statistics.median(naive):.0f}"),
    ]
    title = f"{ASKED} plans on a grid with walls, time of one core"
    render.table(title, ("", "value"), rows)


def gate(walks: int) -> None:
    """Compare gate on and off on people who wander about a town at random."""
    grid = maze(12, Random(4))
    steps = wander(grid, walks, Random(5))
    walked = nx.Graph(steps)
    pairs = [Random(i).sample(sorted(walked), 2) for i in range(200)]
    rows = []
    for enabled in (True, False):
        memory: Any = load_memory("smpd", model=ScriptedModel(), **{"gate.enabled": enabled})
        memory.observe([Event(f"e{i}", told(*step), i) for i, step in enumerate(steps)])
        memory.replay()
        shortest = [
            len(plan(memory, a, b)) == nx.shortest_path_length(walked, a, b) + 1 for a, b in pairs
        ]
        plans = [timed(plan, memory, a, b) for a, b in pairs]
        layouts = []
        for _ in range(20):
            memory._graph.version += 1
            layouts.append(timed(memory._planner.refresh))
        rows.append(
            (
                "on" if enabled else "off",
                f"{1000 * memory.stats()['passages'] / len(steps):.0f}",
                f"{memory.stats()['store_bytes'] / 1000:.0f}",
                f"{statistics.mean(shortest):.2f}",
                f"{1000 * statistics.median(plans):.2f}",
                f"{1000 * statistics.median(layouts):.1f}",
            )
        )
    head = ("gate", "edges per 1,000", "kB", "shortest plans", "plan ms", "laying out ms")
    render.table(f"{walks} random walks of 100 steps in a town of 144 places", head, rows)


def plan(memory: Any, a: Spot, b: Spot) -> list[int]:
    """Plan a way between two spots; the numbers of its places."""
    number = memory._graph.place
    way: list[int] = memory._planner.plan(number(name(a)), number(name(b)))
    return way


def localisation() -> None:
    """Measure how far off the last of 100 relative moves is, with and without closing loops."""
    rows = []
    for noise in (0.0, 0.01, 0.02, 0.05, 0.1, 0.2):
        errors = [wandering_error(noise, Random(seed)) for seed in range(200)]
        reckoned, mapped = (statistics.mean(e) for e in zip(*errors, strict=True))
        rows.append((f"{noise:.2f}", f"{reckoned:.3f}", f"{mapped:.3f}"))
    head = ("noise of a move", "dead reckoning", "closing loops")
    render.table("mean error after 100 relative moves on a 5x5 grid, moves of 1", head, rows)


def wandering_error(noise: float, random: Random) -> tuple[float, float]:
    """Return the last error of dead reckoning, and that of a map that knows places again."""
    geometry = Geometry(radius=0.5)
    geometry.add(0)
    true, reckoned, here, heading = (0, 0), (0.0, 0.0), 0, (0, 1)
    for _ in range(100):
        while True:
            ahead = rotated(heading, random.choice((0, 1, 3)))
            goal = (true[0] + int(ahead[0]), true[1] + int(ahead[1]))
            if max(map(abs, goal)) <= 2:
                break
            heading = rotated(heading, 1)
        heading, true = (int(ahead[0]), int(ahead[1])), goal
        felt = (ahead[0] + random.gauss(0, noise), ahead[1] + random.gauss(0, noise))
        reckoned = (reckoned[0] + felt[0], reckoned[1] + felt[1])
        x, y = geometry.at[here]
        point = (x + felt[0], y + felt[1])
        known = geometry.nearest(0, point)
        if known is None:
            known = len(geometry.at)
            geometry.add(known, point, 0)
        here = known
    return math.dist(reckoned, true), math.dist(geometry.at[here], true)


def maze(side: int, random: Random) -> Any:
    """Return a grid with walls, all of it reachable."""
    edges = list(nx.grid_2d_graph(side, side).edges)
    random.shuffle(edges)
    reached, grid = nx.utils.UnionFind(), nx.Graph()
    for a, b in edges:
        if reached[a] != reached[b] or random.random() < OPEN:
            reached.union(a, b)
            grid.add_edge(a, b)
    return grid


def wander(grid: Any, walks: int, random: Random) -> list[tuple[Spot, Spot]]:
    """Return the steps of random walks."""
    steps: list[tuple[Spot, Spot]] = []
    for _ in range(walks):
        course = [random.choice(sorted(grid))]
        for _ in range(100):
            course.append(random.choice(sorted(grid[course[-1]])))
        steps += pairwise(course)
    return steps


def told(here: Spot, there: Spot) -> str:
    """Tell a step."""
    move = DIRECTIONS[there[0] - here[0], there[1] - here[1]]
    return f"From {name(here)}, Nora Vance walked {move} and came to {name(there)}."


def name(spot: Spot) -> str:
    """Name a place."""
    return f"Corner {spot[0]} {spot[1]}"


def square(a: Sequence[int], b: Sequence[int]) -> int:
    """Return the distance along the streets."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Return the seconds of processor time that something takes: others' work does not count."""
    start = time.process_time()
    work(*arguments)
    return time.process_time() - start


if __name__ == "__main__":
    main()
