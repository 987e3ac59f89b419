"""HEI-NW's bounded store and what it forgets."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw import store as store_module
from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.lexicon import Lexicon
from memeval.memories.hei_nw.sparse import SparseIndex
from memeval.memories.hei_nw.store import Prune, StoredTrace, TraceStore
from memeval.memories.hei_nw.vectors import VectorKeys
from memeval.models.scripted import ScriptedModel

LEXICON = Lexicon(ScriptedModel(), components=0)
OFFERS = st.lists(
    st.tuples(
        st.integers(1, 5).map(float),  # salience, with ties
        st.booleans(),
        st.sets(st.sampled_from([f"w{i}" for i in range(10)]), min_size=1, max_size=4),
    ),
    max_size=15,
)


def empty(capacity: int, *, half_life: int = 1000, max_events: int = 4) -> TraceStore:
    homeostasis = Homeostasis(LEXICON)
    return TraceStore(
        capacity,
        half_life,
        max_events,
        lambda: SparseIndex(LEXICON, homeostasis, neighbours=3, floor=0.05),
    )


def trace(
    position: int,
    *,
    salience: float = 1.0,
    pinned: bool = False,
    key: Sequence[str] = ("w0",),
) -> StoredTrace:
    return StoredTrace(
        text=f"Text of e{position}.",
        speaker="",
        date="",
        events=[f"e{position}"],
        time=position,
        salience=salience,
        pinned=pinned,
        key=tuple(key),
        position=position,
        seen=position,
    )


def offered(offers: Sequence[tuple[float, bool, set[str]]]) -> list[StoredTrace]:
    return [
        trace(i, salience=salience, pinned=pinned, key=sorted(key))
        for i, (salience, pinned, key) in enumerate(offers)
    ]


def names(store: TraceStore) -> list[str]:
    return [held.events[0] for held in store.live()]


@given(OFFERS, st.integers(1, 5))
def test_capacity_is_never_exceeded(
    offers: list[tuple[float, bool, set[str]]], capacity: int
) -> None:
    """However many traces come, the store holds at most its capacity, and fills up to it."""
    store = empty(capacity)
    for count, one in enumerate(offered(offers), start=1):
        store.add(one)
        assert len(store) == len(store.live()) == min(count, capacity)


@given(OFFERS, st.integers(1, 5))
def test_pinned_traces_are_never_evicted(
    offers: list[tuple[float, bool, set[str]]], capacity: int
) -> None:
    """A pinned trace that was let in stays for good."""
    store = empty(capacity)
    kept = [one for one in offered(offers) if store.add(one) and one.pinned]
    assert all(any(one is held for held in store.live()) for one in kept)


@given(OFFERS, st.integers(1, 5))
def test_what_is_not_held_is_logged(
    offers: list[tuple[float, bool, set[str]]], capacity: int
) -> None:
    """Every trace offered is either held or in the log of prunes, and none is in both."""
    store = empty(capacity)
    for one in offered(offers):
        store.add(one)
    pruned = [prune.event for prune in store.prunes]
    assert sorted(names(store) + pruned) == sorted(f"e{i}" for i in range(len(offers)))


@given(OFFERS, st.integers(1, 4), st.booleans())
def test_evictions_leave_nothing_behind(
    offers: list[tuple[float, bool, set[str]]], capacity: int, rebuilds: bool
) -> None:
    """A store that has evicted finds what a fresh one finds, rebuilt or not."""
    used, fresh = empty(capacity), empty(capacity)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "FEWEST_DEAD", 0 if rebuilds else 1000)
        for one in offered(offers):
            used.add(one)
    for one in used.live():
        fresh.add(one)
    for word in (f"w{i}" for i in range(10)):
        found = [
            {store[int(slot)].position for slot in np.flatnonzero(store.words.scores([word]))}
            for store in (used, fresh)
        ]
        assert found[0] == found[1]


def test_the_least_salient_gives_way() -> None:
    """A full store evicts its least salient trace and logs which one, how salient, and why."""
    store = empty(2)
    for position, salience in enumerate((1.0, 3.0, 2.0)):
        assert store.add(trace(position, salience=salience))
    assert names(store) == ["e1", "e2"]
    assert store.prunes == [Prune("e0", 1.0, "store full")]


def test_salience_halves_with_every_half_life() -> None:
    """What was twice as salient one half-life and more ago gives way to what is new."""
    for age, evicted in ((9, "e9"), (11, "e0")):
        store = empty(1, half_life=10)
        store.add(trace(0, salience=2.0))
        store.add(trace(age, salience=1.0))
        assert [prune.event for prune in store.prunes] == [evicted]


def test_a_reinforced_trace_is_young_again() -> None:
    """Being met again starts the decay anew."""
    store = empty(2, half_life=10)
    store.add(trace(0))
    store.add(trace(1))
    store.reinforce(store[0], 1.0, seen=30)
    store.add(trace(31))
    assert names(store) == ["e0", "e31"]


def test_of_equals_the_oldest_gives_way() -> None:
    """Among equally salient traces the one observed first is evicted."""
    store = empty(2)
    for position in (0, 1, 2):
        store.add(trace(position))
    assert [prune.event for prune in store.prunes] == ["e0"]


def test_the_first_and_the_latest_events_of_a_trace_are_kept() -> None:
    """A trace that is told again and again names no more events than allowed."""
    for most, kept in ((1, ["e0"]), (2, ["e0", "e9"]), (4, ["e0", "e7", "e8", "e9"])):
        store = empty(1, max_events=most)
        store.add(trace(0))
        for i in range(1, 10):
            store.rest_on(store[0], [f"e{i}"])
        assert store[0].events == kept
    full = trace(0)
    full.events = [f"e{i}" for i in range(10)]
    store = empty(1, max_events=10)
    store.add(full)
    assert len(store[0].events) == 10
    store = empty(1, max_events=3)
    store.add(full)
    assert store[0].events == ["e0", "e8", "e9"]


def test_what_is_met_again_and_again_takes_no_more_room() -> None:
    """The heap that finds what goes first forgets what is outdated: two entries a trace or 256."""
    store = empty(300)
    for position in range(200):
        store.add(trace(position))
    for seen in range(200, 5_000):
        store.reinforce(store[seen % 200], 1.0, seen=seen)
    assert len(store._least) <= 2 * 200


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4), st.booleans()), max_size=30),
    st.booleans(),
)
def test_what_goes_first_is_the_least_however_often_traces_were_met(
    met: list[tuple[int, int, bool]], tidies: bool
) -> None:
    """A search through all traces finds the same as the heap, tidied at every chance or never."""
    store = empty(5, half_life=10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "FEWEST_DEAD", 0 if tidies else 1000)
        for position in range(5):
            store.add(trace(position))
        for seen, (slot, salience, pins) in enumerate(met, start=5):
            store[slot].pinned |= pins and slot > 0
            store.reinforce(store[slot], float(salience), seen=seen)
        free = [held for held in store.live() if not held.pinned]
        least = min(free, key=lambda held: (store.retention(held), held.position))
        store.add(trace(99, salience=99.0))
    assert [prune.event for prune in store.prunes] == [least.events[0]]


def test_a_newcomer_below_all_is_refused_and_logged() -> None:
    """What is less salient than all that is held is not let in, and the log says so."""
    store = empty(1)
    assert store.add(trace(0, salience=2.0))
    assert not store.add(trace(1, salience=1.0))
    assert store.prunes == [Prune("e1", 1.0, "store full")]


def test_a_pinned_newcomer_is_let_in() -> None:
    """A pin beats salience: the newcomer takes the place of a trace that is not pinned."""
    store = empty(1)
    store.add(trace(0, salience=2.0))
    assert store.add(trace(1, salience=0.1, pinned=True))
    assert names(store) == ["e1"]


def test_a_store_of_pins_is_closed() -> None:
    """Where all traces are pinned no other is let in, pinned or not."""
    store = empty(1)
    store.add(trace(0, pinned=True))
    assert not store.add(trace(1, salience=9.0))
    assert not store.add(trace(2, salience=9.0, pinned=True))
    assert [prune.reason for prune in store.prunes] == ["all pinned"] * 2


def test_vectors_follow_their_traces() -> None:
    """When a store is rebuilt without gaps, every trace keeps its own vector."""
    homeostasis = Homeostasis(LEXICON)
    store = TraceStore(
        2,
        10,
        4,
        lambda: SparseIndex(LEXICON, homeostasis, neighbours=3, floor=0.05),
        VectorKeys(64),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "FEWEST_DEAD", 0)
        for position in range(9):
            store.add(trace(position), np.eye(64, dtype=np.float32)[position])
    assert store.vectors is not None
    held = {one.position: int(store.vectors[slot].argmax()) for slot, one in store.in_slots()}
    assert held == {7: 7, 8: 8}
    assert len(store.vectors) <= 4  # what is gone takes no more room than what is held


def test_event_ids_count_among_the_bytes() -> None:
    """A trace that was told by many events holds their names."""
    store = empty(2)
    store.add(trace(0))
    before = store.told_bytes()
    store[0].events.append("e12345")
    assert store.told_bytes() == before + len("e12345")
