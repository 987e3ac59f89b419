"""What suites are made with: decks, shares, and the assembly of a session."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.datasets.sampling import shares
from memeval.suites.own.base import Deck, Happening, Question, assemble
from memeval.types import PromptFormat, Session

PROMPT = PromptFormat(examples=())


@given(st.sets(st.integers()), st.integers())
def test_deck_deals_every_card_once(cards: set[int], seed: int) -> None:
    """Drawing a deck to its end gives each card exactly once."""
    deck = Deck(list(cards), Random(seed))
    assert sorted(deck.draw() for _ in cards) == sorted(cards)


def test_empty_deck_has_no_card() -> None:
    """Drawing from an empty deck is an IndexError, not a card drawn before."""
    deck = Deck(["only"], Random(0))
    deck.draw()
    with pytest.raises(IndexError, match="empty"):
        deck.draw()


def test_deck_is_shuffled_by_its_generator() -> None:
    """One seed gives one order, another seed another, and neither is the order of the cards."""
    orders = []
    for seed in (1, 1, 2):
        deck = Deck(range(50), Random(seed))
        orders.append([deck.draw() for _ in range(50)])
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert orders[0] not in (list(range(50)), list(reversed(range(50))))


@given(st.integers())
def test_draw_like_takes_only_what_is_accepted(seed: int) -> None:
    """Every accepted card is drawn once, and the other cards stay in the deck."""
    deck = Deck(range(10), Random(seed))
    odd = [deck.draw_like(lambda card: card % 2 == 1) for _ in range(5)]
    even = [deck.draw() for _ in range(5)]
    assert (sorted(odd), sorted(even)) == ([1, 3, 5, 7, 9], [0, 2, 4, 6, 8])


def test_draw_like_without_such_a_card() -> None:
    """A deck that holds no accepted card is an IndexError."""
    deck = Deck([2, 4], Random(0))
    with pytest.raises(IndexError, match="no card of this kind"):
        deck.draw_like(lambda card: card % 2 == 1)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (10, {"a": 5, "b": 3, "c": 2}),
        # 0.5, 0.3, 0.2 of 1: the largest remainder gets the one
        (1, {"a": 1, "b": 0, "c": 0}),
        # 3.5, 2.1, 1.4 of 7: floors sum to 6, the largest remainder is a's
        (7, {"a": 4, "b": 2, "c": 1}),
        (0, {"a": 0, "b": 0, "c": 0}),
    ],
)
def test_shares_by_hand(total: int, expected: dict[str, int]) -> None:
    """What the floors leave over goes to the largest remainders."""
    assert shares(total, {"a": 0.5, "b": 0.3, "c": 0.2}) == expected


@given(st.integers(0, 5000), st.lists(st.integers(1, 100), min_size=1, max_size=9))
def test_shares_sum_to_the_total(total: int, parts: list[int]) -> None:
    """The counts sum to the total, and each is within 1 of its exact share."""
    of = {str(i): part / sum(parts) for i, part in enumerate(parts)}
    counts = shares(total, of)
    assert sum(counts.values()) == total
    assert all(abs(counts[name] - total * of[name]) <= 1 for name in of)


def questions_of(sizes: Sequence[Sequence[int]]) -> list[Question]:
    """Make a question for each list of block lengths; its first block is gold, the rest near."""
    questions = []
    for q, lengths in enumerate(sizes):
        blocks = [
            [Happening(f"q{q} b{b} h{h}", dependent=h > 0) for h in range(length)]
            for b, length in enumerate(lengths)
        ]
        near = [happening for block in blocks[1:] for happening in block]
        questions.append(Question(f"question {q}?", (f"{q}",), "s", blocks, blocks[0], near))
    return questions


def assembled(questions: Sequence[Question], fillers: int, seed: int) -> Session:
    return assemble(
        questions,
        [Happening(f"filler {i}", worth=False) for i in range(fillers)],
        random=Random(seed),
        labels={"suite": "made_up", "size": len(questions), "seed": seed},
        prompt=PROMPT,
        passage_size=4,
    )


BLOCKS = st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=6)


@given(BLOCKS, st.integers(0, 5), st.integers())
def test_blocks_stay_together_and_in_order(sizes: list[list[int]], fillers: int, seed: int) -> None:
    """A block's events follow one another, and a question's blocks follow in their order."""
    questions = questions_of(sizes)
    session = assembled(questions, fillers, seed)
    time = {event.text: event.time for event in session.events}
    for question in questions:
        for block in question.blocks:
            start = time[block[0].text]
            assert [time[h.text] for h in block] == list(range(start, start + len(block)))
        starts = [time[block[0].text] for block in question.blocks]
        assert starts == sorted(starts)


@given(BLOCKS, st.integers(0, 5), st.integers())
def test_every_happening_becomes_one_event(sizes: list[list[int]], fillers: int, seed: int) -> None:
    """Nothing told is lost or told twice, and events are numbered in the order of the stream."""
    session = assembled(questions_of(sizes), fillers, seed)
    told = sum(sum(lengths) for lengths in sizes)
    assert len({event.text for event in session.events}) == len(session.events) == told + fillers
    assert [event.time for event in session.events] == list(range(told + fillers))
    assert [event.id for event in session.events] == [f"e{i:05d}" for i in range(told + fillers)]


@given(BLOCKS, st.integers(0, 5), st.integers())
def test_passages_hold_gold_near_and_distractors(
    sizes: list[list[int]], fillers: int, seed: int
) -> None:
    """A passage has all gold and near events in order of time, filled up with whole distractors."""
    questions = questions_of(sizes)
    session = assembled(questions, fillers, seed)
    by_id = {event.id: event for event in session.events}
    alone = [event for event in session.events if event.text[-1] == "0" or "filler" in event.text]
    for question, item in zip(questions, session.items, strict=True):
        needed = {happening.text for happening in (*question.gold, *question.near)}
        texts = [by_id[id_].text for id_ in item.passage]
        assert needed <= set(texts)
        assert len(texts) == len(set(texts)) >= min(4, len(alone))
        assert {text for text in texts if text not in needed} <= {event.text for event in alone}
        assert list(item.passage) == sorted(item.passage, key=lambda id_: by_id[id_].time)


@given(st.integers(0, 4), st.integers())
def test_barred_happenings_stay_out_of_the_passage(count: int, seed: int) -> None:
    """What holds the answer as well is in the stream, but not in the question's passage."""
    question, other = questions_of([[1], [1] * 4])
    question.barred = [happening for block in other.blocks[:count] for happening in block]
    session = assembled([question, other], 2, seed)
    texts = {event.id: event.text for event in session.events}
    passage = {texts[id_] for id_ in session.items[0].passage}
    # 7 events, less the barred; a passage has 4 where there are as many
    assert len(passage) == min(4, 7 - count)
    assert not passage & {happening.text for happening in question.barred}


def test_assembled_session_keeps_labels_and_flags() -> None:
    """Answers, slices, flags and the scorer's labels reach the session, named after its labels."""
    gold = Happening("It happened.", reward=True, pin=True)
    question = Question("What?", ("it",), "exact", [[gold]], [gold])
    session = assembled([question], 1, seed=5)
    [event] = [event for event in session.events if event.text == "It happened."]
    [item] = session.items
    assert (event.reward, event.pin) == (True, True)
    assert (item.answers, item.slice, item.gold_events) == (("it",), "exact", (event.id,))
    assert session.worth == {event.id}
    assert session.id == "made_up-1-5"


def test_questions_are_asked_after_the_stream() -> None:
    """Every query comes later than every event."""
    session = assembled(questions_of([[1], [2, 1]]), 2, seed=0)
    last = max(event.time for event in session.events)
    assert all(item.query.time > last for item in session.items)
