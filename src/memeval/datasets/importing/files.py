"""The records of a file that somebody else wrote: JSON, JSON lines, CSV or Parquet."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from memeval import parquet
from memeval.errors import DataError
from memeval.outside import UnreadableError, read_json, shown, shown_text

DELIMITERS = ",;\t"
LONGEST_CELL = 2**31 - 1
"""Characters of a cell of CSV: what a C long holds everywhere, as the parser wants it."""


def read_records(path: Path) -> list[Any]:
    """Return what a file lists: tables, as a rule, of which nothing is known yet.

    Raises:
        DataError: a file of another kind, or one that is missing or broken.
    """
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise DataError(
            f"a file to import must end in {', '.join(READERS)}, got {str(path)!r}; convert it"
        )
    try:
        return read(path)
    except (OSError, UnreadableError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise DataError(
            f"a file to import must be there and whole, got {str(path)!r} "
            f"({shown_text(told or type(error).__name__)}); check the path, or mend the file"
        ) from error


def _read_json(path: Path) -> list[Any]:
    value = read_json(path.read_text("utf-8-sig"))
    return value if isinstance(value, list) else [value]


def _read_json_lines(path: Path) -> list[Any]:
    records = []
    for number, line in enumerate(path.read_text("utf-8-sig").split("\n"), start=1):
        try:
            records += [read_json(line)] if line.strip() else []
        except UnreadableError as error:
            raise UnreadableError(f"line {number}: {error}") from error
    return records


def _read_csv(path: Path) -> list[Any]:
    """Read rows below a header; what parts its columns most often is the delimiter."""
    text = path.read_text("utf-8-sig")
    csv.field_size_limit(LONGEST_CELL)  # else 131,072, which a whole chat in a cell exceeds
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        _check_once(rows.fieldnames or ())
        return [_whole(row, rows.line_num) for row in rows]
    except csv.Error as error:
        raise UnreadableError(str(error)) from error


def _check_once(columns: Any) -> None:
    for name, times in Counter(columns).items():
        if times > 1:
            raise UnreadableError(f"it names the column {shown(name)} twice")


def _whole(row: dict[Any, Any], line: int) -> dict[str, Any]:
    if None in row:
        raise UnreadableError(f"line {line} has more cells than the header")
    return row


def _read_parquet(path: Path) -> list[Any]:
    with parquet.opened(path) as file:
        _check_once(file.schema_arrow.names)
        rows: list[Any] = file.read(use_threads=False).to_pylist()
        return rows


READERS: Mapping[str, Callable[[Path], list[Any]]] = {
    ".json": _read_json,
    ".jsonl": _read_json_lines,
    ".csv": _read_csv,
    ".parquet": _read_parquet,
}
