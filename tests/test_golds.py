"""How long an answer may be."""

from dataclasses import replace
from typing import Any

import pytest

from memeval import evaluate
from memeval.golds import out_of_reach, with_room_for_golds
from memeval.memories.loading import load_memory
from memeval.models import Generation, TextModel
from memeval.models.scripted import ScriptedModel
from memeval.reader import QUESTION_ANSWERING
from memeval.types import Event, Item, Query, Session

LONG = " ".join(map(str, range(30)))


def session(*answers: tuple[str, ...]) -> Session:
    """Return an item for each of some golds."""
    items = [
        Item(Query(f"q{i}", "What is it?", 9), golds, ("e",), ("e",), "exact")
        for i, golds in enumerate(answers)
    ]
    return Session("s", (Event("e", f"It is {LONG}", 1),), tuple(items))


class Plain(TextModel):
    """A model that tells no tokens."""

    def generate(self, prompts: Any, **_: Any) -> list[Generation]:
        return [Generation("?") for _ in prompts]


@pytest.mark.parametrize(
    ("answers", "window", "tokens"),
    [
        ([("Lima",)], 8192, 16),
        ([("Lima",), ("Rome", LONG)], 8192, 38),  # 30 numbers and a margin of 8
        ([(" ".join([LONG] * 30),)], 2000, 500),  # a quarter of the window
        ([(LONG,)], 40, 16),
        ([], 8192, 16),
    ],
)
def test_the_longest_gold_fits(answers: list[tuple[str, ...]], window: int, tokens: int) -> None:
    """No answer has fewer tokens than before, nor more than the window bears."""
    model = ScriptedModel(window=window)
    found = with_room_for_golds(QUESTION_ANSWERING, [session(*answers)], model)
    assert found.max_new_tokens == tokens


def test_what_a_dataset_fixes_holds() -> None:
    """Its own number is part of how it is measured."""
    fixed = replace(QUESTION_ANSWERING, max_new_tokens=5)
    assert with_room_for_golds(fixed, [session((LONG,))], ScriptedModel()) is fixed
    assert out_of_reach(fixed, [session(("Lima",), (LONG,))], ScriptedModel()) == ["q1"]


def test_golds_are_named_that_a_model_without_tokens_cannot_give() -> None:
    """A word is at least a token; one gold of an item that fits is enough."""
    sessions = [session(("Lima", LONG), (LONG,))]
    assert with_room_for_golds(QUESTION_ANSWERING, sessions, Plain()) is QUESTION_ANSWERING
    assert out_of_reach(QUESTION_ANSWERING, sessions, Plain()) == ["q1"]


def test_a_long_gold_can_be_answered() -> None:
    """What was cut before is read to its end."""
    model = ScriptedModel(lambda _: LONG)
    found = evaluate(session((LONG,)), load_memory("gold", model=model), model)
    assert (found.exact_match, found.metrics["cut"]) == (1.0, 0)
    cut = evaluate(session(("Lima",)), load_memory("gold", model=model), model)
    assert (cut.metrics["cut"], cut.metrics["empty"]) == (1, 0)
