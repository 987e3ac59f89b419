"""Places and people that are told to be joined, and what they are worth."""

import pytest
from taught_maps import answer, taught

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
        ("Uma introduces Ravi to Ines.", {"Uma-Ravi", "Uma-Ines"}),
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
        ("The stairs between Ash Hall and Elm Hall are closed.", [("Ash Hall", "Elm Hall")]),
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


STREET = (
    "The boathouse leads to a jetty, which leads on to lighthouse rock.",
    "Lighthouse rock runs to a signal tower that opens into sail loft.",
)
CIRCLE = (
    "Wanda is acquainted with Tariq, who is Elif's cousin.",
    "Elif works with Bruno.",
    "Bruno can put you in touch with Chiara, who offers $300.",
    "Wanda also knows Oskar.",
    "Petra is Oskar's boss.",
)
HOUSE = (
    "You step into the atrium and spot two corridors.",
    "You take the corridor on the left and come to the armoury.",
    "In the armoury you notice 40 coins.",
    "You return to the atrium.",
    "Now you pick the other corridor and reach the pantry.",
    "In the pantry you notice 90 coins.",
)
ALLEYS = (
    "You arrive at the plaza.",
    "There are two alleys, Saffron Alley and Clove Alley.",
    "You walk into Saffron Alley and find a fountain which leads to a cistern.",
    "The cistern holds 15 coins.",
    "Back at the plaza you walk into Clove Alley.",
    "There is a gate to Old Archive there.",
    "Old Archive holds 60 coins.",
)
FRIENDS = (
    "You have two friends, Jonas and Meike.",
    "Jonas knows Ilse, whose brother Klaus offers $20.",
    "Meike is married to Sven.",
    "Sven is Rosa's neighbour.",
    "Rosa has $90.",
)
TOWN = (
    "Gate House is linked to Mill and Forge.",
    "Mill is linked to Bakery.",
    "Forge leads to Tannery, which leads to Bakery.",
    "There is a prize of 70 at Bakery.",
)


@pytest.mark.parametrize(
    ("story", "question", "right"),
    [
        (STREET, f"What is the shortest path from the jetty to sail loft? {IN_ORDER}",
         "jetty, lighthouse rock, signal tower, sail loft"),
        (CIRCLE, "From Wanda, who is the person with the most money?", "Chiara"),
        (CIRCLE, f"From Wanda, what is the path to the person with the most money? {IN_ORDER}",
         "Wanda, Tariq, Elif, Bruno, Chiara"),
        (CIRCLE, f"From Wanda, what is the shortest path to Petra? {IN_ORDER}",
         "Wanda, Oskar, Petra"),
        (HOUSE, "From the atrium, where should you go to get the most coins?", "pantry"),
        (ALLEYS, "From the plaza, which alley will lead to the path with the most coins?",
         "Clove Alley"),
        (ALLEYS, f"What is the shortest path from Saffron Alley to the cistern? {IN_ORDER}",
         "Saffron Alley, fountain, cistern"),
        (FRIENDS, "Which friend of yours will lead to the path with the most money?", "Meike"),
        ((*FRIENDS, "Rosa is unavailable."),
         "Which friend of yours will lead to the path with the most money?", "Jonas"),
        (("A corridor connects Ash Hall with Elm Hall.", "Elm Hall is linked to Fir Hall."),
         f"What is the shortest path from Ash Hall to Fir Hall? {IN_ORDER}",
         "Ash Hall, Elm Hall, Fir Hall"),
    ],
)  # fmt: skip
def test_chains_are_read_however_they_are_told(
    story: tuple[str, ...], question: str, right: str
) -> None:
    """By relative clauses, kin, sights that lead on, names without an article."""
    assert answer(taught(*story), question) == right


@pytest.mark.parametrize(
    ("news", "way"),
    [
        ("Mill and Forge are quiet.", "Gate House, Mill, Bakery"),
        ("The usual way to the biggest prize is barred.", "Gate House, Forge, Tannery, Bakery"),
        ("Mill is now shut.", "Gate House, Forge, Tannery, Bakery"),
    ],
)
def test_a_way_goes_round_what_is_shut(news: str, way: str) -> None:
    """A place that is shut, or the way to the most by what is told of it."""
    question = f"From Gate House, what is the path to the biggest prize? {IN_ORDER}"
    assert answer(taught(*TOWN, news), question) == way


@pytest.mark.parametrize(
    "text",
    [
        "The old gate is closed.",
        "The passage between Ash Hall and Elm Hall, the most busy one, is closed.",
    ],
)
def test_a_place_is_shut_or_a_way_blocked_only_where_one_is_meant(text: str) -> None:
    """Not by what no place is called, nor where the passage is named."""
    told = read(text)
    assert (told.shut, told.blocked) == ([], set())


def test_what_a_name_is_said_to_be_is_no_place() -> None:
    """A phrase before a name, with a comma between or without, only tells what it is."""
    assert read("Uma introduces you to a painter, Ines.").joined == [("Uma", "Ines")]
    assert read("Uma introduces you to the painter Ines.").joined == [("Uma", "Ines")]


def test_starting_over_tells_no_direction() -> None:
    """Only "over" a place is a relation."""
    memory = taught("You start over with Uma introducing you to Ravi.")
    assert (memory.stats()["relations"], memory.stats()["passages"]) == (0, 1)
