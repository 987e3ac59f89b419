"""Paired comparisons: pairing, families, and the finding in a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.errors import DataError
from memeval.scoring.compare import Comparison, compare_scores, holm
from memeval.scoring.intervals import Interval, Key


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
    """Equal scores differ by 0 with p = 1, within what ten items can tell."""
    run = scores("1010011") | scores("111", "other")
    comparison = compare_scores(run, dict(run))
    assert (comparison.difference.mean, comparison.p_value) == (0.0, 1.0)
    # a made-up item at -1 and one at 1: error sqrt(2 / 12 / 12), of which t(9) takes 2.262
    assert comparison.difference.high == pytest.approx(2.262 * (2 / 144) ** 0.5, abs=1e-4)
    assert comparison.finding == "indistinguishable"


def test_items_won_and_lost_are_counted() -> None:
    """Each run is credited with the items that it alone got right."""
    comparison = compare_scores(scores("11100"), scores("10001"))
    # a alone: q001, q002; b alone: q004; mean difference (2 - 1) / 5
    assert (comparison.only_a, comparison.only_b) == (2, 1)
    assert comparison.difference.mean == pytest.approx(1 / 5)


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


def test_nothing_measured_is_null() -> None:
    """Without items every number is None, never 0."""
    comparison = compare_scores({}, {})
    assert comparison == Comparison(Interval(None, None, None, 0), 0, 0, None)


@pytest.mark.parametrize(
    ("interval", "p_value", "finding"),
    [
        (Interval(0.2, 0.1, 0.3, 50), 0.01, "better"),
        (Interval(-0.2, -0.3, -0.1, 50), 0.01, "worse"),
        (Interval(0.2, 0.1, 0.3, 50), 0.05, "indistinguishable"),
        (Interval(0.2, 0.1, 0.3, 50), None, "indistinguishable"),
        (Interval(0.2, -0.1, 0.5, 50), 0.01, "indistinguishable"),
        (Interval(0.2, 0.0, 0.4, 50), 0.01, "indistinguishable"),  # touches 0
        (Interval(-0.2, -0.4, 0.0, 50), 0.01, "indistinguishable"),
        (Interval(None, None, None, 0), None, "indistinguishable"),
    ],
)
def test_finding(interval: Interval, p_value: float | None, finding: str) -> None:
    """Better or worse needs the whole interval on that side of 0, and p below 0.05."""
    assert Comparison(interval, 0, 0, p_value).finding == finding


def test_finding_is_about_the_first_run() -> None:
    """The run named first is the one that is better or worse."""
    right, wrong = scores("1" * 20), scores("0" * 20)
    assert compare_scores(right, wrong).finding == "better"
    assert compare_scores(wrong, right).finding == "worse"


@pytest.mark.parametrize("sessions", [1, 2])
def test_one_item_is_never_a_finding(sessions: int) -> None:
    """One item tells nothing of its kind, nor do two sessions of one each."""
    ours = {(str(i), "q"): 1.0 for i in range(sessions)}
    comparison = compare_scores(ours, dict.fromkeys(ours, 0.0))
    assert (comparison.difference.low, comparison.difference.high) == (-1.0, 1.0)
    assert comparison.p_value == 1.0 if sessions == 1 else (comparison.p_value or 0.0) > 0.05
    assert comparison.finding == "indistinguishable"


@pytest.mark.parametrize(("won", "found"), [(4, False), (5, False), (6, True)])
def test_a_few_items_that_differ_alike_are_weighed(won: int, found: bool) -> None:
    """As of McNemar's exact test, p = 2 / 2^n: 1/8 of four, 1/16 of five, 1/32 of six items."""
    comparison = compare_scores(scores("1" * won), scores("0" * won))
    assert (comparison.finding == "better") is found


def test_what_sessions_share_is_no_finding() -> None:
    """Forty items are won and none lost, all of one session in three: that is one session's luck.

    Taken one by one, 40 of 120 items would be a difference of 0.33 with a p far below 0.001.
    """
    theirs = {key: 0.0 for s in "abc" for key in scores("0" * 40, s)}
    ours = theirs | scores("1" * 40, "a")
    comparison = compare_scores(ours, theirs)
    assert comparison.difference.mean == pytest.approx(1 / 3)
    # An error of 1/3 and an item's variance of 2/9 are those of two items. One won and one lost
    # beside them make it a mean of 1/6, a variance of (2/3 + 2) / 4 - 1/36 = 23/36, and an error
    # of its root over 2: t = 0.417 with 2 degrees of freedom.
    assert comparison.p_value == pytest.approx(0.717, abs=1e-3)
    assert comparison.finding == "indistinguishable"
