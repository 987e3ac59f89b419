"""The four files of a cell: written all at once, and read back if they are as they were written."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from memeval import parquet
from memeval.atomic import new_folder
from memeval.errors import DataError
from memeval.outside import UnreadableError, shown
from memeval.results.cell import FORMATS, CellResult, StoredCell
from memeval.results.figures import to_csv, to_json
from memeval.results.item import ItemRecord, as_records, as_table
from memeval.results.shape import check_shape
from memeval.sealing import SEAL, check_seal, read_head, sealed

METRICS, TABLE, META, ITEMS = "metrics.json", "metrics.csv", "meta.json", "items.parquet"
FAILURE = "failure.txt"
META_FORMAT = 3
UNSEALED = (1, 2)
"""Formats of `meta.json` from before it held digests."""
SEALED = (METRICS, TABLE, ITEMS)
"""The files of which `meta.json` holds digests."""
CELL_FILES = {META, *SEALED, FAILURE}


def write_cell(folder: Path, result: CellResult, meta: Mapping[str, Any]) -> None:
    """Write the four files as one: the folder is there whole, or as it was before.

    What else stands in the folder stays.

    Raises:
        OutputError: the folder cannot be written.
    """
    table = as_table(result.items, list(result.metrics["scores"]))
    with new_folder(folder, ours=CELL_FILES) as unfinished:
        parquet.write(table, unfinished / ITEMS)
        texts = {METRICS: to_json(result.metrics), TABLE: to_csv(result.metrics)}
        for name, text in texts.items():
            (unfinished / name).write_text(text, "utf-8", newline="\n")
        _write_meta(unfinished, meta)


def copy_cell(source: Path, folder: Path, meta: Mapping[str, Any]) -> None:
    """Write what a finished cell has found as another cell, with a `meta.json` of its own.

    Raises:
        OutputError: the folder cannot be written.
    """
    with new_folder(folder, ours=CELL_FILES) as unfinished:
        for name in SEALED:
            shutil.copyfile(source / name, unfinished / name)
        _write_meta(unfinished, meta)


def _write_meta(folder: Path, meta: Mapping[str, Any]) -> None:
    """Write the meta of files that lie beside it already, with their digests."""
    told = {"format": META_FORMAT, **meta} | {"format": META_FORMAT}  # at the very beginning
    head = to_json(sealed(folder, META, told, SEALED))
    (folder / META).write_text(head, "utf-8", newline="\n")


def read_cell(folder: Path) -> StoredCell:
    """Read a finished cell's metrics and meta, once all its files are found to be undamaged.

    Records and table may be absent, as in a clone that holds the small files alone.

    Raises:
        DataError: a file is missing, damaged, or of another version; its cause says which.
    """
    try:
        meta, metrics = read_head(folder / META), read_head(folder / METRICS)
        version = meta.get("format")
        _check_format(META, version, (*UNSEALED, META_FORMAT))
        _check_format(METRICS, metrics.get("format", 0), FORMATS)
        # a damaged version must not pass for an old one
        if version not in UNSEALED or SEAL in meta:
            check_seal(folder, META, meta, SEALED)
        check_shape(meta, metrics)
        if version in UNSEALED:
            _check_unsealed(folder, metrics)
    except (OSError, UnreadableError) as error:
        raise DataError(
            f"a finished cell must hold {META} and {METRICS} and be whole, got {str(folder)!r} "
            f"({error}); run the cell again"
        ) from error
    return StoredCell(folder, meta, metrics)


def read_items(folder: Path) -> list[ItemRecord]:
    """Read a cell's records, of whichever format it has.

    Raises:
        DataError: `items.parquet` is missing or damaged.
    """
    try:
        with parquet.opened(folder / ITEMS) as file:
            return as_records(file.read(use_threads=False))
    except UnreadableError as error:
        raise DataError(
            f"a cell's records must be in {ITEMS}, got {str(folder)!r} ({error}); "
            "run the cell again"
        ) from error


def is_cell(folder: Path) -> bool:
    """Whether any file of a cell lies in a folder, of a finished one or not."""
    return any((folder / name).is_file() for name in CELL_FILES)


def absent_files(folder: Path) -> list[str]:
    """Return which files a finished cell lacks."""
    return [name for name in (META, *SEALED) if not (folder / name).is_file()]


def _check_format(name: str, version: object, known: Sequence[int]) -> None:
    if version not in known:
        raise DataError(
            f"{name} must have format {' or '.join(map(str, known))}, got {shown(version)}; run "
            "the cell again with this version of memeval"
        )


def _check_unsealed(folder: Path, metrics: Mapping[str, Any]) -> None:
    """Check a cell that was written before files had digests: all of it is read."""
    table = folder / TABLE
    if table.is_file() and table.read_bytes() != to_csv(metrics).encode("utf-8", "replace"):
        raise UnreadableError(f"{TABLE} does not say what {METRICS} says")
    if (folder / ITEMS).is_file():
        parquet.read_through(folder / ITEMS)


def cell_folders(root: Path) -> list[Path]:
    """Return every folder that holds any file of a cell, in order of path; links are not followed.

    A folder that has lost its `meta.json` is among them: what is broken must be seen. Folders with
    hidden names are not: what they hold is unfinished.
    """
    found = []
    for folder, below, files in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        if CELL_FILES.intersection(files):
            found.append(Path(folder))
    return sorted(found)
