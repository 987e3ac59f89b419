"""Datasets on disk: sessions as files, the manifest over them, and building, loading, verifying."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import build, dataset, load

from memeval.datasets import building, manifest, store
from memeval.datasets.generated import Generated
from memeval.errors import ConfigError, DataError
from memeval.suites.choosing import dataset_named
from memeval.suites.own import SUITES, generate
from memeval.suites.own.suite import SEEDS, SIZES
from memeval.types import Event, Item, Navigation, Query, Session

EVENTS = "episodic/5_1/events.jsonl"
ITEMS = "episodic/5_1/items.jsonl"
SEPARATORS = ("\n", "\r", "\x1e", "\x85", "\u2028", "\u2029")  # what str.splitlines splits at
ENCODABLE = st.characters(exclude_categories=["Cs"])  # all but surrogates


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Return a data folder with one small dataset."""
    build(tmp_path, "episodic", size=5, seed=1)
    return tmp_path


def replace_line(path: Path, number: int, text: str) -> None:
    lines = path.read_text("utf-8").splitlines()
    lines[number - 1] = text
    path.write_text("\n".join(lines) + "\n", "utf-8")


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the content of every file by its path below the folder; locks are hidden files."""
    found = sorted(path for path in folder.rglob("[!.]*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def rebuilt_from_lines(session: Session) -> Session:
    """Write a session's events and items to files and read them again."""
    with tempfile.TemporaryDirectory() as folder:
        events_path, items_path = Path(folder, store.EVENTS), Path(folder, store.ITEMS)
        events_path.write_text(store.event_lines(session), "utf-8")
        items_path.write_text(store.item_lines(session), "utf-8")
        events, worth = store.read_events(events_path)
        return replace(
            session, events=events, items=store.read_items(items_path, events), worth=worth
        )


@given(st.text(ENCODABLE | st.sampled_from(SEPARATORS)))
def test_any_text_survives_its_file(text: str) -> None:
    """An event's text comes back whatever letters, quotes or line breaks it has."""
    event = Event("e0", text, 0, reward=True)
    session = Session("s", (event,), (), worth=frozenset({"e0"}))
    assert rebuilt_from_lines(session) == session


@pytest.mark.parametrize("separator", SEPARATORS)
def test_line_separators_survive_a_file(separator: str) -> None:
    """A line break of any kind inside a text does not break its record."""
    event = Event("e0", f"one{separator}two", 0)
    session = Session("s", (event,), (), worth=frozenset())
    assert rebuilt_from_lines(session) == session


WAY = Navigation(
    start="Hall",
    goal="Attic",
    question="You are in {here}. Which way?",
    moves={"Hall": {"up": "Attic"}, "Attic": {"down": "Hall"}},
    nearer={"Hall": {"up": ("e0", "e1")}, "Attic": {}},
)


def test_a_way_survives_its_file() -> None:
    """An item that is scored by walking comes back with its world."""
    query = Query("q0", "You are in Hall. Which way?", 1)
    item = Item(query, (), ("e0",), ("e0",), "navigate", navigation=WAY)
    session = Session("s", (Event("e0", "The attic is above the hall.", 0),), (item,))
    assert rebuilt_from_lines(session) == session


def test_an_item_without_a_way_does_not_speak_of_it(built: Path) -> None:
    """The files of suites that ask nobody to walk stay as they are."""
    assert "navigation" not in (built / ITEMS).read_text()


def test_worth_is_a_label_of_the_file_only(built: Path) -> None:
    """What was worth remembering is labelled in the file, and read into the session."""
    session, _ = load(built, "episodic", size=5, seed=1)
    labelled = [
        r for r in map(json.loads, (built / EVENTS).read_text().splitlines()) if "worth" in r
    ]
    assert session.worth == {record["id"] for record in labelled}
    assert len(labelled) < len(session.events)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "e00002"',
        "no JSON",
        "",
        "3",
        "null",
        '"text"',
        '["e00002", 2, "text"]',
        '{"id": "e00002", "time": 2}',
        '{"time": 2, "text": "It happened.", "worth": true}',
        '{"id": "e00002", "time": 2, "text": "It happened.", "colour": "red"}',
    ],
)
def test_broken_event_names_file_and_line(built: Path, line: str) -> None:
    """A line that is not an event is an error that names the file and the line."""
    replace_line(built / EVENTS, 3, line)
    with pytest.raises(DataError, match=r"5_1/events\.jsonl, line 3: .*, got .*; "):
        store.read_events(built / EVENTS)


@pytest.mark.parametrize(
    "line",
    [
        '{"query": ',
        "{}",
        "[]",
        '{"query": "Who?", "answers": ["a"], "gold_events": [], "passage": [], "slice": "exact"}',
        '{"query": {"id": "q", "time": 9}, "answers": ["a"]}',
        '{"query": {"id": "q", "text": "Who?", "place": "here"}, "answers": ["a"]}',
        '{"query": {"id": "q", "text": "Who?"}, "question": "What?", "answers": ["a"]}',
        '{"query": {"id": "q", "text": "Who?", "time": 9}}',
        '{"question": "Who?", "answers": ["a", 3]}',
        '{"question": "Who?", "answers": [" "]}',
        '{"question": "Who?", "answers": ["a"], "gold_events": "e1"}',
        '{"question": "Who?", "answers": ["a"], "navigation": {"start": "here"}}',
        '{"query": {"id": "q", "text": "Who?", "time": 9}, "answers": 3, "gold_events": [], '
        '"passage": [], "slice": "exact"}',
    ],
)
def test_broken_item_names_file_and_line(built: Path, line: str) -> None:
    """A line that is not an item is an error that names the file and the line."""
    replace_line(built / ITEMS, 2, line)
    with pytest.raises(DataError, match=r"5_1/items\.jsonl, line 2: .*, got .*; "):
        store.read_items(built / ITEMS, ())


def test_missing_dataset_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is an error that names it."""
    with pytest.raises(DataError, match=r"readable UTF-8, got '.*events\.jsonl'"):
        store.read_events(tmp_path / "events.jsonl")


def test_dataset_file_that_is_not_text(tmp_path: Path) -> None:
    """A file of other bytes than UTF-8 is an error that names it."""
    (tmp_path / "items.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"readable UTF-8, got '.*items\.jsonl'"):
        store.read_items(tmp_path / "items.jsonl", ())


def test_manifest_holds_hash_and_count(tmp_path: Path) -> None:
    """An entry is the file's sha256 and its number of lines."""
    (tmp_path / "three.jsonl").write_bytes(b"a\nb\nc\n")
    manifest.record_files(tmp_path, ["three.jsonl"])
    # printf 'a\nb\nc\n' | sha256sum
    expected = "880553fca8fcea94e325ee2cfb48e5a985cc797f39a14cc6d3cedecfeb2ae4d2"
    assert manifest.read_manifest(tmp_path) == {"three.jsonl": {"sha256": expected, "items": 3}}
    assert manifest.check_file(tmp_path, "three.jsonl") == expected


def test_recording_keeps_other_entries(tmp_path: Path) -> None:
    """Entering a file leaves the entries of others as they were, sorted by name."""
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_text(name)
        manifest.record_files(tmp_path, [name])
    assert list(manifest.read_manifest(tmp_path)) == ["a.jsonl", "b.jsonl"]
    assert manifest.check_file(tmp_path, "b.jsonl")


def test_changed_byte_names_the_file(built: Path) -> None:
    """One changed byte is an error that names the file."""
    flip_a_byte(built / ITEMS)
    assert manifest.check_file(built, EVENTS)
    with pytest.raises(DataError, match=r"must match its sha256.*5_1/items\.jsonl"):
        manifest.check_file(built, ITEMS)


def test_missing_file_is_named(built: Path) -> None:
    """A listed file that is gone is an error that names it."""
    (built / EVENTS).unlink()
    with pytest.raises(DataError, match=r"must be there to be read.*5_1/events\.jsonl"):
        manifest.check_file(built, EVENTS)


def test_unlisted_file_is_named(built: Path) -> None:
    """A file that the manifest does not list is an error that names it."""
    with pytest.raises(DataError, match=r"must be listed in MANIFEST\.json.*9_9/events\.jsonl"):
        manifest.check_file(built, "episodic/9_9/events.jsonl")


def test_no_manifest_has_no_entries(tmp_path: Path) -> None:
    """Where nothing was built, nothing is listed."""
    assert manifest.read_manifest(tmp_path) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"files": {',
        b"[]",
        b"3",
        b"{}",
        b"\xff\xfe",
        b'{"files": []}',
        b'{"files": null}',
        b'{"files": {"episodic/5_1/events.jsonl": {}}}',
        b'{"files": {"episodic/5_1/events.jsonl": "abc"}}',
        b'{"files": {"episodic/5_1/events.jsonl": {"sha256": ' + b"[" * 900 + b"]" * 900 + b"}}}",
        b'{"files": {"episodic/5_1/events.jsonl": {"sha256": "", "items": 1e999}}}',
        b'{"files": {}, "files": {}}',
        b"[" * 100_000,
    ],
    ids=lambda content: str(content[:30]),
)
def test_broken_manifest_is_named(built: Path, content: bytes) -> None:
    """A manifest that is no table of files with their hashes is an error that names it."""
    (built / manifest.NAME).write_bytes(content)
    with pytest.raises(DataError, match=r"MANIFEST\.json"):
        manifest.check_file(built, EVENTS)


def test_building_twice_is_byte_identical(tmp_path: Path) -> None:
    """The same size and seed make the same three files, to the byte."""
    for name in ("one", "two"):
        build(tmp_path / name, "episodic", size=50, seed=7)
    one, two = files_in(tmp_path / "one"), files_in(tmp_path / "two")
    assert sorted(one) == [
        "MANIFEST.json",
        "episodic/50_7/events.jsonl",
        "episodic/50_7/items.jsonl",
    ]
    assert one == two


def test_order_of_building_changes_nothing(tmp_path: Path) -> None:
    """Two datasets come out the same whichever is built first, the manifest too."""
    for name, seeds in (("one", (1, 2)), ("two", (2, 1))):
        for seed in seeds:
            build(tmp_path / name, "episodic", size=5, seed=seed)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")


def datasets(data_dir: Path, *sizes: int) -> list[Generated]:
    return [dataset(data_dir, name, size=size, seed=7) for name in SUITES for size in sizes]


def test_workers_build_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Side by side or one after another, every file and the manifest come out the same."""
    built = []
    for least in (0, 10**9):
        monkeypatch.setattr("memeval.datasets.parallel.WORTH_WORKERS", least)
        built.append(building.build_all(datasets(tmp_path / str(least), 9, 5)))
    assert built[0] == built[1]
    assert files_in(tmp_path / "0") == files_in(tmp_path / "1000000000")


def test_the_manifest_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All datasets of a build enter the manifest together."""
    written = []
    record = manifest.record_files

    def counted(data_dir: Path, names: list[str]) -> None:
        written.append(len(names))
        record(data_dir, names)

    monkeypatch.setattr(manifest, "record_files", counted)
    building.build_all(datasets(tmp_path, 5, 9))
    assert written == [4 * len(SUITES)]  # two sizes, two files each
    assert building.listed(tmp_path) == sorted(datasets(tmp_path, 5, 9), key=lambda one: one.folder)


def test_a_size_that_cannot_be_made_stops_the_build(tmp_path: Path) -> None:
    """What is asked for is checked before anything is written."""
    with pytest.raises(ConfigError, match="items, got 0;"):
        building.build_all(datasets(tmp_path, 5, 0))
    assert files_in(tmp_path) == {}


def test_workers_tell_of_a_changed_file(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in a worker is the error that one process alone would raise."""
    build(built, "episodic", size=7, seed=2)
    flip_a_byte(built / EVENTS)
    monkeypatch.setattr("memeval.datasets.parallel.WORTH_WORKERS", 0)
    with pytest.raises(DataError, match=f"must match its sha256.*{EVENTS}"):
        building.verify(built)


@pytest.mark.parametrize("least", [0, 10**9], ids=["workers", "alone"])
def test_every_dataset_is_told_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    """Progress counts each dataset once, while it is built and while it is verified."""
    monkeypatch.setattr("memeval.datasets.parallel.WORTH_WORKERS", least)
    done: list[None] = []
    building.build_all(datasets(tmp_path, 5, 9), on_done=lambda: done.append(None))
    building.verify(tmp_path, on_done=lambda: done.append(None))
    assert len(done) == 2 * len(datasets(tmp_path, 5, 9))


BUILD = """
import sys
from pathlib import Path
from memeval.suites.own import SUITES
for suite in SUITES.values():
    suite.dataset(size=40, seed=7, path=Path(sys.argv[1])).build()
assert not {"torch", "transformers"} & set(sys.modules), "heavy import"
"""


def test_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    """Another seed of Python's string hash changes no byte, and no heavy package is imported."""
    for seed in ("1", "2"):
        command = [sys.executable, "-c", BUILD, str(tmp_path / seed)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed})
    assert files_in(tmp_path / "1") == files_in(tmp_path / "2")


def test_load_gives_what_was_built(tmp_path: Path) -> None:
    """A dataset read from its files is the generated session, prompt and labels included."""
    session = build(tmp_path, "episodic", size=50, seed=7)
    loaded, _ = load(tmp_path, "episodic", size=50, seed=7)
    assert loaded == session == generate("episodic", size=50, seed=7)


def test_load_builds_a_missing_dataset(tmp_path: Path) -> None:
    """A dataset that is nowhere is built, listed, and read."""
    session, _ = load(tmp_path, "episodic", size=5, seed=1)
    assert session == generate("episodic", size=5, seed=1)
    assert sorted(manifest.read_manifest(tmp_path)) == [EVENTS, ITEMS]


def test_load_tells_datasets_apart(tmp_path: Path) -> None:
    """The digest of a dataset is repeatable, and another dataset has another."""
    digests = [load(tmp_path, "episodic", size=5, seed=seed)[1] for seed in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("name", [EVENTS, ITEMS])
def test_load_refuses_a_changed_dataset(built: Path, name: str) -> None:
    """A changed file is refused rather than read or built over."""
    flip_a_byte(built / name)
    before = files_in(built)
    with pytest.raises(DataError, match=f"must match its sha256.*{name}"):
        load(built, "episodic", size=5, seed=1)
    assert files_in(built) == before


def test_load_refuses_half_a_dataset(built: Path) -> None:
    """A dataset with one of its two files gone is refused."""
    (built / ITEMS).unlink()
    with pytest.raises(DataError, match=f"must be there to be read.*{ITEMS}"):
        load(built, "episodic", size=5, seed=1)


def list_another_hash(data_dir: Path) -> None:
    """Make the manifest of a dataset one that today's generator does not meet."""
    table = json.loads((data_dir / manifest.NAME).read_text())
    table["files"][EVENTS]["sha256"] = "0" * 64
    (data_dir / manifest.NAME).write_text(json.dumps(table))


def test_missing_dataset_must_come_out_as_listed(built: Path) -> None:
    """A dataset that is built again but differs from the manifest is an error that names it."""
    list_another_hash(built)
    (built / EVENTS).unlink()
    (built / ITEMS).unlink()
    with pytest.raises(DataError, match=f"as MANIFEST.json lists it, got another {EVENTS}"):
        load(built, "episodic", size=5, seed=1)


def test_refused_dataset_stays_refused(built: Path) -> None:
    """Asking a second time does not turn a dataset that differs into an accepted one."""
    list_another_hash(built)
    (built / EVENTS).unlink()
    (built / ITEMS).unlink()
    for _ in range(2):
        with pytest.raises(DataError, match=EVENTS):
            load(built, "episodic", size=5, seed=1)


@pytest.mark.parametrize("size", [0, -1, 2001])
def test_impossible_size(tmp_path: Path, size: int) -> None:
    """A size that cannot be made is an error that says the bounds, and nothing is written."""
    with pytest.raises(ConfigError, match=f"must be 1 to 2000 items, got {size};"):
        build(tmp_path, "episodic", size=size, seed=1)
    assert files_in(tmp_path) == {}


def test_smallest_and_largest_size() -> None:
    """The bounds themselves can be made."""
    assert [len(generate("episodic", size=n, seed=1).items) for n in (1, 2000)] == [1, 2000]


def test_unknown_suite_names_the_near_one() -> None:
    """A suite that does not exist is an error that names the near one."""
    with pytest.raises(ConfigError, match=r"got 'episodc'; did you mean episodic\?"):
        dataset_named("episodc", 5, 1)


def test_verify_finds_nothing_in_a_fresh_dataset(built: Path) -> None:
    """Every listed dataset is checked, and one as built has no fault."""
    build(built, "episodic", size=7, seed=2)
    assert building.verify(built) == {"episodic/5_1": [], "episodic/7_2": []}


def test_verify_names_a_changed_file(built: Path) -> None:
    """Verifying re-hashes every file."""
    flip_a_byte(built / EVENTS)
    with pytest.raises(DataError, match=f"must match its sha256.*{EVENTS}"):
        building.verify(built)


def test_verify_names_a_missing_file(built: Path) -> None:
    """Verifying does not quietly build what is gone."""
    (built / EVENTS).unlink()
    (built / ITEMS).unlink()
    with pytest.raises(DataError, match=f"must be there to be read.*{EVENTS}"):
        building.verify(built)


@pytest.mark.parametrize("folder", ["episodic/" + "9" * 5000 + "_1", "x" * 10**5])
def test_a_listed_folder_that_can_be_none_is_named(tmp_path: Path, folder: str) -> None:
    """A size that is no number of items, or a name without end, is told in one sentence."""
    files = {f"{folder}/events.jsonl": {"sha256": "", "items": 1}}
    (tmp_path / manifest.NAME).write_text(json.dumps({"files": files}))
    with pytest.raises(DataError, match="a listed dataset must be SUITE/SIZE_SEED") as refused:
        building.listed(tmp_path)
    assert len(str(refused.value)) < 400


def test_verify_without_datasets(tmp_path: Path) -> None:
    """Verifying nothing is an error, not a pass."""
    with pytest.raises(DataError, match=r"must be listed in MANIFEST\.json, got none"):
        building.verify(tmp_path)


def test_verify_reports_faults_of_the_files(built: Path) -> None:
    """A fault in a file that the manifest lists is found by reading the file."""
    session, _ = load(built, "episodic", size=5, seed=1)
    blank = replace(session.events[0], text=" ")
    broken = replace(session, events=(blank, *session.events[1:]))
    (built / EVENTS).write_text(store.event_lines(broken), "utf-8")
    manifest.record_files(built, [EVENTS])
    [faults] = building.verify(built).values()
    assert ("events have text", blank.id) in [(fault.rule, fault.where) for fault in faults]


def test_a_missing_dataset_names_the_command_that_builds_it(built: Path) -> None:
    """Its own suite, size and seed: the defaults would build others."""
    (built / EVENTS).unlink()
    with pytest.raises(DataError, match=r"datasets build --suite episodic --size 5 --seed 1\Z"):
        manifest.check_file(built, EVENTS)


def test_the_repositorys_manifest_lists_the_run_matrix() -> None:
    """And nothing else, or 'datasets verify' would miss files that 'datasets build' never makes."""
    listed = manifest.read_manifest(Path(__file__).parents[2] / "data")
    assert set(listed) == {
        f"{suite}/{size}_{seed}/{file}"
        for suite in SUITES
        for size in SIZES
        for seed in SEEDS
        for file in (store.EVENTS, store.ITEMS)
    }
