"""Which items of a graph task their story determines."""

import pytest
from scripts import script

from memeval.types import Event, Item, Query, Session

STORY = "Uma knows Ravi and Ines. Ravi has a rating of 4. Ines drives a new van."
BEST = "From Uma, who has the highest rating?"


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        (BEST, "Uma, Ravi", ""),
        (BEST, "Uma, Ines", "amounts"),
        (BEST, "Ravi, Uma", "start"),
        ("From Uma, what is the shortest path to Ines?", "Uma, Ines", ""),
        ("From Uma, what is the shortest path to Ines?", "Uma, Otto", "names"),
        ("How many groups are there?", "3", ""),
    ],
)
def test_an_item_is_determined_by_what_its_story_tells(
    question: str, answer: str, reason: str
) -> None:
    """Not where a word, a beginning or an amount of all accepted answers is nowhere told."""
    item = Item(Query("1", question, 1), (answer,), (), (), "tree/path")
    session = Session("town", (Event("1", STORY, 1),), (item,))
    assert script("maps").untold(session, item) == reason
