"""From item records to the metrics of a cell."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any

import numpy as np

from memeval.config import BUDGET_TOKENS
from memeval.results import FORMAT, ItemRecord
from memeval.scoring.calibration import (
    auroc,
    brier_score,
    expected_calibration_error,
    named,
    reliability,
)
from memeval.scoring.retrieval import ndcg_at, precision_at, recall_at
from memeval.scoring.scorer import STANDARD

RANKS = (1, 3, 5, 10)
PERCENTILES = (50, 95, 99)
ANSWER = "answer"
"""The role of the reader among those that use a model; a memory has its own."""
OF_SLICES = (
    "hit@1",
    "hit@5",
    "recall@5",
    "any@5",
    f"any@{BUDGET_TOKENS}t",
    f"all@{BUDGET_TOKENS}t",
)
"""What is told of every slice, too."""
Figures = dict[str, float | int | None]


def summarize(
    records: Sequence[ItemRecord],
    *,
    primary: str,
    n_sessions: int,
    phases_ms: Mapping[str, float],
    peak_bytes: int,
    events: int,
    memory_stats: Mapping[str, int | float],
    writes: Mapping[str, float | None],
    read_as: str,
    kv_cache: Mapping[str, int],
    usage: Mapping[str, Mapping[str, float | None]] = {},
    encoder: Mapping[str, int] = {},
    batches: Sequence[Sequence[float]] = (),
) -> dict[str, Any]:
    """Return the content of `metrics.json`. Every mean over nothing is None, never 0.

    Scores are over answerable items that have them; `unknown` items are scored as abstention beside
    them. `primary` names the score that reports follow.
    """
    answerable = [record for record in records if record.answerable]
    answered = [record for record in records if record.error is None]
    names = score_names(records, primary)
    scores = _scores(answerable, names)
    return {
        "format": FORMAT,
        "primary": primary,
        "n": len(records),
        "n_answerable": len(answerable),
        "n_sessions": n_sessions,
        **{name: scores[name] for name in STANDARD},
        "scores": scores,
        "abstention": _mean(r.abstained for r in answered if not r.answerable),
        "false_abstention": _mean(r.abstained for r in answered if r.answerable),
        "errors": len(records) - len(answered),
        "retrieval": _retrieval(answerable),
        **_calibration(records),
        "navigation": _navigation(records),
        "lost": _losses(answerable),
        "slices": _slices(records, names),
        "writes": dict(writes),
        "memory": dict(memory_stats),
        "tokens": {
            "prompt": _total(r.prompt_tokens for r in answered),
            "generated": _total(r.generated_tokens for r in answered),
            "reused": _total(r.reused_tokens for r in answered),
        },
        "read_as": read_as,
        "kv_cache": dict(kv_cache),
        "encoder": dict(encoder),
        "usage": {**usage, ANSWER: _answering(records, phases_ms)},
        **_cuts(answered),
        "traces_read_mean": _mean(r.traces_read for r in records),
        "context_tokens_mean": _mean(r.context_tokens for r in records),
        **_times(records, phases_ms, events, batches),
        "phases_ms": dict(phases_ms),
        "rss_mb": peak_bytes / 2**20,
    }


def _answering(records: Sequence[ItemRecord], phases_ms: Mapping[str, float]) -> Figures:
    """Return what the reader's own calls have cost: one an item, and one a decision of a walk.

    Tokens are those of the calls that were answered; the seconds are those by the clock.
    """
    answered = [record for record in records if record.error is None]
    return {
        "calls": sum(1 if r.decisions is None else r.decisions for r in records),
        "prompt_tokens": _total(r.prompt_tokens for r in answered),
        "completion_tokens": _total(r.generated_tokens for r in answered),
        "seconds": phases_ms.get("read", 0.0) / 1000,
        "failures": len(records) - len(answered),
    }


def score_names(records: Iterable[ItemRecord], primary: str) -> tuple[str, ...]:
    """Return the names of all scores: the standard ones, the primary one, and any other."""
    others = (name for record in records for name in record.scores)
    return tuple(dict.fromkeys((*STANDARD, primary, *others)))


def _scores(answerable: Sequence[ItemRecord], names: Iterable[str]) -> dict[str, float | None]:
    return {name: _mean(r.scores.get(name) for r in answerable) for name in names}


def _cuts(records: Sequence[ItemRecord]) -> dict[str, int | None]:
    """Count answers cut and empty ones, what was thought before, notes and questions cut."""
    return {
        "cut": _total(r.answer_cut for r in records),
        "empty": sum(not (r.prediction or r.error) and r.steps is None for r in records),
        "thought_tokens": _total(r.thought_tokens for r in records),
        "notes_left_out": _total(r.notes_left_out for r in records),
        "notes_cut": _total(r.notes_cut for r in records),
        "questions_cut": _total(r.question_cut for r in records),
    }


def _times(
    records: Sequence[ItemRecord],
    phases_ms: Mapping[str, float],
    events: int,
    batches: Sequence[Sequence[float]],
) -> Figures:
    """Return what questions took, each item's own and by the clock, and what teaching took.

    Events are taught, and questions recalled, many at once: each has its share of what those took.
    """
    taught = [ms / count for count, ms in batches for _ in range(int(count))]
    latencies = [ms for record in records if (ms := record.latency_ms) is not None]
    answering_ms = phases_ms.get("recall", 0.0) + phases_ms.get("read", 0.0)
    return {
        "time_ms_per_100": 100 * answering_ms / len(records) if records else None,
        "latency_ms_mean": float(np.mean(latencies)) if latencies else None,
        **_percentiles("latency_ms", latencies),
        "recall_ms_mean": _mean(r.recall_ms for r in records),
        **_percentiles("recall_ms", [r.recall_ms for r in records]),
        "prefill_ms_mean": _mean(r.prefill_ms for r in records),
        "decode_ms_mean": _mean(r.decode_ms for r in records),
        "teach_ms_per_event": phases_ms.get("teach", 0.0) / events if events else None,
        **_percentiles("teach_ms", taught),
    }


def _percentiles(name: str, times_ms: Sequence[float]) -> Figures:
    """Return the median and the tail of times, None of none."""
    found = np.percentile(times_ms, PERCENTILES).tolist() if times_ms else [None] * len(PERCENTILES)
    return {f"{name}_p{p}": one for p, one in zip(PERCENTILES, found, strict=True)}


def _retrieval(answerable: Sequence[ItemRecord]) -> dict[str, Any]:
    """Return what is told of ranks, None if nothing was ranked, and of what stands in the budget.

    The latter is told of every recall, also of one that is not ranked, and ranks of a stream's
    parts where it has some.
    """
    measured = [record for record in answerable if record.reciprocal_rank is not None]
    ranks = [record.reciprocal_rank or 0.0 for record in measured]
    found = [(r.recalled_events, r.gold_events) for r in measured]
    events = [(list(dict.fromkeys(chain.from_iterable(one))), gold) for one, gold in found]
    return {
        **{f"hit@{k}": _mean(rank >= 1 / k for rank in ranks) for k in RANKS},
        **{f"recall@{k}": _mean(recall_at(*one, k) for one in found) for k in RANKS},
        **{f"precision@{k}": _mean(precision_at(*one, k) for one in events) for k in RANKS},
        **_any_and_all(found),
        **{f"ndcg@{k}": _mean(ndcg_at(*one, k) for one in events) for k in RANKS},
        "mrr": _mean(ranks),
        "n": len(measured),
        **_by_part(measured),
        **_within_budget(answerable),
    }


def _any_and_all(found: Sequence[tuple[Sequence[Sequence[str]], Sequence[str]]]) -> Figures:
    """Return how often any, and all, of the evidence is behind the first k traces.

    Any of it is what a fact told twice needs, all of it what an answer put together does.
    """
    shares = {k: [recall_at(*one, k) or 0.0 for one in found] for k in RANKS}
    return {
        **{f"any@{k}": _mean(share > 0 for share in shares[k]) for k in RANKS},
        **{f"all@{k}": _mean(share == 1 for share in shares[k]) for k in RANKS},
    }


def _by_part(measured: Sequence[ItemRecord]) -> dict[str, Figures]:
    """Return how well the parts of a stream were found in which the evidence is, if it has any."""
    found = [(r.recalled_parts or [], r.gold_parts) for r in measured if r.gold_parts]
    if not found:
        return {}
    figures = {
        **_any_and_all([([[part] for part in ranked], gold) for ranked, gold in found]),
        **{f"ndcg@{k}": _mean(ndcg_at(*one, k) for one in found) for k in RANKS},
        "n": len(found),
    }
    return {"by_part": figures}


def _within_budget(answerable: Sequence[ItemRecord]) -> Figures:
    """Return any, all and the share of the gold events behind what stands in the best tokens."""
    found = [
        recall_at([r.budget_events], r.gold_events, 1)
        for r in answerable
        if r.budget_events is not None and r.gold_events
    ]
    shares = [share or 0.0 for share in found]
    return {
        f"any@{BUDGET_TOKENS}t": _mean(share > 0 for share in shares),
        f"all@{BUDGET_TOKENS}t": _mean(share == 1 for share in shares),
        f"recall@{BUDGET_TOKENS}t": _mean(shares),
        f"n@{BUDGET_TOKENS}t": len(shares),
    }


def _calibration(records: Sequence[ItemRecord]) -> dict[str, Any]:
    """Return how true confidences are, of the items of which it is known, if any tell one."""
    found = [
        (record.confidence, is_found)
        for record in records
        if record.confidence is not None and (is_found := _is_found(record)) is not None
    ]
    if not found:
        return {}
    told, held = zip(*found, strict=True)
    bins = reliability(told, held)
    figures = {
        "n": len(found),
        "ece": expected_calibration_error(bins),
        "brier": brier_score(told, held),
        "auroc": auroc(told, held),
        "bins": {name: asdict(one) for name, one in named(bins).items()},
    }
    return {"calibration": figures}


def _is_found(record: ItemRecord) -> bool | None:
    """Whether any evidence stands in the best tokens; where there is none, nothing is to be found.

    None where it is not known what the evidence is, or what stands there.
    """
    if not record.answerable:
        return False
    if record.budget_events is None or not record.gold_events:
        return None
    return not set(record.gold_events).isdisjoint(record.budget_events)


def _navigation(records: Sequence[ItemRecord]) -> Figures:
    """Return success, steps over the optimum where the walker arrived, and decisions.

    `random_walk_success` is what a walker who takes any move at random would reach.
    """
    walked = [record for record in records if record.optimal_steps and record.error is None]
    arrived = [record for record in walked if record.scores["exact_match"]]
    return {
        "n": len(walked),
        "success": _mean(r.scores["exact_match"] for r in walked),
        "random_walk_success": _mean(r.random_walk_success or 0.0 for r in walked),
        "steps_over_optimal": _mean((r.steps or 0) / (r.optimal_steps or 1) for r in arrived),
        "decisions_mean": _mean(r.decisions or 0 for r in walked),
    }


def _losses(answerable: Sequence[ItemRecord]) -> dict[str, int]:
    counts = Counter(record.lost for record in answerable if record.lost)
    return {name: counts[name] for name in ("not_stored", "not_retrieved", "not_used")}


def _slices(records: Sequence[ItemRecord], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for name in sorted({record.slice for record in records}):
        rows = [record for record in records if record.slice == name]
        answerable = [record for record in rows if record.answerable]
        scores, retrieval = _scores(answerable, names), _retrieval(answerable)
        table[name] = {
            "n": len(rows),
            "exact_match": scores["exact_match"],
            "f1": scores["f1"],
            "scores": scores,
            "scores_of_unknown": _of_unknown(rows, names),
            "abstention": _mean(r.abstained for r in rows if r.error is None),
            **{figure: retrieval[figure] for figure in OF_SLICES},
        }
    return table


def _of_unknown(records: Sequence[ItemRecord], names: Iterable[str]) -> dict[str, float | None]:
    """Return what a dataset's own scores say where no answer is known; the standard ones do not.

    Theirs would be whether an answer is the very word `unknown`, which abstention tells better.
    """
    unknown = [record for record in records if not record.answerable]
    return _scores(unknown, (name for name in names if name not in STANDARD)) if unknown else {}


def _mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of what was measured; None if nothing was."""
    measured = [float(value) for value in values if value is not None]
    return sum(measured) / len(measured) if measured else None


def _total(counts: Iterable[int | None]) -> int | None:
    """Return the sum of counts; None if one of them is not known, as it would be too small."""
    known = list(counts)
    return None if None in known else sum(count or 0 for count in known)
