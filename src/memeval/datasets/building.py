"""Builds and verifies many generated datasets side by side."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from memeval.datasets import manifest
from memeval.datasets.generated import Generated
from memeval.datasets.parallel import each
from memeval.datasets.validity import Fault
from memeval.errors import DataError
from memeval.outside import shown
from memeval.registry import SUITES


def build_all(
    datasets: Sequence[Generated], *, on_done: Callable[[], None] = lambda: None
) -> list[tuple[int, int]]:
    """Build datasets side by side; return how many items and events each has.

    They enter the manifest together, once all of them are written.
    """
    sizes = [dataset.size for dataset in datasets]
    counts = each(_counted, datasets, items=sizes, on_done=on_done)
    for data_dir in {dataset.data_dir for dataset in datasets}:
        here = [dataset for dataset in datasets if dataset.data_dir == data_dir]
        manifest.record_files(data_dir, [file for dataset in here for file in dataset.files])
    return counts


def listed(data_dir: Path) -> list[Generated]:
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
    return [_parsed(folder, data_dir) for folder in folders]


def verify(data_dir: Path, *, on_done: Callable[[], None] = lambda: None) -> dict[str, list[Fault]]:
    """Re-hash and check every listed dataset side by side; return the faults by folder.

    Raises:
        DataError: there is no manifest, or a file is missing or changed.
    """
    datasets = listed(data_dir)
    sizes = [dataset.size for dataset in datasets]
    faults = each(Generated.faults, datasets, items=sizes, on_done=on_done)
    return dict(zip((dataset.folder for dataset in datasets), faults, strict=True))


def _counted(dataset: Generated) -> tuple[int, int]:
    session = dataset.build()
    return len(session.items), len(session.events)


def _parsed(folder: str, data_dir: Path) -> Generated:
    """Return which dataset a listed folder is."""
    match = re.fullmatch(r"([a-z_]+)/([0-9]{1,9})_([0-9]{1,9})", folder)
    if match is None or match[1] not in SUITES.names():
        raise DataError(
            f"a listed dataset must be SUITE/SIZE_SEED of a known suite, got {shown(folder)} in "
            f"{manifest.NAME}; delete the entry, or the manifest, and run: memeval datasets build"
        )
    return Generated(match[1], int(match[2]), int(match[3]), data_dir)
