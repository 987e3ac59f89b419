"""Scores of a ranked recall, and where a wrong answer was lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.scoring.retrieval import (
    first_hit,
    ndcg_at,
    precision_at,
    recall_at,
    reciprocal_rank,
    where_lost,
)

# A trace that rests on the events a and b is written "ab".


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
    assert first_hit(traces, set(gold)) == rank


@pytest.mark.parametrize(
    ("traces", "gold", "k", "share"),
    [
        (["a", "b", "c"], "ac", 1, 0.5),
        (["a", "b", "c"], "ac", 2, 0.5),
        (["a", "b", "c"], "ac", 3, 1.0),
        (["ab"], "ab", 1, 1.0),
        (["a", "a"], "a", 2, 1.0),  # an event counts once
        ([], "a", 5, 0.0),
        (["a"], "", 5, None),
    ],
)
def test_recall_at(traces: list[str], gold: str, k: int, share: float | None) -> None:
    """Recall asks for all gold events, where a hit asks for any."""
    assert recall_at(traces, gold, k) == share


@pytest.mark.parametrize(("gold", "expected"), [("a", 1.0), ("b", 1 / 2), ("c", 1 / 3), ("z", 0.0)])
def test_reciprocal_rank(gold: str, expected: float) -> None:
    """The score is 1 / rank, and 0 without a gold event."""
    assert reciprocal_rank(["a", "b", "c"], [gold]) == expected


@pytest.mark.parametrize(
    ("ranked", "gold", "k", "share"),
    [
        ("abc", "ac", 1, 1.0),
        ("abc", "ac", 2, 1 / 2),
        ("abc", "ac", 3, 2 / 3),
        ("abc", "ac", 5, 2 / 5),  # ranks that nothing stands on count
        ("abc", "z", 3, 0.0),
        ("", "a", 3, 0.0),
    ],
)
def test_precision_at(ranked: str, gold: str, k: int, share: float) -> None:
    """Of k ranks, so many are gold."""
    assert precision_at(ranked, gold, k) == pytest.approx(share)


@pytest.mark.parametrize(
    ("ranked", "gold", "k", "gain"),
    [
        ("abc", "a", 1, 1.0),
        ("abc", "b", 1, 0.0),
        ("abc", "b", 2, 0.6309297),  # 1 / log2(3), by 1
        ("abc", "c", 3, 0.5),  # 1 / log2(4), by 1
        ("abc", "ac", 3, 0.9197207),  # (1 + 0.5) / (1 + 0.6309297)
        ("abc", "ac", 1, 1.0),  # one rank can hold no more
        ("a", "ab", 5, 0.6131472),  # 1 / (1 + 0.6309297)
        ("", "a", 5, 0.0),
        ("a", "", 5, None),
    ],
)
def test_ndcg_at(ranked: str, gold: str, k: int, gain: float | None) -> None:
    """Gold counts less the later it comes, by what it were with all of it first."""
    found = ndcg_at(ranked, gold, k)
    assert found == (None if gain is None else pytest.approx(gain))


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.sets(st.sampled_from("abcdefgh"), min_size=1),
    st.integers(1, 10),
)
def test_scores_of_ranks_are_between_nothing_and_one(
    ranked: list[str], gold: set[str], k: int
) -> None:
    """And nothing exactly where no gold is among the first k, which recall says as well."""
    scores = (precision_at(ranked, gold, k), ndcg_at(ranked, gold, k))
    assert all(score is not None and 0 <= score <= 1 + 1e-9 for score in scores)
    assert {bool(score) for score in scores} == {bool(recall_at(ranked, gold, k))}


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(1, 10))
def test_gold_alone_has_all_the_gain(gold: set[str], k: int) -> None:
    """Whatever its order, nothing better can stand on the first ranks."""
    assert ndcg_at(sorted(gold), gold, k) == pytest.approx(1.0)


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
