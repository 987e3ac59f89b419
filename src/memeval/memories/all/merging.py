"""One recall of several: every trace at its probability of being right, within one budget."""

from dataclasses import replace

from memeval.memories.all.params import ConfidenceParams
from memeval.types import Recall, Trace


def weigh(recall: Recall, name: str, confidence: ConfidenceParams) -> Recall:
    """Return a memory's recall with its name and, for scores, probabilities of being right.

    They are fitted for traces that lead; one that does not is worth its share of the first's score.
    """
    first = recall.traces[0].score if recall.traces else 0.0

    def weighed(trace: Trace) -> Trace:
        score = confidence.probability(trace.score, name)
        share = trace.score / first if confidence.enabled and first > 0 else 1.0
        return replace(trace, score=score * share, source=name)

    return replace(recall, traces=tuple(map(weighed, recall.traces)))


def merge(first: Recall, second: Recall, *, traces: int) -> Recall:
    """Return the best traces of two recalls, best first.

    Of equally good ones those of the first lead; what both tell in the same words is given once.
    Together they are as likely to hold the answer as the surer of the two, where each tells how
    likely that is or gives back nothing.
    """
    ranked = sorted((*first.traces, *second.traces), key=lambda trace: -trace.score)
    told: dict[tuple[str, tuple[str, ...]], Trace] = {}
    for trace in ranked:
        told.setdefault((trace.text, trace.actions), trace)
    return Recall(tuple(told.values())[:traces], confidence=_surer(first, second))


def _surer(*recalls: Recall) -> float | None:
    """Return the highest confidence; None if a recall with traces tells none."""
    if any(recall.traces and recall.confidence is None for recall in recalls):
        return None
    told = [recall.confidence for recall in recalls if recall.confidence is not None]
    return max(told, default=None)
