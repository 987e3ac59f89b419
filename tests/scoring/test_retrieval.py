"""Scores of a ranked recall, and where a wrong answer was lost."""

import pytest

from memeval.scoring.retrieval import first_hit, hit_at, reciprocal_rank, where_lost
from memeval.types import Recall, Trace


def recall(*traces: str) -> Recall:
    """Make a recall of traces that each rest on the events named by their letters."""
    return Recall(tuple(Trace(text, 1.0, tuple(text)) for text in traces))


@pytest.mark.parametrize(
    ("traces", "gold", "rank"),
    [
        (["a", "b", "c"], "a", 1),
        (["a", "b", "c"], "c", 3),
        (["a", "b", "c"], "cb", 2),  # the best-ranked gold event counts
        (["ab", "c"], "b", 1),  # a trace counts for every event it rests on
        (["a", "a", "b"], "b", 3),  # ranks are of traces, not of events
        (["a", "b"], "z", None),
        (["a", "b"], "", None),
        ([], "a", None),
    ],
)
def test_first_hit(traces: list[str], gold: str, rank: int | None) -> None:
    """The rank counts from 1, and there is none without a gold event."""
    assert first_hit(recall(*traces), set(gold)) == rank


@pytest.mark.parametrize(("k", "hit"), [(1, False), (2, False), (3, True), (5, True)])
def test_hit_at(k: int, hit: bool) -> None:
    """A hit at rank 3 counts from k = 3 on."""
    assert hit_at(recall("a", "b", "c"), ["c"], k) is hit


def test_nothing_recalled_is_no_hit() -> None:
    """An empty recall hits at no k."""
    assert not hit_at(Recall(), ["a"], 5)


@pytest.mark.parametrize(("gold", "expected"), [("a", 1.0), ("b", 1 / 2), ("c", 1 / 3), ("z", 0.0)])
def test_reciprocal_rank(gold: str, expected: float) -> None:
    """The score is 1 / rank, and 0 without a gold event."""
    assert reciprocal_rank(recall("a", "b", "c"), [gold]) == expected


@pytest.mark.parametrize(
    ("gold", "stored", "read", "lost"),
    [
        ("a", "", "", "not_stored"),
        ("ab", "a", "a", "not_stored"),  # one of two gold events was never written
        ("a", "abc", "", "not_retrieved"),
        ("a", "abc", "bc", "not_retrieved"),
        ("ab", "abc", "a", "not_retrieved"),  # one of two gold events was read
        ("a", "abc", "a", "not_used"),
        ("ab", "abc", "abc", "not_used"),
        ("a", None, "b", "not_retrieved"),
        ("a", None, "ab", "not_used"),
    ],
)
def test_where_lost(gold: str, stored: str | None, read: str, lost: str) -> None:
    """A loss is put down to the first step that misses a gold event."""
    held = None if stored is None else set(stored)
    assert where_lost(set(gold), held, set(read)) == lost
