"""What is registered is read once, and anew when a package comes or goes."""

import shutil
import sys
from pathlib import Path

import pytest
from matrix import plugins

from memeval import registry
from memeval.registry import MEMORIES


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which Python looks for packages, empty so far."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def test_a_package_installed_meanwhile_is_found(site: Path) -> None:
    """A notebook need not be started anew after an installation, nor after its undoing."""
    assert "silent" not in MEMORIES.names()
    plugins.install(site)
    assert "silent" in MEMORIES.names()
    shutil.rmtree(site / "plugged-1.0.dist-info")
    assert "silent" not in MEMORIES.names()


def test_packages_are_read_once(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are asked for dozens of times a run; the metadata of all packages takes its time."""
    names = MEMORIES.names()
    monkeypatch.setattr(registry, "entry_points", lambda **_: pytest.fail("read again"))
    assert MEMORIES.names() == names


def test_callers_cannot_change_what_is_registered() -> None:
    """What one of them takes out is still there for the next."""
    MEMORIES.plugins().clear()
    assert MEMORIES.names()
