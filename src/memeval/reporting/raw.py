"""The page of raw figures: what every cell has measured, as it stands there."""

from collections.abc import Sequence

from memeval.reporting.blocks import Block, Grid, Heading
from memeval.reporting.load import Found
from memeval.reporting.row import Row
from memeval.reporting.tables import ABSENT
from memeval.results import flatten, scores_of

SMOKE_COLUMNS = (
    "abstention",
    "retrieval.hit@1",
    "retrieval.hit@5",
    "retrieval.recall@5",
    "retrieval.mrr",
    "writes.precision",
    "writes.recall",
    "tokens.prompt",
    "tokens.generated",
    "tokens.reused",
    "teach_ms_per_event",
    "time_ms_per_100",
    "latency_ms_mean",
    "latency_ms_p50",
    "latency_ms_p95",
    "rss_mb",
)


def smoke(found: Found, date: str) -> list[Block]:
    """Return the page of raw figures: a table for each preset and variant, a row a cell."""
    blocks: list[Block] = [Heading(f"memeval {date}: every cell", 1)]
    tables_: dict[str, list[Row]] = {}
    for row in (*found.rows, *found.ablations):
        name = row.preset if row.variant is None else f"{row.preset}, {row.variant}"
        tables_.setdefault(name, []).append(row)
    for name, rows in tables_.items():
        blocks += [Heading(name), _raw(rows)]
    return blocks


def _raw(rows: Sequence[Row]) -> Grid:
    """Return the figures of every cell, without the columns that none of them has."""
    measured = [
        (row, cell, dict(flatten(cell.metrics)) | dict(scores_of(cell.metrics)))
        for row in rows
        for cell in row.cells
    ]
    named = {name for _, _, flat in measured for name, value in flat.items() if value is not None}
    scores = dict.fromkeys(name for _, cell, _ in measured for name in scores_of(cell.metrics))
    counters = sorted(name for name in named if name.startswith("memory."))
    told = [name for name in ("n", *scores, *SMOKE_COLUMNS) if name in named]
    columns = [*told, *counters]
    body = [
        (
            row.model,
            row.suite,
            str(row.size),
            str(cell.meta["seed"]),
            *(_figure(flat.get(name)) for name in columns),
        )
        for row, cell, flat in measured
    ]
    return Grid(("model", "suite", "size", "seed", *columns), body)


def _figure(value: object) -> str:
    if value is None:
        return ABSENT
    return f"{value:.4g}" if isinstance(value, float) else str(value)
