"""Data of one's own: what a line may leave out, and how every fault is told."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from made import build

from memeval import load_dataset
from memeval.datasets import folder, store
from memeval.datasets.folder import Folder
from memeval.datasets.validity import find_faults
from memeval.errors import DataError
from memeval.types import Event, Item, Navigation, Query, Session

EVENTS = [
    {"id": "e1", "text": "Nora moved to Lisbon."},
    {"id": "e2", "text": "The train was late."},
    {"id": "e3", "text": "Nora moved on to Porto."},
]
ITEM = {"question": "Where does Nora live?", "answers": ["Porto"], "gold_events": ["e3"]}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a sound folder."""
    return write(tmp_path / "own")


def write(path: Path, events: Sequence[object] = EVENTS, items: Sequence[object] = (ITEM,)) -> Path:
    """Write a folder, one record a line."""
    path.mkdir(exist_ok=True)
    for name, records in ((store.EVENTS, events), (store.ITEMS, items)):
        lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
        (path / name).write_text("".join(line + "\n" for line in lines), "utf-8")
    return path


def test_what_a_line_leaves_out(own: Path) -> None:
    """Time is the line's, the question comes last, the passage is the gold, the slice is all."""
    session = load_dataset(str(own))
    assert session.events == tuple(
        Event(str(event["id"]), str(event["text"]), time) for time, event in enumerate(EVENTS)
    )
    query = Query("q00001", "Where does Nora live?", 3)
    assert session.items == (Item(query, ("Porto",), ("e3",), ("e3",), "all"),)
    assert session.worth is None
    assert session.prompt is None


def test_an_event_without_a_time_follows_the_one_before(tmp_path: Path) -> None:
    """A stream may start at any time and tell it now and then."""
    events = [EVENTS[0] | {"time": 40}, EVENTS[1], EVENTS[2] | {"time": 50}]
    session = load_dataset(str(write(tmp_path / "own", events)))
    assert [event.time for event in session.events] == [40, 41, 50]
    assert session.items[0].query.time == 51


def test_the_passage_is_the_gold_in_order_of_time(tmp_path: Path) -> None:
    """Gold in the order that leads to the answer is read in the order it happened."""
    item = ITEM | {"gold_events": ["e3", "e1"]}
    session = load_dataset(str(write(tmp_path / "own", items=[item])))
    assert session.items[0].gold_events == ("e3", "e1")
    assert session.items[0].passage == ("e1", "e3")


@pytest.mark.parametrize(
    ("labels", "worth"),
    [
        ([{}, {}, {}], None),
        ([{"worth": True}, {}, {}], {"e1"}),
        ([{"worth": False}, {}, {}], set()),
    ],
)
def test_worth_is_none_unless_a_line_tells(
    tmp_path: Path, labels: list[dict[str, bool]], worth: set[str] | None
) -> None:
    """Without a label it is not known what was worth it; with one, the rest was not."""
    events = [event | label for event, label in zip(EVENTS, labels, strict=True)]
    assert load_dataset(str(write(tmp_path / "own", events))).worth == worth


def test_both_forms_of_an_item_are_one(tmp_path: Path) -> None:
    """An item with a nested query is the same as the flat one."""
    flat = ITEM | {"id": "q7", "time": 9}
    nested = {name: value for name, value in ITEM.items() if name != "question"}
    nested["query"] = {"id": "q7", "text": ITEM["question"], "time": 9}
    read = [write(tmp_path / str(i), items=[item]) for i, item in enumerate((flat, nested))]
    assert load_dataset(str(read[0])).items == load_dataset(str(read[1])).items


def test_memevals_own_files_are_such_a_folder(tmp_path: Path) -> None:
    """A built-in dataset read from its folder has the same events, items and labels of worth."""
    built = build(tmp_path, "episodic", size=9, seed=1)
    read = load_dataset(str(tmp_path / "episodic" / "9_1"))
    assert (read.events, read.items, read.worth) == (built.events, built.items, built.worth)


def test_windows_files_are_read(own: Path) -> None:
    """A byte order mark and carriage returns are no part of the data."""
    plain = load_dataset(str(own))
    for name in (store.EVENTS, store.ITEMS):
        data = (own / name).read_bytes().replace(b"\n", b"\r\n")
        (own / name).write_bytes(b"\xef\xbb\xbf" + data)
    assert load_dataset(str(own)) == plain


@pytest.mark.parametrize(
    "items",
    [
        [{"question": "Lisbon or Porto?", "answers": ["Porto"]}],
        [{"question": f"Is it {i}?", "answers": ["yes"]} for i in range(40)],
        [{"question": "Where is Max?", "answers": ["unknown"]}],
    ],
    ids=["answer in the question", "one answer for all", "unknown"],
)
def test_rules_of_built_in_suites_only(tmp_path: Path, items: list[object]) -> None:
    """Choices, yes and no, and questions without labelled gold are one's own affair."""
    assert folder.verify(write(tmp_path / "own", items=items)) == []


BROKEN_EVENTS = [
    ('{"id": "e2"', "a line must be one JSON object, got"),
    ("", "a line must be one JSON object, got ''"),
    ('["e2"]', "a line must be one JSON object, got"),
    ({"id": "e2"}, "must have the field 'text', got"),
    ({"text": "It rained."}, "must have the field 'id', got"),
    ({"id": "e2", "text": 3}, "the field 'text' must be a valid string, got 3"),
    ({"id": 2, "text": "It rained."}, "the field 'id' must be a valid string, got 2"),
    ({"id": "e2", "text": "It rained.", "time": 1.5}, "the field 'time' must be a valid integer"),
    ({"id": "e2", "text": "It rained.", "reward": "yes"}, "'reward' must be a valid boolean"),
    ({"id": "e2", "text": "It rained.", "tiem": 1}, "got 'tiem'; did you mean time"),
    ({"id": "e1", "text": "It rained."}, "event ids are unique, got 'e1'"),
    ({"id": "e2", "text": "It rained.", "time": -1}, "events are in order of time, got 'e2'"),
    ({"id": "e2", "text": " "}, "events have text, got 'e2'"),
    ({"id": "e2", "text": "It rained.", "at": "yesterday"}, "'at' must be a date of ISO 8601"),
]
FIRST = '{"question": "Who?", "answers": ["Nora"]'
AGAIN = [
    ('{"id": "e2", "text": "It rained.", "text": "It snowed."}', store.EVENTS, "text"),
    (FIRST + ', "answers": ["Omar"]}', store.ITEMS, "answers"),
    ('{"query": {"text": "Who?", "text": "When?"}, "answers": ["Nora"]}', store.ITEMS, "text"),
    (FIRST + ', "navigation": {"moves": {"Hall": {"up": "A"}, "Hall": {"up": "B"}}, "nearer": {}, '
    '"start": "Hall", "goal": "A", "question": "?"}}', store.ITEMS, "Hall"),
]  # fmt: skip
DEEP = "[" * 100_000
BROKEN_ITEMS = [
    (DEEP, "a line must be one JSON object, got '[["),
    (FIRST + f', "slice": {DEEP}', "a line must be one JSON object, got"),
    ({"question": "Who?", "answers": ["Nora"], "x" * 10**5: 1}, "a field must be a known name"),
    ({"question": "Who?", "answers": [["x" * 10**5]]}, "'answers.0' must be a valid string, got ["),
    (ITEM | {"gold_events": ["x" * 10**5]}, "events that an item names exist, got 'q00002': xxx"),
    (ITEM | {"id": "x" * 10**5, "gold_events": ["y"]}, "an item names exist, got 'xxx"),
    ("{", "a line must be one JSON object, got"),
    ({"answers": ["a"]}, "must have the field 'question', got"),
    ({"question": "Who?"}, "must have the field 'answers', got"),
    ({"question": "Who?", "answers": "Nora"}, "the field 'answers' must be a valid array, got"),
    ({"question": "Who?", "answers": [3]}, "the field 'answers.0' must be a valid string, got 3"),
    ({"question": "Who?", "answers": [""]}, "the field 'answers.0' must hold text, got ''"),
    ({"question": "Who?", "answer": ["Nora"]}, "got 'answer'; did you mean answers?"),
    ({"question": "Who?", "answers": []}, "every item has an answer, got"),
    (ITEM | {"gold_events": ["e9"]}, "events that an item names exist, got 'q00002': e9"),
    (ITEM | {"passage": ["e3", "e9"]}, "events that an item names exist, got 'q00002': e9"),
    (ITEM | {"passage": ["e1"]}, "passages contain their gold, got 'q00002': e3"),
    (ITEM | {"time": 1}, "gold events precede their query, got 'q00002': e3"),
    (ITEM | {"answers": ["Lisbon"]}, "equal questions have equal answers, got 'q00002'"),
    (ITEM | {"id": "q00001"}, "query ids are unique, got 'q00001'"),
    (ITEM | {"question": "Who?", "answers": ["unknown"]}, "unanswerable items have no gold events"),
]


WAY = {
    "start": "Hall",
    "goal": "Attic",
    "question": "You are in {here}. Which way?",
    "moves": {"Hall": {"up": "Attic"}, "Attic": {"down": "Hall"}},
    "nearer": {"Hall": {"up": ["e1"]}},
}
BROKEN_WAYS = [
    ({"start": "Cellar"}, "places of a way have moves, got 'q00002': Cellar"),
    ({"moves": {"Hall": {"up": "Attic"}}}, "places of a way have moves, got 'q00002': Attic"),
    ({"nearer": {}}, "moves that come nearer lead to the goal, got 'q00002': Hall"),
    ({"nearer": {"Hall": {"down": ["e1"]}}}, "moves that come nearer lead to the goal"),
    ({"nearer": {"Hall": {"up": ["e9"]}}}, "events that an item names exist, got 'q00002': e9"),
    ({"nearer": {"Hall": {"up": "e1"}}}, "the field 'navigation.nearer.Hall.up' must be a valid"),
]


@pytest.mark.parametrize(("change", "message"), BROKEN_WAYS)
def test_a_broken_way_is_told(own: Path, change: dict[str, object], message: str) -> None:
    """A world in which a walker would be stuck is refused before anyone walks."""
    item = {"question": "You are in Hall. Which way?", "answers": [], "gold_events": ["e1"]}
    write(own, items=[ITEM, item | {"navigation": WAY}])
    assert folder.verify(own) == []
    write(own, items=[ITEM, item | {"navigation": WAY | change}])
    assert_told(own, store.ITEMS, message)


@pytest.mark.parametrize(("line", "message"), BROKEN_EVENTS)
def test_a_broken_event_is_told(own: Path, line: object, message: str) -> None:
    """One sentence with file, line, rule, what was got and the next step."""
    write(own, [EVENTS[0], line, EVENTS[2]])
    assert_told(own, store.EVENTS, message)


@pytest.mark.parametrize(("line", "message"), BROKEN_ITEMS)
def test_a_broken_item_is_told(own: Path, line: object, message: str) -> None:
    """One sentence with file, line, rule, what was got and the next step."""
    write(own, items=[ITEM, line])
    assert_told(own, store.ITEMS, message)


def assert_told(own: Path, name: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        load_dataset(str(own))
    told = str(caught.value)
    assert told.startswith(f"{own / name}, line 2: ")
    assert message in told
    assert re.search(r", got .*; ", told)
    assert len(told) < 600
    assert "\n" not in told


@pytest.mark.parametrize(("line", "name", "key"), AGAIN, ids=["event", "item", "query", "map"])
def test_a_field_that_stands_twice_is_told(own: Path, line: str, name: str, key: str) -> None:
    """Neither of two values is taken in silence, wherever in a line they stand."""
    write(own, *([EVENTS[0], line],) if name == store.EVENTS else (EVENTS, [ITEM, line]))
    assert_told(own, name, f"(it names the key '{key}' twice); mend the line")


def test_a_map_is_gone_through_once() -> None:
    """Of a chain of places, each is looked at once and not again from every place before it."""
    asked: list[str] = []

    class Nearer(dict[str, dict[str, list[str]]]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.append(key)
            return super().get(key, default)

    places = [f"p{i}" for i in range(101)]
    moves = {here: {"on": there} for here, there in pairwise(places)} | {"p100": {"back": "p0"}}
    nearer = Nearer({here: {"on": []} for here in places[:-1]})
    way = Navigation("p0", "p100", "Which way?", moves, nearer)
    event = Event("e1", "A way.", 0)
    item = Item(Query("q", "Which way?", 1), (), ("e1",), ("e1",), "all", way)
    assert find_faults(Session("s", (event,), (item,))) == []
    assert len(asked) <= len(places)


@pytest.mark.parametrize("name", [store.EVENTS, store.ITEMS])
def test_an_empty_file_is_told(own: Path, name: str) -> None:
    """A stream without events and a session without questions are refused."""
    (own / name).write_text("")
    with pytest.raises(DataError, match=f"{name}, line 1: .* at least one record, got none; "):
        load_dataset(str(own))


def test_a_missing_file_is_told(own: Path) -> None:
    """A folder needs both files."""
    (own / store.EVENTS).unlink()
    with pytest.raises(DataError, match=r"must hold events.jsonl and .*, got no file '.*events"):
        load_dataset(str(own))


def test_events_alone_lack_questions(own: Path) -> None:
    """As an import without any leaves them; it is said how to add some."""
    (own / store.ITEMS).unlink()
    with pytest.raises(DataError, match=r"got no questions yet .* --questions FILE --into .*own"):
        load_dataset(str(own))


def test_every_fault_is_found(own: Path) -> None:
    """Verifying tells all faults, loading the first and how many more."""
    write(own, [EVENTS[0], EVENTS[0]], [ITEM, ITEM | {"id": "q00001"}])
    found = folder.verify(own)
    assert [fault.where for fault in found][:1] == [f"{own / store.EVENTS}, line 2"]
    assert len(found) > 1
    with pytest.raises(DataError, match=rf"\({len(found) - 1} more faults\)"):
        load_dataset(str(own))


def test_a_size_that_a_folder_has_not_asks_all_of_it(own: Path) -> None:
    """Beside suites of any size a folder gives what it has, once, whatever the seed."""
    assert Folder.at(own, size=50, seed=7) == Folder.at(own)


def test_a_built_in_name_goes_before_a_folder(workplace: Path) -> None:
    """A folder that is called like a suite is reached by its path."""
    write(workplace / "episodic")
    assert len(load_dataset("episodic").items) == 50
    assert len(load_dataset("./episodic").items) == 1


def test_folders_of_one_name_have_names_of_their_own(tmp_path: Path) -> None:
    """Two folders that end alike are told apart."""
    for parent in ("a", "b"):
        (tmp_path / parent).mkdir()
    one, two = (load_dataset(str(write(tmp_path / p / "own"))).id for p in ("a", "b"))
    assert one.startswith("own-")
    assert two.startswith("own-")
    assert one != two


@pytest.mark.parametrize("name", [store.EVENTS, store.ITEMS])
def test_the_hash_covers_both_files(own: Path, name: str) -> None:
    """A change of either file changes the data's hash."""
    before = folder.checked(own).digest
    path = own / name
    path.write_text(path.read_text().replace("Nora", "Dora"))
    assert folder.checked(own).digest != before
