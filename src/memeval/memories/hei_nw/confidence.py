"""How likely it is that what a reader can read of a recall holds the answer.

A logistic of how the leader fits the cue. That a word of the cue is known to the memory and missing
from what leads speaks against it, after the view of CA1 as a detector of mismatch (Lisman and
Grace 2005, doi:10.1016/j.neuron.2005.05.002): the more, the shorter the notes are, as a note of few
words leaves out nothing that it is about.
"""

import math
from collections.abc import Iterable
from itertools import accumulate, takewhile
from typing import NamedTuple

from memeval.memories.hei_nw.params import ConfidenceParams

WORDS = 190
"""About what a reader's usual budget of 256 tokens holds."""
USUAL = 0.6
"""Cosine of a leader on the dev parts, about; taken where there are no vectors."""


class Fit(NamedTuple):
    """What speaks for a recall.

    `missing`, the share of the cue's evidence that others hold and the leader does not, times
    `notes`; `cosine` of the leader's vector; `notes`, the logarithm of how many
    traces a reader has room for.
    """

    missing: float
    cosine: float
    notes: float


def fit_of(told: Iterable[str], *, missing: float, cosine: float | None) -> Fit:
    """Return what speaks for a recall of traces that are told so, best first."""
    lengths = accumulate(len(text.split()) for text in told)
    notes = math.log(max(1, len([*takewhile(lambda length: length <= WORDS, lengths)])))
    return Fit(missing * notes, USUAL if cosine is None else cosine, notes)


def confidence(fit: Fit, params: ConfidenceParams) -> float:
    """Return the probability that any evidence is within a reader's budget, from 0 to 1."""
    weights = (params.missing, params.cosine, params.notes)
    logit = params.bias + sum(weight * x for weight, x in zip(weights, fit, strict=True))
    return (1 + math.tanh(logit / 2)) / 2
