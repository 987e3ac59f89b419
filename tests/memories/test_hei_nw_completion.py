"""Which trace leads, and what is told as one episode."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw.completion import are_one_episode, episodes, leader
from memeval.memories.hei_nw.store import StoredTrace

ALIKE = [[1, 1, 1, 1, 0], [1, 1, 1, 0, 1]]
UNLIKE = [[1, 0], [0, 1]]


def lead(
    fits: list[float],
    *,
    patterns: list[list[float]],
    shares: list[float] | None = None,
    times: list[int] | None = None,
) -> int:
    codes = np.array(patterns, np.float32)
    return leader(
        np.array(fits, np.float32),
        np.array(shares or [1.0] * len(fits), np.float32),
        codes / np.linalg.norm(codes, axis=1, keepdims=True),
        np.array(times or range(len(fits))),
        beta=32.0,
        same=0.5,
    )


def trace(position: int, text: str = "Nora sang.", **fields: object) -> StoredTrace:
    told: dict[str, object] = {
        "speaker": "",
        "date": "",
        "events": [f"e{position}"],
        "follows": position - 1,
    }
    return StoredTrace(
        text=text,
        time=position,
        salience=1.0,
        pinned=False,
        key=(),
        position=position,
        seen=position,
        **(told | fields),  # type: ignore[arg-type]
    )


def test_an_unlike_newcomer_does_not_lead() -> None:
    """Being newer helps only what tells of the same event."""
    assert lead([9.0, 8.0], patterns=UNLIKE) == 0


def test_of_two_tellings_the_newer_leads() -> None:
    """A correction shares most of its code with what it corrects, and stands before it."""
    assert lead([9.0, 8.0], patterns=ALIKE) == 1
    assert lead([9.0, 8.0], patterns=ALIKE, times=[9, 0]) == 0


def test_a_telling_that_holds_less_of_the_cue_does_not_lead() -> None:
    """What is newer and alike but lacks a word of the question tells of another event."""
    assert lead([9.0, 8.0], patterns=ALIKE, shares=[1.0, 0.9]) == 0


@given(st.lists(st.floats(-5, 9, width=32), min_size=1, max_size=6))
def test_somebody_leads(fits: list[float]) -> None:
    """Whatever the fits, one of the traces leads, of unlike ones the best."""
    falling = sorted(fits, reverse=True)
    falling[0] = abs(falling[0]) + 1
    assert lead(falling, patterns=np.eye(len(falling)).tolist()) == 0


@pytest.mark.parametrize(
    ("second", "one"),
    [
        ({}, False),  # neighbours of a log-book
        ({"text": "Then she left."}, True),  # refers back
        ({"speaker": "Bo"}, True),  # answers
        ({"speaker": "Bo", "date": "2026-01-02"}, False),  # on another day
        ({"speaker": "Bo", "follows": -1}, False),  # before any replay
        ({"events": ["e0"]}, True),  # a message in two passages
    ],
)
def test_are_one_episode(second: dict[str, object], one: bool) -> None:
    """Neighbours are one episode in an exchange, in one message, or as a sentence and its next."""
    first = trace(0, speaker="Al" if "speaker" in second else "")
    assert are_one_episode(first, trace(1, **second)) is one  # type: ignore[arg-type]
    assert are_one_episode(trace(1, **second), first) is one  # type: ignore[arg-type]


def test_what_stands_far_apart_is_no_episode() -> None:
    """Of one talk, only what stands next to each other or next but one is told together."""
    talk = [trace(i, speaker="Al") for i in range(4)]
    assert are_one_episode(talk[0], talk[2])
    assert not are_one_episode(talk[0], talk[3])


@given(st.permutations(range(8)), st.integers(0, 8))
def test_every_trace_is_told_once_and_in_order(order: list[int], joined: int) -> None:
    """No trace is lost or doubled; within an episode time runs forward; the first stays first."""
    talk = [trace(i, speaker="Al") for i in order]
    told = list(episodes(talk[:joined], talk[joined:]))
    assert sorted(one.position for episode in told for one in episode) == list(range(8))
    assert all(
        [one.position for one in episode] == sorted(one.position for one in episode)
        for episode in told
    )
    assert any(one.position == order[0] for one in told[0])
