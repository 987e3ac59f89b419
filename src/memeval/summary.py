"""From item records to the metrics of a cell."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from memeval.results import FORMAT, ItemRecord
from memeval.scoring.retrieval import recall_at

RANKS = (1, 3, 5)


def summarize(
    records: Sequence[ItemRecord],
    *,
    phases_ms: Mapping[str, float],
    peak_bytes: int,
    events: int,
    memory_stats: Mapping[str, int | float],
    writes: Mapping[str, float | None],
    read_as: str,
    kv_cache: Mapping[str, int],
) -> dict[str, Any]:
    """Return the content of `metrics.json`. Every mean over nothing is None, never 0.

    Scores are over answerable items; `unknown` items are scored as abstention beside them.
    """
    answerable = [record for record in records if record.answerable]
    latencies = [record.latency_ms for record in records]
    answering_ms = phases_ms.get("recall", 0.0) + phases_ms.get("read", 0.0)
    return {
        "format": FORMAT,
        "n": len(records),
        "n_answerable": len(answerable),
        **_scores(answerable),
        "abstention": _mean(records, lambda r: r.abstained, where=lambda r: not r.answerable),
        "false_abstention": _mean(answerable, lambda r: r.abstained),
        "retrieval": _retrieval(answerable),
        "navigation": _navigation(records),
        "lost": _losses(answerable),
        "slices": _slices(records),
        "writes": dict(writes),
        "memory": dict(memory_stats),
        "tokens": {
            "prompt": sum(record.prompt_tokens for record in records),
            "generated": sum(record.generated_tokens for record in records),
            "reused": sum(record.reused_tokens for record in records),
        },
        "read_as": read_as,
        "kv_cache": dict(kv_cache),
        "traces_read_mean": _mean(records, lambda r: r.traces_read),
        "time_ms_per_100": 100 * answering_ms / len(records) if records else None,
        "latency_ms_mean": float(np.mean(latencies)) if latencies else None,
        "latency_ms_p50": float(np.percentile(latencies, 50)) if latencies else None,
        "latency_ms_p95": float(np.percentile(latencies, 95)) if latencies else None,
        "recall_ms_mean": _mean(records, lambda r: r.recall_ms),
        "prefill_ms_mean": _mean(records, lambda r: r.prefill_ms),
        "decode_ms_mean": _mean(records, lambda r: r.decode_ms),
        "teach_ms_per_event": phases_ms.get("teach", 0.0) / events if events else None,
        "phases_ms": dict(phases_ms),
        "rss_mb": peak_bytes / 2**20,
    }


def _scores(answerable: Sequence[ItemRecord]) -> dict[str, float | None]:
    return {
        "exact_match": _mean(answerable, lambda r: r.exact_match),
        "raw_exact_match": _mean(answerable, lambda r: r.raw_exact_match),
        "f1": _mean(answerable, lambda r: r.f1),
        "contains": _mean(answerable, lambda r: r.contains),
    }


def _retrieval(answerable: Sequence[ItemRecord]) -> dict[str, float | int | None]:
    """Return hit@k, recall@k and MRR; None throughout if nothing was ranked."""
    measured = [record for record in answerable if record.reciprocal_rank is not None]
    table: dict[str, float | int | None] = {}
    for k in RANKS:
        table[f"hit@{k}"] = _mean(measured, lambda r, k=k: (r.reciprocal_rank or 0) >= 1 / k)  # type: ignore[misc]
    for k in RANKS:
        table[f"recall@{k}"] = _mean(
            measured,
            lambda r, k=k: recall_at(r.recalled_events, r.gold_events, k) or 0.0,  # type: ignore[misc]
        )
    return table | {"mrr": _mean(measured, lambda r: r.reciprocal_rank or 0.0), "n": len(measured)}


def _navigation(records: Sequence[ItemRecord]) -> dict[str, float | int | None]:
    """Return success, steps over the optimum where the walker arrived, and decisions.

    `random_walk_success` is what a walker who takes any move at random would reach.
    """
    walked = [record for record in records if record.optimal_steps]
    arrived = [record for record in walked if record.exact_match]
    return {
        "n": len(walked),
        "success": _mean(walked, lambda r: r.exact_match),
        "random_walk_success": _mean(walked, lambda r: r.random_walk_success or 0.0),
        "steps_over_optimal": _mean(arrived, lambda r: (r.steps or 0) / (r.optimal_steps or 1)),
        "decisions_mean": _mean(walked, lambda r: r.decisions or 0),
    }


def _losses(answerable: Sequence[ItemRecord]) -> dict[str, int]:
    counts = Counter(record.lost for record in answerable if record.lost)
    return {name: counts[name] for name in ("not_stored", "not_retrieved", "not_used")}


def _slices(records: Sequence[ItemRecord]) -> dict[str, dict[str, float | int | None]]:
    table = {}
    for name in sorted({record.slice for record in records}):
        rows = [record for record in records if record.slice == name]
        answerable = [record for record in rows if record.answerable]
        retrieval = _retrieval(answerable)
        table[name] = {
            "n": len(rows),
            "exact_match": _mean(answerable, lambda r: r.exact_match),
            "f1": _mean(answerable, lambda r: r.f1),
            "abstention": _mean(rows, lambda r: r.abstained),
            **{score: retrieval[score] for score in ("hit@1", "hit@5", "recall@5")},
        }
    return table


def _mean(
    records: Sequence[ItemRecord],
    value: Callable[[ItemRecord], float],
    where: Callable[[ItemRecord], bool] = lambda _: True,
) -> float | None:
    values = [float(value(record)) for record in records if where(record)]
    return sum(values) / len(values) if values else None
