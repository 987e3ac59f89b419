"""HEI-NW's write gate."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw.gate import judge, salient_surprise
from memeval.memories.hei_nw.params import GateParams
from memeval.types import Event

PLAIN = Event("e0", "It happened.", 0)
GATE = GateParams(surprise=0.1, novelty=0.2, reward=0.5, pin=1.0, tau=1.0)


def nats(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("values", "top", "expected"),
    [
        ([1, 9, 2, 6], 1, 9.0),
        ([1, 9, 2, 6], 3, 17 / 3),  # 9, 6 and 2
        ([1, 9, 2, 6], 4, 18 / 4),
        ([1, 9], 3, 5.0),  # fewer tokens than asked for: the mean of all
        ([5, 5, 5], 2, 5.0),
        ([], 3, 0.0),
    ],
)
def test_salient_surprise(values: list[float], top: int, expected: float) -> None:
    """Only the most surprising tokens count, and no tokens are no surprise."""
    assert salient_surprise(nats(*values), top) == pytest.approx(expected)


@given(st.lists(st.floats(0, 30, width=32), min_size=3, max_size=20), st.integers(0, 20))
def test_dull_tokens_do_not_dilute_surprise(values: list[float], dull: int) -> None:
    """Any number of tokens without surprise leaves a text as salient as it was."""
    longer = nats(*values, *[0.0] * dull)
    assert salient_surprise(longer, 3) == pytest.approx(salient_surprise(nats(*values), 3))


def test_salience_by_hand() -> None:
    """Salience is the weighted sum of surprise, novelty, reward and pin."""
    event = Event("e0", "It happened.", 0, reward=True, pin=True)
    # 0.1 * 7 + 0.2 * 0.5 + 0.5 + 1.0
    assert judge(event, 7.0, 0.5, GATE).salience == pytest.approx(2.3)


@given(st.floats(0, 30), st.floats(0, 1), st.floats(0, 1), st.booleans(), st.booleans())
def test_more_of_anything_never_loses_a_write(
    surprise: float, novelty: float, extra: float, reward: bool, pin: bool
) -> None:
    """Salience and the verdict are monotone in each of the four inputs."""
    event = Event("e0", "It happened.", 0, reward=reward, pin=pin)
    before = judge(event, surprise, novelty, GATE)
    for after in (
        judge(event, surprise + extra, novelty, GATE),
        judge(event, surprise, novelty + extra, GATE),
        judge(Event("e0", "It happened.", 0, reward=True, pin=pin), surprise, novelty, GATE),
        judge(Event("e0", "It happened.", 0, reward=reward, pin=True), surprise, novelty, GATE),
    ):
        assert after.salience >= before.salience
        assert after.write >= before.write


@pytest.mark.parametrize(("surprise", "write"), [(9.9, False), (10.0, False), (10.1, True)])
def test_tau_must_be_exceeded(surprise: float, write: bool) -> None:
    """An event is written only if its salience is above tau."""
    # tau = 1 is met exactly at 0.1 * 10 nats without novelty
    assert judge(PLAIN, surprise, 0.0, GATE).write is write


def test_pinned_is_always_written() -> None:
    """A pin beats any threshold, even where it adds no salience."""
    pinned = Event("e0", "It happened.", 0, pin=True)
    hard = GateParams(pin=0.0, tau=1e9)
    assert judge(pinned, 0.0, 0.0, hard).write
    assert not judge(PLAIN, 0.0, 0.0, hard).write


def test_with_the_gate_off_all_is_written_and_equally_salient() -> None:
    """A disabled gate judges nothing: no event outlives another for being surprising."""
    off = GateParams(enabled=False, tau=1e9)
    rewarded = Event("e1", "It paid off.", 1, reward=True)
    assert judge(PLAIN, 0.0, 0.0, off) == judge(rewarded, 30.0, 1.0, off)
    assert judge(PLAIN, 0.0, 0.0, off).write
