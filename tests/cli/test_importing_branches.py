"""ChatGPT's `conversations.json`, imported as it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
START = 1772475000
"""2026-03-02T18:10:00 in UTC."""


def node(parent: str | None, role: str, parts: Any, after: int = 0, **more: Any) -> dict[str, Any]:
    content = {"content_type": "text", "parts": parts}
    message = {"author": {"role": role}, "content": content, "create_time": START + after + 0.25}
    return {"message": message | more, "parent": parent, "children": []}


TREE = {
    "root": {"message": None, "parent": None, "children": ["sys"]},
    "sys": node("root", "system", [""]),
    "hidden": node("sys", "system", ["-"], metadata={"is_visually_hidden_from_conversation": True}),
    "ask": node("hidden", "user", ["Where is the ferry?", {"asset_pointer": "file://1"}], 1),
    "first": node("ask", "assistant", ["At pier 3."], 9),
    "tool": node("ask", "tool", None, 2),
    "second": node("tool", "assistant", ["At pier 7."], 3),
}
TRIP = {"title": "Trip", "create_time": START, "mapping": TREE, "current_node": "second"}


def imported(memeval: Run, workplace: Path, *conversations: Any) -> tuple[str, list[Any]]:
    """Import an export; return what was said of it, and the events."""
    Path("conversations.json").write_text(json.dumps(conversations), "utf-8")
    done = memeval("datasets", "import", "conversations.json")
    assert done.code == 0, done.err
    lines = (workplace / "conversations" / "events.jsonl").read_text("utf-8").splitlines()
    return done.out, [json.loads(line) for line in lines]


def test_a_tree_is_read_from_its_root_to_where_it_was_left(memeval: Run, workplace: Path) -> None:
    """Other branches, what is hidden and what has no text are counted, not told."""
    out, events = imported(memeval, workplace, TRIP)
    assert [(one["speaker"], one["text"], one["at"]) for one in events] == [
        ("user", "Where is the ferry?", "2026-03-02T18:10:01+00:00"),
        ("assistant", "At pier 7.", "2026-03-02T18:10:03+00:00"),
    ]
    assert {one["session"] for one in events} == {"Trip"}
    for reason in (
        "messages without text: 2",  # of the system and of the tool
        "messages that the chat hides: 1",
        "messages of other branches: 1",
    ):
        assert f"left out: {reason}\n" in out


@pytest.mark.parametrize("left_at", [None, "gone", 7])
def test_without_where_it_was_left_the_latest_leaf_counts(
    memeval: Run, workplace: Path, left_at: Any
) -> None:
    """The answer that was given last, be it the first in the file."""
    _, events = imported(memeval, workplace, TRIP | {"current_node": left_at})
    assert events[-1]["text"] == "At pier 3."


def test_conversations_are_sessions_by_id_or_title(memeval: Run, workplace: Path) -> None:
    """Two of one title stay two."""
    named = TRIP | {"conversation_id": "c-1"}
    _, events = imported(memeval, workplace, named, TRIP, TRIP)
    assert list(dict.fromkeys(one["session"] for one in events)) == ["c-1", "Trip", "Trip 2"]


def test_parents_in_a_circle_are_followed_once(memeval: Run, workplace: Path) -> None:
    """A broken export ends, and is read as far as it goes."""
    circle = {"a": node("b", "user", ["one"]), "b": node("a", "user", ["two"])}
    _, events = imported(memeval, workplace, {"mapping": circle, "current_node": "b"})
    assert [one["text"] for one in events] == ["one", "two"]


def test_a_message_with_an_empty_mapping_is_no_tree(memeval: Run, workplace: Path) -> None:
    """It is told as any other."""
    _, events = imported(memeval, workplace, {"text": "one", "mapping": {}})
    assert [one["text"] for one in events] == ["one"]


def test_many_fields_in_an_error_are_cut_short(memeval: Run, workplace: Path) -> None:
    """A table keyed by ids is no list of fields; twelve of them show what it is."""
    Path("x.json").write_text(json.dumps([{f"id{n}": {"v": n} for n in range(500)}]), "utf-8")
    done = memeval("datasets", "import", "x.json")
    assert done.code == 2
    assert "id11.v, ...; name it" in done.err
    assert "id12" not in done.err
