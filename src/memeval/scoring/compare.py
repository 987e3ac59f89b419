"""Paired comparison of two runs on the same items, and of a family of such comparisons.

Difference, interval, exact McNemar test, the effect that could have been detected, Holm.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memeval.errors import DataError

Key = tuple[str, str]
"""Session id and query id: what makes two records the same item."""

RESAMPLES = 2000
LEVEL = 0.95
DETECTABLE_IN_ERRORS = 1.959964 + 0.841621
"""Standard errors that an effect must be worth to be found: z(0.975) for 5 %, z(0.80) for power."""


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
    """Run `a` minus run `b` on the items both answered.

    `detectable` is the smallest true difference that a comparison as noisy as this one finds in 80
    of 100 cases; None where all items differ alike, so that nothing tells how noisy it is.
    """

    difference: Interval
    only_a: int
    only_b: int
    p_value: float | None
    detectable: float | None = None

    @property
    def finding(self) -> str:
        """The result in a word: better, worse, or indistinguishable."""
        if not self.difference.excludes_zero:
            return "indistinguishable"
        return "better" if (self.difference.mean or 0) > 0 else "worse"


def compare_scores(a: Mapping[Key, float | None], b: Mapping[Key, float | None]) -> Comparison:
    """Compare two runs, item by item; an item that one of them has no score for is left out.

    Raises:
        DataError: the runs did not answer the same items.
    """
    if a.keys() != b.keys():
        missing = sorted(a.keys() ^ b.keys())
        raise DataError(
            f"compared runs must have answered the same items, got {len(missing)} that only one "
            f"of them has, such as {missing[0]}; run both on the same sizes and seeds"
        )
    differences = {
        key: ours - theirs
        for key in a
        if (ours := a[key]) is not None and (theirs := b[key]) is not None
    }
    if not differences:
        return Comparison(Interval(None, None, None, 0), 0, 0, None)
    only_a = sum(difference > 0 for difference in differences.values())
    only_b = sum(difference < 0 for difference in differences.values())
    clusters = _by_session(differences)
    means = _bootstrap_means(clusters)
    return Comparison(
        difference=_interval(clusters, means),
        only_a=only_a,
        only_b=only_b,
        p_value=mcnemar(only_a, only_b),
        detectable=detectable_effect(float(means.std())),
    )


def mean_interval(scores: Mapping[Key, float | None]) -> Interval:
    """Return the mean over items with its 95 % bootstrap interval, clustered by session.

    Items without a score are left out, and `n` counts the others.

    Sessions are drawn with replacement, then items within each: a session's items share its
    stream, so they are not independent. (A built-in dataset is one session, so sessions are seeds.)
    With one session only the items are drawn.

    How often it covers the truth (simulated in tests/scoring/test_coverage.py): one session, 95 %.
    With three that do not differ 98 %, because the spread of their items counts in both draws; with
    three that differ as much as its items make the mean of one uncertain 95 %; with three that
    differ far more no more than 80 %, because three draws tell little of how sessions spread.
    """
    known = {key: score for key, score in scores.items() if score is not None}
    if not known:
        return Interval(None, None, None, 0)
    clusters = _by_session(known)
    return _interval(clusters, _bootstrap_means(clusters))


def mcnemar(only_a: int, only_b: int) -> float:
    """Return the exact two-sided McNemar p-value for the two counts of discordant pairs.

    Under the null hypothesis each discordant pair favours either run with probability 1/2
    (McNemar 1947); without discordant pairs p is 1. Of a score that is not right or wrong alone it
    is the sign test: it counts the items on which either run is better, not by how much.
    """
    from scipy.special import bdtr  # scipy.stats would take a second to import

    tail = float(bdtr(min(only_a, only_b), only_a + only_b, 0.5))
    return min(1.0, 2 * tail)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return the p-values of a family of tests, adjusted so that one false finding stays rare.

    The smallest is multiplied by their number, the next by one less, and so on; none falls below
    one that was smaller, none exceeds 1 (Holm 1979). Unlike Bonferroni's it gives nothing away, and
    the tests need not be independent: all variants of an ablation share the full memory. A test
    that was not made (None) stays None and does not count.
    """
    made = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    floor = 0.0
    for rank, (p, i) in enumerate(made):
        floor = max(floor, min(1.0, (len(made) - rank) * p))
        adjusted[i] = floor
    return adjusted


def detectable_effect(standard_error: float) -> float | None:
    """Return the minimum detectable effect: `(z(0.975) + z(0.80)) * standard error`, about 2.8.

    The true difference that a two-sided test at 5 % finds with a power of 80 % (Bloom 1995). It
    tells a null result that means "no effect" from one that means "too few items". With a standard
    error of 0 the spread is unknown rather than nil, so it is None.
    """
    return DETECTABLE_IN_ERRORS * standard_error if standard_error > 0 else None


def _by_session(scores: Mapping[Key, float]) -> list[npt.NDArray[np.float64]]:
    """Return the scores of each session, in order of session and item."""
    groups: dict[str, list[float]] = defaultdict(list)
    for (session, _), score in sorted(scores.items()):
        groups[session].append(score)
    return [np.asarray(values, dtype=np.float64) for values in groups.values()]


def _interval(
    clusters: Sequence[npt.NDArray[np.float64]], means: npt.NDArray[np.float64]
) -> Interval:
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    scores = np.concatenate(clusters)
    return Interval(float(scores.mean()), float(low), float(high), len(scores))


def _bootstrap_means(
    clusters: Sequence[npt.NDArray[np.float64]],
) -> npt.NDArray[np.float64]:
    """Return the mean of each resample, `(RESAMPLES,) float64`; seeded, so always the same.

    Items are not drawn one by one: how often each distinct score comes up among them is
    multinomial, and scores are few (right or wrong), so a report over many cells stays fast.
    """
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(clusters), size=(RESAMPLES, len(clusters)))
    totals = np.zeros(RESAMPLES)
    counts = np.zeros(RESAMPLES)
    for number, cluster in enumerate(clusters):
        scores, times = np.unique(cluster, return_counts=True)
        draws = rng.multinomial(len(cluster), times / len(cluster), size=(drawn == number).sum())
        totals += np.bincount(
            np.nonzero(drawn == number)[0], weights=draws @ scores, minlength=RESAMPLES
        )
        counts += (drawn == number).sum(axis=1) * len(cluster)
    means: npt.NDArray[np.float64] = totals / counts
    return means
