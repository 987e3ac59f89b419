"""How well traces fit a cue: by words, by meaning, by what stands beside them, by who said them.

Two rankers are added up in standard deviations from their means, as `memories/baselines/hybrid.py`
does. Before that a trace gets a part of what its neighbours score: what is asked in one turn is
answered in the next, which need not share a word with the question.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw.keys import Floats, Ints
from memeval.memories.hei_nw.lexicon import words_of
from memeval.memories.hei_nw.params import CueParams
from memeval.memories.hei_nw.store import StoredTrace

ROUNDING = 1e-6  # of a mean in single precision, by which equal scores may seem apart


@dataclass(frozen=True, slots=True)
class Context:
    """Traces in the order they were observed, and what binds them.

    `slots (traces,)`; `forward` and `backward (traces,)`, what a trace gets of the score of the one
    before and of the one behind it; `said_by`, by a word of a speaker's name, what it has said.
    """

    slots: Ints
    forward: Floats
    backward: Floats
    said_by: dict[str, npt.NDArray[np.bool_]]


def context_of(traces: Sequence[tuple[int, StoredTrace]], params: CueParams) -> Context:
    """Tell the context of traces with their slots, in the order they were observed."""
    count = len(traces)
    forward, backward = np.zeros(count, np.float32), np.zeros(count, np.float32)
    names: dict[str, npt.NDArray[np.bool_]] = {}
    for i, (_, trace) in enumerate(traces):
        for word in words_of(trace.speaker) if trace.speaker else ():
            names.setdefault(word, np.zeros(count, bool))[i] = True
        if i and trace.follows >= 0 and trace.follows == traces[i - 1][1].position:
            forward[i] = params.forward + params.answer * traces[i - 1][1].asks
            backward[i - 1] = params.backward
    return Context(np.array([slot for slot, _ in traces], np.int64), forward, backward, names)


def fit(
    rankers: Sequence[Floats], cue: Sequence[str], context: Context, params: CueParams
) -> Floats:
    """Return how well each trace fits a cue, `(traces,)`, in standard deviations.

    `rankers` are scores of one cue, `(traces,)` each.
    """
    total = np.zeros(len(context.slots), np.float32)
    for scores in rankers:
        alone = standardised(scores)
        spread = alone.copy()
        spread[1:] += context.forward[1:] * alone[:-1]
        spread[:-1] += context.backward[:-1] * alone[1:]
        total += standardised(spread)
    said = [context.said_by[word] for word in cue if word in context.said_by]
    if said:
        total += np.float32(params.speaker) * np.logical_or.reduce(said)
    return total


def standardised(scores: Floats) -> Floats:
    """Return scores in standard deviations from their mean, 0 where all are the same."""
    mean = scores.mean()
    apart: Floats = scores - mean
    spread = math.sqrt(float(apart @ apart) / len(apart))
    return apart / np.float32(spread) if spread > ROUNDING * abs(mean) else np.zeros_like(scores)
