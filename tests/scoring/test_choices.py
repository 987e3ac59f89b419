"""Choice accuracy: the right one of the choices was named, and no other."""

import pytest

from memeval.scoring.choices import choice_accuracy
from memeval.types import Item, Query

WAYS = ("left", "upper-left", "left side", "above", "-5", "5")


def scored(gold: str, answer: str, choices: tuple[str, ...] = WAYS) -> float | None:
    item = Item(Query("q", "Where?", 1), (gold,), (), (), "all", choices=choices)
    return choice_accuracy(item, answer)["choice_accuracy"]


@pytest.mark.parametrize(
    ("gold", "answer", "score"),
    [
        ("left", "Left.", 1),
        ("left", "It stands to the left of it.", 1),
        ("left", "above", 0),
        ("left", "left or above", 0),  # one right among two is a guess
        ("left", "", 0),
        ("left", "leftwards", 0),  # no choice is named
        ("left", "upper-left", 0),
        ("upper-left", "to the upper left", 1),  # the longest counts, and a hyphen is a space
        ("upper-left", "left", 0),
        ("left", "on the left side", 0),
        ("5", "5", 1),
        ("5", "-5", 0),  # a sign is no hyphen
    ],
)
def test_the_right_choice_alone_is_right(gold: str, answer: str, score: float) -> None:
    """In a sentence as by itself; two choices named are none."""
    assert scored(gold, answer) == score


def test_without_choices_there_is_no_score() -> None:
    """An open question has none."""
    assert scored("left", "left", ()) is None
