"""StepGame: a story, a question about two of its letters, and nine relations to choose from."""

from pathlib import Path
from typing import Any

import pytest
from made_stepgame import FIRST, made_stepgame, written

from memeval.datasets.dataset import Data
from memeval.errors import DataError
from memeval.suites.choosing import dataset_named
from memeval.suites.public.stepgame import RELATIONS
from memeval.types import Item


def opened(path: Path) -> Data:
    return dataset_named(f"stepgame:{path}").open()


def items(data: Data) -> list[Item]:
    return [item for session in data.sessions for item in session.items]


def changed(**fields: Any) -> dict[str, Any]:
    """Return the made-up file with other fields in its second story."""
    return FIRST | {"7": FIRST["7"] | fields}


def test_a_story_is_a_session(tmp_path: Path) -> None:
    """By the number of its relations, which is a number, and by its own."""
    sessions = opened(made_stepgame(tmp_path)).sessions
    assert [session.id for session in sessions] == ["1-0", "1-7", "2-0", "10-0"]
    assert [event.text for event in sessions[2].events] == ["A is left of B.", "C is above B."]


def test_a_question_is_asked_at_the_end(tmp_path: Path) -> None:
    """With the nine relations to choose from; slices are the numbers of relations."""
    item = items(opened(made_stepgame(tmp_path)))[-1]
    assert (item.query.time, item.slice, item.answers) == (2, "k=10", ("lower-left",))
    assert item.choices == RELATIONS


def test_which_sentences_are_needed_is_not_told(tmp_path: Path) -> None:
    """Files do not say, and so nothing does."""
    found = items(opened(made_stepgame(tmp_path)))
    assert {(item.gold_events, item.passage) for item in found} == {((), ())}


@pytest.mark.parametrize("folder", ["noise", "TrainVersion"])
def test_folders_of_the_archive_are_read_together(tmp_path: Path, folder: str) -> None:
    """Stories and slices of another than `clean` have its name in theirs."""
    made_stepgame(tmp_path)
    written(tmp_path / folder, FIRST)
    data = opened(tmp_path)
    assert {"1-0", f"{folder}/1-0"} < {session.id for session in data.sessions}
    assert {"k=1", f"{folder}/k=1"} < {item.slice for item in items(data)}


def test_files_for_training_are_not_read(tmp_path: Path) -> None:
    """Not below a folder, and not by their path."""
    made_stepgame(tmp_path)
    path = written(tmp_path / "clean", FIRST, "qa1_train.json")
    assert len(opened(tmp_path).sessions) == 4
    with pytest.raises(DataError, match=r"train\.json: its name must be qaK_test\.json"):
        opened(path)


def test_an_empty_sentence_is_no_event_and_is_counted(tmp_path: Path) -> None:
    """Nothing was told by it."""
    data = opened(written(tmp_path, changed(story=["C is at D.", " "])))
    assert len(data.sessions[1].events) == 1
    assert data.remarks == {"empty sentences": 1}


def test_an_empty_question_is_left_out_and_counted(tmp_path: Path) -> None:
    """Nothing is asked by it, and the other stories are asked all the same."""
    data = opened(written(tmp_path, changed(question=" ")))
    assert [item.query.id for item in items(data)] == ["1-0-q"]
    assert data.left_out == {"a question or answer is empty": 1}


def test_choices_are_scored(tmp_path: Path) -> None:
    """A relation that is named in a sentence is right too."""
    assert opened(made_stepgame(tmp_path)).scorers == ("choice_accuracy",)


def test_the_prompt_names_the_relations(tmp_path: Path) -> None:
    """All nine, so that none is a guess at a word."""
    prompt = opened(made_stepgame(tmp_path)).prompt
    assert prompt is not None
    assert all(relation in prompt.instruction for relation in RELATIONS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed(label="north"), "story 7: a label must be one of left, right, above"),
        (changed(label=""), "story 7: a label must be one of left"),
        (changed(label=7), "story 7: the field 'label' must be text, got 7"),
        (changed(story="C is at D."), "story 7: the field 'story' must be a list of texts"),
        (changed(story=[" "]), "story 7: a story must have a sentence"),
        (FIRST | {"7": 7}, "story 7: it must be a table"),
        (FIRST | {"7": {"story": []}}, "story 7: it must have the field 'question'"),
        ([FIRST], "it must be a table of stories"),
        ({}, "must ask something"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: Any, said: str) -> None:
    """In one sentence with file and story."""
    path = written(tmp_path, content)
    with pytest.raises(DataError) as refused:
        opened(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)
