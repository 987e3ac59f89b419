"""What holds of every session and of every suite, whatever its size and seed."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memeval.datasets import store
from memeval.datasets.validity import find_faults
from memeval.suites.own import SUITES, generate
from memeval.types import Event, Item, Navigation, Query, Session

CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\r\x1e\x85\u2028")
ANY_TEXT = st.text(CHARACTERS, max_size=20)
TEXT = ANY_TEXT.filter(lambda text: bool(text.strip()))
SMALL = 120  # items; beyond that the solver is left out, which takes seconds


def rebuilt(session: Session) -> Session:
    """Write a session's events and items to files and read them again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / store.EVENTS).write_bytes(store.event_lines(session).encode())
        (folder / store.ITEMS).write_bytes(store.item_lines(session).encode())
        events, worth = store.read_events(folder / store.EVENTS)
        items = store.read_items(folder / store.ITEMS, events)
    return replace(session, events=events, items=items, worth=worth)


@st.composite
def events(draw: Any) -> tuple[Event, ...]:
    ids = draw(st.lists(TEXT, min_size=1, max_size=5, unique=True))
    flags = st.booleans()
    return tuple(
        Event(id_, draw(ANY_TEXT), draw(st.integers()), draw(flags), draw(flags)) for id_ in ids
    )


@st.composite
def items(draw: Any, ids: list[str]) -> Item:
    named = st.lists(st.sampled_from(ids), max_size=4).map(tuple)
    ways = st.builds(
        Navigation,
        start=ANY_TEXT,
        goal=ANY_TEXT,
        question=ANY_TEXT,
        moves=st.dictionaries(ANY_TEXT, st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2)),
        nearer=st.dictionaries(ANY_TEXT, st.dictionaries(ANY_TEXT, named, max_size=2)),
    )
    return Item(
        query=Query(draw(TEXT), draw(TEXT), draw(st.integers())),
        answers=tuple(draw(st.lists(TEXT, max_size=3))),
        gold_events=draw(named),
        passage=draw(named),
        slice=draw(TEXT),
        navigation=draw(st.none() | ways),
    )


@st.composite
def sessions(draw: Any) -> Session:
    stream = draw(events())
    ids = [event.id for event in stream]
    asked = draw(st.lists(items(ids), max_size=3))
    worth = draw(st.none() | st.frozensets(st.sampled_from(ids)))
    return Session("s", stream, tuple(asked), worth=worth)


@given(sessions())
@settings(max_examples=60)
def test_any_session_survives_its_files(session: Session) -> None:
    """What is written is read again, whatever its letters, times, flags and labels."""
    assert rebuilt(session) == session


@pytest.mark.parametrize("suite", SUITES)
@given(size=st.integers(1, SMALL), seed=st.integers(0, 2**63))
@settings(max_examples=8)
def test_any_small_dataset_is_sound(suite: str, size: int, seed: int) -> None:
    """It has as many items as asked for, passes every check, and survives its files."""
    session = generate(suite, size=size, seed=seed)
    assert len(session.items) == size
    assert find_faults(session, SUITES[suite].solve) == []
    assert rebuilt(session) == session


@pytest.mark.parametrize("suite", SUITES)
@given(share=st.floats(SMALL / 2000, 1), seed=st.integers(0, 2**63))
@settings(max_examples=3)
def test_any_large_dataset_is_sound(suite: str, share: float, seed: int) -> None:
    """Up to the most items that a suite can make, no word list runs out and no rule is broken."""
    size = round(share * SUITES[suite].max_size)
    session = generate(suite, size=size, seed=seed)
    assert len(session.items) == size
    assert find_faults(session) == []
    assert rebuilt(session) == session


@pytest.mark.parametrize("suite", SUITES)
def test_the_largest_dataset_can_be_made(suite: str) -> None:
    """The bound that a suite names is one that it reaches."""
    most = SUITES[suite].max_size
    assert len(generate(suite, size=most, seed=7).items) == most
