"""A place for small matrices on the scripted model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from memeval.datasets.generated import Generated
from memeval.matrix import Cell, Context, bench, plan
from memeval.preset import Preset
from memeval.runner import Report
from memeval.session_result import SessionResult
from memeval.suites.own import SUITES
from memeval.types import Session

Plan = Callable[..., list[Cell]]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """Return a context whose folders are the test's own."""
    return Context(runs_dir=tmp_path / "runs" / "d", cache_dir=tmp_path / "cache")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return where the test's datasets lie."""
    return tmp_path / "data"


@pytest.fixture
def episodic(data_dir: Path) -> Callable[..., list[Generated]]:
    """Return a function that gives episodic datasets of ten items."""

    def make(*seeds: int, size: int = 10) -> list[Generated]:
        suite = SUITES["episodic"]
        return [suite.dataset(size=size, seed=seed, path=data_dir) for seed in seeds]

    return make


@pytest.fixture
def small(episodic: Callable[..., list[Generated]]) -> Plan:
    """Return a function that plans memories on episodic datasets of ten items."""

    def make(*memories: str, seeds: tuple[int, ...] = (1337, 2025, 4242)) -> list[Cell]:
        presets = [Preset(name=f"memory/{name}", memory=name) for name in memories]
        return plan(presets, ["scripted"], episodic(*seeds))

    return make


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of sessions that are run from now on."""
    seen: list[str] = []
    run_one = bench.run_one

    def watched(parts: object, session: Session, report: Report) -> SessionResult:
        seen.append(session.id)
        return run_one(parts, session, report)  # type: ignore[arg-type]

    monkeypatch.setattr(bench, "run_one", watched)
    return seen
