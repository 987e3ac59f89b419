"""From records to metrics, with the figures derived by hand."""

import cells
import pytest


def test_scores_are_over_answerable_items() -> None:
    """5 of 8 answerable items are right; the 2 others are not part of it."""
    metrics = cells.cell(5).metrics
    assert metrics["exact_match"] == 5 / 8
    assert (metrics["n"], metrics["n_answerable"]) == (10, 8)


def test_abstention_stands_beside_the_score() -> None:
    """With 9 right, one of the two unknown items is; no answerable one abstained."""
    metrics = cells.cell(9).metrics
    assert metrics["exact_match"] == 1.0
    assert metrics["abstention"] == 1 / 2
    assert metrics["false_abstention"] == 0.0


def test_hit_rates_follow_from_the_ranks() -> None:
    """5 of 8 have rank 1, the rest rank 4, so all are found at 5 and none more at 3."""
    retrieval = cells.cell(5).metrics["retrieval"]
    assert retrieval["hit@1"] == retrieval["hit@3"] == 5 / 8
    assert retrieval["hit@5"] == 1.0
    assert retrieval["mrr"] == pytest.approx((5 * 1 + 3 / 4) / 8)
    assert retrieval["n"] == 8


def test_latency_is_the_items_own() -> None:
    """Items take 16 to 25 ms: recall 1, prefill 10 to 19, decode 5."""
    metrics = cells.cell(5).metrics
    assert metrics["latency_ms_mean"] == pytest.approx(20.5)
    assert metrics["latency_ms_p50"] == pytest.approx(20.5)
    assert metrics["latency_ms_p95"] == pytest.approx(24.55)  # 16 + 9 * 0.95


def test_time_per_100_is_wall_time_of_the_questions() -> None:
    """205 ms of recall and reading for 10 items are 2,050 ms for 100; teaching is apart."""
    metrics = cells.cell(5).metrics
    assert metrics["time_ms_per_100"] == pytest.approx(2050)
    assert metrics["teach_ms_per_event"] == pytest.approx(10)


def test_slices_partition_the_items() -> None:
    """Every item is counted in one slice; a slice without answers has no score but abstention."""
    slices = cells.cell(5).metrics["slices"]
    assert {name: row["n"] for name, row in slices.items()} == {
        "exact": 4,
        "bound": 4,
        "unknown": 2,
    }
    assert slices["unknown"]["exact_match"] is None
    assert slices["exact"]["exact_match"] == 3 / 4  # numbers 0, 2 and 4 of 0, 2, 4, 6


def test_losses_count_wrong_answerable_items() -> None:
    """The three wrong ones were not retrieved."""
    assert cells.cell(5).metrics["lost"] == {"not_stored": 0, "not_retrieved": 3, "not_used": 0}
