"""LongMemEval: what of its file is told, asked, mended and left out."""

from pathlib import Path
from typing import Any

import pytest
from made_longmemeval import CHATS, made_longmemeval, question, written

from memeval.datasets.dataset import Data
from memeval.datasets.store import event_lines
from memeval.errors import DataError
from memeval.suites.choosing import dataset_named
from memeval.types import Item, Session

UNMARKED = [
    [{"role": one["role"], "content": one["content"]} for one in chat] for chat in CHATS.values()
]


def opened(path: Path, *content: Any, **options: str) -> Data:
    file = written(path / "longmemeval.json", content)
    return dataset_named(f"longmemeval:{file}", **options).open()


def session(path: Path, id_: str = "b2", **changed: Any) -> Session:
    return opened(path, question(id_, **changed)).sessions[0]


def item(path: Path, id_: str = "b2", **changed: Any) -> Item:
    return session(path, id_, **changed).items[0]


def test_chats_are_told_in_the_order_of_their_dates(tmp_path: Path) -> None:
    """Those of one time stay in the order of the file; each message has speaker and date."""
    told = [(event.at, event.speaker, event.text) for event in session(tmp_path).events]
    assert told == [
        ("2021-02-01T23:40", "assistant", "Hello."),
        ("2021-02-01T23:40", "user", "I planted 40 leeks."),
        ("2021-03-09T02:21", "user", "The leeks froze."),
        ("2021-03-09T02:21", "assistant", "What a pity."),
        ("2021-03-09T02:21", "user", "Rhyme with owl?"),
    ]


def test_nothing_tells_which_chat_holds_the_answer(tmp_path: Path) -> None:
    """Ids of chats and marks of messages stay with the scorer."""
    lines = event_lines(session(tmp_path))
    assert "answer" not in lines
    assert "sharegpt" not in lines


def test_messages_know_their_chat(tmp_path: Path) -> None:
    """Retrieval is scored by chat as well."""
    found = session(tmp_path)
    assert [found.parts[event.id] for event in found.events] == [
        *("answer_b2_1", "answer_b2_1", "answer_b2_2", "answer_b2_2", "sharegpt_x_0"),
    ]


def test_marked_messages_are_the_evidence(tmp_path: Path) -> None:
    """In the order in which they are told."""
    found = session(tmp_path)
    texts = {event.id: event.text for event in found.events}
    evidence = [texts[id_] for id_ in found.items[0].gold_events]
    assert evidence == ["I planted 40 leeks.", "The leeks froze."]


def test_unmarked_evidence_is_all_of_the_answer_chats(tmp_path: Path) -> None:
    """Where no message is marked the chats are all that is known; it is counted."""
    data = opened(tmp_path, question(haystack_sessions=UNMARKED))
    assert len(data.sessions[0].items[0].gold_events) == 4
    told = "questions whose messages are not marked: evidence is all of their answer chats"
    assert data.remarks[told] == 1


def test_answer_chats_are_counted(tmp_path: Path) -> None:
    """Evidence may name a chat that is not there."""
    remarks = opened(tmp_path, question(answer_session_ids=["answer_b2_1", "lost"])).remarks
    assert remarks["answer chats found"] == 1
    assert remarks["answer chats that are not in the haystack"] == 1


def test_a_question_has_its_date(tmp_path: Path) -> None:
    """It is asked at the end of its haystack, at a time of its own."""
    asked = item(tmp_path)
    assert (asked.query.at, asked.query.time) == ("2021-04-01T10:00", 5)
    assert asked.slice == "multi-session"


def test_a_question_before_the_end_is_counted(tmp_path: Path) -> None:
    """The official file asks it of the whole haystack all the same."""
    data = opened(tmp_path, question(question_date="2021/02/05 (Fri) 10:00"))
    assert data.remarks["questions dated before the end of their haystack"] == 1


def test_a_question_to_abstain_from(tmp_path: Path) -> None:
    """An id in _abs has a slice of its own, is answered by not knowing, and has no evidence."""
    asked = item(tmp_path, "b2_abs")
    assert (asked.answers, asked.gold_events, asked.slice) == (("unknown",), (), "abstention")


def test_a_number_is_an_answer(tmp_path: Path) -> None:
    """It is read as text, and counted."""
    data = opened(tmp_path, question())
    assert data.sessions[0].items[0].answers == ("40",)
    assert data.remarks["answers that are numbers, read as text"] == 1


def test_a_preference_is_for_a_judge(tmp_path: Path) -> None:
    """What a good answer is like stands in the rubric too."""
    assert item(tmp_path, question_type="single-session-preference", answer="Hardy").rubric == (
        "Hardy",
    )


def test_an_empty_answer_is_left_out(tmp_path: Path) -> None:
    """Nobody can be right; it is counted."""
    assert opened(tmp_path, question(answer=""), question("c3")).left_out == {
        "questions without an answer": 1
    }


def test_a_question_without_an_id_is_refused(tmp_path: Path) -> None:
    """No cell could say which one it was."""
    with pytest.raises(DataError, match=r"record 2: it and its questions must have ids, got ''"):
        opened(tmp_path, question(), question(""))


def test_empty_chats_and_messages_are_counted(tmp_path: Path) -> None:
    """Nothing is told of them."""
    chats = [[{"role": "user", "content": " "}], *UNMARKED[1:]]
    data = opened(tmp_path, question(haystack_sessions=chats))
    assert len(data.sessions[0].events) == 3
    assert data.remarks["chats without a message"] == 1
    assert data.remarks["messages without text, which are not told"] == 1


@pytest.mark.parametrize(
    ("errata", "fault", "reason"),
    [("published", "wrong answer", ""), ("excluded", "", "gold known to be wrong")],
)
def test_known_faults_are_told(tmp_path: Path, errata: str, fault: str, reason: str) -> None:
    """The kind of fault stands beside a gold, or keeps it out of the scores."""
    data = opened(tmp_path, question("370a8ff4"), question("eac54add"), errata=errata)
    wrong, cited = (one.items[0] for one in data.sessions)
    assert (wrong.fault, wrong.unscored_reason) == (fault, reason)
    assert (cited.fault, cited.unscored_reason) == ("", "")
    assert data.remarks["citations known to be wrong"] == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"haystack_dates": ["2021/03/09 (Tue) 02:21"]}, "as many ids and dates as chats, got "),
        ({"haystack_dates": ["soon"] * 4}, "a date must be as in .*, got 'soon'"),
        ({"question_date": "soon"}, "a date must be as in .*, got 'soon'"),
        ({"haystack_sessions": [[], [], [], []]}, "a haystack must have a message"),
        (
            {"haystack_sessions": [[{"role": "system", "content": "x"}]]},
            "must be user or assistant",
        ),
        ({"question_type": "riddle"}, "'question_type' must be single-session-user, single"),
        ({"answer": None}, "answer.* must be"),
    ],
)
def test_a_broken_record_is_one_sentence(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    """It names the file, the record and what is wrong."""
    with pytest.raises(DataError, match=f"longmemeval.json, record 2: .*{message}"):
        opened(tmp_path, question("c3"), question(**changed))


def test_two_questions_of_one_id_are_refused(tmp_path: Path) -> None:
    """Answers are kept by id; a second file of the same questions is the usual cause."""
    made_longmemeval(tmp_path)
    written(tmp_path / "longmemeval_oracle.json", [question()])
    with pytest.raises(DataError, match="records must have ids of their own, got 'b2' twice"):
        dataset_named(f"longmemeval:{tmp_path}")


def test_chats_of_one_id_are_counted(tmp_path: Path) -> None:
    """Evidence that names them may mean either."""
    ids = ["answer_b2_2", "answer_b2_2", "answer_b2_1", "empty_0"]
    data = opened(tmp_path, question(haystack_session_ids=ids))
    assert data.remarks["chats with the id of another"] == 1
