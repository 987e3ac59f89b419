"""Which records are kept, in which session and under which id; and why others are not."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from memeval.datasets.importing.chats import Found


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


def reasons(left_out: Counter[str]) -> list[str]:
    """Return what was left out, as a preview and a message tell it."""
    return [f"{reason}: {count}" for reason, count in left_out.items() if count]
