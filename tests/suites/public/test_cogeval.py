"""CogEval: conversations about a world that later messages change."""

import json
from pathlib import Path
from typing import Any

import pytest
from made_cogeval import ASKED, CLUSTERS, answered, logic, made_cogeval, talk, task, written

from memeval.datasets.dataset import Data
from memeval.errors import DataError
from memeval.suites.choosing import dataset_named
from memeval.suites.public.cogeval import NO_ANSWER, UNTOLD
from memeval.types import Item

WORLD = [
    "Imagine a coast.",
    "The quay leads to hut 1.",
    "Hut 1 leads to hut 3!",
    "Hut 2 has 5 coins.",
]


def opened(path: Path) -> Data:
    return dataset_named(f"cogeval:{path}").open()


def items(data: Data) -> list[Item]:
    return [item for session in data.sessions for item in session.items]


def saying(tmp_path: Path, *said: Any) -> Data:
    """Open the made-up task with one conversation."""
    return opened(written(tmp_path, task() | {"CONVERSATIONS": [talk("one", *said)]}))


def test_a_conversation_is_a_session(tmp_path: Path) -> None:
    """Those that begin alike too: what one is told, another is not."""
    sessions = opened(made_cogeval(tmp_path)).sessions
    assert [session.id for session in sessions] == [
        "logic/logic/exp01",
        *(f"n3line/huts/{name}" for name in ("valuePath", "transReval", "nClusters")),
    ]


def test_statements_are_events_one_by_one(tmp_path: Path) -> None:
    """Without the system message, and without what is asked."""
    session = saying(tmp_path, answered("valuePath", "hut 1, hut 3")).sessions[0]
    assert [event.text for event in session.events] == WORLD


def test_what_is_asked_goes_from_its_question_to_the_end(tmp_path: Path) -> None:
    """With what it says of the form of the answer, or of a word in it."""
    value, _, clusters = items(opened(written(tmp_path, task())))
    assert value.query.text == ASKED
    assert clusters.query.text == CLUSTERS


def test_a_later_message_has_happened_when_it_asks(tmp_path: Path) -> None:
    """Its statements follow those of the messages before."""
    _, session, _ = opened(written(tmp_path, task())).sessions
    assert [e.text for e in session.events] == [*WORLD, "Now imagine that hut 1 leads to hut 2."]
    assert [item.query.time for item in session.items] == [len(WORLD) + 1]


def test_a_conversation_may_ask_twice(tmp_path: Path) -> None:
    """The first time before the world has changed."""
    data = saying(tmp_path, answered("valuePath", "hut 3"), answered("transReval", "hut 2"))
    assert [(i.query.time, i.answers) for i in items(data)] == [(4, ("hut 3",)), (5, ("hut 2",))]
    assert data.sessions[0].events[4].time == 4


def test_a_question_that_comes_first_leaves_the_rest_as_statements(tmp_path: Path) -> None:
    """As where premises follow it; the answers may stand with the message."""
    [session] = opened(written(tmp_path, logic(), "logic/logic.json")).sessions
    assert [event.text for event in session.events] == ["All gulls are birds.", "Some birds swim."]
    assert [(i.query.text, i.answers) for i in session.items] == [("Does it follow?", ("No",))]


def test_slices_are_graphs_and_prompts(tmp_path: Path) -> None:
    """Worlds of one graph share them."""
    made_cogeval(tmp_path)
    found = {item.slice for item in items(opened(tmp_path))}
    assert found == {
        "logic/premises",
        *(f"n3line/{n}" for n in task() if n.endswith(("h", "l", "s"))),
    }


def test_answers_are_what_stands_behind_answer(tmp_path: Path) -> None:
    """With a colon or without one, each once."""
    value, trans, _ = items(opened(written(tmp_path, task())))
    assert value.answers == ("hut 1, hut 3", "hut 1,hut 3")
    assert trans.answers == ("hut 1, hut 2",)


def test_a_number_of_clusters_is_right_by_itself(tmp_path: Path) -> None:
    """The pattern around it is the form of an answer and none of its content."""
    assert items(opened(written(tmp_path, task())))[-1].answers == ("there are 2 clusters", "2")


def test_a_number_for_an_answer_is_text(tmp_path: Path) -> None:
    """Where a file has one."""
    data = saying(tmp_path, answered("nClusters", 2))
    assert items(data)[0].answers == ("2",)


@pytest.mark.parametrize(
    "last", [answered("valuePath"), answered("valuePath", " "), answered("valuePath", "(.|\n)*")]
)
def test_what_cannot_be_scored_is_left_out_and_counted(tmp_path: Path, last: Any) -> None:
    """No answer, an empty one, or a pattern of just any."""
    content = task()
    content["CONVERSATIONS"].append(talk("one", last))
    data = opened(written(tmp_path, content))
    assert data.left_out == {NO_ANSWER: 2}  # the map that is to be drawn besides
    assert len(items(data)) == 3


def test_a_last_message_without_an_answer_is_counted(tmp_path: Path) -> None:
    """One before it tells what the others rest on, and is asked elsewhere."""
    data = saying(tmp_path, "valuePath", answered("transReval", "hut 2"), "mapRepresentation")
    assert data.left_out == {NO_ANSWER: 1}


def test_answers_of_another_world_are_marked(tmp_path: Path) -> None:
    """They are asked as they are published, with their fault, and counted."""
    data = saying(tmp_path, "valuePath", answered("transReval", "Answer: oak, elm"))
    assert [item.fault for item in items(data)] == [UNTOLD]
    assert data.remarks == {UNTOLD: 1}


@pytest.mark.parametrize(
    "expected", [["The Huts 1, coasts"], ["oak, elm", "hut 1, hut 2"], ["oak"], ["hut 1, elm", "5"]]
)
def test_answers_of_this_world_are_not(tmp_path: Path, expected: list[str]) -> None:
    """In whatever case and number; one that is told is enough, and so is one that is no list."""
    data = saying(tmp_path, "valuePath", answered("transReval", *expected))
    assert [item.fault for item in items(data)] == [""]


def test_files_below_a_copy_of_the_repository_are_the_tasks(tmp_path: Path) -> None:
    """Not the conversations with models that are published beside them."""
    made_cogeval(tmp_path)
    written(tmp_path / "conversations", {"answer": "?"}, "n3line/huts/1stepPath/model/temp_0.json")
    assert len(opened(tmp_path).sessions) == 4


def without(name: str) -> dict[str, Any]:
    """Return the made-up task without a message."""
    return {key: value for key, value in task().items() if key != name}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (without("CONVERSATIONS"), "huts.json: it must have the field 'CONVERSATIONS'"),
        (without("transReval"), "conversation transReval: it must be made of messages of its file"),
        (
            task() | {"CONVERSATIONS": 7},
            "the field 'CONVERSATIONS' must be a list of tables, got 7",
        ),
        (task() | {"valuePath": "Go."}, "huts.json, message valuePath: it must be a table"),
        (task() | {"valuePath": {"content": 7}}, "message valuePath: the field 'content' must be"),
        (task() | {"CONVERSATIONS": [{"a": [7]}]}, "conversation a: it must be a table"),
        (task() | {"CONVERSATIONS": [{"a": [{"name": "b"}]}]}, "must have the field 'prompt_id'"),
        (task() | {"CONVERSATIONS": task()["CONVERSATIONS"] * 2}, "must have ids of their own"),
        (task() | {"CONVERSATIONS": []}, "must ask something, got no question that can be scored"),
        ({"1": {"story": ["A is above B."]}}, "it must have the field 'CONVERSATIONS'"),
        ([{"context": "Here is a list of facts"}], "huts.json: it must be a table"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: object, said: str) -> None:
    """In one sentence with file and place."""
    path = written(tmp_path, content)
    with pytest.raises(DataError) as refused:
        opened(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    """In one sentence that says where it ends."""
    path = written(tmp_path, task())
    path.write_text(json.dumps(task())[:-40])
    with pytest.raises(DataError, match=r"huts\.json: a benchmark's file must be whole JSON"):
        opened(path)


def test_answers_that_are_numbers_are_counted(tmp_path: Path) -> None:
    """As in every benchmark."""
    task_ = task() | {"CONVERSATIONS": [talk("nClusters", answered("nClusters", 2))]}
    remarks = opened(written(tmp_path, task_)).remarks
    assert remarks["answers that are numbers, read as text"] == 1
