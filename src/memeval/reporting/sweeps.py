"""The variants of an ablation that give a parameter another value, and how they are told."""

import json
from typing import Any

from memeval.naming import swept_name
from memeval.reporting.row import Row


def overrides_of(row: Row) -> dict[str, Any]:
    """Return what was changed about a row from outside."""
    return {name: v for c in row.cells for name, v in c.meta.get("overrides", {}).items()}


def swept(row: Row) -> tuple[str, Any] | None:
    """Return the parameter and value by which a variant is named, None for one without a part."""
    given = overrides_of(row).items()
    return next((pair for pair in given if swept_name(*pair) == row.variant), None)


def spelled(parameter: str, value: Any) -> str:
    """Return a parameter and its value as they are given to a command."""
    return f"{parameter}={value if isinstance(value, str) else json.dumps(value)}"


def label(row: Row) -> str | None:
    """Return what a table calls a variant: `hopfield.beta=8`, or the name of its folder."""
    named = swept(row)
    return spelled(*named) if named else row.variant


def order(row: Row) -> tuple[Any, ...]:
    """Return where a variant stands: numbers by size, and parts that are off before them."""
    named = swept(row)
    if named is None:
        return (False, "", False, 0.0, "")
    parameter, value = named
    is_number = isinstance(value, int | float)
    return (True, parameter, not is_number, float(value) if is_number else 0.0, str(value))
