"""Places and people that are told to be joined, and what they are worth."""

import pytest
from maps import answer, taught

from memeval.memories.smpd import Smpd
from memeval.memories.smpd.lexicon import load_lexicon
from memeval.memories.smpd.linking import LinkReader, Links

READER = LinkReader(load_lexicon("en").links)
IN_ORDER = "Please list the names in order, separated by commas."
CABINS = (
    "Cabin 1 is connected to cabins 2, 3, and 4.",
    "Cabin 4 is connected to cabin 9.",
    "Cabin 2 leads to cabin 9.",
    "Cabin 9 opens to cabin 10.",
)


def read(text: str) -> Links:
    return READER.read(text, lambda _: False)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Cabin 1 is connected to cabins 2 and 3.", {"cabin 1-cabin 2", "cabin 1-cabin 3"}),
        ("Assume now that cabins 1 and 3 are connected.", {"cabin 1-cabin 3"}),
        ("There is a door between the study and the den.", {"study-den"}),
        ("Uma is married to Ravi, who is friends with Ines.", {"Uma-Ravi", "Ravi-Ines"}),
        ("Uma can introduce you to her two neighbours, Ravi and Ines.", {"Uma-Ravi", "Uma-Ines"}),
        ("Salt and Pepper, Noodle Bar, and Fig's Table are linked.",
         {"Salt and Pepper-Noodle Bar", "Salt and Pepper-Fig's Table"}),
        ("Uma likes Ravi.", set()),
    ],
)  # fmt: skip
def test_joins_are_read_from_lists_of_names(text: str, joined: set[str]) -> None:
    """Each before the word with each behind it; a name may hold an "and"."""
    assert {f"{a}-{b}" for a, b in read(text).joined} == joined


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("There is no connection between cabin 1 and 4, but cabin 1 and 6 are now connected.",
         [("cabin 1", "cabin 4")]),
        ("Uma introduces you to Ravi instead of Ines.", [("Uma", "Ines")]),
        ("The passage between Ash Hall and Elm Hall is no longer closed.", []),
    ],
)  # fmt: skip
def test_what_joins_no_more_is_cut(text: str, cut: list[tuple[str, str]]) -> None:
    """By a denial, or by what came in its place; two denials deny nothing."""
    assert read(text).cut == cut


@pytest.fixture(scope="module")
def cabins() -> Smpd:
    return taught(*CABINS, "There is a reward of 10 for visiting cabin 10.")


def test_the_shortest_way_is_listed_from_end_to_end(cabins: Smpd) -> None:
    """Both ends are in the list; by their numbers alone where numbers are asked for."""
    asked = "What is the shortest path from cabin 3 to cabin 2?"
    assert answer(cabins, f"{asked} {IN_ORDER}") == "cabin 3, cabin 1, cabin 2"
    numbers = "Please list the cabin numbers in order, separated by commas."
    assert answer(cabins, f"{asked} {numbers}") == "3, 1, 2"


def test_a_way_is_chosen_by_what_it_yields() -> None:
    """Two rewards are both fetched, by the way that passes the other."""
    memory = taught(*CABINS, "There is a reward of 10 for visiting cabin 10 and of 5 for cabin 4.")
    question = f"From cabin 1, what is the path that yields the most reward? {IN_ORDER}"
    assert answer(memory, question) == "cabin 1, cabin 4, cabin 9, cabin 10"


@pytest.mark.parametrize(
    ("news", "way"),
    [
        ("There is no connection between cabin 4 and cabin 9.", "1, 2, 9, 10"),
        ("Cabin 3 is now connected to cabin 10.", "1, 3, 10"),
        ("You are in cabin 1 and find a portal that can take you to any cabin.", "1, 10"),
    ],
)
def test_what_changes_changes_the_way(news: str, way: str) -> None:
    """A detour, a shortcut, and a way to anywhere."""
    memory = taught(
        *(text for text in CABINS if "Cabin 2" not in text or "no connection" in news),
        "There is a reward of 10 for visiting cabin 10.",
        news,
    )
    numbers = "Please list the cabin numbers in order, separated by commas."
    question = f"From cabin 1, what is the path that yields the most reward? {numbers}"
    assert answer(memory, question) == way


def test_the_better_of_two_is_where_more_was_told_last() -> None:
    """A worth told anew holds; the least is asked for by other words than the most."""
    told = (
        "Uma introduces you to Ravi and Ines.",
        "Ravi has a rating of 4.",
        "Ines has 3 as rating.",
    )
    before, after = taught(*told), taught(*told, "Now Ines has a rating of 5.")
    most = "From Uma, who has the highest rating?"
    assert (answer(before, most), answer(after, most)) == ("Ravi", "Ines")
    assert answer(after, "From Uma, who has the lowest rating?") == "Ravi"


LED = (
    "From the foyer you have two choices, you can go to hall 1 or hall 2.",
    "You enter hall 1, at the end of hall 1 there is a door and it leads to hall 3.",
    "You open a chest and there are 10 dollars.",
    "Then you start over.",
    "In the foyer you choose hall 2, then enter hall 4.",
    "You open a chest and there are 50 dollars.",
)


def test_whoever_is_led_through_places_joins_them() -> None:
    """What is found is worth of the place where one stands then."""
    memory = taught(*LED)
    question = "From the foyer, which hall will lead to the path where one can make the most money?"
    assert answer(memory, question) == "hall 2"
    assert answer(memory, f"What is the way from hall 2 to hall 4? {IN_ORDER}") == "hall 2, hall 4"


LIST = "Cabin 1, cabin 2 and cabin 3 are all connected to each other."
THROUGH = f"What is the shortest path from cabin 2 to cabin 3? {IN_ORDER}"


@pytest.mark.parametrize(
    ("texts", "way"),
    [
        ((LIST,), "cabin 2, cabin 3"),
        ((LIST, LIST), "cabin 2, cabin 3"),
        ((LIST, "Cabin 2, cabin 3 and cabin 4 are connected."), "cabin 2, cabin 3"),
    ],
)
def test_a_list_joins_each_to_each(texts: tuple[str, ...], way: str) -> None:
    """However often it is told, and where another list overlaps it."""
    assert answer(taught(*texts), THROUGH) == way


def test_lists_are_read_from_their_first_where_their_pairs_are_told_again() -> None:
    """Had the list meant all pairs, nobody would tell one of them and nothing new."""
    memory = taught(
        "Cabin 1, cabin 2, cabin 3 and cabin 5 are all connected to each other.",
        "Cabin 2 is connected to cabin 5.",
    )
    assert memory.stats()["lists_restated"] == 1
    assert answer(memory, THROUGH) == "cabin 2, cabin 1, cabin 3"
