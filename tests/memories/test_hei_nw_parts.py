"""Parts of HEI-NW on small random embeddings: the gate, the token space, the trace store."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memeval.memories.hei_nw.gate import judge, salient_surprise
from memeval.memories.hei_nw.memory import newest_of_equals_first, winners
from memeval.memories.hei_nw.params import GateParams
from memeval.memories.hei_nw.store import Prune, StoredTrace, TraceStore
from memeval.memories.hei_nw.token_space import Neighbours, TokenSpace
from memeval.types import Event

VOCABULARY, WIDTH = 40, 8
PLAIN = Event("e0", "It happened.", 0)
GATE = GateParams(surprise=0.1, novelty=0.2, reward=0.5, pin=1.0, tau=1.0)


def nats(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, np.float32)


def trace(
    name: str,
    units: Sequence[int] = (),
    *,
    salience: float = 1.0,
    pinned: bool = False,
    time: int = 0,
) -> StoredTrace:
    return StoredTrace(f"Text of {name}.", [name], time, salience, pinned, tuple(units))


def store_of(*keys: Sequence[int]) -> TraceStore:
    """Make a store with a trace for every key."""
    store = TraceStore(1000)
    for i, units in enumerate(keys):
        store.add(trace(f"e{i}", units))
    return store


def spread(**weights: float) -> Neighbours:
    """Make a cue token from units named `u3=0.5`, weakest first."""
    units = [int(name[1:]) for name in weights]
    return Neighbours(np.array(units, np.int64), nats(*weights.values()))


def embeddings(seed: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(VOCABULARY, WIDTH)).astype(np.float32)


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


def test_gate_off_writes_everything() -> None:
    """A disabled gate writes what carries no salience at all, and still says so."""
    verdict = judge(PLAIN, 0.0, 0.0, GateParams(enabled=False, tau=1e9))
    assert (verdict.write, verdict.salience) == (True, 0.0)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, (30,)),
        (2, (10, 30)),  # 30 again is no second unit
        (3, (10, 20, 30)),
        (9, (10, 20, 30, 40)),
    ],
)
def test_winners(count: int, expected: tuple[int, ...]) -> None:
    """The most surprising tokens win, each unit once, sorted by unit."""
    # by surprise: 30 (9), 30 (8), 10 (7), 20 (2), 40 (1)
    assert winners([40, 30, 20, 10, 30], nats(1, 8, 2, 7, 9), count) == expected


def test_winners_of_nothing() -> None:
    """A text without tokens has no units."""
    assert winners([], nats(), 5) == ()


@given(st.integers(0, 2**32 - 1), st.integers(1, VOCABULARY), st.floats(0, 0.9))
@settings(deadline=None)
def test_weights_rise_to_the_token_itself(seed: int, count: int, floor: float) -> None:
    """Weights lie in (0, 1] and ascend, and a token stands last among its own with weight 1."""
    space = TokenSpace(embeddings(seed), neighbours=count, floor=floor)
    for token, found in enumerate(space.neighbours(range(VOCABULARY))):
        assert 1 <= len(found.units) == len(found.weights) <= count
        assert found.units[-1] == token
        assert found.weights[-1] == 1.0
        assert (found.weights > 0).all()
        assert (np.diff(found.weights) >= 0).all()


@pytest.mark.parametrize("floor", [0.0, 0.25, 0.6])
@pytest.mark.parametrize("count", [1, 5, VOCABULARY, 1000])
def test_neighbours_are_those_of_a_slow_search(count: int, floor: float) -> None:
    """The units found are the nearest by centred cosine that lie above the floor."""
    table = embeddings(5)
    centred = table - table.mean(axis=0)
    space = TokenSpace(table, neighbours=count, floor=floor)
    for token, found in enumerate(space.neighbours(range(VOCABULARY))):
        cosines = [
            float(row @ centred[token] / np.linalg.norm(row) / np.linalg.norm(centred[token]))
            for row in centred
        ]
        nearest = sorted(range(VOCABULARY), key=lambda unit: -cosines[unit])[:count]
        expected = {u: (cosines[u] - floor) / (1 - floor) for u in nearest if cosines[u] > floor}
        got = dict(zip(found.units.tolist(), found.weights.tolist(), strict=True))
        assert got == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("token", [0, 1, 2])
def test_a_token_beside_its_twins(token: int, count: int) -> None:
    """A token whose embedding is that of others is still its own best match."""
    table = embeddings(5)
    table[1] = table[2] = table[0]
    [found] = TokenSpace(table, neighbours=count, floor=0.25).neighbours([token])
    assert (found.units[-1], found.weights[-1]) == (token, 1.0)
    assert found.weights.max() <= 1.0


def test_a_token_without_direction() -> None:
    """A token whose embedding is the mean of all resembles only itself."""
    table = np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [0, 0]], np.float32)
    [found] = TokenSpace(table, neighbours=2, floor=0.25).neighbours([4])
    assert (found.units.tolist(), found.weights.tolist()) == ([4], [1.0])


def test_neighbours_come_in_the_order_asked() -> None:
    """Each token asked for gets its own neighbours, repeated tokens too."""
    space = TokenSpace(embeddings(5), neighbours=3, floor=0.25)
    assert [found.units[-1] for found in space.neighbours([7, 3, 7])] == [7, 3, 7]


def test_shifting_all_embeddings_changes_nothing() -> None:
    """A direction that all embeddings share does not make them alike."""
    table = embeddings(5)
    plain = TokenSpace(table, neighbours=5, floor=0.25).neighbours([7])[0]
    shifted = TokenSpace(table + 10, neighbours=5, floor=0.25).neighbours([7])[0]
    assert plain.units.tolist() == shifted.units.tolist()
    assert plain.weights == pytest.approx(shifted.weights, abs=1e-4)


@given(st.lists(st.integers(0, VOCABULARY - 1), min_size=1, max_size=5))
def test_pooled_has_unit_length(tokens: list[int]) -> None:
    """The pooled vector of some tokens has length 1."""
    pooled = TokenSpace(embeddings(5), neighbours=3, floor=0.25).pooled(tokens)
    assert np.linalg.norm(pooled) == pytest.approx(1.0, abs=1e-5)


def test_pooled_of_nothing_is_zero() -> None:
    """No tokens pool to zeros of the right width, not to NaN."""
    pooled = TokenSpace(embeddings(5), neighbours=3, floor=0.25).pooled([])
    assert pooled.tolist() == [0.0] * WIDTH


OFFERS = st.lists(
    st.tuples(
        st.integers(0, 5).map(float),  # salience, with ties
        st.booleans(),
        st.sets(st.integers(0, 9), min_size=1, max_size=4),
    ),
    max_size=15,
)


def offered(offers: Sequence[tuple[float, bool, set[int]]]) -> list[StoredTrace]:
    return [
        trace(f"e{i}", sorted(units), salience=salience, pinned=pinned, time=i)
        for i, (salience, pinned, units) in enumerate(offers)
    ]


@given(OFFERS, st.integers(1, 5))
def test_capacity_is_never_exceeded(
    offers: list[tuple[float, bool, set[int]]], capacity: int
) -> None:
    """However many traces come, the store holds at most its capacity, and fills up to it."""
    store = TraceStore(capacity)
    for count, one in enumerate(offered(offers), start=1):
        store.add(one)
        assert len(store) == len(store.live()) == min(count, capacity)


@given(OFFERS, st.integers(1, 5))
def test_pinned_traces_are_never_evicted(
    offers: list[tuple[float, bool, set[int]]], capacity: int
) -> None:
    """A pinned trace that was let in stays for good."""
    store = TraceStore(capacity)
    kept = [one for one in offered(offers) if store.add(one) and one.pinned]
    assert all(any(one is held for held in store.live()) for one in kept)


@given(OFFERS, st.integers(1, 5))
def test_what_is_not_held_is_logged(
    offers: list[tuple[float, bool, set[int]]], capacity: int
) -> None:
    """Every trace offered is either held or in the log of prunes, and none is in both."""
    store = TraceStore(capacity)
    for one in offered(offers):
        store.add(one)
    held = [one.events[0] for one in store.live()]
    pruned = [prune.event for prune in store.prunes]
    assert sorted(held + pruned) == sorted(f"e{i}" for i in range(len(offers)))


def test_the_least_salient_gives_way() -> None:
    """A full store evicts its least salient trace and logs which one, how salient, and why."""
    store = TraceStore(2)
    for name, salience in (("low", 1.0), ("high", 3.0), ("middle", 2.0)):
        assert store.add(trace(name, salience=salience))
    assert {held.events[0] for held in store.live()} == {"high", "middle"}
    assert store.prunes == [Prune("low", 1.0, "store full")]


def test_of_equals_the_oldest_gives_way() -> None:
    """Among the least salient the one that happened first is evicted."""
    store = TraceStore(2)
    for name, salience, time in (("newer", 1.0, 5), ("older", 1.0, 2), ("next", 2.0, 9)):
        store.add(trace(name, salience=salience, time=time))
    assert [prune.event for prune in store.prunes] == ["older"]


def test_a_newcomer_below_all_is_refused_and_logged() -> None:
    """What is less salient than all that is held is not let in, and the log says so."""
    store = TraceStore(1)
    assert store.add(trace("first", salience=2.0))
    assert not store.add(trace("second", salience=1.0))
    assert [held.events[0] for held in store.live()] == ["first"]
    assert store.prunes == [Prune("second", 1.0, "store full")]


def test_a_pinned_newcomer_is_let_in() -> None:
    """A pin beats salience: the newcomer takes the place of a trace that is not pinned."""
    store = TraceStore(1)
    store.add(trace("first", salience=2.0))
    assert store.add(trace("second", salience=0.0, pinned=True))
    assert [held.events[0] for held in store.live()] == ["second"]


def test_a_store_of_pins_is_closed() -> None:
    """Where all traces are pinned no other is let in, pinned or not."""
    store = TraceStore(1)
    store.add(trace("first", pinned=True))
    assert not store.add(trace("second", salience=9.0))
    assert not store.add(trace("third", salience=9.0, pinned=True))
    assert [held.events[0] for held in store.live()] == ["first"]


@given(OFFERS, st.integers(1, 4), st.sets(st.integers(0, 9), min_size=1))
def test_evictions_leave_no_trace_behind(
    offers: list[tuple[float, bool, set[int]]], capacity: int, cue: set[int]
) -> None:
    """A store that has evicted matches like a fresh one that holds the same traces."""
    used, fresh = TraceStore(capacity), TraceStore(capacity)
    for one in offered(offers):
        used.add(one)
    for one in used.live():
        fresh.add(one)
    tokens = [spread(**{f"u{unit}": 1.0}) for unit in cue]
    a, b = used.match(tokens), fresh.match(tokens)
    assert a.possible == pytest.approx(b.possible)
    assert len(a.evidence) == len(used.traces) == len(b.evidence)
    assert a.evidence.tolist() == pytest.approx(b.evidence.tolist())
    assert used.nearest(sorted(cue))[1] == pytest.approx(fresh.nearest(sorted(cue))[1])
    assert used.store_bytes() == fresh.store_bytes()


def test_store_bytes_by_hand() -> None:
    """The size counts the text, and every unit once in its key and once in the index."""
    # "Text of e0." and "Text of e1." have 11 bytes each; 3 + 1 units of 8 bytes, twice
    assert store_of([1, 2, 3], [2]).store_bytes() == 2 * 11 + 2 * 4 * 8


@given(
    st.integers(1, 50),
    st.floats(0, 1000, allow_subnormal=False),
    st.floats(0.01, 1000, allow_subnormal=False),
)
def test_gain_falls_with_mass(traces: int, mass: float, more: float) -> None:
    """A unit that fires more is turned down, but never off."""
    store = store_of(*[[1]] * traces)
    assert store.gain(mass) > store.gain(mass + more) > 0


def test_gain_by_hand() -> None:
    """The gain is log(1 + N / (mass + 1/2))."""
    # N = 3 traces, mass 1: log(1 + 3 / 1.5) = log 3
    assert store_of([1], [2], [3]).gain(1.0) == pytest.approx(np.log(3))


KEYS = st.lists(st.sets(st.integers(0, 11), min_size=1, max_size=6), min_size=1, max_size=8)


@given(KEYS, st.data())
def test_a_trace_with_all_of_a_cue_has_all_evidence(
    keys: list[set[int]], data: st.DataObject
) -> None:
    """A trace that holds every token of the cue has the evidence that is possible."""
    slot = data.draw(st.integers(0, len(keys) - 1))
    cue = data.draw(st.sets(st.sampled_from(sorted(keys[slot])), min_size=1))
    space = TokenSpace(embeddings(3), neighbours=6, floor=0.25)
    match = store_of(*map(sorted, keys)).match(space.neighbours(sorted(cue)))
    assert match.evidence[slot] == pytest.approx(match.possible, rel=1e-5)


@given(KEYS, st.sets(st.integers(0, VOCABULARY - 1), min_size=1, max_size=6))
def test_evidence_is_what_a_slow_sum_gives(keys: list[set[int]], cue: set[int]) -> None:
    """Every cue token adds the weight of its most similar unit in the trace, times its gain."""
    found = TokenSpace(embeddings(3), neighbours=20, floor=0.1).neighbours(sorted(cue))
    store = store_of(*map(sorted, keys))
    evidence, possible = [0.0] * len(keys), 0.0
    for token in found:
        weight = dict(zip(token.units.tolist(), token.weights.tolist(), strict=True))
        best = [max(weight.get(unit, 0.0) for unit in key) for key in keys]
        gain = float(np.log(1 + len(keys) / (sum(best) + 0.5)))
        evidence = [e + gain * b for e, b in zip(evidence, best, strict=True)]
        possible += gain
    match = store.match(found)
    assert match.possible == pytest.approx(possible, rel=1e-4)
    assert match.evidence.tolist() == pytest.approx(evidence, rel=1e-4, abs=1e-6)
    assert max(evidence) <= possible * (1 + 1e-6)


def test_a_similar_unit_is_part_evidence() -> None:
    """A trace that holds only a neighbour of the cue's token has that neighbour's weight."""
    match = store_of([3]).match([spread(u3=0.5, u5=1.0)])
    # mass 0.5, N = 1: gain log(1 + 1 / 1) = log 2
    assert match.possible == pytest.approx(np.log(2))
    assert match.evidence.tolist() == pytest.approx([0.5 * np.log(2)])


def test_a_token_counts_once_in_a_trace() -> None:
    """A trace that holds a token and its neighbour is matched by the better of them alone."""
    match = store_of([3, 5]).match([spread(u3=0.5, u5=1.0)])
    assert match.evidence.tolist() == pytest.approx([match.possible])


def test_a_strange_cue_is_no_evidence() -> None:
    """A cue of which no trace holds anything has possible evidence, and none found."""
    match = store_of([1], [2]).match([spread(u7=1.0)])
    assert match.evidence.tolist() == [0.0, 0.0]
    # mass 0, N = 2: log(1 + 2 / 0.5) = log 5
    assert match.possible == pytest.approx(np.log(5))


def test_rare_units_weigh_more() -> None:
    """Of two traces that each hold half of the cue, the one with the rarer half fits better."""
    match = store_of([1], [1], [1], [2]).match([spread(u1=1.0), spread(u2=1.0)])
    assert match.evidence[3] > match.evidence[0] == match.evidence[1]


@given(KEYS, st.data())
def test_nearest_finds_an_identical_key(keys: list[set[int]], data: st.DataObject) -> None:
    """A key that is held already is found, with a cosine of 1."""
    key = data.draw(st.sampled_from(keys))
    slot, cosine = store_of(*map(sorted, keys)).nearest(sorted(key))
    assert keys[slot] == key
    assert cosine == pytest.approx(1.0, abs=1e-5)


@given(KEYS, st.sets(st.integers(0, 11), min_size=1, max_size=6))
def test_nearest_is_that_of_a_slow_search(keys: list[set[int]], key: set[int]) -> None:
    """The cosine is that of the gain-weighted binary keys, and no key has a higher one."""
    mass = {unit: sum(unit in held for held in keys) for unit in range(12)}
    gain = {unit: float(np.log(1 + len(keys) / (mass[unit] + 0.5))) for unit in mass}

    def cosine(one: set[int], other: set[int]) -> float:
        shared = sum(gain[unit] ** 2 for unit in one & other)
        lengths = [sum(gain[unit] ** 2 for unit in units) for units in (one, other)]
        return shared / float(np.sqrt(lengths[0] * lengths[1]))

    best = max(cosine(key, held) for held in keys)
    slot, found = store_of(*map(sorted, keys)).nearest(sorted(key))
    assert found == pytest.approx(best, abs=1e-5)
    assert slot == -1 if best == 0 else cosine(key, keys[slot]) == pytest.approx(best, abs=1e-5)


def test_nearest_sees_past_longer_keys() -> None:
    """An identical key is found even among many that hold all its units and more."""
    longer = [[1, 2, 10 + i, 50 + i] for i in range(30)]
    slot, cosine = store_of(*longer, [1, 2]).nearest([1, 2])
    assert (slot, cosine) == (30, pytest.approx(1.0, abs=1e-5))


@pytest.mark.parametrize("units", [[], [9]])
def test_nearest_to_nothing(units: list[int]) -> None:
    """A key that shares no unit with the store has no nearest."""
    assert store_of([1, 2], [3]).nearest(units) == (-1, 0.0)


def test_nearest_in_an_empty_store() -> None:
    """An empty store has no nearest."""
    assert TraceStore(5).nearest([1]) == (-1, 0.0)


def stored_at(time: int) -> StoredTrace:
    return StoredTrace(f"at {time}", [f"e{time}"], time, 1.0, False, (time,))


@pytest.mark.parametrize(
    ("found", "tie", "order"),
    [
        ([(1, 1.0), (2, 1.0), (3, 0.5)], 0.0, [2, 1, 3]),
        ([(1, 1.0), (2, 0.98), (3, 0.5)], 0.03, [2, 1, 3]),
        ([(1, 1.0), (2, 0.98), (3, 0.5)], 0.0, [1, 2, 3]),
        ([(1, 1.0), (9, 0.9)], 0.03, [1, 9]),  # newer, but not as good a match
        ([(5, 0.7)], 0.03, [5]),
    ],
)
def test_the_newest_of_equals_leads(
    found: list[tuple[int, float]], tie: float, order: list[int]
) -> None:
    """Time decides between traces that fit the cue alike, and between no others."""
    ranked = newest_of_equals_first([(stored_at(time), score) for time, score in found], tie)
    assert [trace.time for trace, _ in ranked] == order
