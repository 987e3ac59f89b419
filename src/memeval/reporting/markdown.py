"""The report's pages, as Markdown."""

from collections.abc import Sequence
from pathlib import Path

from memeval.atomic import write_text
from memeval.reporting import tables
from memeval.reporting.load import Found, Row, load_real
from memeval.results import flatten

SMOKE_COLUMNS = (
    "n",
    "exact_match",
    "raw_exact_match",
    "f1",
    "contains",
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


def write_report(runs_dir: Path, reports_dir: Path, date: str) -> Path:
    """Write `index.md` and `smoke.md` from a date's finished cells; return the index.

    Raises:
        DataError: there are no finished cells.
    """
    found = load_real(runs_dir)
    write_text(reports_dir / "smoke.md", smoke_page(found.rows, date))
    write_text(reports_dir / "index.md", index_page(found, date))
    return reports_dir / "index.md"


def index_page(found: Found, date: str) -> str:
    """Return the page that compares presets, one section for each model, suite and size."""
    parts = [f"# memeval {date}\n", READING]
    if found.holes:
        parts.append("\n**Missing**: these cells failed or cannot be read.\n\n")
        parts.append(table(("cell", "reason"), tables.hole_rows(found.holes)))
    for group in tables.grouped(found.rows):
        parts.append(f"\n## {tables.titled(group)}\n\n")
        parts.append(table(tables.COMPARISON_HEADER, tables.comparison_rows(group)))
        parts.append(f"\n{tables.SLICE_NOTE}\n\n" + table(*tables.slice_table(group)))
        if walked := tables.walk_rows(group):
            parts.append("\nWalks: who arrived within four times the shortest way's steps.\n\n")
            parts.append(table(tables.WALK_HEADER, walked))
        parts.append("\nHow often `unknown` was said: when nothing was known, and wrongly.\n\n")
        parts.append(table(tables.ABSTENTION_HEADER, tables.abstention_rows(group)))
        parts.append("\nWhat it costs, per event taught and per question asked.\n\n")
        parts.append(table(tables.COST_HEADER, tables.cost_rows(group)))
        parts.append("\nWhere wrong answers were lost, over all seeds.\n\n")
        parts.append(table(tables.LOST_HEADER, tables.lost_rows(group)))
    parts.append("\nEvery cell's raw figures: [smoke.md](smoke.md)\n")
    return "".join(parts)


def smoke_page(rows: Sequence[Row], date: str) -> str:
    """Return the page of raw figures, a row a cell."""
    cells = [cell for row in rows for cell in row.cells]
    counters = sorted({f"memory.{name}" for cell in cells for name in cell.metrics["memory"]})
    columns = (*SMOKE_COLUMNS, *counters)
    header = ("preset", "model", "suite", "size", "seed", *columns)
    body = []
    for row in rows:
        for cell in row.cells:
            flat = dict(flatten(cell.metrics))
            place = (row.preset, row.model, row.suite, str(row.size), str(cell.meta["seed"]))
            body.append((*place, *(_figure(flat.get(name)) for name in columns)))
    return f"# memeval {date}: every cell\n\n" + table(header, body)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its columns padded so that it reads well as plain text too."""
    cells = [[_escape(text) for text in line] for line in (header, *rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(header))]
    lines = [
        "| " + " | ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


READING = """
Exact match is over answerable items. Intervals are 95 % bootstrap intervals, clustered by session;
"=" marks a difference whose interval holds 0. "of the way" is the share of the way from closed
book to oracle. Tokens are the prompt tokens of a cell without padding, the mean over seeds; ms/item
is an item's share of recall, prefill and decoding; peak MB is the largest over seeds.
"""


def _figure(value: object) -> str:
    if value is None:
        return tables.ABSENT
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
