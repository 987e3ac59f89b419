"""The four files of a cell: written all at once, and read back."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from memeval.atomic import new_folder
from memeval.errors import DataError
from memeval.results.cell import CellResult, StoredCell
from memeval.results.figures import to_csv, to_json
from memeval.results.item import ItemRecord, as_records, as_table

METRICS, TABLE, META, ITEMS = "metrics.json", "metrics.csv", "meta.json", "items.parquet"
FAILURE = "failure.txt"
CELL_FILES = {META, METRICS, TABLE, ITEMS, FAILURE}
REQUIRED_META = ("identity", "preset", "model", "suite", "size", "seed", "config", "config_hash")
REQUIRED_METRICS = ("n", "exact_match", "slices", "memory")


def write_cell(folder: Path, result: CellResult, meta: Mapping[str, Any]) -> None:
    """Write the four files as one: the folder is there whole, or as it was before.

    Raises:
        OutputError: the folder cannot be written.
    """
    table = as_table(result.items, list(result.metrics["scores"]))
    with new_folder(folder) as unfinished:
        pq.write_table(table, unfinished / ITEMS, compression="zstd")
        (unfinished / METRICS).write_text(to_json(result.metrics), "utf-8")
        (unfinished / TABLE).write_text(to_csv(result.metrics), "utf-8")
        (unfinished / META).write_text(to_json(meta), "utf-8")


def read_cell(folder: Path) -> StoredCell:
    """Read a finished cell's metrics and meta.

    Raises:
        DataError: a file is missing or broken.
    """
    try:
        meta = json.loads((folder / META).read_text("utf-8"))
        metrics = json.loads((folder / METRICS).read_text("utf-8"))
        absent = [name for name in REQUIRED_META if name not in meta]
        absent += [name for name in REQUIRED_METRICS if name not in metrics]
        if absent:
            raise ValueError(f"no {', '.join(absent)}")
    except (OSError, ValueError, TypeError) as error:
        raise DataError(
            f"a finished cell must hold {META} and {METRICS}, got {str(folder)!r} ({error}); "
            "run the cell again"
        ) from error
    return StoredCell(folder, meta, metrics)


def read_items(folder: Path) -> list[ItemRecord]:
    """Read a cell's records, of whichever format it has.

    Raises:
        DataError: `items.parquet` is missing or broken.
    """
    try:
        with pq.ParquetFile(folder / ITEMS) as file:
            return as_records(file.read(use_threads=False))
    except (OSError, TypeError, pa.ArrowException) as error:
        raise DataError(
            f"a cell's records must be in {ITEMS}, got {str(folder)!r} ({error}); "
            "run the cell again"
        ) from error


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
