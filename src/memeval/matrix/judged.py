"""What a cell tells of its judge: which it was, what its controls say, how it agrees with words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from memeval.datasets.dataset import Data
from memeval.judging import JUDGE, Judge, measure_controls
from memeval.judging.judge import added
from memeval.results import CellResult, ItemRecord, is_right
from memeval.scoring.agreement import cohens_kappa
from memeval.scoring.scorer import STANDARD
from memeval.words import words

SHORT = 3
"""Words of a gold up to which the words of an answer tell whether it is right."""


def with_controls(result: CellResult, judge: Judge, data: Data) -> CellResult:
    """Return a cell with what is known of its judge, whose controls are asked now."""
    items = [item for session in data.sessions for item in session.items]
    told = {
        "controls": measure_controls(judge, items),
        "unclear": sum(JUDGE in r.scores and r.scores[JUDGE] is None for r in result.items),
        "kappa": agreement(result.items),
    }
    usage = dict(result.metrics["usage"])
    usage[JUDGE] = added(usage.get(JUDGE, {}), judge.take_usage())
    return replace(result, metrics={**result.metrics, JUDGE: told, "usage": usage})


def agreement(records: Sequence[ItemRecord]) -> dict[str, Mapping[str, Any]]:
    """Return Cohen's kappa of the judge with each standard score, where golds are short.

    Where they are longer, words do not tell who is right.
    """
    short = [r for r in records if r.answerable and all(len(words(a)) <= SHORT for a in r.answers)]
    table: dict[str, Mapping[str, Any]] = {}
    for name in STANDARD:
        pairs = [
            (is_right(r.scores[JUDGE]), is_right(r.scores[name]))
            for r in short
            if r.scores.get(JUDGE) is not None and r.scores.get(name) is not None
        ]
        table[name] = {"kappa": cohens_kappa(pairs), "n": len(pairs)}
    return table
