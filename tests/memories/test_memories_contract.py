"""What every registered memory must do, whoever wrote it."""

import errno
import json
import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memeval import atomic
from memeval.errors import ConfigError, DataError, OutputError
from memeval.memories.contract import Memory, Persistent
from memeval.memories.controls import Control
from memeval.memories.kinds import memory_class
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.registry import MEMORIES
from memeval.suites.own import generate
from memeval.types import Event, Query

NAMES = MEMORIES.names()
MODEL = ScriptedModel()
SESSION = generate("episodic", size=20, seed=7)
QUERIES = [item.query for item in SESSION.items]

each_memory = pytest.mark.parametrize("name", NAMES)
each_real_memory = pytest.mark.parametrize(
    "name", [n for n in NAMES if not issubclass(memory_class(n), Control)]
)
each_kept_memory = pytest.mark.parametrize(
    "name",
    [
        n
        for n in NAMES
        if issubclass(memory_class(n), Persistent) and not issubclass(memory_class(n), Control)
    ],
)

each_own_memory = pytest.mark.parametrize(  # others may lay out their files as they like
    "name", [n for n in NAMES if memory_class(n).__module__.startswith("memeval.")]
)


def taught(name: str, events: tuple[Event, ...] = SESSION.events) -> Memory:
    memory = load_memory(name, model=MODEL)
    memory.observe(events)
    memory.replay()
    if isinstance(memory, Control):
        memory.prepare(SESSION.items, SESSION.events)
    return memory


@each_memory
def test_has_every_method(name: str) -> None:
    """A memory has all that the protocol names."""
    assert isinstance(load_memory(name, model=MODEL), Memory)


@each_memory
def test_gives_one_recall_a_query(name: str) -> None:
    """Recalls are as many as queries, their traces name events of the stream, scores descend."""
    known = {event.id for event in SESSION.events}
    recalls = taught(name).recall(QUERIES)
    assert len(recalls) == len(QUERIES)
    for recall in recalls:
        assert set(recall.events) <= known
        scores = [trace.score for trace in recall.traces]
        assert scores == sorted(scores, reverse=True)


@each_memory
def test_recall_leaves_the_store_alone(name: str) -> None:
    """Asking changes no fingerprint, and asking again gives the same."""
    memory = taught(name)
    before = memory.fingerprint()
    first = memory.recall(QUERIES)
    assert memory.recall(QUERIES) == first
    assert memory.fingerprint() == before


@each_memory
def test_order_of_queries_never_changes_a_recall(name: str) -> None:
    """A recall depends on its own query alone."""
    memory = taught(name)
    assert memory.recall(QUERIES[::-1]) == memory.recall(QUERIES)[::-1]
    assert [memory.recall([query])[0] for query in QUERIES] == memory.recall(QUERIES)


@each_memory
def test_teaching_twice_from_scratch_gives_the_same_store(name: str) -> None:
    """Equal content has equal fingerprints."""
    assert taught(name).fingerprint() == taught(name).fingerprint()


@each_kept_memory
def test_save_and_load_keep_store_and_recalls(name: str, tmp_path: Path) -> None:
    """A loaded store has the fingerprint, the counters and the recalls of the saved one."""
    saved = taught(name)
    saved.save(tmp_path)
    loaded = load_memory(name, model=MODEL)
    loaded.load(tmp_path)
    assert loaded.fingerprint() == saved.fingerprint()
    assert loaded.recall(QUERIES) == saved.recall(QUERIES)
    assert loaded.stats() == saved.stats()


@each_kept_memory
def test_a_load_leaves_nothing_of_what_was_held(name: str, tmp_path: Path) -> None:
    """A memory that was asked about as many other events answers as one that never knew them."""
    saved = taught(name)
    saved.save(tmp_path)
    other = generate("episodic", size=20, seed=8)
    assert len(other.events) == len(SESSION.events)
    memory = taught(name, other.events)
    memory.recall(QUERIES)
    memory.load(tmp_path)
    assert memory.recall(QUERIES) == saved.recall(QUERIES)
    assert (memory.fingerprint(), memory.stats()) == (saved.fingerprint(), saved.stats())


@each_kept_memory
def test_saved_files_are_parquet_or_json(name: str, tmp_path: Path) -> None:
    """Nothing executable is stored."""
    taught(name).save(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".parquet", ".json"}


def rewrite(path: Path, **changes: object) -> None:
    """Change keys of a JSON file; a key changed to `...` is taken out."""
    content = json.loads(path.read_text("utf-8")) | changes
    kept = {key: value for key, value in content.items() if value is not ...}
    path.write_text(json.dumps(kept), "utf-8")


def broken(store: Path) -> Iterator[tuple[str, Path]]:
    """Yield what is wrong and where, one copy of a store after the other, each broken once."""

    def copy() -> Path:
        where = store.with_name("broken")
        shutil.rmtree(where, ignore_errors=True)
        return Path(shutil.copytree(store, where))

    for path in sorted(path.relative_to(store) for path in store.rglob("*") if path.is_file()):
        where = copy()
        (where / path).unlink()
        yield f"{path} is missing", where
        content = (store / path).read_bytes()
        (copy() / path).write_bytes(content[: len(content) // 2])
        yield f"{path} is cut off", where
        if path.suffix == ".json":
            (copy() / path).write_text("[]")
            yield f"{path} is a list", where
            for changes in ({"format": 99}, {"memory": "none of ours"}, {"model": "another"}):
                rewrite(copy() / path, **changes)
                yield f"{path} has {changes}", where
            for key in json.loads(content):
                rewrite(copy() / path, **{key: ...})
                yield f"{path} has no {key}", where
                rewrite(copy() / path, **{key: None})
                yield f"{path} has nothing for {key}", where
        else:
            table = pq.ParquetFile(store / path).read()
            for column in table.schema.names:
                pq.write_table(table.drop_columns([column]), copy() / path)
                yield f"{path} has no column {column}", where


@each_own_memory
def test_a_broken_store_is_one_sentence_and_changes_nothing(name: str, tmp_path: Path) -> None:
    """Whatever is wrong with a store, a `DataError` says so, and what was held before is kept."""
    taught(name).save(tmp_path / "store")
    memory = load_memory(name, model=MODEL)
    memory.observe(SESSION.events[::2])
    before = memory.fingerprint(), memory.stats()
    for wrong, folder in broken(tmp_path / "store"):
        with pytest.raises(DataError, match=r"(?s)must .*got .*; .*teach it again"):
            memory.load(folder)
            pytest.fail(f"loaded although {wrong}")
        assert (memory.fingerprint(), memory.stats()) == before, wrong


@each_own_memory
def test_a_store_takes_the_place_of_an_older_one_whole_or_not_at_all(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save that runs out of room at any file leaves the store of before, byte for byte."""
    synced = 0
    room = math.inf

    def sync(_descriptor: int) -> None:
        nonlocal synced
        synced += 1
        if synced > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def files() -> dict[str, bytes]:
        found = (path for path in tmp_path.rglob("*") if path.is_file())
        return {str(path.relative_to(tmp_path)): path.read_bytes() for path in found}

    store = tmp_path / "store"
    load_memory(name, model=MODEL).save(store)
    before = files()
    memory = taught(name)
    monkeypatch.setattr(atomic, "_sync", sync)
    memory.save(tmp_path / "counted")
    shutil.rmtree(tmp_path / "counted")
    for room in range(synced):
        synced = 0
        with pytest.raises(OutputError):
            memory.save(store)
        assert files() == before, room
    room = math.inf
    memory.save(store)
    loaded = load_memory(name, model=MODEL)
    loaded.load(store)
    assert loaded.fingerprint() == memory.fingerprint()


@each_own_memory
def test_a_store_is_not_saved_over_other_files(name: str, tmp_path: Path) -> None:
    """Nothing that somebody put into a folder, or named instead of one, is lost."""
    memory = load_memory(name, model=MODEL)
    memory.save(tmp_path / "store")
    (tmp_path / "store" / "thesis.txt").write_text("mine")
    for place in (tmp_path / "store", tmp_path / "store" / "thesis.txt"):
        with pytest.raises(DataError, match=r"a folder of its own, got .* with 'thesis\.txt'"):
            memory.save(place)
    assert (tmp_path / "store" / "thesis.txt").read_text() == "mine"


@each_memory
def test_stats_are_flat_numbers(name: str) -> None:
    """Counters are numbers by name, and the size of the store is among them."""
    stats = taught(name).stats()
    assert all(isinstance(value, int | float) for value in stats.values())
    assert {"store_items", "store_bytes"} <= stats.keys()


@each_real_memory
def test_an_empty_store_recalls_nothing(name: str) -> None:
    """Before any event there is nothing to remember."""
    memory = load_memory(name, model=MODEL)
    assert all(not recall.traces for recall in memory.recall(QUERIES))
    assert memory.recall([]) == []


@each_real_memory
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.text(max_size=60), max_size=8), question=st.text(max_size=40))
def test_any_text_is_taken(name: str, texts: list[str], question: str) -> None:
    """Emoji, right-to-left and empty texts neither break a memory nor vanish into an error."""
    memory = load_memory(name, model=MODEL)
    memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
    [recall] = memory.recall([Query("q", question, len(texts))])
    assert set(recall.events) <= {f"e{i}" for i in range(len(texts))}


@each_memory
def test_an_unknown_parameter_is_refused_by_name(name: str) -> None:
    """A misspelt parameter is an error, not a silent default."""
    with pytest.raises(ConfigError, match=rf"a parameter of {name} must be a known name"):
        load_memory(name, model=MODEL, no_such_parameter=1)


def test_an_unknown_memory_is_refused_with_the_near_name() -> None:
    """The message offers what the user may have meant."""
    with pytest.raises(ConfigError, match="did you mean hei_nw"):
        load_memory("hei_mw", model=MODEL)


def test_parameters_are_dotted_or_nested() -> None:
    """Both ways of writing a parameter reach the same place."""
    dotted = load_memory("hei_nw", model=MODEL, **{"gate.enabled": False})
    nested = load_memory("hei_nw", model=MODEL, gate={"enabled": False})
    assert dotted.params == nested.params  # type: ignore[attr-defined]
    assert dotted.params.gate.enabled is False  # type: ignore[attr-defined]


def test_a_value_of_the_wrong_type_is_refused() -> None:
    """The message names the parameter, the rule and what was got."""
    with pytest.raises(ConfigError, match=r"gate\.tau of hei_nw is invalid: .* got 'high'"):
        load_memory("hei_nw", model=MODEL, gate={"tau": "high"})


def test_names_in_a_message_are_spelt_as_they_are() -> None:
    """The rule is pydantic's sentence, of which the first letter alone is made small."""
    with pytest.raises(ConfigError, match=r"invalid: input should be .* instance of GateParams, "):
        load_memory("hei_nw", model=MODEL, gate=3)


def test_a_parameter_that_is_value_and_table_is_refused() -> None:
    """A message says what to do about it."""
    with pytest.raises(ConfigError, match=r"got both for 'gate\.tau'; take one out"):
        load_memory("hei_nw", model=MODEL, **{"gate": 3, "gate.tau": 1.0})
