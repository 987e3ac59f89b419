"""What holds for every reader, on a small file of its form that a module here makes.

A module `made_NAME` has a function of its own name, which writes into a folder.
"""

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from memeval.cli.studying import study_cells
from memeval.errors import ConfigError, DataError
from memeval.study import load_study
from memeval.suites.choosing import dataset_named
from memeval.testing.suite import SuiteContract

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("made_*.py"))
NAMES = [module.removeprefix("made_") for module in MODULES]
BASELINES = ("closed_book", "recent", "rag", "dense", "hybrid", "longctx", "oracle")
MEMORIES = ("hei_nw", "sgc_rss", "smpd", "all")
PEERS = ("chroma", "mem0", "server_memory", "basic_memory")

every_benchmark = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of benchmarks by name, which is where memeval looks for them."""
    for name, module in zip(NAMES, MODULES, strict=True):
        (tmp_path / name).mkdir()
        getattr(import_module(module), module)(tmp_path / name)
    monkeypatch.setenv("MEMEVAL_BENCHMARKS_DIR", str(tmp_path))
    return tmp_path


class TestMade(SuiteContract):
    """The contract, for one benchmark after another."""

    @pytest.fixture(params=NAMES)
    def suite_name(self, request: pytest.FixtureRequest, made: Path) -> str:
        """Return each name in turn."""
        name: str = request.param
        return name


def file_of(folder: Path) -> Path:
    """Return the largest file of a benchmark, which holds what is asked."""
    return max(
        (path for path in folder.rglob("*") if path.is_file()), key=lambda p: p.stat().st_size
    )


@every_benchmark
def test_a_made_file_has_no_faults(made: Path, name: str) -> None:
    """What readers see to is seen to."""
    assert dataset_named(name).faults() == []


@every_benchmark
def test_a_file_cut_short_is_named(made: Path, name: str) -> None:
    """Nobody is measured on half of a benchmark by mistake."""
    file = file_of(made / name)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(DataError, match=rf"{file.name}\b.*, got .*; [^;]*$"):
        dataset_named(f"{name}:{file}")


@every_benchmark
def test_another_benchmarks_file_is_refused(made: Path, name: str) -> None:
    """It is named, with what is missing in it."""
    file, others = file_of(made / name), [made / other for other in NAMES if other != name]
    for other in others:
        shutil.copy(file_of(other), file)
        with pytest.raises(DataError, match=rf"{file.name}\b.*, got .*; [^;]*$"):
            dataset_named(f"{name}:{file}")


@every_benchmark
def test_a_colon_without_a_path_is_told_as_that(name: str) -> None:
    """The name in front of it is a known one."""
    with pytest.raises(ConfigError, match=f"a path must stand behind the colon .*, as in {name}:P"):
        dataset_named(f"{name}:")


@every_benchmark
def test_the_setting_that_led_nowhere_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been set long ago."""
    monkeypatch.setenv("MEMEVAL_BENCHMARKS_DIR", str(tmp_path))
    with pytest.raises(ConfigError, match=f"MEMEVAL_BENCHMARKS_DIR must be .* holds {name}/, got"):
        dataset_named(name)


@pytest.mark.parametrize("name", [*NAMES, "episodic", "./folder"])
def test_no_dataset_is_of_no_size(name: str) -> None:
    """Which is said before any file is looked for."""
    with pytest.raises(ConfigError, match=r"^--size must be at least 1, got 0; "):
        dataset_named(name, 0)


def test_the_study_of_public_benchmarks_plans_every_cell(made: Path) -> None:
    """Of all benchmarks the same baselines and memories; others, and switches, of some."""
    cells = study_cells(load_study("public"))
    whole = {f"baselines/{name}" for name in BASELINES} | {f"memory/{name}" for name in MEMORIES}
    measured = {(cell.suite, cell.preset.name) for cell in cells}
    assert measured >= {(suite, preset) for suite in NAMES for preset in whole}
    others = {preset for _, preset in measured if not preset.startswith("ablations/")} - whole
    assert others == {f"memory/{name}" for name in PEERS}
    ablated = {suite for suite, preset in measured if preset.startswith("ablations/")}
    assert ablated == {"locomo", "factconsolidation", "stepgame", "cogeval"}
