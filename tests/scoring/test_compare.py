"""Paired comparisons: pairing, intervals, the exact McNemar test, and the finding in a word."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm

from memeval.errors import DataError
from memeval.scoring.compare import (
    Comparison,
    Interval,
    Key,
    compare_scores,
    detectable_effect,
    holm,
    mcnemar,
    mean_interval,
)


def scores(values: str, session: str = "s") -> dict[Key, float]:
    """Make the scores of one session from a string of digits."""
    return {(session, f"q{i:03d}"): float(value) for i, value in enumerate(values)}


def test_runs_on_other_items_cannot_be_compared() -> None:
    """A mismatch is an error that counts the items only one run has, and drops none silently."""
    # a has q000 to q003, b has q000 and, of another session, q000 and q001: 3 + 2 unmatched
    a, b = scores("1010"), scores("1") | scores("11", "other")
    with pytest.raises(DataError, match=r"same items, got 5 that only one of them has.*other"):
        compare_scores(a, b)


def test_a_run_does_not_differ_from_itself() -> None:
    """Equal scores differ by exactly 0, with p = 1."""
    run = scores("1010011") | scores("111", "other")
    comparison = compare_scores(run, dict(run))
    assert comparison == Comparison(Interval(0.0, 0.0, 0.0, 10), 0, 0, 1.0)


def test_items_won_and_lost_are_counted() -> None:
    """Each run is credited with the items that it alone got right."""
    comparison = compare_scores(scores("11100"), scores("10001"))
    # a alone: q001, q002; b alone: q004; mean difference (2 - 1) / 5
    assert (comparison.only_a, comparison.only_b) == (2, 1)
    assert comparison.difference.mean == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    ("only_a", "only_b", "expected"),
    [
        (0, 0, 1.0),
        (3, 3, 1.0),
        (1, 0, 1.0),  # both outcomes of one toss are as likely
        (5, 0, 2 / 2**5),
        # 2 * (C(10, 0) + C(10, 1)) / 2^10 = 22 / 1024
        (1, 9, 22 / 1024),
        (9, 1, 22 / 1024),
    ],
)
def test_mcnemar_by_hand(only_a: int, only_b: int, expected: float) -> None:
    """The p-value is the share of coin tosses at least as lopsided, on both sides."""
    assert mcnemar(only_a, only_b) == pytest.approx(expected)


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_the_doubled_binomial_tail(only_a: int, only_b: int) -> None:
    """For a fair coin the exact test doubles the smaller tail, up to 1."""
    tail = binom.cdf(min(only_a, only_b), only_a + only_b, 0.5)
    assert mcnemar(only_a, only_b) == pytest.approx(min(1.0, 2 * tail))


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_agrees_with_scipy(only_a: int, only_b: int) -> None:
    """The p-value is scipy's exact binomial test of a fair coin; 1 where nothing is discordant."""
    total = only_a + only_b
    expected = binomtest(min(only_a, only_b), total, 0.5).pvalue if total else 1.0
    assert mcnemar(only_a, only_b) == pytest.approx(expected)


def test_holm_by_hand() -> None:
    """The smallest p-value is multiplied by their number, the next by one less, never falling."""
    # in order 0.01, 0.02, 0.03, 0.5: times 4, 3, 2, 1 gives 0.04, 0.06, 0.06, 0.5
    assert holm([0.03, 0.01, 0.5, 0.02]) == pytest.approx([0.06, 0.04, 0.5, 0.06])


def rejected(p_values: list[float], level: float) -> list[bool]:
    """Go down the p-values as Holm (1979) wrote it: stop at the first that is not small enough."""
    found = [False] * len(p_values)
    left = len(p_values)
    for i in sorted(range(len(p_values)), key=p_values.__getitem__):
        if p_values[i] > level / left:
            break
        found[i] = True
        left -= 1
    return found


@given(st.lists(st.floats(0, 1), max_size=12), st.floats(0.001, 0.999))
def test_holm_finds_what_the_step_down_procedure_rejects(
    p_values: list[float], level: float
) -> None:
    """An adjusted p-value is at most the level exactly where the procedure rejects at that level.

    Levels within rounding of an adjusted value are left out.
    """
    adjusted = [p for p in holm(p_values) if p is not None]
    if all(abs(p - level) > 1e-9 for p in adjusted):
        assert [p <= level for p in adjusted] == rejected(p_values, level)


def test_a_test_that_was_not_made_does_not_count() -> None:
    """None stays None, and the others are adjusted as if it were not there."""
    # two tests: 2 * 0.01, 1 * 0.04
    assert holm([0.01, None, 0.04]) == [0.02, None, 0.04]
    assert holm([]) == []


def test_detectable_effect_by_hand() -> None:
    """It is 2.80 standard errors: 1.96 for the test at 5 %, 0.84 for the power of 80 %."""
    expected = (norm.ppf(0.975) + norm.ppf(0.80)) * 0.03
    assert detectable_effect(0.03) == pytest.approx(expected, rel=1e-6)


def test_the_detectable_effect_of_one_session_is_that_of_its_items() -> None:
    """With one session the standard error is the standard deviation over the root of n."""
    # 100 of 400 items won, the others tied: sd = sqrt(1/4 * 3/4), error sqrt(3/16 / 400) = 0.02165.
    # 2,000 resamples know it to 1 / sqrt(2 * 2000) = 1.6 %: three of these are 5 %.
    comparison = compare_scores(scores("1000" * 100), scores("0000" * 100))
    assert comparison.detectable == pytest.approx(2.8016 * 0.02165, rel=0.05)


@pytest.mark.parametrize("other", ["1111", "0000"])
def test_without_spread_no_effect_is_called_detectable(other: str) -> None:
    """Where every item differs alike the noise is unknown, so the effect is None and not 0."""
    assert compare_scores(scores("1111"), scores(other)).detectable is None


def test_standard_error_is_not_divided_by_the_number_of_draws() -> None:
    """The bootstrap interval of a mean is as wide as theory says, whatever the number of draws."""
    # 200 of 400 right: sd = 1/2, so 1.96 * sd / sqrt(400) = 0.049. Dividing by sqrt(2000 draws)
    # as well would give 0.0011.
    interval = mean_interval(scores("01" * 200))
    assert interval.low is not None
    assert interval.high is not None
    half_width = (interval.high - interval.low) / 2
    assert half_width == pytest.approx(1.96 * 0.5 / math.sqrt(400), rel=0.25)


def test_sessions_are_drawn_whole() -> None:
    """Items that agree within their session are not counted as independent evidence."""
    # Two sessions all right, two all wrong. All four draws hit a wrong one with probability
    # 1/16 > 2.5 %, so the interval reaches from 0 to 1.
    groups = ["1" * 25, "1" * 25, "0" * 25, "0" * 25]
    pooled = {key: value for i, g in enumerate(groups) for key, value in scores(g, str(i)).items()}
    assert mean_interval(pooled) == Interval(0.5, 0.0, 1.0, 100)


@given(st.text("01", min_size=1, max_size=40), st.text("01", max_size=40))
@settings(max_examples=40)
def test_interval_contains_the_mean(first: str, second: str) -> None:
    """The mean lies inside its interval, for one session and for two."""
    interval = mean_interval(scores(first, "a") | scores(second, "b"))
    assert interval.mean == pytest.approx((first + second).count("1") / len(first + second))
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low - 1e-9 <= interval.mean <= interval.high + 1e-9


@given(st.permutations(sorted((scores("1011000") | scores("01", "other")).items())))
@settings(max_examples=10)
def test_order_of_items_changes_nothing(shuffled: list[tuple[Key, float]]) -> None:
    """The interval is the same, to the last bit, in whatever order the items come."""
    assert mean_interval(dict(shuffled)) == mean_interval(scores("1011000") | scores("01", "other"))


def test_nothing_measured_is_null() -> None:
    """Without items every number is None, never 0."""
    comparison = compare_scores({}, {})
    assert comparison == Comparison(Interval(None, None, None, 0), 0, 0, None)


@pytest.mark.parametrize(
    ("interval", "finding"),
    [
        (Interval(0.2, 0.1, 0.3, 50), "better"),
        (Interval(-0.2, -0.3, -0.1, 50), "worse"),
        (Interval(0.2, -0.1, 0.5, 50), "indistinguishable"),
        (Interval(0.2, 0.0, 0.4, 50), "indistinguishable"),  # touches 0
        (Interval(-0.2, -0.4, 0.0, 50), "indistinguishable"),
        (Interval(None, None, None, 0), "indistinguishable"),
    ],
)
def test_finding(interval: Interval, finding: str) -> None:
    """A run is better or worse only if the whole interval is on that side of 0."""
    assert Comparison(interval, 0, 0, None).finding == finding


def test_finding_is_about_the_first_run() -> None:
    """The run named first is the one that is better or worse."""
    right, wrong = scores("1" * 20), scores("0" * 20)
    assert compare_scores(right, wrong).finding == "better"
    assert compare_scores(wrong, right).finding == "worse"
