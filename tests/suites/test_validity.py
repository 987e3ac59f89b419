"""Every rule of the validity checks catches a fault planted into a sound session."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from memeval.datasets.validity import MIN_ITEMS_FOR_SHARE, Fault, find_faults
from memeval.suites.own import SUITES
from memeval.suites.own.episodic.solver import solve_session
from memeval.suites.own.episodic.stream import generate
from memeval.types import Event, Item, Session
from memeval.words import UNKNOWN

SIZE = 50
Plant = Callable[[Session], tuple[Session, str]]
"""Returns a session with one fault, and the id or answer that the fault is about."""


@cache
def sound() -> Session:
    return generate(size=SIZE, seed=3)


def where_of(session: Session, rule: str) -> list[str]:
    """Return what is named by the faults of a rule."""
    return [fault.where for fault in find_faults(session, solve_session) if fault.rule == rule]


def item_of(session: Session, ability: str, question: str = "") -> Item:
    """Return the first item of a slice whose question matches."""
    return next(
        item
        for item in session.items
        if item.slice == ability and re.match(question, item.query.text)
    )


def with_item(session: Session, changed: Item) -> Session:
    """Return the session with one item changed."""
    items = [changed if item.query.id == changed.query.id else item for item in session.items]
    return replace(session, items=tuple(items))


def with_event(session: Session, changed: Event, index: int) -> Session:
    """Return the session with the event at one place changed."""
    events = [*session.events]
    events[index] = changed
    return replace(session, events=tuple(events))


def told_again(session: Session, text: str) -> Session:
    """Return the session with one more event at its end."""
    last = session.events[-1]
    return replace(session, events=(*session.events, Event("extra", text, last.time + 1)))


def gold_text(session: Session, item: Item) -> str:
    return next(event.text for event in session.events if event.id == item.gold_events[0])


def told_otherwise(session: Session, item: Item) -> tuple[Session, str]:
    """Tell an item's fact again, later, with another answer."""
    [answer] = item.answers
    told = gold_text(session, item).replace(answer, "Quora Zest")
    return told_again(session, told), item.query.id


def second_answer(session: Session) -> tuple[Session, str]:
    """Let somebody else do the same thing at the same place."""
    return told_otherwise(session, item_of(session, "exact", "Who"))


def contradiction(session: Session) -> tuple[Session, str]:
    """Tell a fact again, later, with another place."""
    return told_otherwise(session, item_of(session, "exact", "Where"))


def unsaid_answer(session: Session) -> tuple[Session, str]:
    item = item_of(session, "partial")
    return with_item(session, replace(item, answers=("Quora Zest",))), item.query.id


def happened_after_all(session: Session) -> tuple[Session, str]:
    """Let an item that is answerable pass as one that is not."""
    item = item_of(session, "exact")
    return with_item(session, replace(item, answers=(UNKNOWN,), gold_events=())), item.query.id


def leaked_answer(session: Session) -> tuple[Session, str]:
    item = item_of(session, "exact", "Who")
    text = item.query.text.replace("?", f", was it {item.answers[0].upper()}?")
    return with_item(session, replace(item, query=replace(item.query, text=text))), item.query.id


def known_and_unknown(session: Session) -> tuple[Session, str]:
    item = item_of(session, "exact")
    answers = (*item.answers, "Not mentioned")
    return with_item(session, replace(item, answers=answers)), item.query.id


def gold_after_query(session: Session) -> tuple[Session, str]:
    item = item_of(session, "exact")
    gold = next(event for event in session.events if event.id == item.gold_events[0])
    return (
        with_item(session, replace(item, query=replace(item.query, time=gold.time - 1))),
        item.query.id,
    )


def duplicate_question(session: Session) -> tuple[Session, str]:
    first, second = session.items[:2]
    query = replace(second.query, text=first.query.text)
    return with_item(session, replace(second, query=query)), second.query.id


def duplicate_query_id(session: Session) -> tuple[Session, str]:
    first, second, *others = session.items
    second = replace(second, query=replace(second.query, id=first.query.id))
    return replace(session, items=(first, second, *others)), first.query.id


def unknown_gold(session: Session) -> tuple[Session, str]:
    item = item_of(session, "exact")
    return with_item(session, replace(item, gold_events=("e99999",))), item.query.id


def unknown_in_passage(session: Session) -> tuple[Session, str]:
    item = item_of(session, "exact")
    return with_item(session, replace(item, passage=(*item.passage, "e99999"))), item.query.id


def passage_without_gold(session: Session) -> tuple[Session, str]:
    item = item_of(session, "bound")
    kept = tuple(id_ for id_ in item.passage if id_ != item.gold_events[1])
    return with_item(session, replace(item, passage=kept)), item.query.id


def common_answer(session: Session) -> tuple[Session, str]:
    return with_common_answer(session, SIZE // 5), "'Quora Zest'"


def duplicate_event_id(session: Session) -> tuple[Session, str]:
    first, second = session.events[:2]
    return with_event(session, replace(second, id=first.id), 1), first.id


def earlier_time(session: Session) -> tuple[Session, str]:
    first, second = session.events[:2]
    return with_event(session, replace(second, time=first.time - 1), 1), second.id


def swapped_events(session: Session) -> tuple[Session, str]:
    first, second, *others = session.events
    return replace(session, events=(second, first, *others)), first.id


def empty_event(session: Session) -> tuple[Session, str]:
    event = session.events[4]
    return with_event(session, replace(event, text=" \n"), 4), event.id


def without_gold(session: Session) -> tuple[Session, str]:
    item = item_of(session, "exact")
    return with_item(session, replace(item, gold_events=())), item.query.id


def unknown_with_gold(session: Session) -> tuple[Session, str]:
    item = item_of(session, "unknown")
    return with_item(session, replace(item, gold_events=item.passage[:1])), item.query.id


def without_answer(session: Session) -> tuple[Session, str]:
    item = item_of(session, "exact")
    return with_item(session, replace(item, answers=())), item.query.id


def with_common_answer(session: Session, count: int) -> Session:
    """Give the first answerable items one and the same answer."""
    chosen = [item for item in session.items if item.answerable][:count]
    for item in chosen:
        session = with_item(session, replace(item, answers=("Quora Zest",)))
    return session


ONE_ANSWER = "exactly the accepted answer follows"
NAMED_EVENTS = "events that an item names exist"
IN_ORDER = "events are in order of time"


@pytest.mark.parametrize(
    ("rule", "plant"),
    [
        (ONE_ANSWER, second_answer),
        (ONE_ANSWER, contradiction),
        (ONE_ANSWER, unsaid_answer),
        (ONE_ANSWER, happened_after_all),
        ("the answer is not in the question", leaked_answer),
        ("gold events precede their query", gold_after_query),
        ("equal questions have equal answers", duplicate_question),
        ("query ids are unique", duplicate_query_id),
        (NAMED_EVENTS, unknown_gold),
        (NAMED_EVENTS, unknown_in_passage),
        ("passages contain their gold", passage_without_gold),
        ("no answer fits a fifth of the items", common_answer),
        ("event ids are unique", duplicate_event_id),
        (IN_ORDER, earlier_time),
        (IN_ORDER, swapped_events),
        ("events have text", empty_event),
        ("answerable items have gold events", without_gold),
        ("unanswerable items have no gold events", unknown_with_gold),
        ("every item has an answer", without_answer),
        ("an answer is known or unknown, not both", known_and_unknown),
    ],
)
def test_planted_fault_is_caught(rule: str, plant: Plant) -> None:
    """A planted fault is found once, by the name of its rule and at its place."""
    broken, where = plant(sound())
    assert where_of(sound(), rule) == []
    assert where_of(broken, rule) == [where]


def test_sound_session_has_no_fault() -> None:
    """A session as it is generated breaks no rule."""
    assert find_faults(sound(), solve_session) == []


def test_answer_just_below_a_fifth_is_no_fault() -> None:
    """An answer is too common from a fifth of the items on, not before."""
    # 9 of 50 items are 0.18; 10 of 50 are 0.2
    assert find_faults(with_common_answer(sound(), SIZE // 5 - 1)) == []
    assert len(find_faults(with_common_answer(sound(), SIZE // 5))) == 1


def test_few_items_may_share_an_answer() -> None:
    """In a handful of items no answer counts as common."""
    few = replace(sound(), items=sound().items[: MIN_ITEMS_FOR_SHARE - 1])
    assert find_faults(with_common_answer(few, len(few.items) // 2)) == []


def test_unknown_may_stand_in_a_question() -> None:
    """The word "unknown" in a question gives no answer away."""
    item = item_of(sound(), "unknown")
    query = replace(item.query, text="Who was the unknown guest?")
    assert find_faults(with_item(sound(), replace(item, query=query))) == []


def test_without_a_solver_answers_are_not_judged() -> None:
    """A contradiction is no fault to a check that cannot read the text."""
    broken, _ = contradiction(sound())
    assert find_faults(broken) == []


def test_session_without_any_answer() -> None:
    """A session in which no item has an answer is all faults, not a crash."""
    items = tuple(replace(item, answers=()) for item in sound().items)
    rules = [fault.rule for fault in find_faults(replace(sound(), items=items))]
    assert rules.count("every item has an answer") == SIZE


def test_fault_reads_as_a_line() -> None:
    """A fault is printed as its rule, its place, and what is wrong there."""
    assert str(Fault("events have text", "e00004", "is empty")) == (
        "events have text: e00004: is empty"
    )


@pytest.mark.parametrize("suite", SUITES)
def test_a_second_answer_is_caught_in_every_suite(suite: str) -> None:
    """An item's fact, told again with another answer, is found at that item at least."""
    session = made(suite)
    item = next(item for item in session.items if told_in_gold(session, item))
    told = last_gold(session, item).replace(item.answers[0], "Quora Zest")
    broken = told_again(session, told)
    faults = find_faults(broken, SUITES[suite].solve)
    assert {fault.rule for fault in faults} == {ONE_ANSWER}
    assert item.query.id in {fault.where for fault in faults}


@pytest.mark.parametrize("suite", SUITES)
def test_faults_that_need_no_solver_are_caught_in_every_suite(suite: str) -> None:
    """A leaked answer, a gold event after its query and a repeated query, each by its name."""
    session = made(suite)
    item = next(item for item in session.items if told_in_gold(session, item))
    leaked = replace(item.query, text=f"{item.query.text} ({item.answers[0]})")
    early = replace(item.query, time=0)
    for query, rule in (
        (leaked, "the answer is not in the question"),
        (early, "gold events precede their query"),
    ):
        broken = with_item(session, replace(item, query=query))
        assert rule in {f.rule for f in find_faults(broken) if f.where == item.query.id}
    twice = replace(session, items=(*session.items, item))
    assert {fault.rule for fault in find_faults(twice)} == {"query ids are unique"}


def test_a_way_that_is_closed_later_is_caught() -> None:
    """The moves that come nearer are those of the map as it was told last."""
    session = made("spatial")
    item = next(item for item in session.items if item.navigation)
    assert item.navigation is not None
    way = item.navigation
    there = way.moves[way.start][next(iter(way.nearer[way.start]))]
    broken = told_again(session, f"The way between {way.start} and {there} has been closed.")
    faults = find_faults(broken, SUITES["spatial"].solve)
    assert item.query.id in {fault.where for fault in faults if fault.rule == ONE_ANSWER}


def test_a_walk_that_ends_where_it_starts_is_caught() -> None:
    """Nothing would be asked, and arriving would be scored all the same."""
    session = made("spatial")
    item = next(item for item in session.items if item.navigation)
    assert item.navigation is not None
    still = replace(item, navigation=replace(item.navigation, goal=item.navigation.start))
    faults = find_faults(with_item(session, still))
    assert [fault.rule for fault in faults] == ["a walk leads somewhere else"]


@cache
def made(suite: str) -> Session:
    """Return a session of a suite, which is sound."""
    session = SUITES[suite].generate(size=SIZE, seed=3)
    assert find_faults(session, SUITES[suite].solve) == []
    return session


def last_gold(session: Session, item: Item) -> str:
    return next(event.text for event in session.events if event.id == item.gold_events[-1])


def told_in_gold(session: Session, item: Item) -> bool:
    """Whether an item has one answer, a name, at the end of its only gold event."""
    return (
        item.answerable
        and len(item.answers) == len(item.gold_events) == 1
        and item.answers[0][0].isupper()
        and last_gold(session, item).endswith(f" {item.answers[0]}.")
    )
