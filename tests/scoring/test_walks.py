"""Scores of walks, against values worked out by hand and against simulation."""

from itertools import pairwise
from random import Random

import pytest

from memeval.scoring.walks import budget_of, random_walk_success, steps_to_goal
from memeval.types import Navigation


def row_of(places: int, start: int = 0) -> Navigation:
    """Return a corridor whose goal is the last place; moves are `on` and `back`."""
    names = [f"p{i}" for i in range(places)]
    moves: dict[str, dict[str, str]] = {name: {} for name in names}
    for here, there in pairwise(names):
        moves[here]["on"] = there
        moves[there]["back"] = here
    nearer = {name: {"on": ("e1",)} for name in names[:-1]}
    return Navigation(names[start], names[-1], "You are at {here}.", moves, nearer)


def test_steps_are_those_of_the_shortest_way() -> None:
    """In a corridor of four the first place is three steps from the last."""
    assert steps_to_goal(row_of(4)) == {"p3": 0, "p2": 1, "p1": 2, "p0": 3}


def test_the_budget_is_four_times_the_optimum() -> None:
    """Three steps at best, twelve at most."""
    assert budget_of(row_of(4)) == 12


def test_random_walk_by_hand() -> None:
    """In a corridor of three: forced on, then half a chance every second step."""
    # two steps at best, so eight: on the 2nd, 4th, 6th and 8th step the goal is hit with 1/2 each
    assert random_walk_success(row_of(3)) == pytest.approx(1 - 0.5**4)


def test_random_walk_agrees_with_simulation() -> None:
    """The exact probability lies within four standard errors of 20,000 simulated walks."""
    way, random = row_of(6, start=2), Random(0)
    arrived = 0
    for _ in range(20_000):
        here = way.start
        for _ in range(budget_of(way)):
            here = random.choice(list(way.moves[here].values()))
            if here == way.goal:
                arrived += 1
                break
    share = arrived / 20_000
    assert random_walk_success(way) == pytest.approx(
        share, abs=4 * (share * (1 - share) / 20_000) ** 0.5
    )


def test_a_walker_at_the_goal_needs_nothing() -> None:
    """No step, no budget, and the chance to arrive later is none."""
    way = row_of(3, start=2)
    assert budget_of(way) == 0
    assert random_walk_success(way) == 0.0
