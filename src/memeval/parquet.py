"""Parquet files, with a checksum on every page; whatever is wrong with one is one kind of error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from memeval.errors import MemevalError
from memeval.outside import UnreadableError, shown_text

LEVEL = 12
"""Of zstd: a twentieth of the bytes less than as it comes, at some milliseconds a cell."""


def write(table: pa.Table, path: Path) -> None:
    """Write a table small, with a checksum on every page: nothing is sought in it by statistics."""
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=LEVEL,
        write_page_checksum=True,
        write_statistics=False,
        store_schema=False,  # Parquet's own says all that there is of plain types
    )


@contextmanager
def opened(path: Path) -> Iterator[pq.ParquetFile]:
    """Give a file to a block that reads it and takes its values out, as text is decoded late.

    Raises:
        UnreadableError: the file is missing or damaged; the message names it.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except (MemevalError, UnreadableError):
        raise
    except Exception as error:  # over a damaged file pyarrow raises what it likes
        told = str(error).strip().split("\n")[0] or type(error).__name__
        raise UnreadableError(f"{path.name} cannot be read: {shown_text(told)}") from error


def read_through(path: Path) -> None:
    """Read all of a file and keep nothing.

    Raises:
        UnreadableError: the file is missing or damaged.
    """
    with opened(path) as file:
        for batch in file.iter_batches(use_threads=False):
            batch.validate(full=True)
