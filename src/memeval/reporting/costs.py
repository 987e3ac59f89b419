"""What presets cost: tables of time, memory, store and gate."""

from collections.abc import Sequence
from statistics import median

from memeval.prices import Prices
from memeval.reporting.row import Row, figure
from memeval.reporting.scores import label_of, model_of, suite_of
from memeval.reporting.tables import (
    ABSENT,
    Table,
    number,
    seeds_of,
    time_of,
    usual_processors,
)
from memeval.results import StoredCell

MONEY = "money/1,000 items"
PRICE_HEADER = (
    "tokens/item",
    "new tokens/item",
    "context tokens",
    "ms/item",
    "p50",
    "p95",
    "p99",
    "teach ms/event",
    "replay ms/event",
    "peak MB",
    "store KB",
)


def price_table(rows: Sequence[Row], prices: Prices | None = None) -> Table:
    """Return header and rows: what a question costs with each preset, in money with `prices`."""
    usual = usual_processors(rows)
    money = (MONEY,) if prices else ()
    return ("preset", *model_of(rows), "suite", "seeds", label_of(rows), *PRICE_HEADER, *money), [
        (
            row.preset,
            *model_of(rows, row),
            suite_of(rows, row),
            seeds_of(rows, row),
            number(row.score().mean, 2),
            number(row.tokens_per_item(), 0),
            number(row.new_tokens_per_item(), 0),
            number(row.mean("context_tokens_mean"), 0),
            time_of(row, usual),
            number(row.median("latency_ms_p50"), 0),
            number(row.median("latency_ms_p95"), 0),
            number(row.median("latency_ms_p99"), 0),
            number(row.median("teach_ms_per_event"), 2),
            number(replay_ms_per_event(row), 2),
            number(row.max("rss_mb"), 0),
            _kilobytes(row.mean("memory", "store_bytes")),
            *((number(money_per_1000(row, prices), 2),) if prices else ()),
        )
        for row in rows
    ]


def money_per_1000(row: Row, prices: Prices) -> float | None:
    """Return what a thousand questions cost with all that is called for them, teaching included."""
    told = [prices.of_cell(cell.meta, cell.metrics) for cell in row.cells]
    known = [one for one in told if one is not None]
    items = sum(cell.metrics["n"] for cell in row.cells)
    return 1000 * sum(known) / items if items and len(known) == len(told) else None


COST_HEADER = (
    "preset",
    "teach ms/event",
    "teach p50 / p95 / p99",
    "replay ms/event",
    "recall ms",
    "recall p50 / p95 / p99",
    "prefill ms",
    "decode ms",
    "written",
    "store items",
    "store KB",
    "prunes",
)


def cost_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return what each preset costs: time by phase, and what its store holds."""
    return [
        (
            row.preset,
            number(row.median("teach_ms_per_event"), 2),
            _tail(row, "teach_ms"),
            number(replay_ms_per_event(row), 2),
            number(row.median("recall_ms_mean"), 2),
            _tail(row, "recall_ms"),
            number(row.median("prefill_ms_mean"), 1),
            number(row.median("decode_ms_mean"), 1),
            _write_rate(row),
            number(row.mean("memory", "store_items"), 0),
            _kilobytes(row.mean("memory", "store_bytes")),
            number(row.mean("memory", "prunes"), 0),
        )
        for row in rows
    ]


def _tail(row: Row, name: str) -> str:
    """Return median, 95th and 99th percentile of times."""
    found = [row.median(f"{name}_p{p}") for p in (50, 95, 99)]
    return ABSENT if None in found else " / ".join(number(one, 2) for one in found)


def replay_ms_per_event(row: Row) -> float | None:
    """Return an event's share of replay, in milliseconds; None where nothing was taught."""
    found = [share for cell in row.cells if (share := _replayed(cell)) is not None]
    return median(found) if found else None


def taught_ms(row: Row) -> list[float]:
    """Return for each seed the milliseconds to teach an event, with its share of replay."""
    events = [(cell, figure(cell, "teach_ms_per_event")) for cell in row.cells]
    return [event + (_replayed(cell) or 0.0) for cell, event in events if event is not None]


def _replayed(cell: StoredCell) -> float | None:
    event = figure(cell, "teach_ms_per_event")
    teach, replay = (figure(cell, "phases_ms", phase) for phase in ("teach", "replay"))
    return event * replay / teach if event and teach and replay is not None else None


GATE_HEADER = (
    "judged",
    "written",
    "precision",
    "recall",
    "writes/1,000 tokens",
    "store items",
    "prunes",
    "counters of the gate",
)


def gate_table(rows: Sequence[Row]) -> Table:
    """Return what each memory's gate did, in the mean over seeds; only memories have one."""
    return ("memory", *model_of(rows), "suite", *GATE_HEADER), [
        (
            row.preset,
            *model_of(rows, row),
            row.data,
            number(_first(row, "gate_attempts", "events", "events_read"), 0),
            _write_rate(row),
            number(row.mean("writes", "precision"), 2),
            number(row.mean("writes", "recall"), 2),
            number(row.mean("memory", "writes_per_1000_tokens"), 1),
            number(row.mean("memory", "store_items"), 0),
            number(row.mean("memory", "prunes"), 0),
            _gate_counters(row),
        )
        for row in rows
        if row.is_memory
    ]


def _first(row: Row, *names: str) -> float | None:
    found = (row.mean("memory", name) for name in names)
    return next((value for value in found if value is not None), None)


def _gate_counters(row: Row) -> str:
    """List the counters that are a gate's, which no two memories share."""
    names = sorted({name for cell in row.cells for name in cell.metrics["memory"]})
    shown = [name for name in names if name.startswith("gate_") and name != "gate_attempts"]
    told = [f"{name[5:]} {number(row.mean('memory', name), 0)}" for name in shown]
    return ", ".join(told) or ABSENT


def _write_rate(row: Row) -> str:
    """Return the share of events that were written, in percent, for memories that have a gate."""
    attempts, written = row.mean("memory", "gate_attempts"), row.mean("memory", "gate_written")
    if not attempts or written is None:
        return ABSENT
    return f"{100 * written / attempts:.0f} %"


def _kilobytes(value: float | None) -> str:
    return number(None if value is None else value / 1024, 1)
