"""How SMPD reads sentences about moving."""

import re
from pathlib import Path

import pytest

from memeval.errors import ConfigError
from memeval.memories.smpd import telling
from memeval.memories.smpd.lexicon import FOLDER, languages, load_lexicon
from memeval.memories.smpd.reading import Clause, read, read_all

ENGLISH = load_lexicon("en")
NORTH, EAST, WEST = (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0)


def only(text: str) -> Clause:
    [clause] = read(text, ENGLISH)
    return clause


@pytest.mark.parametrize(
    "text",
    [
        "Nora Vance went north from Heron Wharf to Alder Mill.",
        "From Heron Wharf, Nora Vance walked north and came to Alder Mill.",
        "Going north from Heron Wharf, Nora Vance reached Alder Mill.",
        "Nora Vance left Heron Wharf, heading northwards, and arrived at Alder Mill.",
        "Leaving Heron Wharf, Nora Vance strolled north into Alder Mill.",
        "Nora Vance ran from Heron Wharf towards the north to Alder Mill.",
    ],
)
def test_a_step_is_read_in_many_phrasings(text: str) -> None:
    """Who, from where, which way and to where do not hang on the order of words."""
    clause = only(text)
    there = clause.there or clause.at
    assert (clause.who, clause.here, there) == ("Nora Vance", "Heron Wharf", "Alder Mill")
    assert clause.step == NORTH


def test_a_sentence_of_many_steps_has_a_clause_for_each() -> None:
    """What follows "then" is a step of its own."""
    clauses = read("From Heron Wharf walk north twice, then 3 blocks east to Alder Mill.", ENGLISH)
    assert [(c.step, c.length, c.there) for c in clauses] == [
        (NORTH, 2.0, ""),
        (EAST, 3.0, "Alder Mill"),
    ]


@pytest.mark.parametrize(
    ("text", "turn"), [("turned left", 1), ("turned around", 2), ("went right", 3)]
)
def test_turns_count_quarters_to_the_left(text: str, turn: int) -> None:
    """A relative move is a turn, for whoever knows the heading."""
    assert only(f"Then she {text}.").turn == turn


def test_left_is_a_turn_or_a_verb() -> None:
    """Before a place "left" says where from; else it says which way."""
    assert only("Nora left the old mill.").here == "old mill"
    assert only("Nora left the old mill.").turn is None
    assert only("Nora turned left.").turn == 1


def test_a_direction_word_can_be_the_name_of_a_place() -> None:
    """Where a place is due a capitalised direction is a name; small, it is a direction."""
    clause = only("From North, Nora Vance walked west and came to East Gate.")
    assert (clause.here, clause.step, clause.there) == ("North", WEST, "East Gate")


def test_places_may_be_called_by_what_they_are() -> None:
    """Small words behind an article name a place where one is due."""
    assert only("She went to the old mill.").there == "old mill"


def test_one_place_lying_in_a_direction_of_another_is_read() -> None:
    """What is north of X hangs on X."""
    clause = only("Alder Mill is two blocks north of Heron Wharf.")
    assert (clause.who, clause.here, clause.step) == ("Alder Mill", "Heron Wharf", NORTH)
    assert clause.length == 2.0


@pytest.mark.parametrize(
    "text",
    [
        "Nora Vance noticed a spotted cup at Alder Mill.",
        "A spotted cup was noticed at Alder Mill.",
        "At Alder Mill, there is a spotted cup.",
    ],
)
def test_a_thing_and_where_it_is_are_read(text: str) -> None:
    """An adjective that could be a verb stays with its thing."""
    clause = only(text)
    assert (clause.thing, clause.at) == ("spotted cup", "Alder Mill")


def test_a_thing_may_be_called_by_a_word_for_seeing() -> None:
    """A saw that was noticed is a thing, and so is one that is asked for."""
    assert only("Nora Vance noticed a dull saw at Alder Mill.").thing == "dull saw"
    assert only("Where is the dull saw?").thing == "dull saw"


@pytest.mark.parametrize("text", ["No longer is it open.", "Nora went no longer north."])
def test_words_that_say_something_together_are_one(text: str) -> None:
    """Wherever in a sentence they stand."""
    assert "negation" in read_all(text, ENGLISH)[0].does


def test_two_words_that_end_and_begin_like_a_phrase_are_none() -> None:
    """One step from Casino is not "no one"."""
    clause = only("She went from Casino one step north.")
    assert (clause.here, clause.length) == ("Casino", 1.0)


def test_another_language_is_another_file() -> None:
    """The same code reads Spanish by the Spanish lexicon."""
    spanish = load_lexicon("es")
    [clause] = read(
        "Desde Puerto Garza, Nora caminó hacia el norte y llegó a Molino Alto.", spanish
    )
    assert (clause.who, clause.here, clause.there) == ("Nora", "Puerto Garza", "Molino Alto")
    assert clause.step == NORTH


@pytest.mark.parametrize("language", languages())
def test_a_lexicon_has_the_sentences_that_are_told(language: str) -> None:
    """None is missing, and none is there that is never told."""
    told = re.findall(r'tell\["(\w+)"\]', Path(telling.__file__).read_text("utf-8"))
    assert set(load_lexicon(language).tell) == set(told)


def test_a_lexicon_of_ones_own_is_a_path(tmp_path: Path) -> None:
    """A new word for a direction needs no code."""
    path = tmp_path / "sea.yaml"
    words = (FOLDER / "en.yaml").read_text("utf-8")
    path.write_text(words.replace("  northward: north", "  polewards: north"), "utf-8")
    [clause] = read("Nora sailed and came polewards to Cape Horn.", load_lexicon(str(path)))
    assert clause.step == NORTH


def test_an_unknown_lexicon_is_refused() -> None:
    """The message names those that there are."""
    with pytest.raises(ConfigError, match=r"a lexicon must be a known name, got 'eo'"):
        load_lexicon("eo")


def test_a_lexicon_without_a_list_is_refused(tmp_path: Path) -> None:
    """A file that misses something is an error, not a language without that word."""
    path = tmp_path / "bare.yaml"
    path.write_text("directions: {up: [0, 1]}\n", "utf-8")
    with pytest.raises(ConfigError, match="a lexicon must be a YAML file like"):
        load_lexicon(str(path))
