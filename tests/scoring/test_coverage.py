"""How often an interval holds the truth, and a test finds what is not there: simulated in short.

`benchmarks/coverage.py` is the same at length.
"""

import numpy as np
import pytest

from memeval.scoring.compare import compare_scores, holm
from memeval.scoring.intervals import Measured, measured

WON, TIED, LOST = 0.2, 0.6, 0.2
RUNS = 300
# A share of 300 runs has a standard error of sqrt(0.95 * 0.05 / 300) = 0.0126; two of them:
TOLERANCE = 0.025


def simulated(
    sessions: int, items: int, differ: float, family: int = 1
) -> list[tuple[Measured, ...]]:
    """Draw comparisons of two runs that do not differ, `family` at a time.

    `differ` is the variance of sessions over what their items explain. A session's chances are
    drawn from a Dirichlet distribution, so that the true difference is exactly 0.
    """
    rng = np.random.default_rng(8)
    share = differ / items
    keys = [(str(session), f"{i:03d}") for session in range(sessions) for i in range(items)]
    drawn = []
    for _ in range(RUNS * family):
        own = np.array([LOST, TIED, WON])
        chances = rng.dirichlet(own * (1 / share - 1), sessions) if share else own
        counts = rng.multinomial([items] * sessions, chances)
        values = np.repeat(np.tile([-1.0, 0.0, 1.0], sessions), counts.ravel())
        drawn.append(measured(dict(zip(keys, values.tolist(), strict=True)), (-1.0, 1.0)))
    return list(zip(*[iter(drawn)] * family, strict=True))


WORLDS = pytest.mark.parametrize(
    ("sessions", "items", "differ"),
    [(1, 100, 0.0), (3, 50, 0.0), (3, 50, 1.0), (3, 50, 3.0), (10, 10, 1.0), (10, 10, 3.0)],
)


@WORLDS
def test_a_95_percent_interval_holds_the_truth(sessions: int, items: int, differ: float) -> None:
    """However much sessions differ, and however few there are; or where there is one alone."""
    intervals = [found.interval for (found,) in simulated(sessions, items, differ)]
    held = [not interval.excludes_zero for interval in intervals]
    assert np.mean(held) >= 0.95 - TOLERANCE


def test_a_family_without_an_effect_has_few_findings() -> None:
    """Holm keeps five tests at 5 %, where sessions differ three times as much as items explain."""
    families = simulated(3, 20, 3.0, family=5)
    found = [min(p for p in holm([one.p_value for one in f]) if p is not None) for f in families]
    assert np.mean(np.array(found) < 0.05) <= 0.05 + TOLERANCE


def test_interval_and_test_agree() -> None:
    """The interval excludes 0 exactly where p is below 0.05."""
    for (found,) in simulated(3, 20, 1.0):
        assert found.interval.excludes_zero == ((found.p_value or 0.0) < 0.05)


def test_a_detectable_effect_is_detected_in_80_of_100_cases() -> None:
    """A true difference as large as the minimum detectable effect excludes 0 in 80 % of runs."""
    # 400 items: chances of 0.244 and 0.156 differ by 0.088, with variance 0.4 - 0.088^2 = 0.392, so
    # the standard error is sqrt(0.392 / 400) = 0.0313 and the detectable effect 2.81 * 0.0313 =
    # 0.088, the difference itself.
    rng = np.random.default_rng(8)
    items, found, told = 400, 0, []
    for _ in range(RUNS):
        values = rng.choice([-1.0, 0.0, 1.0], size=items, p=[0.156, 0.6, 0.244])
        a = {("s", f"{i:04d}"): float(v == 1) for i, v in enumerate(values)}
        b = {("s", f"{i:04d}"): float(v == -1) for i, v in enumerate(values)}
        comparison = compare_scores(a, b)
        found += comparison.finding == "better"
        told.append(comparison.detectable or 0.0)
    assert np.mean(told) == pytest.approx(0.088, rel=0.02)
    # three standard errors of a share of 0.8 over 300 runs: 3 * 0.023
    assert found / RUNS == pytest.approx(0.80, abs=0.07)
