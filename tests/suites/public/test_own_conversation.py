"""The conversation of our own in LoCoMo's form, which the demo measures memories on."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from memeval.datasets.dataset import Data
from memeval.suites.choosing import dataset_named
from memeval.suites.public.locomo import ADVERSARIAL, SUITE

FILE = Path(__file__).parents[3] / "data" / "conversation" / "locomo.json"
SESSION = re.compile(r"session_\d+")


@pytest.fixture(scope="module")
def data() -> Data:
    return dataset_named(f"locomo:{FILE}").open()


@pytest.fixture(scope="module")
def sample() -> Any:
    [one] = json.loads(FILE.read_text("utf-8"))
    return one


def turns_of(sample: Any) -> list[Any]:
    """Return the messages of all sessions, in the order of the file."""
    talk = sample["conversation"]
    return [turn for name in talk if SESSION.fullmatch(name) for turn in talk[name]]


def test_it_is_read_without_faults(data: Data) -> None:
    """Nothing is left out, mended or wrong: all that is remarked is that citations hold."""
    assert dataset_named(f"locomo:{FILE}").faults() == []
    assert data.left_out == {}
    assert [*data.remarks] == ["citations that name a turn"]


def test_it_is_as_large_as_the_demo_takes_it(data: Data) -> None:
    """Fifty questions are asked whole by `--size 50`, of all five categories."""
    [session] = data.sessions
    assert len(session.events) == 140
    assert len({*session.parts.values()}) == 7
    assert Counter(item.slice for item in session.items) == {
        "single-hop": 19, "temporal": 10, "multi-hop": 9, "open-domain": 4, "adversarial": 8,
    }  # fmt: skip


def test_every_citation_names_a_message(sample: Any) -> None:
    """To the letter, those of adversarial questions as well, which no reader resolves."""
    ids = {turn["dia_id"] for turn in turns_of(sample)}
    cited = [turn for question in sample["qa"] for turn in question["evidence"]]
    assert [turn for turn in cited if turn not in ids] == []
    assert all(question["evidence"] for question in sample["qa"])


def test_messages_are_numbered_by_session(sample: Any) -> None:
    """`D3:2` is the second message of the third session, as in the published file."""
    talk = sample["conversation"]
    for number in range(1, 8):
        turns = talk[f"session_{number}"]
        assert [turn["dia_id"] for turn in turns] == [
            f"D{number}:{place}" for place in range(1, len(turns) + 1)
        ]
    assert {turn["speaker"] for turn in turns_of(sample)} == {talk["speaker_a"], talk["speaker_b"]}


def test_what_never_was_has_a_tempting_answer_alone(sample: Any) -> None:
    """Others have an answer that is accepted, and no question is asked twice."""
    questions = sample["qa"]
    assert len({question["question"] for question in questions}) == len(questions)
    for question in questions:
        is_adversarial = question["category"] == ADVERSARIAL
        assert ("adversarial_answer" in question, "answer" in question) == (
            is_adversarial, not is_adversarial,
        )  # fmt: skip


def test_it_may_be_passed_on(data: Data) -> None:
    """Its sha256 is known: it is ours, not LoCoMo's, and cells and reports may hold its texts."""
    assert "memeval's own conversation" in data.source
    assert (data.licence, data.private, data.citation) == ("Apache-2.0", False, "")


def test_beside_a_file_of_others_it_is_not_passed_on() -> None:
    """A folder with both is as private as the other is."""
    [ours] = SUITE.ours
    assert SUITE.licence_of_ours([ours]) == "Apache-2.0"
    assert SUITE.licence_of_ours([ours, "0" * 64]) == ""
