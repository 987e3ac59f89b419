"""Searching in single precision, or by inverted lists, and telling what double precision tells."""

import sys
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval import load_memory
from memeval.errors import ConfigError
from memeval.memories.baselines import Dense, Hybrid
from memeval.memories.baselines.ranking import DECIMALS, likely
from memeval.memories.baselines.spread import Spread
from memeval.types import Event, Query

WIDTH = 16


class Points:
    """Finds a text's vector by the number in it; several texts may have one vector."""

    name, width = "points", WIDTH

    def __init__(self, rows: npt.NDArray[np.float32]) -> None:
        self.rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode(
        self, texts: Sequence[str], *, kind: Literal["event", "query"]
    ) -> npt.NDArray[np.float32]:
        """Return unit vectors."""
        del kind
        return self.rows[[int(text.split()[1]) for text in texts]]


def points(count: int, seed: int = 0, *, apart: float = 1.0) -> Points:
    """Return vectors that differ from one another by so much."""
    random = np.random.default_rng(seed)
    rows = np.ones(WIDTH) + apart * random.standard_normal((count, WIDTH))
    return Points(rows.astype(np.float32))


def told(numbers: Sequence[int]) -> list[Event]:
    return [Event(f"e{place}", f"number {i}", place) for place, i in enumerate(numbers)]


def asked(numbers: Sequence[int]) -> list[Query]:
    return [Query(f"q{i}", f"number {i}", 10**6) for i in numbers]


def ranked(memory: Any, queries: Sequence[Query]) -> list[list[tuple[str, float]]]:
    found = memory.recall(queries)
    return [[(one.events[0], one.score) for one in recall.traces] for recall in found]


def slowly(scores: npt.NDArray[np.float64], k: int) -> list[tuple[str, float]]:
    """Rank by what is told of a score, of equal ones the last first."""
    rounded = np.round(scores, DECIMALS)
    order = sorted(range(len(rounded)), key=lambda i: (-rounded[i], -i))[:k]
    return [(f"e{i}", float(rounded[i])) for i in order]


@pytest.mark.parametrize("apart", [1.0, 1e-3, 1e-6])
def test_dense_ranks_as_double_precision_does(apart: float) -> None:
    """Also where vectors are nearer to one another than single precision tells, or the same."""
    encoder = points(400, apart=apart)
    numbers = [i // 2 for i in range(600)]
    memory = load_memory("dense", encoder=encoder, k=20)
    memory.observe(told(numbers))
    rows = encoder.rows.astype(np.float64)
    expected = [slowly(rows[numbers] @ rows[i], 20) for i in (5, 399)]
    assert ranked(memory, asked([5, 399])) == expected


def test_hybrid_ranks_as_double_precision_does() -> None:
    """Cosines in standard deviations of all of them; words that all share have no vote."""
    encoder = points(301)
    numbers = [i // 2 for i in range(600)]
    memory = load_memory("hybrid", encoder=encoder, k=20)
    memory.observe(told(numbers[:250]))
    memory.recall(asked([1]))  # what comes later is counted too
    memory.observe(told(numbers)[250:])
    rows = encoder.rows.astype(np.float64)
    cosines = rows[numbers] @ rows[300]  # no event has this number as a word
    assert ranked(memory, asked([300]))[0] == slowly((cosines - cosines.mean()) / cosines.std(), 20)


@pytest.mark.parametrize("name", ["dense", "hybrid"])
def test_what_is_asked_together_does_not_matter(name: str) -> None:
    """A query alone gets what it gets among many, to the last digit that is told."""
    memory = load_memory(name, encoder=points(500))
    memory.observe(told(range(400)))
    queries = asked(range(400, 470))
    assert ranked(memory, queries) == [ranked(memory, [query])[0] for query in queries]


def test_texts_of_one_vector_have_no_vote_in_hybrid() -> None:
    """Where all cosines agree they are left out, and not divided by what rounding leaves."""
    memory = load_memory("hybrid", encoder=points(1))
    memory.observe([Event(f"e{i}", f"number 0 {word}", i) for i, word in enumerate("abc")])
    query = Query("q", "number 0 b", 9)
    [found] = ranked(memory, [query])
    words = load_memory("hybrid", encoder=points(1), k=1)
    words.observe([Event(f"e{i}", f"number 0 {word}", i) for i, word in enumerate("abc")])
    assert found[0] == ranked(words, [query])[0][0]
    assert found[0][0] == "e1"
    assert all(abs(score) < 10 for _, score in found)


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40), st.integers(1, 45))
def test_the_likely_hold_the_best_whatever_rounding_does(row: list[float], k: int) -> None:
    """Scores that are each off by the slack at most leave the best of the true ones in."""
    scores, random = np.array(row), np.random.default_rng(0)
    slack = 1e-3
    off = scores + random.uniform(-slack, slack, len(scores))
    found = set(likely(off, k, slack).tolist())
    rounded = np.round(scores, DECIMALS)
    order = sorted(range(len(row)), key=lambda i: (-rounded[i], -i))[:k]
    assert found >= set(order)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=5), st.integers(0, 99))
def test_spread_is_that_of_all_products_however_vectors_came(sizes: list[int], seed: int) -> None:
    """Mean and standard deviation, against numpy over the products themselves."""
    rows = points(sum(sizes) + 1, seed).rows
    spread = Spread(WIDTH)
    for part in np.split(rows[1:], np.cumsum(sizes)[:-1]):
        spread.add(part)
    products = rows[1:].astype(np.float64) @ rows[0].astype(np.float64)
    mean, deviation = spread.of(rows[0])
    assert len(spread) == sum(sizes)
    assert mean == pytest.approx(products.mean(), abs=1e-12)
    assert deviation == pytest.approx(products.std(), abs=1e-9)


def approximate(name: str, encoder: Any, **params: Any) -> Any:
    """Return a memory that searches by lists from its eleventh event on."""
    pytest.importorskip("faiss")
    settings = {"enabled": True, "above": 10, "lists": 2, "depth": 32, **params}
    told = {f"approximate.{knob}": value for knob, value in settings.items()}
    return load_memory(name, encoder=encoder, k=5, **told)


@pytest.mark.parametrize("name", ["dense", "hybrid"])
def test_lists_find_a_text_by_its_own_vector(name: str) -> None:
    """The nearest is found, with the score that exact search tells, also of what came later."""
    encoder = points(900)
    memory, exact = approximate(name, encoder), load_memory(name, encoder=encoder, k=5)
    for start, end in ((0, 300), (300, 310), (310, 900)):  # learnt, added to, learnt anew
        for one in (memory, exact):
            one.observe(told(range(900))[start:end])
        queries = asked([start, end - 1])
        pairs = zip(ranked(memory, queries), ranked(exact, queries), strict=True)
        assert all(ours[0] == theirs[0] for ours, theirs in pairs)


def test_lists_miss_some_and_rank_the_rest_as_exact_search_does() -> None:
    """With one list of many looked through some of the best are missed, none is made up."""
    encoder = points(2000)
    memory = approximate("dense", encoder, lists=1)
    memory.observe(told(range(1900)))
    rows = encoder.rows.astype(np.float64)
    missed = 0
    for i in range(1900, 1920):
        expected = dict(slowly(rows[:1900] @ rows[i], 1900))
        [found] = ranked(memory, asked([i]))
        assert all(expected[event] == score for event, score in found)
        assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
        missed += found != slowly(rows[:1900] @ rows[i], 5)
    assert missed


def test_looking_through_all_lists_misses_nothing() -> None:
    """As many as there are, and deep enough: what is left is exact search."""
    encoder = points(2000)
    memory = approximate("dense", encoder, lists=128, depth=1900)
    memory.observe(told(range(1900)))
    rows = encoder.rows.astype(np.float64)
    for i in range(1900, 1920):
        [found] = ranked(memory, asked([i]))
        assert found == slowly(rows[:1900] @ rows[i], 5)


def test_a_short_stream_is_searched_exactly() -> None:
    """Below the bound nothing is learnt."""
    encoder = points(11)
    memory = approximate("dense", encoder)
    memory.observe(told(range(10)))
    memory.recall(asked([10]))
    assert memory._vectors._lists._index is None


def test_a_missing_package_is_told_before_anything_is_taught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sentence names what to install, and what to leave."""
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(ConfigError, match="memeval-bench\\[approximate\\]"):
        load_memory("dense", encoder=points(1), **{"approximate.enabled": True})


@pytest.mark.parametrize("kind", [Dense, Hybrid])
def test_what_searches_is_part_of_a_cell_only_where_it_does(kind: Any) -> None:
    """Another FAISS may find others; a cell that searches exactly is the same without it."""
    faiss = pytest.importorskip("faiss")
    assert kind.Params().digests_of_files() == {}
    told = kind.Params(approximate={"enabled": True}).digests_of_files()
    assert told == {"approximate.enabled": f"faiss {faiss.__version__}"}
