"""The interval of a mean: what items say, what sessions say, and the scale."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, ttest_1samp

from memeval.scoring.compare import compare_scores
from memeval.scoring.intervals import Estimate, Interval, Key, mean_interval, of_items, of_sessions


def scores(values: str, session: str = "s") -> dict[Key, float]:
    """Make the scores of one session from a string of digits."""
    return {(session, f"q{i:03d}"): float(value) for i, value in enumerate(values)}


def ends(interval: Interval) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high


@pytest.mark.parametrize("right", ["0", "1"])
@pytest.mark.parametrize("n", [2, 10, 100, 1000])
def test_no_interval_is_without_width(n: int, right: str) -> None:
    """None of n, or all of n, leaves room for at least 3 / n, as the rule of three says."""
    low, high = ends(mean_interval(scores(right * n)))
    assert (low, high)[int(right)] == float(right)
    assert min(1.0, 3 / n) <= high - low <= min(1.0, 5 / n)


def test_of_one_item_the_interval_is_the_whole_scale() -> None:
    """One right answer is no evidence about the next."""
    assert mean_interval(scores("1")) == Interval(1.0, 0.0, 1.0, 1, 1, None)


def test_a_scale_is_as_wide_as_what_was_seen() -> None:
    """A score of 0 to 10 is not cut off at 1."""
    low, high = ends(mean_interval({("s", str(i)): 5.0 + i for i in range(6)}))
    assert low < 7.5 < high <= 10.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.lists(st.floats(0, 1), max_size=40))
@settings(max_examples=40)
def test_interval_contains_the_mean(first: list[float], second: list[float]) -> None:
    """The mean lies inside its interval, for one session and for two."""
    drawn = {("a", str(i)): value for i, value in enumerate(first)}
    drawn |= {("b", str(i)): value for i, value in enumerate(second)}
    interval = mean_interval(drawn)
    low, high = ends(interval)
    assert interval.mean == pytest.approx(np.mean([*first, *second]))
    assert low - 1e-9 <= (interval.mean or 0.0) <= high + 1e-9


@given(st.permutations(sorted((scores("1011000") | scores("01", "other")).items())))
@settings(max_examples=10)
def test_order_of_items_changes_nothing(shuffled: list[tuple[Key, float]]) -> None:
    """The interval is the same, to the last bit, in whatever order the items come."""
    assert mean_interval(dict(shuffled)) == mean_interval(scores("1011000") | scores("01", "other"))


def test_many_items_are_told_by_their_standard_error() -> None:
    """The made-up items are lost among many: 1.96 errors of sqrt(1/4 / 400) on either side."""
    low, high = ends(mean_interval(scores("01" * 200)))
    assert (high - low) / 2 == pytest.approx(1.966 * 0.5 / 400**0.5, rel=0.001)


@given(st.lists(st.integers(0, 9), min_size=3, max_size=8).filter(lambda x: len(set(x)) > 1))
@settings(max_examples=30)
def test_sessions_of_equal_size_are_tested_by_their_means(means: list[int]) -> None:
    """Student's t-test of one figure a session, as scipy has it, where nothing is made up."""
    items = np.repeat(np.array(means, dtype=float), 4)
    numbers = np.repeat(np.arange(len(means)), 4)
    found, expected = of_sessions(items, numbers, ()), ttest_1samp(means, 0.0)
    assert found.df == pytest.approx(len(means) - 1)
    assert found.p_value() == pytest.approx(expected.pvalue)
    assert found.bounds() == pytest.approx(expected.confidence_interval(0.95))


def test_a_session_that_outweighs_the_others_leaves_few_degrees_of_freedom() -> None:
    """By hand: weights 0.8, 0.1, 0.1 and means 1, 0, 0, so the mean is 0.8.

    Shares w^2 / (1 - w) are 3.2, 1/90 and 1/90. Variance: 3.2 * 0.04 + 2 * 0.64 / 90 = 0.14222.
    Degrees of freedom: 1 / (0.66 + 3.2222^2 - 3.2^2 - 2 / 8100) = 1.2457.
    """
    sizes = [8, 1, 1]
    found = of_sessions(np.repeat([1.0, 0.0, 0.0], sizes), np.repeat(np.arange(3), sizes), ())
    assert found.mean == pytest.approx(0.8)
    assert found.error == pytest.approx(0.14222**0.5, rel=1e-4)
    assert found.df == pytest.approx(1.2457, rel=1e-3)


def test_what_is_made_up_counts_beside_items_as_uncertain_as_the_sessions() -> None:
    """By hand: 8 items of mean 3/4, two sessions of means 1 and 1/2, one made up at either end.

    The variance of the mean is 2 * 1/2 * 1/16 = 1/16, that of an item 3/16: three items would do.
    With 0 and 1 beside them the mean is (3 * 3/4 + 1) / 5 = 0.65, its variance 0.2275 / 5 = 0.0455,
    below 1/16, which therefore stays.
    """
    items = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    found = of_sessions(items, np.repeat([0, 1], 4), (0.0, 1.0))
    assert found == Estimate(pytest.approx(0.65), pytest.approx(0.25), pytest.approx(1.0))


def test_the_wider_of_the_two_is_told() -> None:
    """Sessions that lie far apart widen what items say; ones that lie close do not narrow it."""
    apart = scores("1" * 30, "a") | scores("1" * 20 + "0" * 10, "b") | scores("0" * 30, "c")
    close = {key: value for s in "abc" for key, value in scores("1" * 15 + "0" * 15, s).items()}
    items = of_items(np.array(list(close.values())), (0.0, 0.0, 1.0, 1.0))
    assert ends(mean_interval(apart)) == (0.0, 1.0)
    assert ends(mean_interval(close)) == pytest.approx(items.bounds())


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        # means 1/2 and 1: between 4 * (1/4)^2 * 2 / 1 = 1/2; within 4 * (1/2)^2 / (8 - 2) = 1/6
        (["0101", "1111"], 3.0),
        (["0101", "1010"], 0.0),
        (["1111", "0000"], inf),
        (["1111", "1111"], None),
        (["0101"], None),
        (["0", "1", "1"], None),
    ],
)
def test_variance_between_sessions_stands_over_that_within(
    groups: list[str], expected: float | None
) -> None:
    """The F ratio of an analysis of variance; None where there is nothing to compare."""
    drawn = {key: value for i, g in enumerate(groups) for key, value in scores(g, str(i)).items()}
    interval = mean_interval(drawn)
    assert interval.n_sessions == len(groups)
    assert interval.between_to_within == (expected if expected is None else pytest.approx(expected))


def test_what_differs_by_rounding_alone_does_not_differ() -> None:
    """Thirds and tenths are not exact, and their remainders are no variance."""
    drawn = {(s, str(i)): 0.1 for s in "abc" for i in range(7)}
    assert mean_interval(drawn).between_to_within is None


def test_detectable_effect_by_hand() -> None:
    """With many degrees of freedom 2.80 standard errors: 1.96 for 5 %, 0.84 for 80 % of power."""
    expected = (norm.ppf(0.975) + norm.ppf(0.80)) * 0.03
    assert Estimate(0.0, 0.03, 1e6).detectable() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("other", ["1111", "0000"])
def test_without_spread_no_effect_is_called_detectable(other: str) -> None:
    """Where every item differs alike the noise is unknown, so the effect is None and not 0."""
    assert compare_scores(scores("1111"), scores(other)).detectable is None


def test_nothing_measured_has_no_interval() -> None:
    """Without scores every figure is None, never 0."""
    assert mean_interval({("s", "q"): None}) == Interval(None, None, None, 0)
