"""Scores of a ranked recall against the gold events, and where a wrong answer was lost."""

from collections.abc import Collection
from typing import Literal

from memeval.types import Recall

Loss = Literal["not_stored", "not_retrieved", "not_used"]


def first_hit(recall: Recall, gold: Collection[str]) -> int | None:
    """Return the rank, from 1, of the first trace that rests on a gold event; None without one."""
    for rank, trace in enumerate(recall.traces, start=1):
        if set(trace.events) & set(gold):
            return rank
    return None


def hit_at(recall: Recall, gold: Collection[str], k: int) -> bool:
    """Whether a gold event is among the first k traces (hit@k, also called success@k)."""
    rank = first_hit(recall, gold)
    return rank is not None and rank <= k


def reciprocal_rank(recall: Recall, gold: Collection[str]) -> float:
    """Return 1 / rank of the first gold trace, 0 without one; its mean is MRR."""
    rank = first_hit(recall, gold)
    return 1 / rank if rank else 0.0


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
