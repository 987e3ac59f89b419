"""What each memory gains over the baselines, and what each of its parts is worth."""

from collections.abc import Sequence

from memeval.reporting.load import (
    CEILING,
    CORE,
    FLOOR,
    FULL,
    LONGCTX,
    RAG,
    Row,
    partner,
)
from memeval.reporting.tables import (
    ABSENT,
    difference,
    interval,
    number,
    on_seeds,
    seeds_of,
    share_of_the_way,
    tokens_per_item,
)
from memeval.scoring.compare import Comparison, holm

REFERENCES = (CORE, RAG, LONGCTX)
GAIN_HEADER = (
    "memory",
    "suite",
    "exact match [95 %]",
    "over core [95 %]",
    "over rag [95 %]",
    "over longctx [95 %]",
    "of the way",
)
GAIN_NOTE = (
    "Over: paired difference in exact match on the same questions, with its 95 % bootstrap "
    'interval clustered by session. A figure ends in "=" where the two are indistinguishable: the '
    "interval holds 0, or McNemar's exact test, adjusted by Holm over all differences of this "
    'table, is not below 0.05. "of the way" is the share of the way from the floor (closed book) '
    "to the ceiling (oracle); a dash is what was not measured."
)
SIGNIFICANT = 0.05


def headline(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of one size for each model and suite: what most presets were measured on.

    Among sizes with as many presets it is 200, the size of ablations, or else the largest.
    """
    sizes: dict[tuple[str, str], dict[int, int]] = {}
    for row in rows:
        counts = sizes.setdefault((row.model, row.suite), {})
        counts[row.size] = counts.get(row.size, 0) + 1
    chosen = {
        place: max(counts, key=lambda size, c=counts: (c[size], size == 200, size))  # type: ignore[misc]
        for place, counts in sizes.items()
    }
    return [row for row in rows if chosen[row.model, row.suite] == row.size]


def gain_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return a row for each memory: exact match, gains over the baselines, share of the way."""
    memories = [row for row in rows if row.is_memory]
    pairs = [(row, partner(rows, row, name)) for row in memories for name in REFERENCES]
    compared = [row.against(other) if other else None for row, other in pairs]
    adjusted = holm([c.p_value if c else None for c in compared])
    told = [
        gain(row, other, comparison, p)
        for (row, other), comparison, p in zip(pairs, compared, adjusted, strict=True)
    ]
    width = len(REFERENCES)
    return [
        (
            row.preset,
            f"{row.suite} {row.size}",
            interval(row.exact_match()),
            *told[i * width : (i + 1) * width],
            share_of_the_way(rows, row),
        )
        for i, row in enumerate(memories)
    ]


def gain(row: Row, other: Row | None, comparison: Comparison | None, p: float | None) -> str:
    """Format a gain; one on fewer seeds than the row has says on which."""
    if other is None or comparison is None or comparison.difference.mean is None:
        return ABSENT
    text = difference(comparison).removesuffix(" =") + on_seeds(row, other)
    return text if is_finding(comparison, p) else f"{text} ="


def is_finding(comparison: Comparison, p: float | None) -> bool:
    """Whether the interval excludes 0 and the adjusted test agrees."""
    return comparison.difference.excludes_zero and p is not None and p < SIGNIFICANT


def sentences(rows: Sequence[Row]) -> list[str]:
    """Say in a sentence for each suite which memory did best, and what it gained."""
    told = []
    for group in grouped_by_place(rows):
        memories = [row for row in group if row.is_memory and row.exact_match().mean is not None]
        if not memories:
            told.append(f"{group[0].place}: no memory was measured.")
            continue
        best = max(memories, key=lambda row: row.exact_match().mean or 0.0)
        told.append(_sentence(group, best))
    return told


def _sentence(group: Sequence[Row], best: Row) -> str:
    score = best.exact_match().mean or 0.0
    seeds = "1 seed" if len(best.seeds) == 1 else f"{len(best.seeds)} seeds"
    others = [
        f"{name.rpartition('/')[2]} {_score(other)}{_partial(group, other)}"
        for name in (FLOOR, *REFERENCES, CEILING)
        if (other := partner(group, best, name))
    ]
    beside = f" beside {', '.join(others)}" if others else ""
    way = share_of_the_way(group, best)
    share = "" if way == ABSENT else f"; {way} of the way from closed book to oracle"
    count = sum(row.is_memory for row in group)
    rank = f"best of {count} memories: " if count > 1 else ""
    return f"{best.place}, {seeds}: {rank}{best.preset} {score:.2f}{beside}{share}."


def _partial(rows: Sequence[Row], row: Row) -> str:
    seeds = seeds_of(rows, row)
    return f" ({seeds} seeds)" if "of" in seeds else ""


def _score(row: Row) -> str:
    return number(row.exact_match().mean, 2)


def grouped_by_place(rows: Sequence[Row]) -> list[list[Row]]:
    """Split rows by model, suite and size."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return list(groups.values())


ABLATION_HEADER = (
    "variant",
    "switched off",
    "exact match",
    "minus full [95 %]",
    "only it / only full",
    "McNemar p",
    "Holm p",
    "detectable",
    "decisions",
    "tokens/item",
    "ms/item",
    "store KB",
)
ABLATION_NOTE = (
    "One part switched off, the same questions: minus full is the paired difference in exact "
    'match, so a part that earns its place has a negative one. "=" marks what is '
    "indistinguishable, as above, with Holm over the variants of one memory. detectable is the "
    "smallest true difference that as many items would have found in 80 of 100 cases. The last "
    "columns show by how much each figure differs from the full memory's; decisions are a walk's. "
    "Nothing changed: no answer, token, decision, stored byte or counter of the memory differs."
)


def ablation_groups(ablations: Sequence[Row]) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Return title and table of each memory's ablation, one for each model, suite and size."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in ablations:
        groups.setdefault((row.preset, row.place), []).append(row)
    return [
        (f"{preset}: {place}, seeds {_seeds(rows)}", _ablation_rows(rows))
        for (preset, place), rows in groups.items()
    ]


def _seeds(rows: Sequence[Row]) -> str:
    return ", ".join(map(str, sorted({seed for row in rows for seed in row.seeds})))


def _ablation_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    full = next((row for row in rows if row.variant == FULL), None)
    compared = [row.against(full) if full and row is not full else None for row in rows]
    adjusted = holm([c.p_value if c else None for c in compared])
    return [
        (
            row.variant or ABSENT,
            ", ".join(row.knobs_off) or ABSENT,
            _score(row),
            NOTHING if _same(row, full) else gain(row, full, comparison, p),
            ABSENT if comparison is None else f"{comparison.only_a} / {comparison.only_b}",
            p_value(comparison.p_value if comparison else None),
            p_value(p),
            number(comparison.detectable if comparison else None, 3),
            _cost(row, full, "navigation", "decisions_mean", digits=2),
            _tokens(row, full),
            _cost(row, full, "latency_ms_mean", digits=0),
            _cost(row, full, "memory", "store_bytes", digits=1, scale=1 / 1024),
        )
        for row, comparison, p in zip(rows, compared, adjusted, strict=True)
    ]


NOTHING = "nothing changed"


def _same(row: Row, full: Row | None) -> bool:
    """Whether no answer, token, decision, stored byte or counter differs from the full memory's."""
    if full is None or row is full or row.records != full.records:
        return False
    mine, theirs = _counted(row), _counted(full)
    return mine == theirs


def _counted(row: Row) -> list[object]:
    return [
        (cell.metrics.get("tokens"), cell.metrics.get("navigation"), cell.metrics["memory"])
        for cell in sorted(row.cells, key=lambda cell: int(cell.meta["seed"]))
    ]


def p_value(value: float | None) -> str:
    """Format a p-value; what is very small is not worth its digits."""
    if value is None:
        return ABSENT
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _cost(row: Row, full: Row | None, *path: str, digits: int, scale: float = 1.0) -> str:
    here, there = row.mean(*path), full.mean(*path) if full and full is not row else None
    return _changed(here, there, digits, scale, alone=full is None or row is full)


def _tokens(row: Row, full: Row | None) -> str:
    there = tokens_per_item(full) if full else None
    return _changed(tokens_per_item(row), there, 0, alone=full is None or row is full)


def _changed(
    here: float | None, there: float | None, digits: int, scale: float = 1.0, *, alone: bool
) -> str:
    """Return the full memory's own figure, and by how much each variant's differs from it."""
    if here is None or (there is None and not alone):
        return ABSENT
    if alone or there is None:
        return number(here * scale, digits)
    return f"{(here - there) * scale:+,.{digits}f}"
