"""One recall of several: every trace at its probability of being right, within one budget."""

from collections.abc import Mapping
from dataclasses import replace
from math import exp

from memeval.memories.all.params import ConfidenceParams, WorthParams
from memeval.types import Recall, Trace


def merge(recalls: Mapping[str, Recall], confidence: ConfidenceParams, *, traces: int) -> Recall:
    """Return the best traces of all memories, best first, each with its source.

    Of equally good traces the one of the memory that is named first leads; what was told by two
    memories in the same words is given once.
    """
    weighed = [
        replace(trace, score=_worth(trace.score, name, confidence), source=name)
        for name, recall in recalls.items()
        for trace in recall.traces
    ]
    weighed.sort(key=lambda trace: -trace.score)
    told: dict[tuple[str, tuple[str, ...]], Trace] = {}
    for trace in weighed:
        told.setdefault((trace.text, trace.actions), trace)
    return Recall(tuple(told.values())[:traces])


def _worth(score: float, name: str, confidence: ConfidenceParams) -> float:
    if not confidence.enabled:
        return score
    worth: WorthParams = getattr(confidence, name)
    return 1 / (1 + exp(-(worth.slope * score + worth.bias)))
