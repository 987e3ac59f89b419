"""Paired comparison of two runs on the same items: difference, interval, exact McNemar test."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Key = tuple[str, str]
"""Session id and query id: what makes two records the same item."""

RESAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its bootstrap interval; all None when nothing was measured."""

    mean: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies wholly on one side of 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run `a` minus run `b` on the items both answered."""

    difference: Interval
    only_a: int
    only_b: int
    p_value: float | None

    @property
    def finding(self) -> str:
        """The result in a word: better, worse, or indistinguishable."""
        if not self.difference.excludes_zero:
            return "indistinguishable"
        return "better" if (self.difference.mean or 0) > 0 else "worse"


def compare_scores(a: Mapping[Key, float], b: Mapping[Key, float]) -> Comparison:
    """Compare two runs, item by item.

    Raises:
        ValueError: the runs did not answer the same items.
    """
    if a.keys() != b.keys():
        missing = sorted(a.keys() ^ b.keys())
        raise ValueError(
            f"compared runs must have answered the same items, got {len(missing)} that only one "
            f"of them has, such as {missing[0]}; run both on the same sizes and seeds"
        )
    only_a = sum(a[key] > b[key] for key in a)
    only_b = sum(a[key] < b[key] for key in a)
    difference = mean_interval({key: a[key] - b[key] for key in a})
    return Comparison(difference, only_a, only_b, mcnemar(only_a, only_b) if a else None)


def mean_interval(scores: Mapping[Key, float]) -> Interval:
    """Return the mean over items with its 95 % bootstrap interval, clustered by session.

    Sessions are drawn with replacement, then items within each: a session's items share its
    stream, so they are not independent. With one session only the items are drawn.
    """
    if not scores:
        return Interval(None, None, None, 0)
    groups: dict[str, list[float]] = defaultdict(list)
    for (session, _), score in sorted(scores.items()):
        groups[session].append(score)
    clusters = [np.asarray(values, dtype=np.float64) for values in groups.values()]
    means = _bootstrap_means(clusters)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    mean = float(np.concatenate(clusters).mean())
    return Interval(mean, float(low), float(high), len(scores))


def mcnemar(only_a: int, only_b: int) -> float:
    """Return the exact two-sided McNemar p-value for the two counts of discordant pairs.

    Under the null hypothesis each discordant pair favours either run with probability 1/2
    (McNemar 1947); without discordant pairs p is 1.
    """
    from scipy.stats import binomtest

    total = only_a + only_b
    return float(binomtest(only_a, total, 0.5).pvalue) if total else 1.0


def _bootstrap_means(
    clusters: Sequence[npt.NDArray[np.float64]],
) -> npt.NDArray[np.float64]:
    """Return the mean of each resample, `(RESAMPLES,) float64`; seeded, so always the same."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(clusters), size=(RESAMPLES, len(clusters)))
    totals = np.zeros(RESAMPLES)
    counts = np.zeros(RESAMPLES)
    for slot in range(len(clusters)):
        for number, cluster in enumerate(clusters):
            resamples = np.flatnonzero(drawn[:, slot] == number)
            picks = rng.integers(len(cluster), size=(len(resamples), len(cluster)))
            totals[resamples] += cluster[picks].sum(axis=1)
            counts[resamples] += len(cluster)
    means: npt.NDArray[np.float64] = totals / counts
    return means
