"""What stands on each page of the report."""

from collections.abc import Mapping, Sequence

from memeval.reporting import (
    ablations,
    costs,
    cuts,
    faults,
    gains,
    summary,
    tables,
    unknown,
    variants,
)
from memeval.reporting.blocks import Block, Bullets, Grid, Heading, Link, Picture, Text
from memeval.reporting.load import Found, Hole
from memeval.reporting.row import Row
from memeval.reporting.scores import sentence
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
READING = (
    "{Score} is over answerable items. Intervals are of 95 %, clustered by session; between / "
    "within is the variance between sessions over that within them, where 1 is what the items "
    'alone explain. "=" marks what is indistinguishable from core: the interval holds 0, or p, '
    'adjusted by Holm over the table, is not below 0.05. "of the way" is the share of the way from '
    "closed book to oracle. Tokens are those of an item's prompt, without padding, or of all "
    "prompts of its walk; ms/item is its share of recall, prefill and decoding. Figures are means "
    "over seeds, but every ms is their median, which one seed beside other work does not move, and "
    "peak MB the largest."
)
LOST_NOTE = (
    "Every wrong answer over all seeds, by the step that lost it: the events were not stored, not "
    "retrieved, or handed to the model and not used. Of the right ones, how many the floor had too."
)
COST_NOTE = (
    "Means over seeds, but every ms is their median, which one seed beside other work does not "
    "move, and peak MB the largest, the model included. Tokens are those of an item's prompt, "
    "without padding; where an item is walked they are summed over its decisions. Those of a "
    "prefix that prompts share, as a rule most of them, are read once and reused: new tokens are "
    "the rest, and depend on what was read before. ms are an item's share of recall, prefill and "
    "decoding. Times compare only what was measured on one machine with the same work beside it."
)
SIZE_NOTE = "One store holds a whole dataset, so a larger one interferes more with each question."
GATE_NOTE = (
    "Means over seeds. Judged: events, or for a map lines, that the memory could read and put to "
    "its gate. Written: the share that the gate let in, for gates that only let in or refuse. "
    "Precision and recall are of what the store holds against what was worth remembering. "
    "Counters: inserted or written as new; aggregated or reinforced, counted into what was there; "
    "routed, too weak to be written when it came; rejected; pinned, written whatever the gate "
    "said; crowded out by the bound of the store."
)


def index(found: Found, date: str, pictures: Mapping[str, str] | str) -> list[Block]:
    """Return the page for a person in a hurry, then the tables behind it.

    `pictures` are captions by name, or say why there are none.
    """
    rows = gains.headline(found.rows)
    missing = faults.faults(found)
    drawn = pictures if isinstance(pictures, Mapping) else {}
    return [
        Heading(f"memeval {date}", 1),
        *_in_short(found, rows, len(missing)),
        *_by_model("What it costs", COST_NOTE, rows, costs.price_table),
        *_pictures(drawn, "cost"),
        *([Text(pictures)] if isinstance(pictures, str) else []),
        *_slices(rows),
        *_pictures(drawn, "slices"),
        *_lost(rows),
        *_sizes(found.rows),
        *_pictures(drawn, "size"),
        *_ablations(found.ablations),
        *_by_model("How sure the gains are", gains.TEST_NOTE, rows, gains.test_table),
        *_by_model("Gates and writes", GATE_NOTE, rows, costs.gate_table),
        *_variants(found.rows),
        Heading("What is missing"),
        *_missing(missing),
    ]


def suite_links(rows: Sequence[Row]) -> list[Block]:
    """Return links to the other pages."""
    suites = sorted({row.suite for row in rows})
    return [
        Heading("More"),
        *(
            Link(f"{suite}: every preset, size and slice", f"{suite}/summary.md")
            for suite in suites
        ),
        Link("Every cell's raw figures", "smoke.md"),
        Link("The same as one page, with every table sortable and items to browse", "index.html"),
    ]


def suite_page(rows: Sequence[Row], suite: str, date: str) -> list[Block]:
    """Return everything measured on one suite."""
    mine = [row for row in rows if row.suite == suite]
    blocks: list[Block] = [
        Heading(f"memeval {date}: {suite}", 1),
        Text(sentence(mine, READING) + tables.of_one_stream(mine)),
    ]
    for group in tables.grouped(mine):
        blocks.append(Heading(tables.titled(group)))
        blocks.append(Grid(*tables.comparison_table(group)))
        note = Text(sentence(group, tables.SLICE_NOTE))
        blocks += [note, Grid(*tables.slice_table(group))]
        if walked := tables.walk_rows(group):
            blocks.append(Text("Walks: who arrived within four times the shortest way's steps."))
            blocks.append(Grid(tables.WALK_HEADER, walked))
        blocks.append(Text('How often "unknown" was said: when nothing was known, and wrongly.'))
        blocks.append(Grid(tables.ABSTENTION_HEADER, tables.abstention_rows(group)))
        blocks.append(Text("What it costs, per event taught and per question asked."))
        blocks.append(Grid(costs.COST_HEADER, costs.cost_rows(group)))
        blocks.append(Text("Where wrong answers were lost, over all seeds."))
        blocks.append(Grid(tables.LOST_HEADER, tables.lost_rows(group)))
        if told := cuts.lines(group):
            blocks += [Text("Of what there was no room, over all seeds."), Bullets(told)]
    return blocks


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


def _in_short(found: Found, rows: Sequence[Row], missing: int) -> list[Block]:
    blocks: list[Block] = []
    said = {
        "Which memory helps": summary.gained(rows),
        "What it costs": summary.prices(rows),
        "Which part earns it": summary.parts(found.ablations),
        "What remains unknown": unknown.unknown(found, rows),
    }
    if any(said.values()):
        blocks.append(Heading("What the numbers say"))
    for question, sentences in said.items():
        if sentences:
            blocks += [Heading(question, 3), Bullets(sentences)]
    count = len(found.cells)
    state = "1 cell measured. " if count == 1 else f"{count:,} cells measured. "
    state += f"Not all is there: see What is missing ({missing})." if missing else "None missing."
    blocks += [Text(" ".join([state, *faults.notes(found)]))]
    blocks += [Heading("What the memories gain")]
    gained = [(model, gains.gain_table(mine)) for model, mine in _models(rows)]
    if not any(body for _, (_, body) in gained):
        return [*blocks, Text("No memory was measured, other than in ablations.")]
    for model, (header, body) in gained:
        if body:
            blocks += [Heading(model, 3), Grid(header, body)]
    return [*blocks, Text(sentence(rows, gains.GAIN_NOTE) + tables.of_one_stream(rows))]


def _by_model(
    title: str,
    note: str,
    rows: Sequence[Row],
    table: tables.MakeTable,
) -> list[Block]:
    """Return a section with a table for each model that has one."""
    made = [(model, *table(mine)) for model, mine in _models(rows)]
    parts = [(Heading(model, 3), Grid(header, body)) for model, header, body in made if body]
    blocks: list[Block] = [block for part in parts for block in part]
    return [Heading(title), Text(note), *blocks] if blocks else []


def _slices(rows: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = [
        Heading("Slices"),
        Text(sentence(rows, tables.SLICE_NOTE)),
    ]
    for group in tables.grouped(rows):
        blocks += [Heading(tables.titled(group), 3), Grid(*tables.slice_table(group))]
    return blocks if rows else []


def _lost(rows: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = [Heading("Where wrong items were lost"), Text(LOST_NOTE)]
    for group in tables.grouped(rows):
        blocks.append(Heading(tables.titled(group), 3))
        blocks.append(Grid(tables.LOST_HEADER, tables.lost_rows(group)))
    return blocks if rows else []


def _sizes(rows: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = []
    for model, mine in _models(rows):
        header, body = tables.size_table(mine)
        if body:
            blocks += [Heading(model, 3), Grid(header, body)]
    told = blocks or [Text("Only one size was measured.")]
    return [Heading("Interference over size"), Text(SIZE_NOTE), *told]


def _ablations(ablated: Sequence[Row]) -> list[Block]:
    heading = Heading("What each part is worth")
    if not ablated:
        return [heading, Text("No ablation was run: memeval ablate --preset memory/NAME")]
    blocks: list[Block] = [
        heading,
        Text(sentence(ablated, ablations.NOTE) + tables.of_one_stream(ablated)),
    ]
    for found in ablations.ablations(ablated):
        blocks += [Heading(found.title, 3), Grid(*found.table())]
    return blocks


def _variants(rows: Sequence[Row]) -> list[Block]:
    """Say what each configuration with a name of its own has changed."""
    told = variants.lines(rows)
    return [Heading("What the variants change"), Bullets(told)] if told else []


def _missing(missing: Sequence[Hole]) -> list[Block]:
    if not missing:
        return [Text("Nothing: every cell found was read, and every preset has the same seeds.")]
    return [Grid(faults.HEADER, tables.hole_rows(faults.by_reason(missing)))]


def _pictures(drawn: Mapping[str, str], kind: str) -> list[Block]:
    return [Picture(name, text) for name, text in drawn.items() if name.startswith(f"{kind}-")]


def _models(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    names = sorted({row.model for row in rows})
    return [(name, [row for row in rows if row.model == name]) for name in names]


def _figure(value: object) -> str:
    if value is None:
        return tables.ABSENT
    return f"{value:.4g}" if isinstance(value, float) else str(value)
