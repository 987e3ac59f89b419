"""Every reader keeps the suites' contract, on a small file of its form that a module here makes."""

from importlib import import_module
from pathlib import Path

import pytest

from memeval.testing.suite import SuiteContract

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("made_*.py"))


@pytest.fixture
def made_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of benchmarks by name, which is where memeval looks for them."""
    for module in MODULES:
        folder = tmp_path / module.removeprefix("made_")
        folder.mkdir()
        getattr(import_module(module), module)(folder)
    monkeypatch.setenv("MEMEVAL_BENCHMARKS_DIR", str(tmp_path))
    return tmp_path


class TestMade(SuiteContract):
    """The contract, for one benchmark after another."""

    @pytest.fixture(params=[module.removeprefix("made_") for module in MODULES])
    def suite_name(self, request: pytest.FixtureRequest, made_folder: Path) -> str:
        """Return each name in turn."""
        name: str = request.param
        return name
