"""Chats that people have, imported as a folder that memories are measured on."""

import csv
import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from memeval import parquet

Run = Callable[..., Any]
TOLD = {"role": "Nora", "content": "We meet at the bridge.", "timestamp": "2026-03-02T18:05"}
ASKED = {"question": "Where do they meet?", "answer": "the bridge"}
CHATS = [
    {"id": "monday", "messages": [TOLD], "questions": [ASKED]},
    {"id": "tuesday", "messages": [{"role": "Omar", "content": "The kayak is grey."}]},
]


def events(folder: Path) -> list[dict[str, Any]]:
    return lines(folder / "events.jsonl")


def items(folder: Path) -> list[dict[str, Any]]:
    return lines(folder / "items.jsonl")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write(value: Any, name: str = "chats.json") -> str:
    """Write a file of any of the four kinds below the place of work; return its name."""
    path = Path(name)
    if path.suffix == ".json":
        path.write_text(json.dumps(value), "utf-8")
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(one) + "\n" for one in value), "utf-8")
    elif path.suffix == ".parquet":
        parquet.write(pa.Table.from_pylist(value), path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, value[0])
            writer.writeheader()
            writer.writerows(value)
    return name


def test_chats_become_a_folder_that_verifies(memeval: Run, workplace: Path) -> None:
    """Each chat is a session, its messages are events, its questions items."""
    done = memeval("datasets", "import", write(CHATS))
    assert done.code == 0, done.err
    first = {"session": "monday", "id": "e1", "speaker": "Nora", "at": "2026-03-02T18:05"}
    assert events(workplace / "chats") == [
        {**first, "text": "We meet at the bridge."},
        {"session": "tuesday", "id": "e1", "speaker": "Omar", "text": "The kayak is grey."},
    ]
    question = {"question": "Where do they meet?", "answers": ["the bridge"]}
    assert items(workplace / "chats") == [{"session": "monday", "id": "q1", **question}]
    assert memeval("datasets", "verify", "chats").code == 0


ROWS = [
    {"chat_id": "a", "text": "Nora moved to Lisbon.", "author": "Nora"},
    {"chat_id": "b", "text": 'Omar, said: "no".', "author": "Omar"},
]
SHAPES = {
    "a list of messages": (["Nora moved."], "x.json", ["Nora moved."]),
    "one chat": ({"messages": [{"body": "Nora moved."}]}, "x.json", ["Nora moved."]),
    "chats that are lists": ([[{"text": "a"}], [{"text": "b"}]], "x.json", ["a", "b"]),
    "chats in a table": ({"chats": [{"turns": [{"text": "a"}]}]}, "x.json", ["a"]),
    "ShareGPT": (
        [{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}],
        "x.json",
        ["a", "b"],
    ),
    "a message of parts": (
        [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image"}]}],
        "x.jsonl",
        ["a"],
    ),
    "messages and questions a line": ([TOLD, ASKED], "x.jsonl", ["We meet at the bridge."]),
    "rows of CSV": (ROWS, "x.csv", [row["text"] for row in ROWS]),
    "rows of Parquet": (ROWS, "x.parquet", [row["text"] for row in ROWS]),
    "chats in Parquet": (CHATS, "x.parquet", ["We meet at the bridge.", "The kayak is grey."]),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_that_people_have_are_read_by_usual_names(
    memeval: Run, workplace: Path, shape: str
) -> None:
    """Nothing has to be said about any of them."""
    value, name, texts = SHAPES[shape]
    done = memeval("datasets", "import", write(value, name))
    assert done.code == 0, done.err
    assert [event["text"] for event in events(workplace / "x")] == texts


def test_rows_of_a_table_are_told_apart_by_their_chat(memeval: Run, workplace: Path) -> None:
    """A column that names the chat gives sessions, one with the author speakers."""
    memeval("datasets", "import", write(ROWS, "x.csv"))
    told = [(event["session"], event["speaker"]) for event in events(workplace / "x")]
    assert told == [("a", "Nora"), ("b", "Omar")]


def test_columns_may_be_parted_by_semicolons(memeval: Run, workplace: Path) -> None:
    """As a spreadsheet writes them where the comma is the decimal point."""
    Path("x.csv").write_text("\ufeffText;Speaker\n1,5 hours; Nora\n", "utf-8")
    memeval("datasets", "import", "x.csv")
    assert events(workplace / "x") == [{"id": "e1", "text": "1,5 hours", "speaker": "Nora"}]


def test_a_mapping_names_other_fields(memeval: Run, workplace: Path) -> None:
    """Nested ones by a dot; a usual name that is there as well is not taken."""
    message = {"said": "We meet.", "text": "-", "by": {"name": "Nora"}, "meta": {"t": "2026-03-02"}}
    mapping = "text=said, speaker=by.name"
    memeval("datasets", "import", write([message]), "--map", mapping, "--map", "at=meta.t")
    first = {"id": "e1", "text": "We meet.", "speaker": "Nora", "at": "2026-03-02"}
    assert events(workplace / "chats") == [first]


def test_an_empty_session_makes_one_of_all(memeval: Run, workplace: Path) -> None:
    """Questions may then be about all chats."""
    chats = [{"id": n, "messages": [f"It is {n}."]} for n in range(3)]
    asked = write([ASKED], "asked.jsonl")
    done = memeval("datasets", "import", write(chats), "--questions", asked, "--map", "session=")
    assert done.code == 0, done.err
    assert [event["id"] for event in events(workplace / "chats")] == ["e1", "e2", "e3"]
    assert not any("session" in event for event in events(workplace / "chats"))
    assert [item["question"] for item in items(workplace / "chats")] == [ASKED["question"]]


def test_questions_may_stand_in_a_file_of_their_own(memeval: Run, workplace: Path) -> None:
    """They name their session, and the events that their answer rests on."""
    chats = [
        {"id": "a", "messages": [{"id": 7, "text": "Nora moved."}]},
        {"id": "b", "messages": ["-"]},
    ]
    asked = [
        {"query": "Who moved?", "expected": ["Nora", "she"], "chat_id": "a", "evidence": [7, 8]}
    ]
    done = memeval("datasets", "import", write(chats), "--questions", write(asked, "asked.parquet"))
    [item] = items(workplace / "chats")
    assert item["session"] == "a"
    assert item["gold_events"] == ["7"]
    assert item["answers"] == ["Nora", "she"]
    assert "gold events that are not there: 1" in done.out


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (1772475000, "2026-03-02T18:10:00+00:00"),
        ("1772475000", "2026-03-02T18:10:00+00:00"),
        (1772475000123, "2026-03-02T18:10:00+00:00"),
        ("2026-03-02T18:10:00Z", "2026-03-02T18:10:00Z"),
        (7, None),
        ("yesterday", None),
    ],
)
def test_a_time_becomes_a_date(memeval: Run, workplace: Path, value: Any, at: str | None) -> None:
    """Seconds since 1970 too; a turn's number is none, and its message is kept without one."""
    done = memeval("datasets", "import", write([{"text": "a", "time": value}]))
    assert events(workplace / "chats")[0].get("at") == at
    told = f"\n  1 time is no date that is read (such as '{value}'; ISO 8601 or seconds since 1970"
    assert (told in done.out) == (at is None)
    assert "left out" not in done.out


def test_a_time_of_parquet_is_a_date(memeval: Run, workplace: Path) -> None:
    """Columns of time are read as they are."""
    when = datetime(2026, 3, 2, 18, 5, tzinfo=UTC)
    memeval("datasets", "import", write([{"text": "a", "time": when}], "x.parquet"))
    assert events(workplace / "x")[0]["at"] == "2026-03-02T18:05:00+00:00"


def test_messages_with_dates_are_put_in_order(memeval: Run, workplace: Path) -> None:
    """An export may have the newest first; a memory is told the oldest first."""
    told = [{"text": "b", "time": "2026-03-03"}, {"text": "a", "time": "2026-03-02T18:00:00+02:00"}]
    memeval("datasets", "import", write(told))
    assert [event["text"] for event in events(workplace / "chats")] == ["a", "b"]


def test_one_message_without_a_date_is_told(memeval: Run, workplace: Path) -> None:
    """It keeps its session in the order of the file, which the preview says of each."""
    told = [{"text": "b", "time": "2026-03-03"}, {"text": "a", "time": "2026-03-02"}, {"text": "c"}]
    chats = [{"id": f"s{n}", "messages": told} for n in range(5)]
    done = memeval("datasets", "import", write(chats))
    assert "\n  session 's0': in the file's order, 1 of 3 without a date\n" in done.out
    assert "\n  2 more sessions: likewise, not by date\n" in done.out
    assert [event["text"] for event in events(workplace / "chats")][:3] == ["b", "a", "c"]


def test_numbers_of_turns_are_an_order(memeval: Run, workplace: Path) -> None:
    """They are no dates, and are told as such; 10 comes after 2."""
    told = [{"text": "b", "time": 10}, {"text": "a", "time": "2"}]
    done = memeval("datasets", "import", write(told))
    assert "all messages: in the order of numbers that are no dates" in done.out
    assert [event["text"] for event in events(workplace / "chats")] == ["a", "b"]


AGAIN = [{"id": id_, "messages": [{"content": "No."}]} for id_ in ("monday", "monday-2")]
TWICE = [*CHATS, *AGAIN]


def test_chats_of_one_id_are_sessions_of_their_own(memeval: Run, workplace: Path) -> None:
    """Numbered apart from all that are there; questions go to the first."""
    about = {"id": "monday", "questions": [ASKED | {"question": "Which place?"}]}
    done = memeval("datasets", "import", write([*TWICE, about]))
    sessions = [event["session"] for event in events(workplace / "chats")]
    assert sessions == ["monday", "tuesday", "monday-3", "monday-2"]
    assert [item["session"] for item in items(workplace / "chats")] == ["monday", "monday"]
    note = "chats whose id stood before, numbered apart: 1; to join them: --map session=id"
    assert f"\n  {note}\n" in done.out


def test_chats_of_one_id_can_be_joined(memeval: Run, workplace: Path) -> None:
    """As the preview says."""
    done = memeval("datasets", "import", write(TWICE), "--map", "session=id")
    assert "numbered apart" not in done.out
    assert "3 sessions, 4 events" in done.out


def test_questions_of_another_file_name_a_chat_twice(memeval: Run, workplace: Path) -> None:
    """They are about the first of that id, both of them."""
    more = {"id": "monday", "messages": [ASKED | {"question": "Which place?"}]}
    asked = write([{"id": "monday", "messages": [ASKED]}, more], "asked.json")
    chats = write([{"id": one["id"], "messages": one["messages"]} for one in CHATS])
    memeval("datasets", "import", chats, "--questions", asked)
    assert [item["session"] for item in items(workplace / "chats")] == ["monday", "monday"]


def test_gold_is_gold_events(memeval: Run, workplace: Path) -> None:
    """As `--map gold=` has it, beside an answer; said to be the answer, it is no event."""
    told = {"id": 1, "text": "We meet at the bridge."}
    memeval("datasets", "import", write({"messages": [told], "questions": [ASKED | {"gold": [1]}]}))
    assert items(workplace / "chats")[0]["gold_events"] == ["1"]
    only = {"question": "Where do they meet?", "gold": "the bridge"}
    name = write({"messages": [told], "questions": [only]}, "x.json")
    done = memeval("datasets", "import", name, "--map", "answers=gold")
    assert items(workplace / "x") == [
        {"id": "q1", "question": only["question"], "answers": ["the bridge"]}
    ]
    assert "left out" not in done.out


def test_a_cell_may_be_long(memeval: Run, workplace: Path) -> None:
    """As one that holds a whole chat; Python's parser stops at 131,072 characters."""
    memeval("datasets", "import", write([{"text": "a" * 140_000, "role": "Nora"}], "x.csv"))
    assert len(events(workplace / "x")[0]["text"]) == 140_000


def test_what_is_left_out_is_told_with_its_reason(memeval: Run, workplace: Path) -> None:
    """Nothing goes without a word, and the rest is sound."""
    messages = [{"id": 1, "text": "a"}, {"id": 1, "text": "b"}, {"id": 2, "text": " "}, None]
    questions = [
        {"question": "Who?", "answer": "Nora"},
        {"question": "Who?", "answer": "Omar"},
        {"question": "What?", "answer": ""},
        {"question": None, "answer": "Nora"},
    ]
    done = memeval("datasets", "import", write({"messages": messages, "questions": questions}))
    for reason in (
        "messages without text: 1",
        "events whose id stood before: 1",
        "records that are no tables: 1",
        "questions without answer: 1",
        "questions without text: 1",
        "questions against the rule 'equal questions have equal answers': 1",
    ):
        assert f"left out: {reason}\n" in done.out
    assert len(events(workplace / "chats")) == len(items(workplace / "chats")) == 1


def test_the_preview_shows_what_is_read_and_by_which_fields(memeval: Run, workplace: Path) -> None:
    """Before anything is written; `--dry-run` leaves it at that."""
    done = memeval("datasets", "import", write(CHATS), "--dry-run")
    assert done.code == 0
    assert "chats.json: 2 sessions, 2 events, 1 questions" in done.out
    assert "messages by text=content,speaker=role,at=timestamp" in done.out
    assert "\n  monday  e1  [2 March 2026, 18:05] Nora: We meet at the bridge.\n" in done.out
    assert "\n  monday  q1  Where do they meet?  answer: the bridge\n" in done.out
    assert [path.name for path in workplace.iterdir()] == ["chats.json"]


def test_fields_that_are_not_read_are_named(memeval: Run, workplace: Path) -> None:
    """So that nobody learns from a report that a speaker or a date had another name."""
    done = memeval("datasets", "import", write([{"text": "a", "who": "Nora", "m": {"day": 1}}]))
    assert "\n  not read: who, m.day\n" in done.out
    assert "not read" not in memeval("datasets", "import", write(CHATS), "--dry-run").out


def test_text_from_outside_is_inert(memeval: Run, workplace: Path) -> None:
    """No escape reaches the terminal, and half a character is no failure."""
    Path("x.json").write_text('[{"text": "\\u001b[31mred \\ud800", "role": "[bold]"}]')
    done = memeval("datasets", "import", "x.json")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "[bold]: " in done.out


def test_a_folder_that_is_there_stays(memeval: Run, workplace: Path) -> None:
    """It is refused; with --force its two files are replaced, and others stay."""
    name, folder = write(CHATS), workplace / "chats"
    memeval("datasets", "import", name)
    (folder / "notes.txt").write_text("mine")
    (folder / "events.jsonl").write_text("mine")
    refused = memeval("datasets", "import", name)
    assert refused.code == 2
    assert "name another with --into, or replace its events and items with --force" in refused.err
    assert (folder / "events.jsonl").read_text() == "mine"
    assert memeval("datasets", "import", name, "--force").code == 0
    assert len(events(folder)) == 2
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_folder_that_is_no_datasets_cannot_be_forced(memeval: Run, workplace: Path) -> None:
    """Such as the one where somebody works."""
    done = memeval("datasets", "import", write(CHATS), "--into", ".", "--force")
    assert done.code == 2
    assert done.err.endswith("got '.', which is there; name another with --into\n")
    assert [path.name for path in workplace.iterdir()] == ["chats.json"]


def test_without_questions_it_is_said_what_is_missing(memeval: Run, workplace: Path) -> None:
    """The chats are imported all the same; questions that somebody wrote there stay."""
    name = write(CHATS[1:])
    done = memeval("datasets", "import", name)
    assert done.code == 0
    assert "a measurement needs questions" in done.out
    [example] = [word for word in done.out.splitlines() if '{"session"' in word]
    line = example[example.index("{") : example.index("}") + 1]
    (workplace / "chats" / "items.jsonl").write_text(line + "\n")
    assert memeval("datasets", "import", name, "--force").code == 0
    assert memeval("datasets", "verify", "chats").code == 0


@pytest.mark.parametrize("folder", ["mine", "a b", "episodic", "below/mine"])
def test_the_command_that_is_printed_works(memeval: Run, workplace: Path, folder: str) -> None:
    """Pasted as it is, whatever the folder's name."""
    done = memeval("datasets", "import", write(CHATS), "--into", folder)
    command = shlex.split(done.out.splitlines()[-1].partition("memeval ")[2])
    assert memeval(*command, "--model", "scripted", "--dry-run").code == 0


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ([{"said": "a", "m": {"t": 1}}], (), "text, got said, m.t; name it with: --map text="),
        ([{"text": "a", "content": "b"}], (), "hold text, got 'text' and 'content'; choose with"),
        ([{"text": "a"}], ("--map", "speaker=who"), "got 'speaker=who' beside text; mend the name"),
        (CHATS, ("--map", "id=key"), "got 'id=key' beside"),
        ([{"text": "a"}], ("--map", "txt=a"), "did you mean text?"),
        ([{"text": "a"}], ("--map", "text"), "--map takes WHAT=FIELD"),
        ([{"text": " "}], (), "must hold messages with text, got messages without text: 1"),
        ([], (), "must have a field that holds text, got no fields"),
        ([TOLD, {"question": "Who?"}], (), "questions must have a field that holds answers, got"),
        ([CHATS[1] | {"questions": [{"question": "?", "answer": []}]}], (), "that holds answers"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_sentence(
    memeval: Run, workplace: Path, value: Any, options: tuple[str, ...], message: str
) -> None:
    """Exit code 2, the fields that are there, and what to give; nothing is written."""
    done = memeval("datasets", "import", write(value), *options)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert [path.name for path in workplace.iterdir()] == ["chats.json"]


def test_questions_about_no_session_are_refused_where_none_is_left(memeval: Run) -> None:
    """Where several sessions are there, each question has to name its own."""
    asked = write([ASKED], "asked.jsonl")
    done = memeval("datasets", "import", write(CHATS), "--questions", asked)
    assert done.code == 2
    assert (
        "questions about no session that is there: 1, of sessions ['monday', 'tuesday']" in done.err
    )
    assert "--map session=" in done.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.txt", b"a", "must end in .json, .jsonl, .csv, .parquet, got 'x.txt'"),
        ("x.json", b"{", "got 'x.json' (Expecting property name"),
        ("x.json", b"\xff", "got 'x.json' ('utf-8' codec"),
        ("x.json", b"[" * 10**5, "it is nested too deeply"),
        ("x.jsonl", b'{"text": "a"}\n{"text": 1, "text": 2}', "line 2: it names the key 'text'"),
        ("x.csv", b"text,text\na,b\n", "it names the column 'text' twice"),
        ("x.csv", b"text,role\na,b,c\n", "line 2 has more cells than the header"),
        ("x.csv", b'text\n"a\n', "unexpected end of data"),
        ("x.parquet", b"PAR1", "x.parquet cannot be read"),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_sentence(
    memeval: Run, workplace: Path, name: str, content: bytes, message: str
) -> None:
    """Exit code 2, and nothing is written."""
    Path(name).write_bytes(content)
    done = memeval("datasets", "import", name)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert [path.name for path in workplace.iterdir()] == [name]


def test_a_file_that_is_not_there_is_one_sentence(memeval: Run) -> None:
    """With its path."""
    done = memeval("datasets", "import", "no/where.json")
    assert done.code == 2
    assert "got 'no/where.json' (No such file or directory); check the path" in done.err


@pytest.mark.parametrize("name", ["log.txt", "log.json"])
def test_a_file_is_looked_at_before_its_folder(memeval: Run, workplace: Path, name: str) -> None:
    """One that cannot be read is told as such, also beside a folder of its name."""
    (workplace / "log").mkdir()
    done = memeval("datasets", "import", name)
    assert done.code == 2
    assert "a file to import must" in done.err
    assert "new folder" not in done.err
