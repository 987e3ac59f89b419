"""What is no chat of BEAM, and no questions: refused in one sentence."""

import json
from pathlib import Path

import pytest
from made_beam import asked, chat, made_beam, message, questions, written

from memeval.datasets.dataset import Data
from memeval.errors import DataError
from memeval.suites.choosing import dataset_named

ANSWERED = {"information_extraction": [asked("How many shafts?", [0], answer="Eight.")]}


def opened(path: Path) -> Data:
    return dataset_named(f"beam:{path}").open()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "a chat must have a message"),
        ([{"time_anchor": "May-01-2024", "turns": []}], "a chat must have a message"),
        ([{"batch_number": 1}], "must be a list of batches"),
        ([7], "batch 1: a batch of a BEAM chat must have turns, got 7"),
        ([{"turns": 7}], "batch 1: its turns must be a list, got 7"),
        ([{"turns": [[{"role": "user"}]]}], "batch 1, message 1: it must have the field 'id'"),
        ([{"turns": [[message(0, "user", "Hi."), 7]]}], "batch 1, message 2: it must be a table"),
        ([{"plan-1": [{"plan-2": []}]}], "plan-1, batch 1: a batch of a BEAM chat must have turns"),
        ({"1": {"story": ["A is above B."]}}, "a BEAM chat must be a list of batches"),
    ],
)
def test_what_is_no_chat_is_refused(tmp_path: Path, content: object, said: str) -> None:
    """In one sentence with file and record."""
    path = written(tmp_path, content, ANSWERED)
    with pytest.raises(DataError) as refused:
        opened(path)
    assert str(refused.value).startswith(str(path))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "must ask something"),
        ([], "it must be a table of questions by ability, got []"),
        ("{'abstention': ", "it must be a table of questions, got"),
        ({"small_talk": []}, "an ability must be one of abstention, "),
        ({"abstention": {}}, "abstention must be a list of questions, got {}"),
        ({"abstention": [{}]}, "abstention 1: it must have the field 'question'"),
        (
            {"summarization": [asked("Why?", [0], answer=[1])]},
            "summarization 1: the field 'answer' must be text",
        ),
    ],
)
def test_what_are_no_questions_is_refused(tmp_path: Path, content: object, said: str) -> None:
    """In one sentence with file and record."""
    path = written(tmp_path, chat(), content)
    with pytest.raises(DataError) as refused:
        opened(path)
    assert str(refused.value).startswith(str(tmp_path))
    assert said in str(refused.value)


def test_a_chat_without_questions_is_refused(tmp_path: Path) -> None:
    """By the file that is missing."""
    path = written(tmp_path, chat(), ANSWERED)
    (tmp_path / "probing_questions.json").unlink()
    with pytest.raises(
        DataError, match=r"must have its questions beside it, got no probing_questions\.json"
    ):
        opened(path)


@pytest.mark.parametrize("name", ["chat.json", "probing_questions.json"])
def test_a_file_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    """By its own name."""
    written(tmp_path, chat(), ANSWERED)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-9])
    with pytest.raises(DataError, match=rf"{name}: a benchmark's file must be whole JSON"):
        opened(tmp_path)


def test_another_benchmarks_file_is_no_chat(tmp_path: Path) -> None:
    """Nobody is sent to look for questions beside it."""
    path = tmp_path / "locomo10.json"
    path.write_text(json.dumps([{"sample_id": "conv-1", "qa": []}]))
    with pytest.raises(DataError, match=r"locomo10\.json.*a BEAM chat must be a list of batches"):
        opened(path)


def test_questions_without_their_chat_are_refused(tmp_path: Path) -> None:
    """They would not be asked, and nobody would know."""
    made_beam(tmp_path)
    written(tmp_path / "100K/2", chat(), questions()).unlink()
    with pytest.raises(DataError, match=r"2/probing_questions\.json: .* got no chat\.json"):
        opened(tmp_path)


def test_a_chat_without_questions_is_counted(tmp_path: Path) -> None:
    """It is not told, as nothing is asked about it."""
    made_beam(tmp_path)
    written(tmp_path / "100K/2", chat(), {})
    data = opened(tmp_path)
    assert len(data.sessions) == 1
    assert data.remarks["sessions without a question, which are not told"] == 1


def test_questions_are_part_of_what_was_read(tmp_path: Path) -> None:
    """A report says of them as well whether they are the published ones."""
    made_beam(tmp_path)
    assert "and 1 more, of which memeval knows 0" in opened(tmp_path).source
