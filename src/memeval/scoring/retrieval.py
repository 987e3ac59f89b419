"""Scores of a ranked recall against the gold events, and where a wrong answer was lost."""

import math
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


def precision_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Return the share of the first k ranks that are gold (precision@k).

    `ranked` names what was found once each, best first; a rank that nothing stands on is no gold.
    """
    return len(set(ranked[:k]) & set(gold)) / k


def ndcg_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float | None:
    """Return the normalised discounted cumulative gain of the first k ranks (nDCG@k).

    The sum of 1 / log2(rank + 1) over the ranks with gold, by what it were with as much gold as
    there is, at most k, on the first ranks. Unlike recall it falls where gold stands behind other
    things. The same as scikit-learn's `ndcg_score` of gains 0 and 1.
    """
    wanted = set(gold)
    if not wanted:
        return None
    gain = sum(discount(rank) for rank, one in enumerate(ranked[:k], start=1) if one in wanted)
    return gain / sum(discount(rank) for rank in range(1, min(k, len(wanted)) + 1))


def discount(rank: int) -> float:
    """Return what gold on a rank, from 1, is worth."""
    return 1 / math.log2(rank + 1)


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
