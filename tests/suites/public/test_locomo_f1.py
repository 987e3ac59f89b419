"""The score of LoCoMo's script; every figure is worked out by hand."""

import pytest

from memeval.suites.public.locomo_f1 import locomo_f1
from memeval.types import Item, Query


def score(category: str, answer: str, *golds: str) -> float | None:
    item = Item(Query("q", "?", 0), golds, (), (), category)
    return locomo_f1(item, answer)["locomo_f1"]


@pytest.mark.parametrize(
    ("category", "answer", "gold", "expected"),
    [
        ("single-hop", "The painted boats!", "painting a boat", 1.0),  # both paint boat
        ("single-hop", "salt and pepper", "salt, pepper", 1.0),  # "and" is an article to the script
        ("single-hop", "a green boat", "boat", 2 / 3),  # precision 1/2, recall 1
        ("single-hop", "boat boat", "boat", 2 / 3),  # a word counts as often as it stands
        ("single-hop", "kiln", "boat", 0.0),
        ("single-hop", "", "boat", 0.0),
        ("single-hop", "the", "the", 0.0),  # nothing is left of either
        ("temporal", "7 May, 2021", "7 May 2021", 1.0),
        ("temporal", "2021; May", "2021", 2 / 3),  # a semicolon ends no other gold
        ("open-domain", "likely", "Likely; kilns take days", 1.0),
        ("multi-hop", "pears, apples", "apple, pear", 1.0),
        ("multi-hop", "pears", "apple, pear", 0.5),  # 0 and 1
        ("multi-hop", "green pears, plums", "apple, pear, plum", 5 / 9),  # 0, 2/3 and 1
        ("multi-hop", "apple pear", "apple, pear", 2 / 3),  # 2/3 for each
        ("multi-hop", "", "apple, pear", 0.0),
        ("adversarial", "That is not mentioned.", "unknown", 1.0),
        ("adversarial", "No information available here", "unknown", 1.0),
        ("adversarial", "Unknown", "unknown", 1.0),
        ("adversarial", "Hesk", "unknown", 0.0),
        ("adversarial", "", "unknown", 0.0),
    ],
)
def test_score(category: str, answer: str, gold: str, expected: float) -> None:
    """Each category has its rule."""
    assert score(category, answer, gold) == pytest.approx(expected)


def test_the_nearest_accepted_answer_counts() -> None:
    """A gold that an audit corrected may be written in two ways."""
    assert score("single-hop", "Bram", "Bram who moored", "Bram") == 1.0
