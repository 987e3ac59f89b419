"""Suites by name: what generates them, what solves them, and where their files lie."""

import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from memeval.atomic import write_text
from memeval.datasets import folder, manifest, store
from memeval.datasets.parallel import each
from memeval.datasets.validity import Fault, find_faults
from memeval.errors import ConfigError, DataError, unknown_name
from memeval.suites.own import episodic, semantic, spatial
from memeval.suites.own.base import Suite
from memeval.types import Session

SIZES = (50, 200, 1000)
SEEDS = (1337, 2025, 4242)
DEFAULT_SIZE, DEFAULT_SEED = SIZES[0], SEEDS[0]


SUITES: dict[str, Suite] = {
    "episodic": episodic.SUITE,
    "semantic": semantic.SUITE,
    "spatial": spatial.SUITE,
}


def suite_named(name: str) -> Suite:
    """Return a suite by name."""
    if name not in SUITES:
        raise ConfigError(unknown_name("a suite", name, SUITES))
    return SUITES[name]


def folder_named(name: str) -> Path | None:
    """Return the folder of one's own that a suite's name stands for, None if it is no path.

    A built-in suite goes before a folder of that name, which can be written `./name`.
    """
    is_path = os.sep in name or "/" in name or Path(name).is_dir()
    return Path(name) if is_path and name not in SUITES else None


class Dataset(NamedTuple):
    """Which dataset of a suite is meant."""

    suite: str
    size: int
    seed: int

    @property
    def folder(self) -> str:
        """Where it lies below the data folder."""
        return f"{self.suite}/{self.size}_{self.seed}"


def check_dataset(suite: str, size: int, seed: int) -> None:
    """Raise `ConfigError` unless there is such a suite, and it can make such a dataset."""
    maker = suite_named(suite)
    if not 1 <= size <= maker.max_size:
        raise ConfigError(
            f"the size of {suite} must be 1 to {maker.max_size} items, got {size}; "
            f"the run matrix uses {', '.join(map(str, SIZES))}"
        )
    if seed < 0:
        raise ConfigError(
            f"a seed must be 0 or more, got {seed}; "
            f"the run matrix uses {', '.join(map(str, SEEDS))}"
        )


def generate(suite: str, *, size: int, seed: int) -> Session:
    """Generate a session.

    Raises:
        ConfigError: no such suite, or a size or seed it cannot make.
    """
    check_dataset(suite, size, seed)
    return SUITES[suite].generate(size=size, seed=seed)


def build(data_dir: Path, suite: str, *, size: int, seed: int) -> Session:
    """Generate a dataset, write its two files, and enter them into the manifest."""
    dataset = Dataset(suite, size, seed)
    session = _written(data_dir, dataset)
    manifest.record_files(data_dir, _file_names(dataset.folder))
    return session


def build_all(
    data_dir: Path, datasets: Sequence[Dataset], *, on_done: Callable[[], None] = lambda: None
) -> list[tuple[int, int]]:
    """Build datasets side by side; return how many items and events each has.

    They enter the manifest together, once all of them are written.

    Raises:
        ConfigError: no such suite, or a size or seed it cannot make; nothing has been written then.
    """
    for dataset in datasets:
        check_dataset(dataset.suite, dataset.size, dataset.seed)
    sizes = [dataset.size for dataset in datasets]
    counts = each(partial(_counted, data_dir), datasets, items=sizes, on_done=on_done)
    files = [file for dataset in datasets for file in _file_names(dataset.folder)]
    manifest.record_files(data_dir, files)
    return counts


def _counted(data_dir: Path, dataset: Dataset) -> tuple[int, int]:
    session = _written(data_dir, dataset)
    return len(session.items), len(session.events)


def _written(data_dir: Path, dataset: Dataset) -> Session:
    session = generate(dataset.suite, size=dataset.size, seed=dataset.seed)
    for name, content in _contents(session, dataset.folder).items():
        write_text(data_dir / name, content)
    return session


def load(data_dir: Path, suite: str, *, size: int, seed: int) -> tuple[Session, str]:
    """Read a dataset, building it first where there is none; return it with its sha256.

    Raises:
        ConfigError: no such suite, or a size or seed it cannot make.
        DataError: a file differs from the manifest.
    """
    maker = suite_named(suite)
    dataset = Dataset(suite, size, seed)
    names = _file_names(dataset.folder)
    if not any((data_dir / name).exists() for name in names):
        _rebuild(data_dir, dataset)
    hashes = [manifest.check_file(data_dir, name) for name in names]
    events, worth = store.read_events(data_dir / names[0])
    items = store.read_items(data_dir / names[1], events)
    labels: dict[str, str | int] = {"suite": suite, "size": size, "seed": seed}
    id_ = "-".join(map(str, labels.values()))
    session = Session(id_, events, items, maker.prompt, worth, labels)
    return session, manifest.digest("".join(hashes).encode())


def listed(data_dir: Path) -> list[Dataset]:
    """Return the datasets in the manifest, in order of their folders.

    Raises:
        DataError: there are none.
    """
    folders = sorted({file.rpartition("/")[0] for file in manifest.read_manifest(data_dir)})
    if not folders:
        raise DataError(
            f"datasets to verify must be listed in {manifest.NAME}, got none in {str(data_dir)!r}; "
            "build them with: memeval datasets build"
        )
    return [_parsed(folder) for folder in folders]


def verify(data_dir: Path, *, on_done: Callable[[], None] = lambda: None) -> dict[str, list[Fault]]:
    """Re-hash and check every listed dataset side by side; return the faults by folder.

    Raises:
        DataError: there is no manifest, or a file is missing or changed.
    """
    datasets = listed(data_dir)
    sizes = [dataset.size for dataset in datasets]
    faults = each(partial(_faults_of, data_dir), datasets, items=sizes, on_done=on_done)
    return dict(zip((dataset.folder for dataset in datasets), faults, strict=True))


def _faults_of(data_dir: Path, dataset: Dataset) -> list[Fault]:
    for file in _file_names(dataset.folder):
        manifest.check_file(data_dir, file)
    session, _ = load(data_dir, dataset.suite, size=dataset.size, seed=dataset.seed)
    return find_faults(session, SUITES[dataset.suite].solve)


def _parsed(folder: str) -> Dataset:
    """Return which dataset a listed folder is."""
    match = re.fullmatch(r"([a-z_]+)/(\d+)_(\d+)", folder)
    if match is None or match[1] not in SUITES:
        raise DataError(
            f"a listed dataset must be SUITE/SIZE_SEED of a known suite, got {folder!r} in "
            f"{manifest.NAME}; delete the entry, or the manifest, and run: memeval datasets build"
        )
    return Dataset(match[1], int(match[2]), int(match[3]))


def _rebuild(data_dir: Path, dataset: Dataset) -> None:
    """Build a dataset that is missing; what the manifest already lists must come out the same."""
    listed = manifest.read_manifest(data_dir)
    session = generate(dataset.suite, size=dataset.size, seed=dataset.seed)
    for name, content in _contents(session, dataset.folder).items():
        if name in listed and listed[name]["sha256"] != manifest.digest(content.encode()):
            raise DataError(
                f"a dataset must come out as {manifest.NAME} lists it, got another {name}: the "
                "generator has changed; accept it with: memeval datasets build"
            )
    build(data_dir, dataset.suite, size=dataset.size, seed=dataset.seed)


def _contents(session: Session, folder: str) -> dict[str, str]:
    """Return the text of a dataset's files by their names."""
    texts = (store.event_lines(session), store.item_lines(session))
    return dict(zip(_file_names(folder), texts, strict=True))


def _file_names(folder: str) -> tuple[str, str]:
    return f"{folder}/{store.EVENTS}", f"{folder}/{store.ITEMS}"


__all__ = [
    "DEFAULT_SEED",
    "DEFAULT_SIZE",
    "SEEDS",
    "SIZES",
    "SUITES",
    "Dataset",
    "Suite",
    "build",
    "build_all",
    "check_dataset",
    "folder",
    "folder_named",
    "generate",
    "listed",
    "load",
    "suite_named",
    "verify",
]
