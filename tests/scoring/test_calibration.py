"""Calibration: figures derived by hand, and what holds for any confidences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.scoring.calibration import (
    BINS,
    Bin,
    auroc,
    brier_score,
    expected_calibration_error,
    pooled,
    reliability,
)

TOLD = (0.0, 0.05, 0.1, 0.75, 0.79, 1.0)
HELD = (False, True, False, True, False, True)
pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40)
Pairs = list[tuple[float, bool]]


def split(found: Pairs) -> tuple[list[float], list[bool]]:
    return [one for one, _ in found], [held for _, held in found]


def test_a_bin_has_its_lower_end_and_the_last_both() -> None:
    """0.1 is of the second bin, and 1 has none of its own."""
    bins = reliability(TOLD, HELD)
    assert [one.n for one in bins] == [2, 1, 0, 0, 0, 0, 0, 2, 0, 1]
    assert bins[0] == Bin(2, 0.025, 0.5)
    assert bins[1] == Bin(1, 0.1, 0.0)
    assert bins[7] == Bin(2, pytest.approx(0.77), 0.5)  # type: ignore[arg-type]
    assert bins[9] == Bin(1, 1.0, 1.0)


def test_the_error_is_the_mean_distance_by_bin() -> None:
    """(2 * 0.475 + 1 * 0.1 + 2 * 0.27 + 1 * 0) / 6 = 1.59 / 6."""
    assert expected_calibration_error(reliability(TOLD, HELD)) == pytest.approx(0.265)


def test_the_brier_score_is_the_mean_square() -> None:
    """(0 + 0.95^2 + 0.1^2 + 0.25^2 + 0.79^2 + 0) / 6 = (0.9025 + 0.01 + 0.0625 + 0.6241) / 6."""
    assert brier_score(TOLD, HELD) == pytest.approx(1.5991 / 6)


def test_the_area_counts_pairs_and_half_of_the_tied() -> None:
    """0.5 beats 0.2 and ties with 0.5, 0.9 beats both: 3.5 of 4."""
    assert auroc([0.5, 0.9, 0.2, 0.5], [True, True, False, False]) == 0.875


@pytest.mark.parametrize("held", [[True, True], [False, False], []])
def test_there_is_no_area_without_both_outcomes(held: list[bool]) -> None:
    """Nothing could be told apart."""
    assert auroc([0.5] * len(held), held) is None


def test_nothing_has_no_figures() -> None:
    """A mean over nothing is None."""
    assert reliability([], []) == [Bin(0, None, None)] * BINS
    assert expected_calibration_error(reliability([], [])) is None
    assert brier_score([], []) is None
    assert pooled([]) == Bin(0, None, None)


@given(pairs)
def test_figures_are_shares_and_no_item_is_lost(found: Pairs) -> None:
    """All lie from 0 to 1, every item in one bin, every mean in its own."""
    told, held = split(found)
    bins = reliability(told, held)
    assert sum(one.n for one in bins) == len(found)
    figures = [expected_calibration_error(bins), brier_score(told, held), auroc(told, held)]
    assert all(0 <= figure <= 1 + 1e-9 for figure in figures if figure is not None)
    for place, one in enumerate(bins):
        if one.confidence is not None:
            assert place / BINS - 1e-9 <= one.confidence <= (place + 1) / BINS + 1e-9


@given(pairs)
def test_the_error_is_at_most_the_root_of_the_brier_score(found: Pairs) -> None:
    """Averaging within bins only brings confidence and outcome nearer (Jensen)."""
    told, held = split(found)
    error, brier = expected_calibration_error(reliability(told, held)), brier_score(told, held)
    if error is not None and brier is not None:
        assert error <= brier**0.5 + 1e-9


@given(pairs)
def test_the_area_is_that_of_all_pairs(found: Pairs) -> None:
    """A slow count of every pair gives the same."""
    held, others = [c for c, so in found if so], [c for c, so in found if not so]
    won = [1.0 if a > b else 0.5 if a == b else 0.0 for a in held for b in others]
    area = auroc(*split(found))
    assert area == (pytest.approx(sum(won) / len(won)) if won else None)


@given(st.lists(pairs, max_size=4))
def test_bins_of_parts_pool_to_those_of_the_whole(parts: list[Pairs]) -> None:
    """So a report needs no records to tell seeds together."""
    curves = [reliability(*split(part)) for part in parts]
    whole = reliability(*split([one for part in parts for one in part]))
    for place, one in enumerate(whole):
        told = pooled([curve[place] for curve in curves])
        assert told.n == one.n
        assert told.confidence == (
            None if one.confidence is None else pytest.approx(one.confidence)
        )
        assert told.found == (None if one.found is None else pytest.approx(one.found))
