"""A part of a dataset that stands for the whole: questions drawn by slice."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from memeval.errors import ConfigError
from memeval.types import Session


def shares(total: int, of: Mapping[str, float]) -> dict[str, int]:
    """Split a total by fixed shares, largest remainder first, so that the counts sum to it."""
    exact = {name: total * share for name, share in of.items()}
    counts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(of, key=lambda name: counts[name] - exact[name])
    for name in by_remainder[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


def sample(sessions: Sequence[Session], *, size: int, seed: int) -> list[Session]:
    """Return sessions with `size` of their items, each slice by its share, in their old order.

    A session that keeps no item is left out; the streams of the others stay whole.

    Raises:
        ConfigError: there are fewer items than asked for.
    """
    asked = [(one.id, item.query.id, item.slice) for one in sessions for item in one.items]
    chosen = draw(asked, size=size, seed=seed)
    kept = [with_drawn(session, chosen) for session in sessions]
    return [session for session in kept if session.items]


def with_drawn(session: Session, drawn: Collection[tuple[str, str]]) -> Session:
    """Return a session with those of its items that were drawn."""
    items = (item for item in session.items if (session.id, item.query.id) in drawn)
    return replace(session, items=tuple(items))


def draw(
    asked: Sequence[tuple[str, str, str]], *, size: int, seed: int
) -> frozenset[tuple[str, str]]:
    """Return which items are asked, by session and query, of all by session, query and slice.

    Which ones follows from their ids and the seed alone, so that every machine draws the same.

    Raises:
        ConfigError: there are fewer items than asked for.
    """
    slices = Counter(slice_ for _, _, slice_ in asked)
    total = slices.total()
    if not 1 <= size <= total:
        raise ConfigError(
            f"a size must be 1 to the {total} items that there are, got {size}; leave --size out "
            "to ask them all"
        )
    quota = shares(size, {name: count / total for name, count in sorted(slices.items())})
    drawn: set[tuple[str, str]] = set()
    lots = sorted((_lot(seed, session, query), slice_, session, query)
                  for session, query, slice_ in asked)  # fmt: skip
    for _, slice_, session_id, query_id in lots:
        if quota[slice_]:
            quota[slice_] -= 1
            drawn.add((session_id, query_id))
    return frozenset(drawn)


def _lot(seed: int, session: str, query: str) -> str:
    """Return an item's place in the draw, which no other item's presence changes."""
    return hashlib.sha256(f"{seed}\0{session}\0{query}".encode()).hexdigest()
