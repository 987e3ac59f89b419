"""Suites by name: what generates them, what solves them, and where their files lie."""

import re
from pathlib import Path

from memeval.atomic import write_text
from memeval.errors import ConfigError, DataError, unknown_name
from memeval.suites import episodic, manifest, semantic, store
from memeval.suites.base import Suite
from memeval.suites.validity import Fault, find_faults
from memeval.types import Session

SIZES = (50, 200, 1000)
SEEDS = (1337, 2025, 4242)


SUITES: dict[str, Suite] = {"episodic": episodic.SUITE, "semantic": semantic.SUITE}


def suite_named(name: str) -> Suite:
    """Return a suite by name."""
    if name not in SUITES:
        raise ConfigError(unknown_name("a suite", name, SUITES))
    return SUITES[name]


def folder_name(suite: str, size: int, seed: int) -> str:
    """Return where a dataset lies below the data folder."""
    return f"{suite}/{size}_{seed}"


def generate(suite: str, *, size: int, seed: int) -> Session:
    """Generate a session.

    Raises:
        ConfigError: no such suite, or a size it cannot make.
    """
    maker = suite_named(suite)
    if not 1 <= size <= maker.max_size:
        raise ConfigError(
            f"the size of {suite} must be 1 to {maker.max_size} items, got {size}; "
            f"the run matrix uses {', '.join(map(str, SIZES))}"
        )
    return maker.generate(size=size, seed=seed)


def build(data_dir: Path, suite: str, *, size: int, seed: int) -> Session:
    """Generate a dataset, write its two files, and enter them into the manifest."""
    session = generate(suite, size=size, seed=seed)
    contents = _contents(session, folder_name(suite, size, seed))
    for name, content in contents.items():
        write_text(data_dir / name, content)
    manifest.record_files(data_dir, contents)
    return session


def load(data_dir: Path, suite: str, *, size: int, seed: int) -> tuple[Session, str]:
    """Read a dataset, building it first where there is none; return it with its sha256.

    Raises:
        ConfigError: no such suite, or a size it cannot make.
        DataError: a file differs from the manifest.
    """
    maker = suite_named(suite)
    name = folder_name(suite, size, seed)
    if not any((data_dir / file).exists() for file in _file_names(name)):
        _rebuild(data_dir, suite, size=size, seed=seed)
    hashes = [manifest.check_file(data_dir, file) for file in _file_names(name)]
    events, worth = store.read_events(data_dir / name / store.EVENTS)
    items = store.read_items(data_dir / name / store.ITEMS)
    labels: dict[str, str | int] = {"suite": suite, "size": size, "seed": seed}
    id_ = "-".join(map(str, labels.values()))
    session = Session(id_, events, items, maker.prompt, worth, labels)
    return session, manifest.digest("".join(hashes).encode())


def verify(data_dir: Path) -> dict[str, list[Fault]]:
    """Re-hash and check every listed dataset; return the faults by dataset.

    Raises:
        DataError: there is no manifest, or a file is missing or changed.
    """
    listed = sorted({str(Path(file).parent) for file in manifest.read_manifest(data_dir)})
    if not listed:
        raise DataError(
            f"datasets to verify must be listed in {manifest.NAME}, got none in {str(data_dir)!r}; "
            "build them with: memeval datasets build"
        )
    faults = {}
    for name in listed:
        suite, size, seed = _parsed(name)
        for file in _file_names(name):
            manifest.check_file(data_dir, file)
        session, _ = load(data_dir, suite, size=size, seed=seed)
        faults[name] = find_faults(session, suite_named(suite).solve)
    return faults


def _parsed(name: str) -> tuple[str, int, int]:
    """Return suite, size and seed of a listed dataset."""
    match = re.fullmatch(r"([a-z_]+)/(\d+)_(\d+)", name)
    if match is None or match[1] not in SUITES:
        raise DataError(
            f"a listed dataset must be SUITE/SIZE_SEED of a known suite, got {name!r} in "
            f"{manifest.NAME}; delete the entry, or the manifest, and run: memeval datasets build"
        )
    return match[1], int(match[2]), int(match[3])


def _rebuild(data_dir: Path, suite: str, *, size: int, seed: int) -> None:
    """Build a dataset that is missing; what the manifest already lists must come out the same."""
    listed = manifest.read_manifest(data_dir)
    session = generate(suite, size=size, seed=seed)
    for name, content in _contents(session, folder_name(suite, size, seed)).items():
        if name in listed and listed[name]["sha256"] != manifest.digest(content.encode()):
            raise DataError(
                f"a dataset must come out as {manifest.NAME} lists it, got another {name}: the "
                "generator has changed; accept it with: memeval datasets build"
            )
    build(data_dir, suite, size=size, seed=seed)


def _contents(session: Session, folder: str) -> dict[str, str]:
    """Return the text of a dataset's files by their names."""
    texts = (store.event_lines(session), store.item_lines(session))
    return dict(zip(_file_names(folder), texts, strict=True))


def _file_names(name: str) -> tuple[str, str]:
    return f"{name}/{store.EVENTS}", f"{name}/{store.ITEMS}"


__all__ = [
    "SEEDS",
    "SIZES",
    "SUITES",
    "Suite",
    "build",
    "folder_name",
    "generate",
    "load",
    "suite_named",
    "verify",
]
