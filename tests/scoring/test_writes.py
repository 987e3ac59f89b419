"""Scores of what a memory wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.scoring.writes import average_precision, write_scores


def test_by_hand() -> None:
    """Precision is of what is held, recall of what was worth it."""
    scores = write_scores({"a", "b", "x"}, {"a", "b", "c", "d"}, {"a": 2.0, "x": 1.0})
    assert scores["precision"] == pytest.approx(2 / 3)
    assert scores["recall"] == pytest.approx(2 / 4)
    assert scores["auprc"] == pytest.approx(1.0)  # the one relevant event comes first


def test_what_cannot_be_told_is_none() -> None:
    """No labels, no telling memory, nothing stored: null, not 0."""
    assert set(write_scores(None, {"a"}, None).values()) == {None}
    assert set(write_scores({"a"}, None, {"a": 1.0}).values()) == {None}
    assert write_scores(set(), {"a"}, {}) == {"precision": None, "recall": 0.0, "auprc": None}


def test_average_precision_by_hand() -> None:
    """Precision where each relevant event is reached, averaged over them."""
    scores = {"a": 4.0, "x": 3.0, "b": 2.0, "y": 1.0}
    # a is reached at 1 of 1, b at 2 of 3
    assert average_precision(scores, {"a", "b"}) == pytest.approx((1 + 2 / 3) / 2)


def test_equal_scores_pass_together() -> None:
    """A tie has the precision of the whole tie, in whatever order it came."""
    assert average_precision({"a": 1.0, "x": 1.0}, {"a"}) == pytest.approx(0.5)
    assert average_precision({"x": 1.0, "a": 1.0}, {"a"}) == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=12))
def test_average_precision_against_a_slow_sum(events: list[tuple[int, bool]]) -> None:
    """The sum over thresholds of precision times the recall won there."""
    scores = {f"e{i}": float(value) for i, (value, _) in enumerate(events)}
    relevant = {f"e{i}" for i, (_, label) in enumerate(events) if label}
    if not relevant:
        assert average_precision(scores, relevant) is None
        return
    total, before = 0.0, 0
    for threshold in sorted(set(scores.values()), reverse=True):
        passed = {event for event, value in scores.items() if value >= threshold}
        hits = len(passed & relevant)
        total += hits / len(passed) * (hits - before) / len(relevant)
        before = hits
    assert average_precision(scores, relevant) == pytest.approx(total)
