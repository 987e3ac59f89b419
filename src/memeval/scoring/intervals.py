"""The mean of items that come in sessions: how far it is to be trusted, read in two ways.

Each item may count by itself, or each session as one; the more cautious of the two is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

Key = tuple[str, str]
"""Session id and query id: what makes two records the same item."""
Scores = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

LEVEL = 0.95
POWER = 0.80
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its interval; all None when nothing was measured.

    `between_to_within` is the variance between sessions over that within them, as mean squares: 1
    is what the items alone explain, 2 as much again. None where there is one session, or one item
    in each. With one session the interval speaks of that stream alone.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int
    n_sessions: int | None = None
    between_to_within: float | None = None

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies wholly on one side of 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a mean: its interval, a test of whether it is 0, and what that would find.

    `detectable` is None where all items are alike, so that nothing tells how noisy they are.
    """

    interval: Interval
    p_value: float | None
    detectable: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, its standard error, and the degrees of freedom with which the error is known."""

    mean: float
    error: float
    df: float

    def bounds(self) -> tuple[float, float]:
        """Return the interval of Student's t; without degrees of freedom it has no end."""
        half = self._critical() * self.error if self.df else inf
        return self.mean - half, self.mean + half

    def p_value(self) -> float:
        """Return the two-sided p of a mean of 0; an error of 0 leaves no doubt."""
        from scipy.special import stdtr  # scipy takes half a second to import

        if not self.error or not self.df:
            return 0.0 if self.df and self.mean else 1.0
        return float(2 * stdtr(self.df, -abs(self.mean) / self.error))

    def detectable(self) -> float:
        """Return the true mean that the test finds with a power of 80 %, by the noncentral t."""
        from scipy.special import nctdtrinc

        return float(nctdtrinc(self.df, 1 - POWER, self._critical())) * self.error

    def _critical(self) -> float:
        """Return how many standard errors from 0 a mean must be."""
        from scipy.special import stdtrit

        return float(stdtrit(self.df, (1 + LEVEL) / 2))


def mean_interval(scores: Mapping[Key, float | None]) -> Interval:
    """Return the mean over items with its 95 % interval, clustered by session.

    Items without a score are left out, and `n` counts the others. The scale of a score is 0 to 1,
    or what was seen where that is wider.
    """
    known = {key: score for key, score in scores.items() if score is not None}
    low, high = min((0.0, *known.values())), max((1.0, *known.values()))
    return measured(known, (low, low, high, high)).interval


def measured(scores: Mapping[Key, float], ends: Sequence[float]) -> Measured:
    """Measure a mean; `ends` are items made up at the ends of the scale on which scores lie.

    With them 0 of n and n of n are not certain. Of a score they are two at either end (Agresti and
    Coull 1998), of a paired difference one (Bonett and Price 2012).

    Both estimates must agree on a finding: the interval reaches as far as either, and p is the
    larger. Items alone ignore what those of a session share; sessions alone may lie close by
    chance, and a variance pooled from both inherits that in the tails, where Holm looks
    (`benchmarks/coverage.py` simulates it).
    """
    if not scores:
        return Measured(Interval(None, None, None, 0), None, None)
    items, sessions = _flat(scores)
    found = [of_items(items, ends)]
    if sessions[-1]:
        found.append(of_sessions(items, sessions, ends))
    bounds = [bound for one in found for bound in one.bounds()]
    interval = Interval(
        mean=float(items.mean()),
        low=max(min(ends), min(bounds)),
        high=min(max(ends), max(bounds)),
        n=len(items),
        n_sessions=int(sessions[-1]) + 1,
        between_to_within=_between_to_within(items, sessions),
    )
    alike = items.min() == items.max()
    return Measured(
        interval,
        p_value=max(one.p_value() for one in found),
        detectable=None if alike else max(one.detectable() for one in found),
    )


def of_items(items: Scores, ends: Sequence[float]) -> Estimate:
    """Estimate the mean as if items were independent: n - 1 degrees of freedom."""
    return _among(ends, float(items.mean()), float(items.var()), len(items), len(items) - 1)


def of_sessions(items: Scores, sessions: Numbers, ends: Sequence[float]) -> Estimate:
    """Estimate the mean as if every session told but one figure: the mean of its items.

    The cluster-robust variance CR2 of Bell and McCaffrey (2002), with Satterthwaite's (1946)
    degrees of freedom. Of k sessions of equal size it is the t-test of their means, with k - 1;
    where one session outweighs the others there are fewer. The items count as so many independent
    ones as would be as uncertain (Korn and Graubard 1998).
    """
    sizes, between, _ = _split(items, sessions)
    weights = sizes / len(items)
    shares = weights**2 / (1 - weights)
    df = 1 / float(weights @ weights + shares.sum() ** 2 - shares @ shares)
    mean, spread, error_squared = items.mean(), items.var(), float(shares @ between**2)
    if not error_squared:
        return Estimate(float(mean), 0.0, df)
    return _among(ends, float(mean), float(spread), float(spread) / error_squared, df)


def _among(ends: Sequence[float], mean: float, variance: float, n: float, df: float) -> Estimate:
    """Return the estimate of n items of a mean and variance, with others made up beside them.

    They never make the error smaller.
    """
    more = n + len(ends)
    centre = (n * mean + sum(ends)) / more
    spread = (n * (variance + mean**2) + sum(end**2 for end in ends)) / more - centre**2
    return Estimate(centre, max(variance / n, spread / more) ** 0.5, df)


def _between_to_within(items: Scores, sessions: Numbers) -> float | None:
    """Return the F ratio of a one-way analysis of variance; infinite if only sessions differ."""
    sizes, between, within = _split(items, sessions)
    if not 1 < len(sizes) < len(items):
        return None
    if not within.any():
        return inf if between.any() else None
    mean_squares = float(within @ within) / (len(items) - len(sizes))
    return float(sizes @ between**2) / (len(sizes) - 1) / mean_squares


def _split(items: Scores, sessions: Numbers) -> tuple[Numbers, Scores, Scores]:
    """Return sessions' sizes, their means from that of all, and the items from their session's.

    Rounded, so that what differs by the arithmetic alone does not differ.
    """
    sizes = np.bincount(sessions)
    means = np.bincount(sessions, items) / sizes
    return sizes, np.round(means - items.mean(), DIGITS), np.round(items - means[sessions], DIGITS)


def _flat(scores: Mapping[Key, float]) -> tuple[Scores, Numbers]:
    """Return the scores and the number of each one's session, in order of session and item."""
    keys = sorted(scores)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(key[0] for key in keys))}
    items = np.array([scores[key] for key in keys], dtype=np.float64)
    return items, np.array([numbers[key[0]] for key in keys], dtype=np.int64)
