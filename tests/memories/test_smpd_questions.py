"""Questions about a map are understood by their parts, whatever their phrasing."""

import pytest
from taught_maps import answer, taught

from memeval.memories.smpd import Smpd
from memeval.types import Example

WALK = (
    "Tilda Brook left the orchard.",
    "She walked south to the smithy.",
    "From the smithy she went east and reached the tannery.",
    "Then she went east to the weir.",
    "From the weir, Tilda Brook walked north to the ferry.",
    "At the ferry she noticed a blue lantern.",
)
PHRASINGS = [
    ("Tell me the way that leads from the orchard to the tannery.", "south, east"),
    ("If I stand in the smithy, how can I get to the ferry?", "east, east, north"),
    ("By which route does one travel between the smithy and the weir?", "east, east"),
    ("What would I walk past immediately after the smithy, going from the orchard to the weir?",
     "tannery"),
    ("How many steps separate the orchard from the weir?", "3"),
    ("Is it true that the tannery lies west of the weir?", "yes"),
    ("Would you say the smithy is north of the orchard?", "no"),
    ("Of the smithy and the ferry, which is nearest to the orchard?", "smithy"),
    ("What can be found south of the ferry?", "weir"),
    ("Seen from the weir, where is the ferry?", "north"),
    ("Can a traveller go from the ferry to the orchard?", "yes"),
    ("In what direction is the orchard from the smithy?", "north"),
    ("The weir is east of which place?", "tannery"),
    ("Which way must somebody take from the ferry in order to reach the smithy?",
     "south, west, west"),
]  # fmt: skip


@pytest.fixture(scope="module")
def walked() -> Smpd:
    return taught(*WALK)


@pytest.mark.parametrize(("question", "expected"), PHRASINGS)
def test_a_walk_is_asked_about_in_many_phrasings(
    walked: Smpd, question: str, expected: str
) -> None:
    """The words that matter are those of the lexicon, in any order and company."""
    told = answer(walked, question)
    assert expected == told or f" {expected} and came to" in told or f"came to {expected}." in told


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the bathroom east of?", "bedroom"),
        ("What is north of the garden?", "bathroom"),
        ("Is the garden south of the bedroom?", "yes"),
        ("Where does the garden lie, seen from the bedroom?", "southeast"),
    ],
)
def test_what_is_asked_may_be_either_end_of_a_relation(question: str, expected: str) -> None:
    """East of what, and what east of: the same relation from its other end."""
    memory = taught("The bathroom is east of the bedroom.", "The garden is south of the bathroom.")
    assert answer(memory, question) == expected


@pytest.mark.parametrize(
    "question",
    ["Where is the attic relative to the garden?", "How do you go from the bathroom to the well?",
     "Is the bathroom north of the well?", "Who gave the football to Fred?"],
)  # fmt: skip
def test_what_the_map_does_not_tell_is_not_answered(question: str) -> None:
    """A place never mentioned, two that nothing links, and what is no matter of places."""
    memory = taught("The garden is south of the bathroom.", "The well is east of the mill.")
    assert answer(memory, question) == ""


@pytest.mark.parametrize(
    ("shown", "expected"), [("w,s", "e,s"), ("w, s", "e, s"), ("barn", "east, south")]
)
def test_a_way_is_written_as_examples_show_it(shown: str, expected: str) -> None:
    """In letters with what stands between them, else in words."""
    memory = taught("The bathroom is east of the bedroom.", "The garden is south of the bathroom.")
    memory.shown([Example((), "How do you go from the barn to the tower?", shown)])
    assert answer(memory, "How do you go from the bedroom to the garden?") == expected


def test_a_relation_is_named_as_examples_show_it() -> None:
    """A story told with points of the compass is asked about as a sheet."""
    memory = taught("B is north east of A.")
    question = "What is the relation of B to A?"
    assert answer(memory, question) == "northeast"
    memory.shown([Example((), "Where is the kettle, seen from the drum?", "upper-left")])
    assert answer(memory, question) == "upper-right"


GARDEN = (
    "El jardín está al oeste del baño.",
    "La cocina está al norte del jardín.",
    "El dormitorio está al este de la cocina.",
    "El pasillo queda al sur del baño.",
    "El sótano se encuentra al oeste del jardín.",
    "La torre está al norte de la cocina.",
)
SHEET = (
    "El cuadrado rojo está encima del círculo.",
    "El triángulo está a la izquierda del cuadrado rojo.",
    "La estrella está abajo y a la derecha del círculo.",
    "El rombo está en el mismo lugar que la estrella.",
    "La cruz está debajo del triángulo.",
)
SPANISH = [
    (GARDEN, "¿Qué hay al oeste del baño?", "jardín"),
    (GARDEN, "¿Qué queda al norte del jardín?", "cocina"),
    (GARDEN, "¿Dónde está la cocina respecto al baño?", "noroeste"),
    (GARDEN, "¿Está el dormitorio al norte del baño?", "sí"),
    (GARDEN, "¿Está el sótano al este del jardín?", "no"),
    (GARDEN, "¿Cómo se va del jardín al pasillo?", "este, sur"),
    (GARDEN, "¿Cómo llego desde la cocina hasta el baño?", "sur, este"),
    (GARDEN, "¿Cuántos pasos hay del sótano al baño?", "2"),
    (GARDEN, "¿Se puede ir de la torre al sótano?", "sí"),
    (GARDEN, "¿Qué está más cerca del sótano, el jardín o el pasillo?", "jardín"),
    (GARDEN, "¿Qué viene después del jardín en el camino del sótano al baño?", "baño"),
    (GARDEN, "¿En qué dirección desde el pasillo está el baño?", "norte"),
    (GARDEN, "¿Dónde está el pasillo respecto a la torre?", "sureste"),
    (GARDEN, "¿Qué hay al sur de la torre?", "cocina"),
    (GARDEN, "¿Está la torre al norte del jardín?", "sí"),
    (SHEET, "¿Está el triángulo a la izquierda del círculo?", "sí"),
    (SHEET, "¿Está el círculo encima del triángulo?", "no"),
    (SHEET, "¿Dónde está la estrella respecto al círculo?", "abajo a la derecha"),
    (SHEET, "¿Cuál es la relación del triángulo al círculo?", "arriba a la izquierda"),
    (SHEET, "¿Qué hay a la izquierda del círculo?", "cruz"),
    (SHEET, "¿Está la estrella debajo del cuadrado rojo?", "sí"),
    (SHEET, "¿Dónde está el rombo respecto a la estrella?", "mismo lugar"),
    (SHEET, "¿Qué está debajo del triángulo?", "cruz"),
    (SHEET, "¿Dónde está el círculo respecto a la cruz?", "derecha"),
    (SHEET, "¿Está el cuadrado rojo a la derecha de la cruz?", "sí"),
    (SHEET, "¿Está la cruz a la derecha del círculo?", "no"),
    (SHEET, "¿Qué hay encima de la cruz?", "triángulo"),
    (SHEET, "¿Dónde está el triángulo respecto a la estrella?", "arriba a la izquierda"),
    (SHEET, "¿Está el rombo abajo del círculo?", "sí"),
    (SHEET, "¿Qué está encima del círculo?", "cuadrado rojo"),
]


@pytest.fixture(scope="module")
def spanish() -> dict[tuple[str, ...], Smpd]:
    return {told: taught(*told, **{"reading.lexicon": "es"}) for told in (GARDEN, SHEET)}


@pytest.mark.parametrize(("told", "question", "expected"), SPANISH)
def test_another_language_of_relations_is_another_file(
    spanish: dict[tuple[str, ...], Smpd], told: tuple[str, ...], question: str, expected: str
) -> None:
    """What is told and asked in Spanish is answered in Spanish."""
    given = answer(spanish[told], question)
    assert expected == given or f" {expected} y llegó a" in given
