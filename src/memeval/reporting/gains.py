"""What each memory gains over the baselines, and what each of its parts is worth."""

from collections.abc import Sequence

from memeval.reporting.load import (
    CORE,
    LONGCTX,
    RAG,
    Row,
    partner,
)
from memeval.reporting.tables import (
    ABSENT,
    difference,
    interval,
    on_seeds,
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
