"""HEI-NW's write gate: what it measures and how it weighs."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw.params import GateParams
from memeval.memories.hei_nw.salience import Gate, Measures, Ranks, asks, measure, names
from memeval.memories.hei_nw.surprise import salient_surprise
from memeval.types import Event

PLAIN = Event("e0", "It happened.", 0)
ZERO = Measures(0, 0, 0, 0, 0, 0)


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


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Where?", True),
        ("“Where?” ", False),
        ('"Where?"', True),
        ("どこ？", True),  # noqa: RUF001
        ("No. ", False),
        ("", False),
    ],
)
def test_asks(text: str, asked: bool) -> None:
    """A text asks if it ends with a question mark of any script, in quotes or not."""
    assert asks(text) is asked


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Then we saw Paris and Rome in 1999.", 3),
        ("Paris is nice. Rome is, too.", 0),  # sentences start so, whatever they name
        ("", 0),
    ],
)
def test_names(text: str, count: int) -> None:
    """Capitals count where no sentence starts, and numbers do."""
    assert names(text) == count


def test_measures_by_hand() -> None:
    """Rarity averages the roots of the three highest gains; density divides by words' root."""
    told = measure("We met Ann there.", [1, 4, 9, 16], novelty=0.5, answers=True)
    assert told.rarity == pytest.approx((2 + 3 + 4) / 3)
    assert told.density == pytest.approx((1 + 2 + 3 + 4) / 2)
    assert (told.novelty, told.asks, told.answers) == (0.5, 0.0, 1.0)
    assert told.names == pytest.approx(np.log(2))


@given(st.lists(st.integers(0, 9).map(float), min_size=1, max_size=50))
def test_a_rank_is_the_share_of_what_was_lower(values: list[float]) -> None:
    """As a slow count over all values before says; the first is in the middle."""
    ranks = Ranks()
    told = [ranks.take(value) for value in values]
    for i, value in enumerate(values):
        expected = np.mean([before < value for before in values[:i]]) if i else 0.5
        assert told[i] == pytest.approx(expected)


def test_ranks_forget_what_is_long_ago() -> None:
    """A stream that changes its style is judged by what it is like now."""
    ranks = Ranks()
    for _ in range(1_000):
        ranks.take(9.0)
    for _ in range(1_000):
        ranks.take(1.0)
    assert ranks.take(2.0) == 1.0


@given(
    st.sampled_from(["rarity", "density", "novelty", "names", "answers"]),
    st.floats(0, 1),
    st.booleans(),
)
def test_more_of_anything_never_makes_less_salient(name: str, more: float, reward: bool) -> None:
    """Salience rises with every measure but being a question, with reward and with a pin."""

    def judged(event: Event, measures: Measures) -> float:
        gate = Gate(GateParams())
        gate.salience(PLAIN, ZERO)
        return gate.salience(event, measures)

    event = Event("e0", "It happened.", 0, reward=reward)
    before = judged(event, ZERO)
    assert judged(event, ZERO._replace(**{name: more})) >= before
    assert judged(Event("e0", "It happened.", 0, reward=True), ZERO) >= before
    assert judged(Event("e0", "It happened.", 0, reward=reward, pin=True), ZERO) >= before


@pytest.mark.parametrize("keep", [0.1, 0.25, 0.5, 1.0])
def test_the_share_asked_for_is_kept(keep: float) -> None:
    """Of a stream whose saliences are as they were, about that share passes, the best of it."""
    gate = Gate(GateParams(keep=keep))
    saliences = np.random.default_rng(0).random(2_000)
    kept = np.array([gate.keeps(PLAIN, value) for value in saliences])
    assert kept.mean() == pytest.approx(keep, abs=0.05)
    assert saliences[kept].mean() >= saliences.mean()


def test_pinned_is_always_written() -> None:
    """A pin beats any threshold."""
    gate = Gate(GateParams(keep=0.01))
    for _ in range(100):
        gate.keeps(PLAIN, 1.0)
    assert gate.keeps(Event("e0", "It happened.", 0, pin=True), 0.0)
    assert not gate.keeps(PLAIN, 0.0)


def test_with_the_gate_off_all_is_written_and_equally_salient() -> None:
    """A disabled gate judges nothing: no event outlives another for what it tells."""
    off = Gate(GateParams(enabled=False, keep=0.01))
    rewarded = Event("e1", "It paid off.", 1, reward=True)
    assert off.salience(PLAIN, ZERO) == off.salience(rewarded, ZERO._replace(rarity=9.0))
    assert off.keeps(PLAIN, 0.0)
