"""Which records are kept, in which session and under which id; and why others are not."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from memeval.datasets.importing.chats import Found
from memeval.datasets.importing.values import date_of, text_of
from memeval.outside import shown

NO_DATE = "times that are no date"


def by_session(
    found: Sequence[Found], place: Callable[[Found], tuple[str, str]], left_out: Counter[str]
) -> dict[str, list[Found]]:
    """Group records by the session that `place` gives; one that it gives a reason is left out."""
    kept: dict[str, list[Found]] = {}
    for one in found:
        session, reason = place(one)
        if reason:
            left_out[reason] += 1
        else:
            kept.setdefault(session, []).append(one)
    return kept


def named(
    found: Sequence[Found], field: str, kind: str, left_out: Counter[str]
) -> Iterator[tuple[str, Found]]:
    """Yield records with their ids, or a letter and number; of an id only the first is kept."""
    ids = [one.text(field) for one in found]
    taken, seen = set(ids), set()
    free = (name for n in count(1) if (name := f"{kind[0]}{n}") not in taken)
    for id_, one in zip(ids, found, strict=True):
        if id_ and id_ in seen:
            left_out[f"{kind} whose id stood before"] += 1
            continue
        seen.add(id_)
        yield id_ or next(free), one


def undated(values: Iterable[Any], times: int) -> str:
    """Return what is told of so many times that are no date, with the first of the values."""
    if not times:
        return ""
    example = next(text_of(value) for value in values if date_of(value) is None)
    are = "1 time is" if times == 1 else f"{times} times are"
    return (
        f"{are} no date that is read (such as {shown(example)}; ISO 8601 or seconds since 1970 "
        "are): kept without a date"
    )


def reasons(left_out: Counter[str]) -> list[str]:
    """Return what was left out, as a preview and a message tell it."""
    return [f"{reason}: {count}" for reason, count in left_out.items() if count]
