"""Substring exact match, as MemoryAgentBench's script computes it."""

import pytest

from memeval.scoring.substring import exact_match as substring_exact_match
from memeval.types import Item, Query


def scored(answer: str, *accepted: str) -> float | None:
    item = Item(Query("q", "Who?", 1), accepted, (), (), "all")
    return substring_exact_match(item, answer)["substring_exact_match"]


@pytest.mark.parametrize(
    ("answer", "accepted", "score"),
    [
        ("Lou Birk", "lou birk", 1),
        ("The mayor is Lou Birk, since May.", "Lou Birk", 1),
        ("Lou, 'Birk'", "Lou Birk", 1),  # punctuation goes, whatever it parted
        ("Lou a Birk", "Lou Birk", 1),  # and articles
        ("Lou or Birk", "Lou Birk", 0),
        ("Birk", "Lou Birk", 0),
        ("party", "art", 1),  # letters, not words
        ("Skell-upon-Esk", "Skell upon Esk", 0),  # a hyphen goes without a space
        ("Washington DC", "Washington, D.C.", 1),
        ("unknown", "Lou Birk", 0),
        ("", "Lou Birk", 0),
    ],
)
def test_the_published_rule(answer: str, accepted: str, score: float) -> None:
    """Each worked out by hand from the rule: lower case, no ASCII punctuation, no articles."""
    assert scored(answer, accepted) == score


def test_one_of_several_answers_is_enough() -> None:
    """The best over the accepted answers."""
    assert scored("It is Tarn.", "Skell", "Tarn") == 1


def test_an_answer_of_which_nothing_is_left_has_no_score() -> None:
    """It would stand in every text, an empty one among them."""
    assert scored("anything", "The") is None
