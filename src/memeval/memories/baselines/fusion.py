"""One ranking out of several, by how far a score stands out among all that its ranker gives."""

from collections.abc import Sequence

import numpy as np

from memeval.memories.baselines.ranking import Scores


def fused(rankings: Sequence[Scores]) -> Scores:
    """Return the sum of rankers' scores, each standardised by query, `(queries, events) float64`.

    A ranker that gives all events the same for a query has no vote on it.
    """
    return sum(map(standardised, rankings), np.zeros_like(rankings[0]))


def standardised(scores: Scores) -> Scores:
    """Return scores by query in standard deviations from their mean, 0 where all are the same."""
    apart = scores - scores.mean(axis=1, keepdims=True)
    spread = scores.std(axis=1, keepdims=True)
    divided: Scores = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    return divided
