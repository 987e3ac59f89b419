"""Prompts as a page bears them: recorded or told again, what they share apart from the rest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval.reporting import prompts
from memeval.reporting.answered import Answer, read
from memeval.reporting.prompts import Told
from memeval.results import StoredCell, read_cell
from memeval.scoring.intervals import Key

KEY = ("s", "q")


def retell(_key: Key, notes: Sequence[str]) -> str:
    return "Notes:\n" + "".join(f"- {note}\n" for note in notes)


def told(*answers: Answer, **reader: Any) -> list[Told | None]:
    """Return prompts of a cell whose reader has some options."""
    options = {"style": "completion", "order": "best_last", **reader}
    cell = StoredCell(Path("unused"), {"config": {"reader": options}}, {})
    return prompts.told(cell, [(KEY, answer) for answer in answers], retell)


def test_notes_stand_in_the_order_that_the_reader_was_given() -> None:
    """The best one last, unless it was told otherwise."""
    answer = Answer("x", right=True, lost=None, notes=("best", "next"))
    assert told(answer) == [Told("", "Notes:\n- next\n- best\n", again=True)]
    assert told(answer, order="best_first") == [Told("", "Notes:\n- best\n- next\n", again=True)]


@pytest.mark.parametrize(
    ("notes", "style"), [(None, "completion"), (("a",), "chat"), (("a",), None)]
)
def test_what_is_not_known_is_not_told_again(notes: tuple[str, ...] | None, style: str) -> None:
    """Where something was cut, or a template wrote the prompt."""
    assert told(Answer("x", right=True, lost=None, notes=notes), style=style) == [None]


def test_a_recorded_prompt_is_shown_as_it_is() -> None:
    """Nothing is told again where the record holds what was read."""
    answer = Answer("x", right=True, lost=None, notes=("best",), prompt="As read.")
    assert told(answer) == [Told("", "As read.", again=False)]


def test_what_prompts_share_stands_apart() -> None:
    """Whole lines of it: two questions that begin alike are not broken off in a word."""
    texts = ["Answer.\nQuestion: Where is Nora?", "Answer.\nQuestion: Where is Omar?"]
    shown = told(*(Answer("x", right=True, lost=None, prompt=text) for text in texts))
    assert [(one.shared, one.own) for one in shown if one] == [
        ("Answer.\n", "Question: Where is Nora?"),
        ("Answer.\n", "Question: Where is Omar?"),
    ]


def test_a_long_prompt_is_cut_in_its_middle() -> None:
    """How it begins and ends is seen, and how much is missing: of 5,000 characters 3,400."""
    [shown] = told(Answer("x", right=True, lost=None, prompt="b" * 2500 + "e" * 2500))
    assert shown is not None
    assert shown.own == "b" * 800 + "\n[... 3,400 characters ...]\n" + "e" * 800


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ({}, ("a", "b")),
        ({"notes_left_out": 1}, None),
        ({"notes_cut": 1}, None),
        ({"question_cut": True}, None),
        ({"traces_read": 1}, None),
    ],
)
def test_notes_are_known_where_all_of_them_were_read(
    tmp_path: Path, changes: dict[str, Any], notes: tuple[str, ...] | None
) -> None:
    """Of two traces both; where one had no room, or was cut, nobody knows what stood there."""
    texts = {"recalled_texts": ["a", "b"], "traces_read": 2}
    cell = read_cell(cells.write(tmp_path, "memory/x", 3, **(texts | changes)))
    assert {answer.notes for _, answer in read(cell, traces=5).values()} == {notes}
