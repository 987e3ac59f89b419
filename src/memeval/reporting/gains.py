"""What each memory gains over the baselines, and what each of its parts is worth."""

from collections.abc import Sequence

from memeval.reporting.load import (
    CEILING,
    CORE,
    FLOOR,
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
