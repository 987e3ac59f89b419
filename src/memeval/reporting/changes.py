"""What changed between two runs: `memeval report A --against B`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from memeval.atomic import write_text
from memeval.reporting import faults, markdown, tables
from memeval.reporting.blocks import Block, Bullets, Grid, Heading, Text
from memeval.reporting.gain import Gain
from memeval.reporting.load import Found
from memeval.reporting.row import Row
from memeval.reporting.scores import sentence, suite_of
from memeval.results import flatten, weights_of

HEADER = (
    "preset",
    "measured on",
    "was",
    "is",
    "change [95 %]",
    "Holm p",
    "tokens/item",
    "ms/item",
    "peak MB",
    "configuration",
)
NOTE = (
    "Change is the paired difference in {score} on the same questions, new minus old, with its "
    '95 % interval; "=" marks what is indistinguishable, with Holm over all rows.'
)
Place = tuple[str, str | None, str, str, int, str]


def write_changes(found: Found, before: Found, reports_dir: Path, date: str, against: str) -> Path:
    """Write `against-<RUN>.md` beside the report; return its path."""
    path = reports_dir / f"against-{against}.md"
    write_text(path, markdown.render(changes_page(found, before, date, against)))
    return path


def changes_page(found: Found, before: Found, date: str, against: str) -> list[Block]:
    """Return the page: paired changes, then what only one of the two runs has."""
    now, then = _by_place(found), _by_place(before)
    both = [place for place in now if place in then]
    blocks: list[Block] = [
        Heading(f"memeval {date} against {against}", 1),
        Text(sentence([row for one in (now, then) for row in one.values()], NOTE)),
    ]
    if both:
        blocks.append(Grid(HEADER, _rows([(now[place], then[place]) for place in both])))
    else:
        blocks.append(Text("No preset was measured on the same model, suite and size in both."))
    for name, mine, others in ((date, now, then), (against, then, now)):
        if only := [faults.label(mine[place]) for place in mine if place not in others]:
            blocks += [Heading(f"Only in {name}"), Bullets(only)]
    return blocks


def _by_place(found: Found) -> dict[Place, Row]:
    rows = [*found.rows, *found.ablations]
    return {(row.preset, row.variant, *row.group): row for row in rows}


def _rows(pairs: Sequence[tuple[Row, Row]]) -> list[tuple[str, ...]]:
    return [
        (
            row.preset if row.variant is None else f"{row.preset}, {row.variant}",
            f"{suite_of([new for new, _ in pairs], row)} on {row.model}",
            tables.number(old.score().mean, 2),
            tables.number(row.score().mean, 2),
            _change(change, row, old),
            tables.p_value(change.holm_p),
            _moved(row.tokens_per_item(), old.tokens_per_item()),
            _moved(row.median("latency_ms_mean"), old.median("latency_ms_mean")),
            _moved(row.max("rss_mb"), old.max("rss_mb")),
            _changed_settings(row, old),
        )
        for (row, old), change in zip(pairs, Gain.family(pairs), strict=True)
    ]


def _change(change: Gain, row: Row, old: Row) -> str:
    if change.comparison is not None:
        return tables.difference(change)
    return "other items or data" if row.records and old.records else tables.ABSENT


def _moved(now: float | None, then: float | None) -> str:
    if now is None or then is None:
        return tables.ABSENT
    return tables.rounded(now - then, "+,.0f")


def _changed_settings(row: Row, old: Row) -> str:
    """Name the parameters, model and code that differ; what is the same is not listed."""
    now, then = _settings(row.cells[0].meta), _settings(old.cells[0].meta)
    told = [
        f"{name}: {then.get(name, 'none')} to {now.get(name, 'none')}"
        for name in sorted(now.keys() | then.keys())
        if now.get(name) != then.get(name)
    ]
    return ", ".join(told) or "same"


def _settings(meta: Mapping[str, Any]) -> dict[str, str]:
    settings = {name: str(value) for name, value in flatten(meta["config"])}
    settings["code"] = str(meta.get("code_hash"))[:6]
    settings["memory's code"] = str(meta.get("memory_code_hash"))[:6]
    settings["weights"] = str(weights_of(meta["model"]))[:6]
    return settings
