"""Scores of several rankers in one unit, so that they can be added up."""

import numpy as np

from memeval.memories.baselines.ranking import Scores


def standardised(scores: Scores) -> Scores:
    """Return scores by query in standard deviations from their mean, 0 where all are the same.

    Whether a best hit stands out among all others is what tells how far to trust it, and a ranker
    that gives all events the same for a query has no vote on it.
    """
    apart = scores - scores.mean(axis=1, keepdims=True)
    spread = scores.std(axis=1, keepdims=True)
    divided: Scores = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    return divided
