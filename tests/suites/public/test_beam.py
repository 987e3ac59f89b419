"""BEAM: long chats by batch and date, and questions about ten abilities."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_beam import asked, chat, made_beam, message, questions, written

from memeval.datasets.dataset import Data
from memeval.suites.choosing import dataset_named
from memeval.types import Item, Session

ANSWERED = {"information_extraction": [asked("How many shafts?", [0], answer="Eight.")]}


def opened(path: Path) -> Data:
    return dataset_named(f"beam:{path}").open()


def made_session(folder: Path) -> Session:
    made_beam(folder)
    [session] = opened(folder).sessions
    return session


def items(folder: Path) -> dict[str, Item]:
    """Return the made items by ability, of which each has one."""
    return {item.slice: item for item in made_session(folder).items}


def told(folder: Path, *batches: Any) -> Data:
    """Return the data of a chat with one question."""
    return opened(written(folder, [*batches], ANSWERED))


def cited(folder: Path, ids: object) -> tuple[Item, Data]:
    """Return the item of a question that cites messages, and the data that it stands in."""
    question = asked("How many shafts?", ids, answer="Eight.")
    data = opened(written(folder, chat(), {"information_extraction": [question]}))
    return data.sessions[0].items[0], data


def test_a_chat_is_a_session_of_its_messages(tmp_path: Path) -> None:
    """Said by user and assistant, each by the id that it was published with."""
    session = made_session(tmp_path)
    assert session.id == "100K-1"
    assert [event.id for event in session.events] == [f"100K-1-{i}" for i in range(6)]
    assert [event.speaker for event in session.events] == ["user", "assistant"] * 3


def test_a_date_holds_for_its_batch(tmp_path: Path) -> None:
    """It stands on the first message alone."""
    dates = [event.at for event in made_session(tmp_path).events]
    assert dates == ["2024-03-15"] * 4 + ["2024-04-05"] * 2


def test_a_batch_without_a_date_has_none(tmp_path: Path) -> None:
    """It may have been weeks after the batch before, and it is counted."""
    first = chat()[0]
    data = told(tmp_path, first, {"turns": [[message(9, "user", "Later.")]]})
    assert [event.at for event in data.sessions[0].events] == ["2024-03-15"] * 4 + [""]
    assert data.remarks["batches without a date"] == 1


def test_a_date_on_a_batch_holds_as_well(tmp_path: Path) -> None:
    """The format has a place for it."""
    data = told(tmp_path, {"time_anchor": "May-01-2024", "turns": [[message(0, "user", "Hi.")]]})
    assert [event.at for event in data.sessions[0].events] == ["2024-05-01"]


def test_a_date_that_is_none_is_counted(tmp_path: Path) -> None:
    """The chat is read all the same."""
    data = told(tmp_path, {"turns": [[message(0, "user", "Hi.", time_anchor="some day")]]})
    assert data.sessions[0].events[0].at == ""
    assert data.remarks["time anchors that are no dates"] == 1


def test_a_marker_at_the_end_is_not_told(tmp_path: Path) -> None:
    """An arrow within a message is its own."""
    texts = [event.text for event in made_session(tmp_path).events]
    assert texts[0] == "My loom has eight shafts."
    assert texts[2:5] == ["I dyed the wool blue.", "Rinse it ->-> twice.", "I dyed the wool green."]


def test_a_batch_is_a_part_of_the_chat(tmp_path: Path) -> None:
    """Whether the right one was found can be scored."""
    session = made_session(tmp_path)
    assert Counter(session.parts.values()) == {"100K-1-batch-1": 4, "100K-1-batch-2": 2}
    assert session.parts.keys() == {event.id for event in session.events}


def test_nothing_of_a_question_is_told(tmp_path: Path) -> None:
    """Kinds of questions, places in the plan and rubrics stay where they are."""
    seen = " ".join(event.told() for event in made_session(tmp_path).events)
    assert not [word for word in ("main_question", "1,1", "N/A", "LLM") if word in seen]


def test_every_ability_is_a_slice(tmp_path: Path) -> None:
    """All ten, asked at the end."""
    found = items(tmp_path)
    assert found.keys() == questions().keys()
    assert {item.query.time for item in found.values()} == {6}


@pytest.mark.parametrize(
    ("ability", "answer"),
    [
        ("contradiction_resolution", "You said both blue and green."),
        ("information_extraction", "8"),
        ("instruction_following", "It should be a list."),
        ("knowledge_update", "It is green."),
        ("summarization", "A loom and its wool."),
    ],
)
def test_an_answer_is_found_under_its_name(tmp_path: Path, ability: str, answer: str) -> None:
    """Abilities have their own names for it; a number is text."""
    assert items(tmp_path)[ability].answers == (answer,)


def test_what_was_never_said_is_unknown(tmp_path: Path) -> None:
    """Right is to say so, whatever the ideal words; they are the rubric."""
    item = items(tmp_path)["abstention"]
    assert not item.answerable
    assert item.answers == ("unknown",)
    assert item.gold_events == ()
    assert item.rubric == ("There is no information about a spindle.",)


@pytest.mark.parametrize(
    ("ids", "gold"),
    [
        ([0], [0]),
        ({"first": [2], "second": [4]}, [2, 4]),
        ([4, [0, [2]], 4], [4, 0, 2]),  # in the order cited, each once
        (5, [5]),
        ([[], {}], []),
    ],
)
def test_cited_messages_are_gold(tmp_path: Path, ids: object, gold: list[int]) -> None:
    """In whatever lists and tables they stand."""
    item, _ = cited(tmp_path / "100K/7", ids)
    assert item.gold_events == tuple(f"100K-7-{i}" for i in gold)
    assert item.passage == tuple(f"100K-7-{i}" for i in sorted(gold))


@pytest.mark.parametrize("ids", [[99], ["chat_id: 0"], [True, 0.0]])
def test_a_citation_that_names_nothing_is_counted(tmp_path: Path, ids: list[Any]) -> None:
    """And never guessed."""
    item, data = cited(tmp_path, ids)
    assert item.gold_events == ()
    assert data.remarks["citations that name no message"] == len(ids)


def test_a_question_that_cites_nothing_is_counted(tmp_path: Path) -> None:
    """It is asked all the same."""
    item, data = cited(tmp_path, None)
    assert item.gold_events == ()
    assert data.remarks["questions that cite nothing"] == 1


def test_an_id_of_two_messages_names_neither(tmp_path: Path) -> None:
    """Chats of 10M tokens count from anew; which is meant cannot be told."""
    data = told(tmp_path / "10M/1", {"plan-1": chat()[:1]}, {"plan-2": chat()[:1]})
    [session] = data.sessions
    assert [event.id for event in session.events[3:6]] == ["10M-1-3", "10M-1-0-2", "10M-1-1-2"]
    assert session.items[0].gold_events == ()
    assert data.remarks["messages with the id of another"] == 4
    assert data.remarks["citations that name several messages"] == 1


def test_a_chat_of_plans_is_one_session(tmp_path: Path) -> None:
    """Of all their batches in order; a plan that is null, as tables have it, holds none."""
    data = told(tmp_path / "1", {"plan-1": chat()[:1], "plan-2": None}, {"plan-2": chat()[1:]})
    [session] = data.sessions
    assert [*dict.fromkeys(session.parts.values())] == ["1-plan-1-batch-1", "1-plan-2-batch-1"]


def test_a_plans_own_chat_is_not_read_again(tmp_path: Path) -> None:
    """It lies below the chat of all plans, and no question is asked about it."""
    written(tmp_path / "10M/1", [{"plan-1": chat()}], ANSWERED)
    (tmp_path / "10M/1/plan-0").mkdir()
    (tmp_path / "10M/1/plan-0/chat.json").write_text(json.dumps(chat()))
    assert [session.id for session in opened(tmp_path).sessions] == ["10M-1"]


def test_batches_of_messages_without_turns_are_read(tmp_path: Path) -> None:
    """Hugging Face keeps a batch as a list of messages."""
    flat = [[one for turn in batch["turns"] for one in turn] for batch in chat()]
    assert opened(written(tmp_path / "a/1", flat, ANSWERED)).digest == (
        opened(written(tmp_path / "b/1", chat(), ANSWERED)).digest
    )


def test_questions_may_be_the_text_of_a_literal(tmp_path: Path) -> None:
    """Hugging Face keeps them so, with quotes of Python and None."""
    plain = opened(written(tmp_path / "a/1", chat(), questions() | {"summarization": []}))
    literal = str(questions() | {"summarization": []})
    assert opened(written(tmp_path / "b/1", chat(), literal)).digest == plain.digest


@pytest.mark.parametrize("form", [lambda told: told, str])
def test_half_a_surrogate_pair_is_no_text(tmp_path: Path, form: Callable[[Any], Any]) -> None:
    """It cannot be written; a whole pair is a character, as ever."""
    batch = {"turns": [[message(0, "user", "Cut \ud83d, whole \ud83d\ude42")]]}
    question = asked("Who cut \ud83d?", [0], answer="\ude42 Ann")
    path = written(tmp_path, [batch], form({"summarization": [question]}))
    [session] = opened(path).sessions
    assert session.events[0].text == "Cut ?, whole \U0001f642"
    assert session.items[0].query.text == "Who cut ??"
    assert session.items[0].answers == ("? Ann",)


def test_questions_may_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    """The repository has them so."""
    assert len(opened(written(tmp_path, chat(), questions(), nested=True)).sessions[0].items) == 10


def test_a_chat_that_was_cut_is_read_where_it_is_evaluated(tmp_path: Path) -> None:
    """The official evaluation takes it instead of the whole one."""
    path = written(tmp_path, chat(), ANSWERED)
    path.with_name("chat_trunecated.json").write_text(json.dumps(chat()[:1]))
    assert len(opened(path).sessions[0].events) == 4


def test_chats_of_one_number_are_told_apart_by_size(tmp_path: Path) -> None:
    """100K/1 and 1M/1 are two chats, wherever the folder lies."""
    for size in ("100K", "1M"):
        written(tmp_path / size / "1", chat(), ANSWERED)
    assert {session.id for session in opened(tmp_path).sessions} == {"100K-1", "1M-1"}


def test_an_empty_answer_is_left_out_and_counted(tmp_path: Path) -> None:
    """It could not be given."""
    both = [*ANSWERED["information_extraction"], asked("Why?", [0], answer=" "), asked("Who?", [0])]
    data = opened(written(tmp_path, chat(), {"information_extraction": both}))
    assert len(data.sessions[0].items) == 1
    assert data.left_out == {"a question or answer is empty": 2}


def test_an_empty_message_is_counted(tmp_path: Path) -> None:
    """There is nothing to tell of it."""
    turn = [message(0, "user", " ->-> 1,1"), message(1, "assistant", "Yes.")]
    data = told(tmp_path, {"turns": [turn]})
    assert len(data.sessions[0].events) == 1
    assert data.remarks["messages without text, which are not told"] == 1


def test_a_batch_of_a_date_without_turns_is_counted_as_that(tmp_path: Path) -> None:
    """And not as one without a date."""
    data = told(tmp_path, *chat(), {"time_anchor": "March-15-2024", "turns": []})
    assert data.remarks["batches with a date and no turns"] == 1
    assert "batches without a date" not in data.remarks
