"""Values of files that somebody else wrote, as the texts and dates that a dataset holds."""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

FIRST_EPOCH = 1e8
"""Seconds since 1970 from which on a number is a date, of 1973; turns are counted by less."""
LAST_EPOCH = 1e11
"""Where seconds are so many that they are milliseconds, or smaller parts."""


def text_of(value: Any) -> str:
    """Return a value as text, "" where it is none.

    Parts of a message, as `[{"type": "text", "text": "..."}]`, are one text, a line each.
    """
    if isinstance(value, str):
        return value.encode(errors="replace").decode()  # half a surrogate pair is no text
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        whole = math.isfinite(value) and value.is_integer()
        return str(int(value)) if whole else str(value) if math.isfinite(value) else ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return str(value)
    return "\n".join(texts_of(value)) if isinstance(value, list) else ""


def texts_of(value: Any) -> list[str]:
    """Return a list's texts, or the one that a value is, without those that are empty."""
    values = value if isinstance(value, list) else [value]
    found = (text_of(one.get("text") if isinstance(one, Mapping) else one) for one in values)
    return [text for text in found if text.strip()]


def date_of(value: Any) -> str | None:
    """Return a date in ISO 8601, "" where there is none; None is no date.

    A number is seconds since 1970, or milliseconds where it is that large.
    """
    text = text_of(value).strip()
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if seconds >= FIRST_EPOCH:
        return _epoch(seconds)
    return text if not text or _is_date(text) else None


def number_of(value: Any) -> float | None:
    """Return a finite number, also one that is written as text; None of anything else."""
    try:
        number = float(text_of(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def moment(text: str) -> datetime:
    """Return a date of ISO 8601 to put others in order by; without a zone it is UTC's."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _epoch(seconds: float) -> str | None:
    while math.isfinite(seconds) and seconds >= LAST_EPOCH:
        seconds /= 1000
    if not math.isfinite(seconds):
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
