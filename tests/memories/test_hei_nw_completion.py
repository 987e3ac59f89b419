"""Completion of a cue to an episode, and the comparison with the cue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw.completion import Completion, complete
from memeval.memories.hei_nw.evidence import Evidence

FULL = [1.0, 1.0, 1.0]


def run(
    matches: list[list[float]],
    *,
    keys: list[list[float]] | None = None,
    episodes: list[int] | None = None,
    times: list[int] | None = None,
    known: list[bool] | None = None,
    same: float = 0.6,
) -> Completion:
    """Complete a cue of three equally telling words; `matches` is a row for every candidate."""
    count = len(matches)
    codes = np.array(keys, np.float32) if keys else np.eye(count, dtype=np.float32)
    codes = codes / np.linalg.norm(codes, axis=1, keepdims=True)
    evidence = Evidence(
        np.arange(count),
        np.array(matches, np.float32).T,
        np.ones(3, np.float32),
        np.array(known or [True] * 3),
        codes,
    )
    return complete(
        evidence,
        episodes=np.array(episodes or range(count)),
        times=np.array(times or [0] * count),
        beta=32.0,
        same=same,
    )


def test_the_best_match_leads() -> None:
    """Unlike episodes are ordered by their share of the cue's evidence."""
    found = run([[1, 0, 0], [1, 1, 1], [1, 1, 0]])
    assert found.episodes.tolist() == [1, 2, 0]
    assert found.scores == pytest.approx([1, 2 / 3, 1 / 3])


def test_an_unlike_newcomer_does_not_lead() -> None:
    """Being newer helps only what tells of the same event."""
    found = run([FULL, [1, 1, 0.9]], times=[0, 9])
    assert found.episodes.tolist() == [0, 1]


def test_of_two_tellings_the_newer_leads() -> None:
    """A correction shares most of its code with what it corrects, and stands before it."""
    keys = [[1, 1, 1, 1, 0], [1, 1, 1, 0, 1]]
    found = run([FULL, [1, 1, 0.9]], keys=keys, times=[0, 9])
    assert found.episodes.tolist() == [1, 0]
    assert found.scores == pytest.approx([1.0, 1.0])  # with the score of the best


def test_an_equal_mixture_of_unlike_episodes_keeps_both() -> None:
    """Two unlike episodes that fit equally well stay a tie, which the newer wins."""
    assert run([FULL, FULL], times=[0, 9]).episodes.tolist() == [1, 0]


def test_an_episode_answers_for_all_its_sentences() -> None:
    """What the cue asks beyond one sentence may stand in the next one of the same episode."""
    sentences = [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert run(sentences, episodes=[7, 7]).mismatch == 0.0
    # apart, the first lacks a third of the evidence, of a word that the memory knows
    assert run(sentences, episodes=[7, 8]).mismatch == pytest.approx(1 / 3)


def test_a_word_that_nobody_knows_is_no_mismatch() -> None:
    """A typo, or a question's own word, does not speak against what came up."""
    assert run([[1, 1, 0]], known=[True, True, False]).mismatch == 0.0
    assert run([[1, 1, 0]], known=[True, True, True]).mismatch == pytest.approx(1 / 3)


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_episode_comes_once_with_falling_scores(matches: list[list[float]]) -> None:
    """No episode is lost or doubled, and scores never rise."""
    found = run(matches)
    assert sorted(found.episodes.tolist()) == list(range(len(matches)))
    assert (np.diff(found.scores) <= 1e-6).all()
    assert 0 <= found.mismatch <= 1 + 1e-6
