"""LoCoMo: what of its file is told, asked, mended and left out."""

from pathlib import Path
from typing import Any

import pytest
from made_locomo import CORRECTIONS, asking, made_locomo, sample, written

from memeval.datasets.dataset import Data
from memeval.datasets.store import event_lines
from memeval.errors import ConfigError, DataError
from memeval.suites.choosing import dataset_named
from memeval.types import Item, Session


def opened(path: Path, content: Any, **options: str) -> Data:
    return dataset_named(f"locomo:{written(path / 'locomo.json', content)}", **options).open()


def session(path: Path, **changed: Any) -> Session:
    return opened(path, [sample(**changed)]).sessions[0]


def first_items(path: Path, **options: str) -> tuple[Item, ...]:
    """Return the items of the conversation that the audit knows."""
    return dataset_named(f"locomo:{made_locomo(path)}", **options).open().sessions[0].items


@pytest.fixture
def audit(tmp_path: Path) -> str:
    return str(written(tmp_path / "errors.json", CORRECTIONS))


def test_turns_are_told_in_the_order_of_sessions(tmp_path: Path) -> None:
    """Session 2 goes before session 10, each turn with its speaker and its session's date."""
    told = [(event.id, event.speaker, event.at) for event in session(tmp_path).events]
    assert told == [
        ("D2:1", "Bram", "2021-06-09T00:05"),
        ("D2:2", "Ilse", "2021-06-09T00:05"),
        ("D10:1", "Ilse", "2021-07-30T13:56"),
        ("D10:2", "Bram", "2021-07-30T13:56"),
    ]


def test_a_picture_is_told_with_its_turn(tmp_path: Path) -> None:
    """What it shows follows the text, and stands alone where there is none."""
    texts = [event.text for event in session(tmp_path).events]
    assert texts[0] == "I moored the dinghy at Hesk. (shares a picture of a photo of a pier)"
    assert texts[3] == "(shares a picture of a photo of six mugs)"


def test_nothing_that_annotators_wrote_is_told(tmp_path: Path) -> None:
    """Neither the search for a picture nor the tempting wrong answer reaches a memory."""
    found = session(tmp_path)
    assert "zanzibar" not in event_lines(found)
    assert "Hesk" not in str(found.items)


def test_turns_know_their_session(tmp_path: Path) -> None:
    """Retrieval may be scored by the session that a turn stands in."""
    assert session(tmp_path).parts == {
        "D2:1": "session_2", "D2:2": "session_2", "D10:1": "session_10", "D10:2": "session_10",
    }  # fmt: skip


def test_categories_are_as_the_authors_number_them(tmp_path: Path) -> None:
    """1 is multi-hop, 2 temporal, 3 open-domain, 4 single-hop and 5 adversarial."""
    slices = [item.slice for item in session(tmp_path).items]
    assert slices == ["single-hop", "temporal", "multi-hop", "open-domain", "adversarial"]


def test_an_adversarial_question_is_answered_by_not_knowing(tmp_path: Path) -> None:
    """It has no evidence, and an answer that the file has all the same is counted."""
    content = asking(category=5, answer="No", adversarial_answer="Yes")
    data = opened(tmp_path, [content])
    [item] = data.sessions[0].items
    assert (item.answers, item.gold_events, item.answerable) == (("unknown",), (), False)
    assert data.remarks["adversarial questions with an answer, which no score asks for"] == 1


@pytest.mark.parametrize(
    ("evidence", "found", "counted"),
    [
        (["D2:2"], ("D2:2",), "citations that name a turn"),
        (["D2:1; D10:1"], ("D2:1", "D10:1"), "citations mended"),
        (["D:2:1"], ("D2:1",), "citations mended"),
        (["D02:01"], ("D2:1",), "citations mended"),
        (["D2:1 D2:2 D99:1"], ("D2:1", "D2:2"), "citations mended"),
        (["D"], (), "citations that name no turn"),
        (["D2:9"], (), "citations that name no turn"),
        ([], (), "questions that cite nothing"),
    ],
)
def test_evidence_is_resolved_or_counted(
    tmp_path: Path, evidence: list[str], found: tuple[str, ...], counted: str
) -> None:
    """What names a turn in a way of its own is mended; what names none is counted."""
    data = opened(tmp_path, [asking(evidence=evidence)])
    assert data.sessions[0].items[0].gold_events == found
    assert data.remarks == {counted: 1, "sessions with a date and no turns": 1}


def test_a_number_is_an_answer(tmp_path: Path) -> None:
    """It is read as text, and counted."""
    data = opened(tmp_path, [sample()])
    assert data.sessions[0].items[1].answers == ("2021",)
    assert data.remarks["answers that are numbers, read as text"] == 1


@pytest.mark.parametrize("answer", ["", " "])
def test_a_question_without_an_answer_is_left_out(tmp_path: Path, answer: str) -> None:
    """Nobody can be right; it is counted."""
    content = [asking("conv-a", answer=answer), asking("conv-b")]
    data = opened(tmp_path, content)
    assert data.left_out == {"questions without an answer": 1}


def test_two_conversations_of_one_id_are_refused(tmp_path: Path) -> None:
    """Answers are kept by id; a second file of the same conversations is the usual cause."""
    with pytest.raises(DataError, match="records must have ids of their own, got 'conv-a' twice"):
        opened(tmp_path, [sample(), sample()])


def test_a_session_without_turns_is_counted(tmp_path: Path) -> None:
    """A date alone is no session."""
    assert opened(tmp_path, [sample()]).remarks["sessions with a date and no turns"] == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"session_2_date_time": "yesterday"}, "a date must be as in"),
        ({"session_2": "D2:1"}, "session_2 must be a list of turns, got 'D2:1'"),
        ({"session_2": [{"speaker": "A", "text": "x"}]}, "session_2, turn 1: it must have the fie"),
        ({"session_2": [{"speaker": 1, "text": "x", "dia_id": "D2:1"}]}, "'speaker' must be text"),
        ({"session_10": [{"speaker": "A", "text": "x", "dia_id": "D2:1"}]}, "ids of their own, go"),
    ],
)
def test_a_broken_conversation_is_one_sentence(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    """It names the file, the record and what is wrong."""
    with pytest.raises(DataError, match=rf"locomo.json, record 2\W.*{message}"):
        opened(tmp_path, [sample("conv-b"), sample(**changed)])


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"category": 6}, "must be 1, 2, 3, 4 or 5, got 6"),
        ({"answer": ["Rolf"]}, "'qa, entry 1, answer' must be text or a number"),
        ({"evidence": "D2:2"}, "'qa, entry 1, evidence' must be a list of texts"),
    ],
)
def test_a_broken_question_is_one_sentence(
    tmp_path: Path, question: dict[str, Any], message: str
) -> None:
    """It names the file, the record and what is wrong."""
    with pytest.raises(DataError, match=rf"locomo.json, record 1: .*{message}"):
        opened(tmp_path, [asking(**question)])


def test_known_faults_are_told(tmp_path: Path) -> None:
    """A gold keeps the kind of fault that is shipped for it; a wrong citation is no wrong gold."""
    data = dataset_named(f"locomo:{made_locomo(tmp_path)}").open()
    # shipped for the first sample: qa1 has a wrong citation, qa2 and qa4 something else
    assert [item.fault for item in data.sessions[0].items] == ["", "", "hallucination", "", ""]
    assert not any(item.fault for item in data.sessions[1].items)
    assert "golds known to be wrong" not in data.remarks  # which items say themselves
    assert data.remarks["citations known to be wrong"] == 1


def test_an_audit_tells_what_is_right(tmp_path: Path, audit: str) -> None:
    """Its answer is accepted with and without its remark; asked is still what was published."""
    item = first_items(tmp_path, audit=audit)[0]
    assert (item.answers, item.fault) == (("Rolf",), "attribution error")
    assert item.corrected == ("Bram", "Bram (who moored)")


def test_wrong_golds_can_be_excluded(tmp_path: Path) -> None:
    """They are asked and not scored; a wrong citation leaves the answer as good as it was."""
    items = first_items(tmp_path, errata="excluded")
    assert [item.query.id for item in items if item.unscored_reason] == ["conv-26_qa2"]


def test_golds_can_be_corrected(tmp_path: Path, audit: str) -> None:
    """The audit's answers and evidence stand for those that it holds wrong."""
    wrong, cited, *_ = first_items(tmp_path, errata="corrected", audit=audit)
    assert (wrong.answers, wrong.gold_events) == (("Bram", "Bram (who moored)"), ("D2:1",))
    assert (cited.answers, cited.gold_events) == (("2021",), ("D10:1",))
    assert not wrong.fault


def test_corrected_golds_need_the_audit(tmp_path: Path) -> None:
    """Its text is not shipped, so its file must be named."""
    with pytest.raises(ConfigError, match=r"must be told the audit's file by data.audit, got none"):
        first_items(tmp_path, errata="corrected")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "data.audit: .*: an audit must be a list"),
        ([{"question_id": "locomo_0_qa0"}], "record 1: it must have the field"),
        ([CORRECTIONS[0] | {"correct_answer": " "}], "a correction must have an answer"),
        (
            [CORRECTIONS[0] | {"question": "Who else?"}],
            "locomo_0_qa0 must be the one that data.aud",
        ),
    ],
)
def test_a_broken_audit_is_one_sentence(tmp_path: Path, content: Any, message: str) -> None:
    """One of other questions as well."""
    with pytest.raises(DataError, match=message):
        first_items(tmp_path, audit=str(written(tmp_path / "errors.json", content)))


def test_an_audit_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Nothing is asked in its stead."""
    with pytest.raises(DataError, match=r"data\.audit: .* must be readable, got .*nowhere.json"):
        first_items(tmp_path, audit=str(tmp_path / "nowhere.json"))


def test_a_conversation_without_an_id_is_refused(tmp_path: Path) -> None:
    """Its questions could not be told from another's."""
    with pytest.raises(DataError, match="record 1: it and its questions must have ids, got ''"):
        opened(tmp_path, [sample("")])


def test_true_is_no_category(tmp_path: Path) -> None:
    """Though Python counts it as 1."""
    with pytest.raises(DataError, match="'qa, entry 1, category' must be 1, 2, 3, 4 or 5, got T"):
        opened(tmp_path, [asking(category=True)])


def test_a_path_for_errata_is_led_to_the_audit(tmp_path: Path) -> None:
    """Which is the option that takes one."""
    with pytest.raises(ConfigError, match=r"got 'a\.json'; mend it, or name a file by data\.audit"):
        opened(tmp_path, [sample()], errata="a.json")
