"""What holds for every reader, on a small file of its form that a module here makes.

A module `made_NAME` has a function of its own name, which writes into a folder.
"""

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from memeval.errors import DataError
from memeval.suites.choosing import dataset_named
from memeval.testing.suite import SuiteContract

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("made_*.py"))
NAMES = [module.removeprefix("made_") for module in MODULES]

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
