"""Packages that adapters rest on: looked for before anything runs, and part of a cell."""

import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from memeval.errors import ConfigError, PluginError
from memeval.matrix import Cell, Context
from memeval.matrix.identity import parts_of
from memeval.memories.event_store import EventStore
from memeval.memories.installed import check_installed, packages_of
from memeval.memories.kinds import memory_class
from memeval.memories.loading import load_memory
from memeval.memories.peers.peer import Peer
from memeval.preset import Preset
from memeval.registry import MEMORIES
from memeval.suites.own.behaviour import SUITE

ROOT = Path(__file__).parents[3]
PEERS = [name for name in MEMORIES.names() if issubclass(memory_class(name), Peer)]
MINE = """
from memeval.matrix import Cell, Context
from memeval.matrix.identity import parts_of
from memeval.memories.event_store import EventStore

class Mine(EventStore):
    packages = {}
    def recall(self, queries):
        return []
"""


class Absent(EventStore):
    """Rests on what is not there."""

    packages = {"no-such-package": ">=2"}


class Old(EventStore):
    """Rests on a version of long ago."""

    packages = {"numpy": "<1"}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Absent, "needs the package no-such-package >=2, got none; install it with pip install"),
        (Old, f"needs the package numpy <1, got {version('numpy')}; install it"),
    ],
)
def test_a_package_that_is_missing_or_another_is_one_sentence(kind: type, told: str) -> None:
    """It names the package, the versions that will do, and the extra that brings them."""
    with pytest.raises(ConfigError) as refused:
        check_installed("mine", kind)
    assert told in str(refused.value)
    assert str(refused.value).endswith("'memeval-bench[mine]'")


def test_it_is_said_before_anything_runs(memeval: Any, tmp_path: Path) -> None:
    """A plan with such a memory is refused, and so is loading it."""
    (tmp_path / "mine.py").write_text(MINE.replace("{}", "{'no-such-package': ''}"))
    done = memeval("eval", "--preset", f"{tmp_path}/mine.py:Mine", "--suite", "episodic",
                   "--limit", 1, "--model", "scripted", "--dry-run")  # fmt: skip
    assert done.code == 2
    assert "needs the package no-such-package" in done.err
    with pytest.raises(ConfigError, match="no-such-package"):
        load_memory(f"{tmp_path}/mine.py:Mine")


def test_packages_must_be_versions_by_name(tmp_path: Path) -> None:
    """A class that says so otherwise breaks the contract."""
    (tmp_path / "mine.py").write_text(MINE.replace("{}", "{'numpy': 'two'}"))
    with pytest.raises(PluginError, match="have packages that are versions by distribution"):
        memory_class(f"{tmp_path}/mine.py:Mine")


def test_the_version_is_part_of_a_cell(tmp_path: Path) -> None:
    """So that another one of a system is another cell."""
    (tmp_path / "mine.py").write_text(MINE.replace("{}", "{'pyyaml': '>=1'}"))
    preset = Preset(name="mine", memory=f"{tmp_path}/mine.py:Mine")
    dataset = SUITE.dataset(size=9, largest=100)
    parts = parts_of(
        Cell(preset, "scripted", dataset),
        Context(runs_dir=tmp_path, cache_dir=tmp_path),
        None,
        None,
    )
    assert parts["packages"]["pyyaml"] == version("pyyaml")


@pytest.mark.parametrize("name", PEERS)
def test_an_adapter_has_an_extra_of_its_name(name: str) -> None:
    """It brings the versions that the class asks for; what needs no package needs no extra."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    brought = map(Requirement, extras.get(name, []))
    wanted = {one: set(spec.split(",")) for one, spec in packages_of(memory_class(name)).items()}
    assert {one.name: set(str(one.specifier).split(",")) for one in brought} == wanted


@pytest.mark.parametrize("name", PEERS)
def test_an_adapter_is_short(name: str) -> None:
    """What is more than 120 lines has become somebody else's system."""
    path = ROOT / "src" / (memory_class(name).__module__.replace(".", "/") + ".py")
    assert len(path.read_text("utf-8").splitlines()) <= 120
