"""A place for small matrices on the scripted model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from memeval.matrix import Cell, Context, plan
from memeval.preset import Preset

Plan = Callable[..., list[Cell]]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """Return a context whose folders are the test's own."""
    return Context(
        data_dir=tmp_path / "data", runs_dir=tmp_path / "runs" / "d", cache_dir=tmp_path / "cache"
    )


@pytest.fixture
def small() -> Plan:
    """Return a function that plans memories on episodic datasets of ten items."""

    def make(*memories: str, seeds: tuple[int, ...] = (1337, 2025, 4242)) -> list[Cell]:
        presets = [Preset(name=f"memory/{name}", memory=name) for name in memories]
        return plan(presets, ["scripted"], ["episodic"], [10], seeds)

    return make
