"""Scores of several rankers in one unit, so that they can be added up."""

from typing import NamedTuple

import numpy as np

from memeval.memories.baselines.ranking import Scores


class Standard(NamedTuple):
    """What the scores of one query are measured by: their mean, and 1 / deviation.

    The unit is 0 where all scores are the same.
    """

    mean: float
    unit: float

    @classmethod
    def of(cls, mean: float, deviation: float) -> "Standard":
        """Return the measure of scores with this mean and deviation."""
        return cls(mean, 1 / deviation if deviation > 0 else 0.0)

    def told(self, scores: Scores) -> Scores:
        """Return scores in deviations from the mean."""
        return (scores - self.mean) * self.unit


def standardised(scores: Scores) -> Scores:
    """Return scores by query in standard deviations from their mean, 0 where all are the same.

    Whether a best hit stands out among all others is what tells how far to trust it, and a ranker
    that gives all events the same for a query has no vote on it.
    """
    apart = scores - scores.mean(axis=1, keepdims=True)
    spread = scores.std(axis=1, keepdims=True)
    divided: Scores = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    return divided
