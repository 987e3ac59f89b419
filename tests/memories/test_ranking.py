"""How the best are chosen, and how rankings are made into one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.baselines.fusion import standardised
from memeval.memories.baselines.ranking import best

scores = st.lists(st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 2.0]), min_size=1, max_size=30)


@given(scores, st.integers(1, 40))
def test_the_best_are_those_of_a_whole_sort(row: list[float], k: int) -> None:
    """Also where many score the same, of which the last stand first."""
    ordered = sorted(range(len(row)), key=lambda i: (-row[i], -i))
    found = [i for i in ordered if row[i] > -np.inf][:k]
    assert best(np.array(row), k).tolist() == found


def test_a_ranker_that_finds_nothing_has_no_vote() -> None:
    """One that gives all events the same adds nothing to any."""
    assert standardised(np.full((1, 4), 0.3)).tolist() == [[0.0, 0.0, 0.0, 0.0]]


@pytest.mark.parametrize("times", [1e-3, 1e3])
def test_units_do_not_matter(times: float) -> None:
    """A ranker's scores count by how far they stand apart among one another."""
    words = np.array([[0.0, 0.0, 7.0, 1.0], [1.0, 2.0, 2.0, 0.0]])
    np.testing.assert_allclose(standardised(words * times), standardised(words))
