"""The behaviour battery: what it asks, and what its score sees."""

from collections import Counter

import pytest

from memeval.encoders.scripted import ScriptedEncoder
from memeval.errors import ConfigError
from memeval.memories.loading import load_memory
from memeval.scoring.answers import contains
from memeval.suites.own.behaviour import NOT, SLICES, SUITE, behaves, sessions
from memeval.types import Item, Query, Session

MADE = {session.id: session for session in sessions(4, 7, 1_000)}


def item(answers: tuple[str, ...], *barred: str) -> Item:
    rubric = tuple(NOT + one for one in barred)
    return Item(Query("q", "?", 0), answers, (), (), "any", rubric=rubric)


@pytest.mark.parametrize(
    ("asked", "answer", "score"),
    [
        (item(("7730",)), "number 7730.", 1.0),
        (item(("7730",)), "4812", 0.0),
        (item(("7730",), "4812"), "7730, before that 4812", 0.0),
        (item((), "4812"), "unknown", 1.0),
        (item((), "4812"), "It is 4812.", 0.0),
        (item((), "4812"), "It is 48120.", 1.0),
        (item(()), "anything", None),
    ],
)
def test_an_answer_says_what_it_should_and_nothing_else(
    asked: Item, answer: str, score: float | None
) -> None:
    """Numbers are looked for as whole words, those that must stand there and the others."""
    assert behaves(asked, answer) == {"behaves": score}


def test_every_slice_has_as_many_cases() -> None:
    """Four each here; the longest stream is left out where it is not wanted."""
    counts = Counter(item.slice for one in MADE.values() for item in one.items)
    assert len(counts) == SLICES - 1
    assert set(counts.values()) == {4}


def test_a_number_stands_in_one_fact_alone() -> None:
    """So that to say it is to have been told, and not to have guessed."""
    for session in MADE.values():
        told = [event.text for event in session.events]
        for asked in session.items:
            barred = [one.removeprefix(NOT) for one in asked.rubric]
            for number in (*asked.answers, *barred):
                held = sum(number in text for text in told)
                assert held == (asked.slice != "isolation" and number != "unknown")


def test_what_must_not_be_told_was_told_before_it_changed() -> None:
    """The old number, and what is to be forgotten, stand before what takes them back."""
    changes = MADE["changes"]
    for asked in (one for one in changes.items if one.slice in ("stale", "deletion")):
        whose = asked.query.text.removeprefix("Under which number is ").removesuffix(" kept?")
        first, last = (event.text for event in changes.events if whose in event.text)
        assert contains(first, [asked.rubric[0].removeprefix(NOT)])
        assert ("moved" if asked.slice == "stale" else "forget") in last


def test_another_user_asks_for_what_was_told_to_the_first() -> None:
    """The questions of `isolation` are about things of the session before."""
    known = " ".join(event.text for event in MADE["changes"].events)
    for asked in MADE["another user"].items:
        assert all(contains(known, [one.removeprefix(NOT)]) for one in asked.rubric)


def test_the_same_events_come_in_another_order() -> None:
    """`order` asks what `recall_100` asks, of the same texts."""
    first, second = MADE["recall_100"], MADE["order"]
    texts = [[event.text for event in one.events] for one in (first, second)]
    assert texts[0] != texts[1]
    assert sorted(texts[0]) == sorted(texts[1])
    assert [i.query.text for i in first.items] == [i.query.text for i in second.items]


def test_the_same_questions_come_twice() -> None:
    """`repeat` is `update` once more."""
    asked = [
        [one.query.text for one in MADE["changes"].items if one.slice == name]
        for name in ("update", "repeat")
    ]
    assert asked[0] == asked[1]


def test_evidence_says_the_answer() -> None:
    """Where there is an answer, its gold event holds it, so that recall can be told."""
    for session in MADE.values():
        told = {event.id: event.text for event in session.events}
        for asked in session.items:
            held = [contains(told[gold], asked.answers) for gold in asked.gold_events]
            assert held == [True] * asked.answerable


def test_streams_are_as_long_as_they_say() -> None:
    """A hundred, and a thousand events."""
    assert {name: len(MADE[name].events) for name in ("recall_100", "recall_1000")} == {
        "recall_100": 100,
        "recall_1000": 1_000,
    }


def test_a_memory_of_words_finds_what_nothing_else_says() -> None:
    """The battery can be passed: what was told once is found by its words."""
    session: Session = MADE["recall_100"]
    memory = load_memory("bm25", encoder=ScriptedEncoder())
    memory.observe(session.events)
    found = memory.recall([asked.query for asked in session.items])
    hits = [one.traces[0].events == i.gold_events for one, i in zip(found, session.items)]  # noqa: B905
    assert all(hits)


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"size": 8}, "9 to 450 questions"), ({"size": 999}, "9 to 450"), ({"largest": 5}, "one of")],
)
def test_a_battery_that_cannot_be_made_is_refused(asked: dict[str, int], told: str) -> None:
    """Of too few or too many questions, or streams of another length."""
    with pytest.raises(ConfigError, match=told):
        SUITE.dataset(**asked)


def test_a_seed_is_the_same_battery() -> None:
    """And another is another."""
    first, again, other = (SUITE.dataset(size=9, seed=s, largest=100) for s in (1, 1, 2))
    assert first == again
    assert first.digest != other.digest
