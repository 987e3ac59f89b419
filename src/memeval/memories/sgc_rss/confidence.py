"""How likely it is that what a reader can read of a recall holds the answer.

A logistic of what leads the recall: whether it is a chain of facts or a passage as it was told, how
likely the chain is what the question means, and how alike in vectors the two are.
"""

import math
from typing import NamedTuple

from memeval.memories.sgc_rss.params import ConfidenceParams

USUAL = 0.6
"""Cosine of what leads on the dev parts, about; taken where there are no vectors."""

DIGITS = 6
"""Behind the point; those after them change with what else is asked in a batch."""


class Fit(NamedTuple):
    """What speaks for a recall.

    `facts` is 1 for a chain of facts that leads, 0 for a passage; `chance`, how likely the chain is
    meant, 0 for a passage; `cosine`, of the question and what leads, 1 for a question in the words
    that were told.
    """

    facts: float
    chance: float
    cosine: float


def of_chain(chance: float, cosine: float | None) -> Fit:
    """Return what speaks for a chain of facts that leads."""
    return Fit(1.0, chance, USUAL if cosine is None else cosine)


def of_passage(cosine: float | None) -> Fit:
    """Return what speaks for a passage that leads."""
    return Fit(0.0, 0.0, USUAL if cosine is None else cosine)


def confidence(fit: Fit, params: ConfidenceParams) -> float:
    """Return the probability that any evidence is within a reader's budget, from 0 to 1."""
    weights = (params.facts, params.chance, params.cosine)
    logit = params.bias + sum(weight * x for weight, x in zip(weights, fit, strict=True))
    return round((1 + math.tanh(logit / 2)) / 2, DIGITS)
