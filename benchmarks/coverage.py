"""How often intervals hold the truth, and tests find what is not there: simulated comparisons.

An item is right in both runs, in one of them, or in neither. Each session draws its own chances of
these from a Dirichlet distribution around the true ones, so that scores stay right or wrong and the
true means are known.
"""

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from statistics import fmean

import numpy as np

from memeval.scoring.compare import SIGNIFICANT, compare_scores, holm
from memeval.scoring.intervals import Interval, mean_interval

FAMILY = 5
SESSIONS = {
    "1 of 200": [200],
    "3 of 100": [100] * 3,
    "10 of 40": [40] * 10,
    "10 of 8 to 80": list(range(8, 81, 8)),
    "100 of 5": [5] * 100,
}
DIFFER = (0.0, 1.0, 3.0)
"""The variance of sessions' true means, over what the items of one add to its measured mean."""
CHANCES = {"0.70": (0.5, 0.2, 0.2, 0.1), "0.93": (0.9, 0.03, 0.03, 0.04)}
"""That both are right, only a, only b, neither; by what each run then scores."""
RIGHT = np.array([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]])
COLUMNS = ("mean", "difference", "found", f"in {FAMILY}", "detectable", "power")

Scores = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class World:
    """Where sessions and their items come from."""

    sizes: Sequence[int]
    chances: tuple[float, ...]
    differ: float

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """Session and item of every score, in order."""
        named = enumerate(self.sizes)
        return [(f"{number:03d}", f"{item:03d}") for number, n in named for item in range(n)]

    def draw(self, rng: np.random.Generator) -> list[Scores]:
        """Draw the scores of two runs; `differ` is meant of a session of mean size."""
        share = self.differ / fmean(self.sizes)  # of an item's variance, what its session explains
        chances = np.array(self.chances)
        own = rng.dirichlet(chances * (1 / share - 1), len(self.sizes)) if share else chances
        counts = rng.multinomial(self.sizes, own)
        drawn = RIGHT[:, np.repeat(np.tile(range(4), len(self.sizes)), counts.ravel())]
        return [dict(zip(self.keys, scores, strict=True)) for scores in drawn.tolist()]

    def with_effect(self, effect: float) -> "World":
        """Return the same world, but that run a is better."""
        both, ours, theirs, neither = self.chances
        moved = min(effect / 2, theirs)
        chances = (both, ours + effect - moved, theirs - moved, neither - effect + 2 * moved)
        return World(self.sizes, chances, self.differ)


def simulate(world: World, runs: int) -> dict[str, float]:
    """Compare runs that do not differ, a family at a time; then runs that differ detectably."""
    rng = np.random.default_rng(0)
    truth = world.chances[0] + world.chances[1]
    told: dict[str, list[float]] = {name: [] for name in COLUMNS}
    for _ in range(runs):
        family = [world.draw(rng) for _ in range(FAMILY)]
        made = [compare_scores(a, b) for a, b in family]
        adjusted = holm([one.p_value for one in made])
        told["mean"].append(holds(mean_interval(family[0][0]), truth))
        told["difference"].append(holds(made[0].difference, 0.0))
        told["found"].append(made[0].finding != "indistinguishable")
        told[f"in {FAMILY}"].append(any(p is not None and p < SIGNIFICANT for p in adjusted))
        told["detectable"].append(made[0].detectable or 0.0)
    better = world.with_effect(fmean(told["detectable"]))
    if min(better.chances) >= 0:
        told["power"] = [compare_scores(*better.draw(rng)).finding == "better" for _ in range(runs)]
    return {name: fmean(values) for name, values in told.items() if values}


def holds(interval: Interval, truth: float) -> bool:
    """Whether an interval holds the truth."""
    assert interval.low is not None
    assert interval.high is not None
    return interval.low <= truth <= interval.high


def main() -> None:
    """Print a row for each kind of sessions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1500)
    runs = parser.parse_args().runs
    print(f"{runs:,} simulated comparisons of two equally good runs a row, seeded")
    print("differ: variance of sessions over what their items explain; mean, difference: coverage")
    print(f"of 95 % intervals; found: false findings, in {FAMILY}: one or more in a family of")
    print(f"{FAMILY} after Holm; power: of finding a true difference as large as detectable\n")
    names = "".join(f"{name:>12}" for name in COLUMNS)
    print(f"{'sessions':16}{'score':>6}{'differ':>8}{names}")
    worlds = [
        (f"{sessions:16}{score:>6}{differ:8.0f}", World(sizes, chances, differ))
        for sessions, sizes in SESSIONS.items()
        for score, chances in CHANCES.items()
        for differ in (DIFFER if len(sizes) > 1 else DIFFER[:1])
    ]
    with ProcessPoolExecutor() as pool:
        simulated = pool.map(simulate, [world for _, world in worlds], repeat(runs))
        for (name, _), found in zip(worlds, simulated, strict=True):
            told = (f"{found[one]:12.3f}" if one in found else f"{'-':>12}" for one in COLUMNS)
            print(name + "".join(told), flush=True)


if __name__ == "__main__":
    main()
