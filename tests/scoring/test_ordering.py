"""Kendall's tau-b of the events that an answer names, found by their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from memeval.scoring.ordering import entries, kendall_tau_b, places, tau_b
from memeval.types import Item, Query

EVENTS = ("Setting up the loom", "Dyeing wool blue", "Weaving a first scarf", "Selling it in Tarn")


def scored(answer: str, rubric: tuple[str, ...] = EVENTS, slice_: str = "event_ordering") -> object:
    item = Item(Query("q", "In which order?", 1), ("x",), (), (), slice_, rubric=rubric)
    return kendall_tau_b(item, answer)["kendall_tau_b"]


def test_the_right_order_has_1() -> None:
    """A list of the events as they are."""
    assert scored("\n".join(EVENTS)) == 1


def test_the_reversed_order_has_minus_1() -> None:
    """Every pair is wrong."""
    assert scored("\n".join(reversed(EVENTS))) == -1


def test_a_swap_is_one_pair_of_six() -> None:
    """Five pairs of six are in order: (5 - 1) / 6."""
    swapped = [EVENTS[1], EVENTS[0], *EVENTS[2:]]
    assert scored("\n".join(swapped)) == pytest.approx(4 / 6)


def test_words_between_do_not_hide_an_event() -> None:
    """Half of an event's words, near one another, name it."""
    answer = "First you were setting the new loom up, then you dyed the wool in blue; " \
             "after weaving your scarf you were selling it at Tarn."  # fmt: skip
    assert scored(answer) == 1


def test_events_that_are_not_named_stand_behind() -> None:
    """Of six pairs, five hold the first or second event, which stand before all others.

    The third and fourth are tied: tau-b is 5 / sqrt(6 * 5).
    """
    assert scored(f"{EVENTS[0]}\n{EVENTS[1]}") == pytest.approx(5 / 30**0.5)


@pytest.mark.parametrize("answer", ["", "unknown", "Something else entirely", EVENTS[0], "loom"])
def test_an_answer_without_an_order_is_no_better_than_a_wrong_one(answer: str) -> None:
    """Who names nothing would otherwise be left out of the mean."""
    assert scored(answer) == -1


def test_the_nearest_mention_counts() -> None:
    """An event that shares words with an earlier one has its own place."""
    assert places(("Blue wool", "Green wool"), "blue wool, then green wool") == [0, 3]


def test_half_of_the_words_name_an_event() -> None:
    """One word of three may be of anything; two of three are near enough."""
    assert places(("Dyeing wool blue",), "the blue loom") == [None]
    assert places(("Dyeing wool blue",), "the blue wool") == [0]


ENTRIES = ("the loom is set up", "blue dyeing of wool", "a scarf", "selling, in Tarn, my wool")


@pytest.mark.parametrize(
    "answer",
    [
        "In this order: " + ", ".join(f"{i}) {entry}" for i, entry in enumerate(ENTRIES, 1)),
        "\n".join(f"{i}. {entry}" for i, entry in enumerate(ENTRIES, 1)),
        " -> ".join(ENTRIES),
        "First {}, second {}, third {}, fourth {}.".format(*ENTRIES),
    ],
)
def test_an_entry_is_one_event(answer: str) -> None:
    """One word of four is enough to tell which; wool stands in two entries and is of one."""
    assert places(EVENTS, answer) == [0, 1, 2, 3]


def test_entries_are_in_the_order_of_the_answer() -> None:
    """Reversed, every pair is wrong."""
    reverse = ", ".join(f"{i}) {entry}" for i, entry in enumerate(reversed(ENTRIES), 1))
    assert scored(f"It was: {reverse}") == -1


def test_an_entry_of_something_else_is_no_event() -> None:
    """The second event is not named, and two pairs of three are in order."""
    assert places(EVENTS[:3], "1) the loom set up, 2) rain, 3) a first scarf") == [0, None, 2]


@pytest.mark.parametrize("answer", ["It took 3. I had 5. Then 2.", "A first scarf", "", "1) loom"])
def test_numbers_that_count_nothing_part_no_entries(answer: str) -> None:
    """They begin at one, and there are two at least."""
    assert entries(answer) == []


def test_other_items_have_no_order() -> None:
    """Their rubric lists what to say, in any order."""
    assert scored("\n".join(EVENTS), slice_="summarization") is None


def test_one_event_has_no_order() -> None:
    """There is no pair."""
    assert scored(EVENTS[0], EVENTS[:1]) is None


some_places = st.lists(st.integers(0, 30), min_size=2, max_size=8)


@given(some_places)
def test_it_is_scipys(found: list[int]) -> None:
    """Ties between events at one place among them; all at one place show no order."""
    expected = kendalltau(range(len(found)), found, variant="b").statistic
    assert tau_b(found) == (pytest.approx(expected) if len(set(found)) > 1 else -1)


@given(st.lists(st.integers(0, 30) | st.none(), min_size=2, max_size=8))
def test_it_is_bounded(found: list[int | None]) -> None:
    """And a number, whatever is named."""
    assert -1 <= tau_b(found) <= 1


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True))
def test_reversing_an_order_turns_its_sign(found: list[int]) -> None:
    """Without ties, every pair counts the other way."""
    assert tau_b(found) == pytest.approx(-tau_b(found[::-1]))
