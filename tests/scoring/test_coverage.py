"""How often a 95 % interval covers the truth, and a detectable effect is detected: simulated."""

import numpy as np
import pytest

from memeval.scoring.compare import compare_scores, mean_interval

WON, TIED, LOST = 0.3, 0.6, 0.1
"""Chances that an item is won, tied or lost: the true difference is 0.2, its variance 0.36."""
TRUTH, VARIANCE = WON - LOST, WON + LOST - (WON - LOST) ** 2
RUNS = 500


def session_scores(
    rng: np.random.Generator, sessions: int, items: int, spread: float
) -> dict[tuple[str, str], float]:
    """Draw paired differences; `spread` is the variance of sessions over that of a session's mean.

    A session's own difference is 0.2 plus normal noise, which moves chances from lost to won.
    """
    drawn = {}
    for session in range(sessions):
        shift = np.sqrt(spread * VARIANCE / items) * rng.standard_normal() / 2
        chances = np.clip([LOST - shift, TIED, WON + shift], 0, 1)
        values = rng.choice([-1.0, 0.0, 1.0], size=items, p=chances / chances.sum())
        drawn |= {(str(session), f"{i:04d}"): float(value) for i, value in enumerate(values)}
    return drawn


def coverage(sessions: int, items: int, spread: float) -> float:
    """Return the share of simulated comparisons whose interval holds the true difference."""
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(RUNS):
        found = mean_interval(session_scores(rng, sessions, items, spread))
        held += (
            found.low is not None and found.high is not None and found.low <= TRUTH <= found.high
        )
    return held / RUNS


# A share of 500 runs has a standard error of sqrt(0.95 * 0.05 / 500) = 0.0097; three of them:
TOLERANCE = 0.03


@pytest.mark.parametrize(
    ("sessions", "spread"),
    [
        (1, 0.0),  # items alone
        (3, 0.5),  # three seeds that differ by 0.7 of the standard error of one seed's mean
        (3, 1.0),
    ],
)
def test_a_95_percent_interval_covers_95_percent(sessions: int, spread: float) -> None:
    """One session, and three that differ no more than their items make each of them uncertain."""
    assert coverage(sessions, 200, spread) == pytest.approx(0.95, abs=TOLERANCE)


def test_three_alike_sessions_are_covered_more_often() -> None:
    """Where seeds do not differ, the interval is too wide rather than too narrow.

    Bootstrap variance over true variance, for K sessions: (K - 1)/K for drawing sessions, whose
    means already spread as their items do, plus 1 for drawing the items again; with K = 3 that is
    5/3. A normal interval sqrt(5/3) = 1.29 times too wide covers 98.9 %.
    """
    assert coverage(3, 200, 0.0) > 0.95 + 0.01


def test_three_very_different_sessions_are_covered_less_often() -> None:
    """The limit of three seeds: where they differ far more than their items, 75 % is covered.

    The interval then reaches from the lowest session to the highest, and three draws lie all on one
    side of the truth in 2 of 8 cases; drawing the items as well adds a little. The standard error
    of a share of 0.75 over 500 runs is 0.019, three of them 0.058.
    """
    assert 0.75 - 0.058 < coverage(3, 200, 20.0) < 0.80 + 0.058


def test_a_detectable_effect_is_detected_in_80_of_100_cases() -> None:
    """A true difference as large as the minimum detectable effect excludes 0 in 80 % of runs."""
    # 400 items: chances of 0.244 and 0.156 differ by 0.088, with variance 0.4 - 0.088^2 = 0.392, so
    # the standard error is sqrt(0.392 / 400) = 0.0313 and the detectable effect 2.80 * 0.0313 =
    # 0.088, the difference itself. All intervals share one seed, so that their 2,000 resamples are
    # off together, by 1 / sqrt(2 * 2000) = 1.6 %; three of these are 5 %.
    rng = np.random.default_rng(8)
    items, found, told = 400, 0, []
    for _ in range(RUNS):
        values = rng.choice([-1.0, 0.0, 1.0], size=items, p=[0.156, 0.6, 0.244])
        a = {("s", f"{i:04d}"): float(v == 1) for i, v in enumerate(values)}
        b = {("s", f"{i:04d}"): float(v == -1) for i, v in enumerate(values)}
        comparison = compare_scores(a, b)
        found += comparison.difference.excludes_zero
        told.append(comparison.detectable or 0.0)
    assert np.mean(told) == pytest.approx(0.088, rel=0.05)
    # three standard errors of a share of 0.8 over 500 runs: 3 * 0.018
    assert found / RUNS == pytest.approx(0.80, abs=0.054)
