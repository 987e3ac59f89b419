"""Metrics as text: JSON, and a table of dotted names."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any


def to_json(content: Mapping[str, Any]) -> str:
    """Render as JSON; what was not measured is null, and NaN is refused."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_csv(metrics: Mapping[str, Any]) -> str:
    """Render as two columns, metric and value, with dotted names; unmeasured values are empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["metric", "value"])
    writer.writerows(flatten(metrics))
    return buffer.getvalue()


def flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names and values of a nested table."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
