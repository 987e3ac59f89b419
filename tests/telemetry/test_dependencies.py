"""The versions that a plugin rests on."""

from pathlib import Path

import pytest

from memeval.telemetry.dependencies import dependency_versions


def install(site: Path, name: str, version: str, *requires: str) -> None:
    """Lay out a package's metadata as an installer would."""
    folder = site / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {one}" for one in requires]
    (folder / "METADATA").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that packages are found in."""
    monkeypatch.syspath_prepend(tmp_path)
    dependency_versions.cache_clear()
    return tmp_path


def test_all_that_a_plugin_needs_is_told(site: Path) -> None:
    """What it needs, and what that needs in turn, whatever the version that is asked for."""
    install(site, "wordy", "0.1", "memeval-bench", "wordlib>=1")
    install(site, "wordlib", "1.0", "letters")
    install(site, "letters", "3.2")
    told = dependency_versions("wordy")
    assert told == {"wordy": "0.1", "wordlib": "1.0", "letters": "3.2"}


def test_what_is_not_asked_for_here_is_left_out(site: Path) -> None:
    """Extras, other systems, and what is not installed; a circle ends."""
    install(site, "round", "1", "back", "missing", "extra; extra == 'all'", "dos; os_name == 'dos'")
    install(site, "back", "2", "round")
    install(site, "extra", "9")
    install(site, "dos", "9")
    assert dependency_versions("round") == {"round": "1", "back": "2"}


@pytest.mark.parametrize("name", [None, "memeval-bench", "no-such-package"])
def test_our_own_packages_are_told_elsewhere(name: str | None) -> None:
    """A file of one's own, memeval itself, and a name that is not installed rest on nothing."""
    assert dependency_versions(name) == {}
