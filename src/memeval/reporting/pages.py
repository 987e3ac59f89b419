"""What stands on each page of the report."""

from collections.abc import Mapping, Sequence

from memeval.prices import Prices
from memeval.reporting import (
    ablations,
    ceilings,
    confidences,
    costs,
    cuts,
    evidence,
    faults,
    gains,
    judges,
    origin,
    summary,
    tables,
    unknown,
    variants,
    verdict,
)
from memeval.reporting.blocks import Block, Bullets, Contents, Grid, Heading, Link, Picture, Text
from memeval.reporting.load import Found, Hole
from memeval.reporting.row import Row
from memeval.reporting.scores import sentence

READING = (
    "{Score} is over answerable items. Intervals are of 95 %, clustered by session; between / "
    "within is the variance between sessions over that within them, where 1 is what the items "
    'alone explain. Over: paired difference on the same questions; "=" behind it marks what is '
    "indistinguishable: the interval holds 0, or p, adjusted by Holm over the table, is not below "
    "0.05. The best baseline is the one of the highest score of those that find what they read, "
    "under the same budget of notes and tokens; it is named beside the difference and chosen on "
    "these very questions, which favours it. Of the way is the share "
    "of the way from closed book to oracle. Tokens are those of an item's prompt, without padding, "
    "or of all prompts of its walk; ms/item is its share of recall, prefill and decoding. Figures "
    "are means over seeds, but every ms is their median, which one seed beside other work does not "
    "move, and peak MB the largest."
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
    "the rest, and depend on what was read before. Context tokens are those of the notes in it. ms "
    "are an item's share of recall, prefill and decoding. Times compare only what was measured on "
    "one machine with the same work beside it."
)
COST_OF_EACH = (
    "What it costs, per event taught and per question asked. Many are taught or recalled at once: "
    "percentiles are over the share that each has of what those took."
)
SIZE_NOTE = (
    "Each session has a store of its own: where more questions mean a longer session, more in the "
    "store interferes with each."
)
GATE_NOTE = (
    "Means over seeds. Judged: events, or for a map lines, that the memory could read and put to "
    "its gate. Written: the share that the gate let in, for gates that only let in or refuse. "
    "Precision and recall are of what the store holds against what was worth remembering. "
    "Counters: inserted or written as new; aggregated or reinforced, counted into what was there; "
    "routed, too weak to be written when it came; rejected; pinned, written whatever the gate "
    "said; crowded out by the bound of the store."
)


def index(
    found: Found,
    date: str,
    pictures: Mapping[str, str] | str,
    prices: Prices | None = None,
) -> list[Block]:
    """Return the page: the answer on the first screen, contents, then what it rests on.

    `pictures` are captions by name, or say why there are none.
    """
    rows = gains.headline(found.rows)
    missing = faults.faults(found)
    drawn = pictures if isinstance(pictures, Mapping) else {}
    return [
        Heading(f"memeval {date}", 1),
        *judges.warning(found.rows),
        *_lead(rows),
        *(picture for kind in ("gains", "found", "cost") for picture in _pictures(drawn, kind)),
        *([Text(pictures)] if isinstance(pictures, str) else []),
        *_verdict(rows),
        Contents(),
        *_in_words(found, rows, len(missing)),
        *_over_every_baseline(rows),
        *_costs(rows, prices),
        *judges.section(rows),
        *evidence.section(rows),
        *confidences.section(rows, _pictures(drawn, "confidence")),
        *_slices(rows),
        *_pictures(drawn, "slices"),
        *_lost(rows),
        *_sizes(found.rows),
        *_pictures(drawn, "size"),
        *_ablations(found.ablations),
        *_tests(rows),
        *_section("Gates and writes", GATE_NOTE, costs.gate_table(rows)),
        *_variants([*found.rows, *found.ablations]),
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
        *origin.blocks(mine),
    ]
    for group in tables.grouped(mine):
        blocks.append(Heading(tables.titled(group)))
        blocks.append(Grid(*tables.comparison_table(group)))
        if starred := tables.of_other_processors(group, tables.usual_processors(group)):
            blocks.append(Text(starred.strip()))
        note = Text(sentence(group, tables.SLICE_NOTE))
        blocks += [note, Grid(*tables.slice_table(group)), *ceilings.blocks(group)]
        blocks += evidence.blocks(group)
        if walked := tables.walk_rows(group):
            blocks.append(Text("Walks: who arrived within four times the shortest way's steps."))
            blocks.append(Grid(tables.WALK_HEADER, walked))
        blocks.append(Text('How often "unknown" was said: when nothing was known, and wrongly.'))
        blocks.append(Grid(tables.ABSTENTION_HEADER, tables.abstention_rows(group)))
        blocks += confidences.blocks(group)
        blocks.append(Text(COST_OF_EACH))
        blocks.append(Grid(costs.COST_HEADER, costs.cost_rows(group)))
        blocks.append(Text("Where wrong answers were lost, over all seeds."))
        blocks.append(Grid(tables.LOST_HEADER, tables.lost_rows(group)))
        if told := cuts.lines(group):
            blocks += [Text("Of what there was no room, over all seeds."), Bullets(told)]
    return blocks


def _lead(rows: Sequence[Row]) -> list[Block]:
    """Return what each memory gains over the best baseline, named: what a report begins with."""
    told = gains.lead(rows)
    return [Text(gains.LEAD), Bullets(told)] if told else []


def _verdict(rows: Sequence[Row]) -> list[Block]:
    """Return whether each memory helps, and at what cost."""
    header, body = gains.verdict_table(rows)
    if not body:
        return [Text("No memory was measured, other than in ablations.")]
    models = {row.model for row in rows}
    alone = f" All was measured with {models.pop()}." if len(models) == 1 else ""
    memories = [row for row in rows if row.is_memory]
    beside = tables.of_other_processors(memories, tables.usual_processors(rows))
    note = sentence(rows, gains.VERDICT_NOTE) + beside + tables.of_one_stream(rows)
    compared = " ".join([f"{gains.COMPARED}{alone}", *verdict.unmeasured(rows)])
    return [Text(compared), Grid(header, body), Text(note)]


def _in_words(found: Found, rows: Sequence[Row], missing: int) -> list[Block]:
    blocks: list[Block] = [Heading("What the numbers say")]
    said = {
        "Which memory helps": summary.gained(rows),
        "What it costs": summary.prices(rows),
        "Which part earns it": summary.parts(found.ablations),
        "What remains unknown": unknown.unknown(found, rows),
    }
    for question, sentences in said.items():
        if sentences:
            blocks += [Heading(question, 3), Bullets(sentences)]
    count = len(found.cells)
    state = "1 cell measured. " if count == 1 else f"{count:,} cells measured. "
    state += f"Not all is there: see What is missing ({missing})." if missing else "None missing."
    return [*blocks, Text(" ".join([state, *faults.notes(found)]))]


def _over_every_baseline(rows: Sequence[Row]) -> list[Block]:
    """Return the gains over each baseline, where the best one does not tell them all."""
    table = gains.every_table(rows) if gains.tells_others(rows) else ((), [])
    return _section("Over every baseline", gains.EVERY_NOTE, table)


def _costs(rows: Sequence[Row], prices: Prices | None) -> list[Block]:
    note = COST_NOTE + tables.of_other_processors(rows, tables.usual_processors(rows))
    return _section("What it costs", note, costs.price_table(rows, prices))


def _tests(rows: Sequence[Row]) -> list[Block]:
    parts = [("Over closed book and the best baseline", gains.verdict_tests(rows))]
    if gains.tells_others(rows):
        parts.append(("Over every baseline", gains.every_tests(rows)))
    blocks = [b for title, table in parts if table[1] for b in (Heading(title, 3), Grid(*table))]
    return [Heading("How sure the gains are"), Text(gains.TEST_NOTE), *blocks] if blocks else []


def _section(title: str, note: str, table: tables.Table) -> list[Block]:
    """Return a section of one table; none where that has no rows."""
    return [Heading(title), Text(note), Grid(*table)] if table[1] else []


def _slices(rows: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = [
        Heading("Slices"),
        Text(sentence(rows, tables.SLICE_NOTE)),
    ]
    for group in tables.grouped(rows):
        blocks += [Heading(tables.titled(group), 3), Grid(*tables.slice_table(group))]
        blocks += ceilings.blocks(group)
    return blocks if rows else []


def _lost(rows: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = [Heading("Where wrong items were lost"), Text(LOST_NOTE)]
    for group in tables.grouped(rows):
        blocks.append(Heading(tables.titled(group), 3))
        blocks.append(Grid(tables.LOST_HEADER, tables.lost_rows(group)))
    return blocks if rows else []


def _sizes(rows: Sequence[Row]) -> list[Block]:
    table = tables.size_table(rows)
    told = Grid(*table) if table[1] else Text("Only one size was measured.")
    return [Heading("Interference over size"), Text(SIZE_NOTE), told]


def _ablations(ablated: Sequence[Row]) -> list[Block]:
    heading = Heading("What each part is worth")
    if not ablated:
        return [heading, Text("No ablation was run: memeval ablate --preset memory/NAME")]
    blocks: list[Block] = [
        heading,
        Text(sentence(ablated, ablations.note(ablated)) + tables.of_one_stream(ablated)),
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


def _pictures(drawn: Mapping[str, str], kind: str) -> list[Picture]:
    return [Picture(name, text) for name, text in drawn.items() if name.startswith(f"{kind}-")]
