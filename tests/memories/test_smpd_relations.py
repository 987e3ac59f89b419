"""How places are told to lie: what is read, and where they then lie together."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taught_maps import answer, asking, layout, taught

from memeval.memories.loading import load_memory
from memeval.memories.smpd import Smpd
from memeval.memories.smpd.lexicon import load_lexicon
from memeval.memories.smpd.relating import RelationReader, Told

READER = RelationReader(load_lexicon("en"))


def read(text: str) -> list[Told]:
    return READER.read(text, lambda _: False)


@pytest.mark.parametrize(
    ("text", "vector"),
    [
        ("The mill lies west of the pond.", (-1, 0)),
        ("The mill is situated directly above the pond.", (0, 1)),
        ("The mill stands right below the pond.", (0, -1)),
        ("The mill sits above the pond and slightly to its right.", (1, 1)),
        ("The mill is at the pond's 9 o'clock.", (-1, 0)),
        ("With the pond as the center of a clock face, the mill is between 4 and 5.", (1, -1)),
        ("The pond is there, and the mill is on the left of it.", (-1, 0)),
        ("The mill and the pond are side by side, with the mill on the right.", (1, 0)),
        ("The mill is at a 45 degree angle to the pond, in the lower left corner.", (-1, -1)),
        ("North of the pond is the mill.", (0, 1)),
        ("The mill is in the same place as the pond.", (0, 0)),
        ("The mill is three steps north of the pond.", (0, 3)),
        ("The mill is not north of the pond.", None),
        ("Anna walked north from the pond to the mill.", None),
    ],
)
def test_how_places_lie_is_read_by_its_parts(text: str, vector: tuple[int, int] | None) -> None:
    """A direction, a clock position, the same spot, a length; but no walk, and no denial."""
    told = [(one.there, one.here, one.vector) for one in read(text)]
    assert told == ([] if vector is None else [("mill", "pond", vector)])


@pytest.mark.parametrize("letters", ["A B", "I Q", "X A"])
def test_letters_are_names_even_where_they_are_words(letters: str) -> None:
    """A is no article between a beginning and a verb."""
    there, here = letters.split()
    assert read(f"{there} is below {here}.") == [Told(here, there, (0, -1))]


def test_places_asked_about_may_be_any_words() -> None:
    """No list has their names: they are known by the words around them."""
    memory = taught("The zorbium is west of the old fint.", "Krel is north of the zorbium.")
    assert answer(memory, "Where is Krel relative to the old fint?") == "northwest"


GRID = [(x, y) for x in range(3) for y in range(3)]
WAYS = {(0, 1): "north", (1, 0): "east", (1, 1): "northeast", (1, -1): "southeast"}
NAMES = {spot: f"P{spot[0]}{spot[1]}" for spot in GRID}
SENTENCES = [
    f"{NAMES[x + dx, y + dy]} is {way} of {NAMES[x, y]}."
    for x, y in GRID
    for (dx, dy), way in WAYS.items()
    if (x + dx, y + dy) in NAMES
]


@settings(max_examples=15, deadline=None)
@given(st.permutations(SENTENCES))
def test_relations_told_in_any_order_give_the_same_map(told: list[str]) -> None:
    """Every place stands where the grid has it, whichever sentence came first."""
    memory = taught(*told)
    assert layout(memory, *NAMES.values()) == {n: at for at, n in NAMES.items()}
    assert memory.stats()["relations_contradicted"] == 0


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=5))
def test_what_is_told_twice_changes_nothing(again: list[str]) -> None:
    """Places, ways and relations are as many, and lie as before."""
    once, twice = taught(*SENTENCES), taught(*SENTENCES, *again)
    names = tuple(NAMES.values())
    assert layout(twice, *names) == layout(once, *names)
    for count in ("relations", "passages", "places", "relations_contradicted"):
        assert twice.stats()[count] == once.stats()[count]


@settings(max_examples=15, deadline=None)
@given(st.permutations([*SENTENCES, "P00 is east of P22."]))
def test_what_contradicts_the_rest_is_counted_and_moves_nothing(told: list[str]) -> None:
    """One wrong sentence, even as the first, is outvoted by those that agree."""
    memory = taught(*told)
    assert layout(memory, *NAMES.values()) == {n: at for at, n in NAMES.items()}
    assert memory.stats()["relations_contradicted"] == 1


def test_a_half_plane_leaves_room_for_what_is_told_later() -> None:
    """Left of says nothing of above: both hold, and nothing is contradicted."""
    memory = taught("The cup is to the left of the jug.", "The cup is above the jug.")
    assert layout(memory, "jug", "cup")["cup"] == (-1, 1)
    assert memory.stats()["relations_contradicted"] == 0


def test_what_rests_on_equal_steps_is_less_sure() -> None:
    """One left and two right make right only where steps are as long as each other."""
    sure = taught("B is to the right of A.", "C is to the right of B.")
    unsure = taught("B is to the left of A.", "C is to the right of B.", "D is to the right of C.")
    [[certain], [guessed]] = (
        memory.recall([asking(f"Is {last} to the right of A?")])[0].traces
        for memory, last in ((sure, "C"), (unsure, "D"))
    )
    assert guessed.score < certain.score


def test_an_answer_rests_on_the_sentences_of_its_chain() -> None:
    """What leads from one place to the other is given as its events, and nothing else."""
    memory = taught("B is above A.", "X is left of Y.", "C is above B.")
    [trace] = memory.recall([asking("What is the relation of C to A?")])[0].traces
    assert set(trace.events) == {"e0", "e2"}


def test_a_map_with_relations_and_joins_is_kept_whole(tmp_path: Path) -> None:
    """What is saved answers the same after it is read."""
    memory = taught(
        "The mill is west of the pond.", "Hut 1 is connected to huts 2 and 3.",
        "There is a reward of 5 for visiting hut 3.",
    )  # fmt: skip
    memory.save(tmp_path / "store")
    read_again = load_memory("smpd")
    assert isinstance(read_again, Smpd)
    read_again.load(tmp_path / "store")
    assert read_again.fingerprint() == memory.fingerprint()
    for question in ("What is west of the pond?", "From hut 2, which hut gives the most reward?"):
        assert answer(read_again, question) == answer(memory, question) != ""


@pytest.mark.parametrize(("leads", "way"), [("none", ""), ("map", "west"), ("all", "west")])
def test_one_can_go_where_a_map_tells_a_place_to_lie(leads: str, way: str) -> None:
    """Unless the knob says that only walks are ways."""
    memory = taught("The mill is west of the pond.", **{"relations.passages": leads})
    told = answer(memory, "How do you go from the pond to the mill?")
    assert (f"walked {way} " in told) if way else (told == "")


def test_on_a_sheet_nobody_walks() -> None:
    """Left of is no way to go."""
    memory = taught("The square is to the left of the circle.")
    assert answer(memory, "How do you go from the circle to the square?") == ""


@pytest.mark.parametrize(
    "text",
    ["Edith's patched padlock is kept under number 26334.", "The key is kept under number 7 now."],
)
def test_a_sentence_of_more_unknown_words_than_two_names_tells_no_places(text: str) -> None:
    """What is filed under a number lies nowhere; "kept" and "number" are no places."""
    assert read(text) == []
