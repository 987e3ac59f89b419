"""Clock, memory and provenance."""

import mmap
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from memeval.telemetry import provenance
from memeval.telemetry.clock import Stopwatch
from memeval.telemetry.provenance import git_state, machine, package_versions
from memeval.telemetry.resources import PeakMemory


def test_phases_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time in a phase entered twice is the sum, in milliseconds."""
    ticks = iter([0.0, 1.0, 10.0, 12.5])
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    watch = Stopwatch()
    for _ in range(2):
        with watch.phase("teach"):
            pass
    assert watch.elapsed_ms == {"teach": 3500.0}


def test_a_phase_that_fails_is_timed_too() -> None:
    """The time was spent."""
    watch = Stopwatch()
    with pytest.raises(RuntimeError, match="oh"), watch.phase("read"):
        raise RuntimeError("oh")
    assert watch.elapsed_ms["read"] >= 0


def test_peak_memory_sees_an_allocation() -> None:
    """200 MB held while the block runs are part of its peak."""
    with PeakMemory() as idle:
        pass
    size = 200 * 2**20
    with mmap.mmap(-1, size) as block, PeakMemory() as busy:  # pages that were not freed before
        block.write(b"x" * size)
    assert busy.peak_bytes - idle.peak_bytes > 150 * 2**20


def test_provenance_is_filled_in() -> None:
    """Machine and packages are named, and a checkout has a commit."""
    assert machine()["cores"]
    assert package_versions()["numpy"] == version("numpy")
    assert package_versions()["memeval-bench"]
    assert set(git_state()) == {"commit", "dirty"}


def test_results_do_not_make_a_checkout_dirty(tmp_path: Path) -> None:
    """Only changed code does: a run writes files beside it, some of them tracked."""
    for file in ("src/code.py", "runs/old/metrics.json"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text("1", "utf-8")
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run([*git, *command], check=True)
    (tmp_path / "runs/old/metrics.json").write_text("2", "utf-8")
    assert provenance._state_of(tmp_path)["dirty"] is False
    (tmp_path / "src/code.py").write_text("2", "utf-8")
    assert provenance._state_of(tmp_path)["dirty"] is True


def test_git_is_asked_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for every cell."""
    asked = []
    monkeypatch.setattr(provenance, "_git", lambda *words: asked.append(words))
    provenance.git_state.cache_clear()
    assert provenance.git_state() is provenance.git_state()
    provenance.git_state.cache_clear()  # what was told here is no checkout's
    assert len(asked) == 1
