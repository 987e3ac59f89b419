"""Scores of a ranked recall against the gold events, and where a wrong answer was lost."""

from collections.abc import Collection, Sequence
from typing import Literal

Loss = Literal["not_stored", "not_retrieved", "not_used"]


def first_hit(ranked: Sequence[Collection[str]], gold: Collection[str]) -> int | None:
    """Return the rank, from 1, of the first trace that rests on a gold event; None without one.

    `ranked` holds the event ids behind each trace, best trace first.
    """
    for rank, events in enumerate(ranked, start=1):
        if set(events) & set(gold):
            return rank
    return None


def reciprocal_rank(ranked: Sequence[Collection[str]], gold: Collection[str]) -> float:
    """Return 1 / rank of the first gold trace, 0 without one; its mean is MRR."""
    rank = first_hit(ranked, gold)
    return 1 / rank if rank else 0.0


def recall_at(ranked: Sequence[Collection[str]], gold: Collection[str], k: int) -> float | None:
    """Return the share of the gold events behind the first k traces (recall@k)."""
    found = {event for events in ranked[:k] for event in events}
    return len(found & set(gold)) / len(set(gold)) if gold else None


def where_lost(
    gold: Collection[str], stored: Collection[str] | None, read: Collection[str]
) -> Loss:
    """Say where an answerable item that was answered wrongly lost its gold events.

    `stored` are the events the memory holds, None if it does not tell; `read` are the events
    behind the traces that the reader was given.
    """
    if stored is not None and not set(gold) <= set(stored):
        return "not_stored"
    return "not_used" if set(gold) <= set(read) else "not_retrieved"
