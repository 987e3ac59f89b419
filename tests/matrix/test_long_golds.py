"""Golds that no answer can be as long as are named."""

from dataclasses import replace

from memeval.datasets.dataset import Data
from memeval.datasets.in_memory import InMemory
from memeval.matrix import Context, Watch, plan, run_cells
from memeval.preset import load_preset
from memeval.reader import QUESTION_ANSWERING
from memeval.types import Event, Item, Query, Session


def test_an_evaluation_names_the_golds_that_do_not_fit(context: Context) -> None:
    """Once for all presets; five of them, and how many more there are."""
    items = tuple(
        Item(Query(f"q{i}", "What is it?", 9), ("one two three",), ("e",), ("e",), "exact")
        for i in range(7)
    )
    session = Session("s", (Event("e", "It is one two three.", 1),), items)
    prompt = replace(QUESTION_ANSWERING, max_new_tokens=2)
    presets = [load_preset(f"baselines/{name}") for name in ("rag", "oracle")]
    cells = plan(presets, ["scripted"], [InMemory("long", [session], prompt=prompt)])
    notes: list[str] = []
    run_cells(cells, context, watch=Watch(on_note=notes.append))
    assert [note for note in notes if "tokens" in note] == [
        "an answer of scripted may have 2 tokens, too few for the golds of q0, q1, q2, q3, q4 and "
        "2 more; shorten them, or take a prompt that gives more or a model with a longer window"
    ]


class Published(InMemory):
    """Data that may not be passed on, as what others published."""

    def open(self) -> Data:
        return replace(super().open(), private=True)


def test_nobody_is_told_to_shorten_what_others_published(context: Context) -> None:
    """It would be another benchmark."""
    item = Item(Query("q", "What is it?", 9), ("one two three",), ("e",), ("e",), "exact")
    session = Session("s", (Event("e", "It is one two three.", 1),), (item,))
    prompt = replace(QUESTION_ANSWERING, max_new_tokens=2)
    dataset = Published("long", [session], prompt=prompt)
    notes: list[str] = []
    run_cells(
        plan([load_preset("baselines/rag")], ["scripted"], [dataset]),
        context,
        watch=Watch(on_note=notes.append),
    )
    [note] = [note for note in notes if "tokens" in note]
    assert "the golds of q; take a prompt that gives more or a model" in note
