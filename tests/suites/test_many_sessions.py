"""Folders of many sessions, a sample of them, and datasets made in memory."""

import json
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from memeval import open_dataset
from memeval.datasets.folder import Folder, verify
from memeval.datasets.in_memory import InMemory
from memeval.datasets.sampling import sample
from memeval.errors import ConfigError, DataError
from memeval.types import Event, Item, Query, Session


def lines(path: Path, *records: dict[str, Any]) -> None:
    """Write records one a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def history(folder: Path, place: str, **more: Any) -> None:
    """Write a session about one place."""
    lines(folder / "events.jsonl", {"id": "e1", "text": f"Nora is in {place}."} | more)
    item = {"question": "Where is Nora?", "answers": [place], "gold_events": ["e1"]}
    lines(folder / "items.jsonl", item | more)


def test_a_folder_of_folders_is_one_dataset(tmp_path: Path) -> None:
    """Each folder is a session, in order of name; ids of events and items may recur."""
    for place in ("Oslo", "Bonn", "Turku"):
        history(tmp_path / place.lower(), place)
    data = open_dataset(str(tmp_path))
    assert [session.id for session in data.sessions] == ["bonn", "oslo", "turku"]
    assert [session.items[0].answers for session in data.sessions] == [
        ("Bonn",), ("Oslo",), ("Turku",),
    ]  # fmt: skip
    assert Folder.at(tmp_path).size == 3


def test_a_session_field_tells_sessions_apart(tmp_path: Path) -> None:
    """Lines of two files hold several sessions, in the order in which they are first named."""
    events = [
        {"id": "e1", "text": "Nora is in Oslo.", "session": "b"},
        {"id": "e1", "text": "Nora is in Bonn.", "session": "a"},
    ]
    items = [{"question": "Where?", "answers": ["Bonn"], "gold_events": ["e1"], "session": "a"}]
    lines(tmp_path / "events.jsonl", *events)
    lines(tmp_path / "items.jsonl", *items)
    [session] = open_dataset(str(tmp_path)).sessions  # nothing is asked about b
    assert (session.id, session.events[0].text) == ("a", "Nora is in Bonn.")


@pytest.mark.parametrize(
    ("events", "items", "message"),
    [
        ([{"session": "a"}, {}], [{"session": "a"}], "every record must name its session"),
        ([{"session": "a"}], [{"session": "x"}], "an item's session must be one with events"),
    ],
)
def test_sessions_that_do_not_fit_are_named(
    tmp_path: Path, events: list[dict[str, str]], items: list[dict[str, str]], message: str
) -> None:
    """A record without a session beside one with, or an item of none, names file and line."""
    told = [{"id": f"e{i}", "text": "It rains."} | more for i, more in enumerate(events)]
    asked = [{"question": "Does it rain?", "answers": ["yes"]} | more for more in items]
    lines(tmp_path / "events.jsonl", *told)
    lines(tmp_path / "items.jsonl", *asked)
    with pytest.raises(DataError, match=f"line [12]: {message}"):
        open_dataset(str(tmp_path))


def test_a_fault_names_its_session_file(tmp_path: Path) -> None:
    """What is wrong in one of many folders is told with that folder's file."""
    history(tmp_path / "a", "Oslo")
    lines(tmp_path / "b" / "events.jsonl", {"id": "e1", "text": "Rain."})
    lines(
        tmp_path / "b" / "items.jsonl",
        {"question": "Rain?", "answers": ["yes"], "gold_events": ["e9"]},
    )
    fault, *_ = verify(tmp_path)
    assert fault.where == f"{tmp_path}/b/items.jsonl, line 1"


def test_speakers_dates_and_equal_times_are_read(tmp_path: Path) -> None:
    """Events of one time keep the order of their lines; a reader is shown who spoke, and when."""
    event = {"time": 5, "speaker": "Ann", "at": "2023-05-08T13:56"}
    lines(
        tmp_path / "events.jsonl",
        {"id": "e2", "text": "Hello."} | event,
        {"id": "e1", "text": "Bye."} | event,
    )
    lines(tmp_path / "items.jsonl", {"question": "Who?", "answers": ["Ann"], "at": "2023-06-01"})
    [session] = open_dataset(str(tmp_path)).sessions
    assert [event.id for event in session.events] == ["e2", "e1"]
    assert session.events[0].told() == "[8 May 2023, 13:56] Ann: Hello."
    assert session.items[0].query.at == "2023-06-01"
    assert Event("e", "Plain.", 0).told() == "Plain."


def test_a_question_may_be_asked_again_later(tmp_path: Path) -> None:
    """The same question has another answer at another time, but not at the same."""
    events = [
        {"id": "e1", "text": "In Oslo.", "time": 0},
        {"id": "e2", "text": "In Rome.", "time": 9},
    ]
    items = [
        {"question": "Where?", "answers": ["Oslo"], "gold_events": ["e1"], "time": 5},
        {"question": "Where?", "answers": ["Rome"], "gold_events": ["e2"], "time": 9},
    ]
    lines(tmp_path / "events.jsonl", *events)
    lines(tmp_path / "items.jsonl", *items)
    assert verify(tmp_path) == []
    lines(tmp_path / "items.jsonl", items[0], items[1] | {"time": 5, "gold_events": ["e1"]})
    assert [fault.rule for fault in verify(tmp_path)] == ["equal questions have equal answers"]


def test_a_question_may_be_asked_again_at_another_date(tmp_path: Path) -> None:
    """The events are the same, and how long ago they are is not."""
    asked = {"question": "How long ago was it?", "gold_events": ["e1"]}
    items = [
        asked | {"answers": ["a day"], "at": "2023-05-09"},
        asked | {"answers": ["a month"], "at": "2023-06-08"},
    ]
    lines(tmp_path / "events.jsonl", {"id": "e1", "text": "Nora moved.", "at": "2023-05-08"})
    lines(tmp_path / "items.jsonl", *items)
    assert verify(tmp_path) == []
    lines(tmp_path / "items.jsonl", items[0], items[1] | {"at": "2023-05-09"})
    assert [fault.rule for fault in verify(tmp_path)] == ["equal questions have equal answers"]


def asked(sessions: int = 10, each: int = 10) -> list[Session]:
    """Return sessions whose items are of three slices, of which one is rare."""
    made = []
    for s in range(sessions):
        names = ["rare" if i == 0 else "often" if i < 6 else "half" for i in range(each)]
        items = tuple(
            Item(Query(f"q{i}", f"{s} {i}?", 1), ("yes",), (), (), name)
            for i, name in enumerate(names)
        )
        made.append(Session(f"s{s}", (Event("e", "Yes.", 0),), items))
    return made


def test_a_sample_keeps_the_shares_of_slices() -> None:
    """Of 10, 50 and 40 items, a sample of 20 holds 2, 10 and 8."""
    drawn = sample(asked(), size=20, seed=1)
    counts = Counter(item.slice for session in drawn for item in session.items)
    assert counts == {"rare": 2, "often": 10, "half": 8}


def test_a_sample_is_the_same_everywhere() -> None:
    """It depends on ids and the seed; order, and sessions that are not drawn from, do not count."""

    def ids(sessions: list[Session]) -> set[tuple[str, str]]:
        return {(one.id, item.query.id) for one in sessions for item in one.items}

    once = ids(sample(asked(), size=20, seed=1))
    assert ids(sample(asked()[::-1], size=20, seed=1)) == once
    assert ids(sample(asked(), size=20, seed=2)) != once
    assert ("s0", "q4") in ids(sample(asked(), size=100, seed=3))


def test_a_sample_that_is_too_large_is_refused() -> None:
    """More items than there are cannot be drawn."""
    with pytest.raises(ConfigError, match="1 to the 100 items that there are, got 101"):
        sample(asked(), size=101, seed=1)


def test_a_size_draws_from_a_folder(tmp_path: Path) -> None:
    """Sessions of which nothing is drawn are left out, and the cell is named by size and seed."""
    for place in ("Oslo", "Bonn", "Turku"):
        history(tmp_path / place.lower(), place)
    dataset = Folder.at(tmp_path, size=2, seed=7)
    assert (dataset.size, dataset.seed) == (2, 7)
    assert len(dataset.open().sessions) == 2
    assert dataset.open().digest == Folder.at(tmp_path).open().digest


def test_a_dataset_in_memory_is_known_by_what_it_holds() -> None:
    """Equal content is the same dataset, in a worker too; another answer is another one."""
    one = InMemory("mine", asked())
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - what a worker is sent
    assert hash(one) == hash(InMemory("mine", asked()))
    assert one != InMemory("mine", asked(sessions=9))
    assert one.size == 100


def test_a_suite_without_sessions_is_refused() -> None:
    """A dataset in which nothing is asked is an error, and so is an id that two sessions have."""
    with pytest.raises(ValueError, match="needs a session with an item, 0 have none"):
        InMemory("mine", [])
    with pytest.raises(ValueError, match="sessions need ids of their own, two have 's0'"):
        InMemory("mine", asked(1) + asked(1))


def test_a_limit_keeps_the_first_items() -> None:
    """Streams stay whole, and sessions behind the limit are not run."""
    data = InMemory("mine", asked()).open().limited(12)
    assert [len(session.items) for session in data.sessions] == [10, 2]
    assert data.digest == InMemory("mine", asked()).digest
