"""What memeval's own memories promise beyond the contract: stores that no fault can take."""

import errno
import json
import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from stores import rewrite

from memeval import atomic
from memeval.encoders.scripted import ScriptedEncoder
from memeval.errors import ConfigError, DataError, OutputError
from memeval.memories.contract import Memory
from memeval.memories.controls import Control
from memeval.memories.kinds import memory_class
from memeval.memories.loading import load_memory
from memeval.memories.peers.peer import Peer
from memeval.memories.store_folder import ABOUT
from memeval.models.scripted import ScriptedModel
from memeval.registry import MEMORIES
from memeval.sealing import SEAL
from memeval.suites.own import generate
from memeval.types import Event

NAMES = MEMORIES.names()
MODEL = ScriptedModel()
ENCODER = ScriptedEncoder()
SESSION = generate("episodic", size=20, seed=7)

each_own_memory = pytest.mark.parametrize(  # others may lay out their files as they like
    "name",
    [
        n
        for n in NAMES
        if (kind := memory_class(n)).__module__.startswith("memeval.")
        and not issubclass(kind, Peer)
    ],
)


def taught(name: str, events: tuple[Event, ...] = SESSION.events) -> Memory:
    memory = load_memory(name, model=MODEL, encoder=ENCODER)
    memory.observe(events)
    memory.replay()
    if isinstance(memory, Control):
        memory.prepare(SESSION.items, SESSION.events)
    return memory


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
            (copy() / path).write_text(json.dumps(json.loads(content) | {SEAL: {}}))
            yield f"{path} has no digests", where
            for key in json.loads(content).keys() - {SEAL}:
                rewrite(copy() / path, **{key: ...})
                yield f"{path} has no {key}", where
                rewrite(copy() / path, **{key: None})
                yield f"{path} has nothing for {key}", where
        else:
            table = pq.ParquetFile(store / path).read()
            for column in table.schema.names:
                pq.write_table(table.drop_columns([column]), copy() / path)
                rewrite((where / path).with_name(ABOUT))
                yield f"{path} has no column {column}", where


@each_own_memory
def test_a_broken_store_is_one_sentence_and_changes_nothing(name: str, tmp_path: Path) -> None:
    """Whatever is wrong with a store, a `DataError` says so, and what was held before is kept."""
    taught(name).save(tmp_path / "store")
    memory = load_memory(name, model=MODEL, encoder=ENCODER)
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
    load_memory(name, model=MODEL, encoder=ENCODER).save(store)
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
    loaded = load_memory(name, model=MODEL, encoder=ENCODER)
    loaded.load(store)
    assert loaded.fingerprint() == memory.fingerprint()


@each_own_memory
def test_a_store_is_not_saved_over_other_files(name: str, tmp_path: Path) -> None:
    """Nothing that somebody put into a folder, or named instead of one, is lost."""
    memory = load_memory(name, model=MODEL, encoder=ENCODER)
    memory.save(tmp_path / "store")
    (tmp_path / "store" / "thesis.txt").write_text("mine")
    for place in (tmp_path / "store", tmp_path / "store" / "thesis.txt"):
        with pytest.raises(DataError, match=r"a folder of its own, got .* with 'thesis\.txt'"):
            memory.save(place)
    assert (tmp_path / "store" / "thesis.txt").read_text() == "mine"


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
    with pytest.raises(ConfigError, match=r"gate\.bias of hei_nw is invalid: .* got 'high'"):
        load_memory("hei_nw", model=MODEL, gate={"bias": "high"})


def test_a_value_for_a_table_names_what_is_in_it() -> None:
    """Nobody knows the class that a table is made of."""
    with pytest.raises(ConfigError, match=r"got 'gate'; did you mean gate\.\w+"):
        load_memory("hei_nw", model=MODEL, gate=3)


def test_a_parameter_that_is_value_and_table_is_refused() -> None:
    """A message says what to do about it."""
    with pytest.raises(ConfigError, match=r"got both for 'gate\.bias'; take one out"):
        load_memory("hei_nw", model=MODEL, **{"gate": 3, "gate.bias": 1.0})
