"""Rows are put together within bounds, and what they share is found."""

from hypothesis import given
from hypothesis import strategies as st

from memeval.models.local.rows import common_length, groups, shared_length

TEXTS = st.lists(st.lists(st.integers(0, 2), max_size=8).map(tuple), min_size=1, max_size=6)


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 5), st.integers(1, 60))
def test_groups_hold_every_row_once_within_the_bounds(
    lengths: list[int], max_rows: int, max_tokens: int
) -> None:
    """No group has too many rows, nor too many tokens unless it is a single long row."""
    made = list(groups(lengths, max_rows=max_rows, max_tokens=max_tokens))
    assert sorted(i for group in made for i in group) == list(range(len(lengths)))
    assert all(len(group) <= max_rows for group in made)
    assert all(sum(lengths[i] for i in g) <= max_tokens for g in made if len(g) > 1)


@given(TEXTS)
def test_what_all_rows_share_leaves_each_a_token_of_its_own(rows: list[tuple[int, ...]]) -> None:
    """It is the longest common beginning, found by comparing place by place, cut to fit."""
    together = 0
    while all(len(row) > together for row in rows) and len({row[together] for row in rows}) == 1:
        together += 1
    assert shared_length(rows) == max(0, min(together, min(map(len, rows)) - 1))


@given(st.lists(st.integers(0, 1), max_size=6), st.lists(st.integers(0, 1), max_size=6))
def test_the_common_beginning_is_the_longest(a: list[int], b: list[int]) -> None:
    """Both texts agree up to there, and differ or end right after."""
    length = common_length(tuple(a), tuple(b))
    assert a[:length] == b[:length]
    assert length in (len(a), len(b)) or a[length] != b[length]
