"""Metrics as text: JSON, and a table of dotted names."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a formula of a cell in a spreadsheet."""


def to_json(content: Mapping[str, Any]) -> str:
    """Render as JSON; what was not measured is null, and NaN is refused."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_csv(metrics: Mapping[str, Any]) -> str:
    """Render as two columns, metric and value, with dotted names; unmeasured values are empty."""
    return "".join(map(_csv_line, [("metric", "value"), *flatten(metrics)]))


def _csv_line(fields: Iterable[object]) -> str:
    """Return a line that a spreadsheet takes for text and figures alone."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")  # so that a bare one of either is quoted
    writer.writerow([_inert(field) for field in fields])
    return buffer.getvalue().removesuffix("\r\n") + "\n"


def _inert(field: object) -> object:
    """Return text that would be a formula behind an apostrophe, as OWASP advises."""
    return f"'{field}" if isinstance(field, str) and field.startswith(FORMULA) else field


def flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names and values of a nested table."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
