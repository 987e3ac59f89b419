"""What each memory gains over the baselines, and what each of its parts is worth."""

from collections.abc import Sequence

from memeval.reporting import roles
from memeval.reporting.gain import Gain
from memeval.reporting.row import Row, beside
from memeval.reporting.scores import label_of, suite_of
from memeval.reporting.tables import (
    Table,
    difference,
    interval,
    number,
    p_value,
    ratio,
    share_of_the_way,
)

GAIN_NOTE = (
    "Over: paired difference in {score} on the same questions, with its 95 % interval clustered by "
    'session. A figure ends in "=" where the two are indistinguishable: the interval holds 0, or '
    "its p, adjusted by Holm over all differences of this table, is not below 0.05. "
    '"of the way" is the share of the way from the floor (closed book) '
    "to the ceiling (oracle); a dash is what was not measured."
)
TEST_NOTE = (
    "Each difference above, with what its verdict rests on. between / within: the variance between "
    "sessions (of the built-in suites, seeds) over that within them, where 1 is what the items "
    "alone explain; p: that of no difference, clustered by session; detectable: the smallest true "
    "difference that as many items would have found in 80 of 100 cases."
)
TEST_HEADER = (
    "memory",
    "suite",
    "over",
    "difference [95 %]",
    "sessions",
    "between / within",
    "p",
    "Holm p",
    "detectable",
)


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


def references(rows: Sequence[Row]) -> list[str]:
    """Return the presets that gains are told over: the shipped ones, then others that were run."""
    others = [row.preset for role in roles.REFERENCES for row in rows if row.role == role]
    return list(dict.fromkeys([*roles.presets_of(roles.REFERENCES), *others]))


def over_baselines(rows: Sequence[Row]) -> list[tuple[Row, list[Gain]]]:
    """Return each memory of a model with its gains over the references."""
    memories, names = [row for row in rows if row.is_memory], references(rows)
    pairs = [(row, beside(rows, row, name)) for row in memories for name in names]
    family = Gain.family(pairs)
    width = len(names)
    return [(row, family[i * width : (i + 1) * width]) for i, row in enumerate(memories)]


def gain_table(rows: Sequence[Row]) -> Table:
    """Return header and rows, one for each memory: score, gains, share of the way."""
    over = [f"over {name.rpartition('/')[2]} [95 %]" for name in references(rows)]
    header = ("memory", "suite", f"{label_of(rows)} [95 %]", *over, "of the way")
    return header, [
        (
            row.preset,
            suite_of(rows, row),
            interval(row.score()),
            *map(difference, gains),
            share_of_the_way(rows, row),
        )
        for row, gains in over_baselines(rows)
    ]


def test_table(rows: Sequence[Row]) -> Table:
    """Return header and rows, one for each gain of a memory that was compared."""
    return TEST_HEADER, [
        (
            row.preset,
            suite_of(rows, row),
            gain.other.preset.rpartition("/")[2],
            difference(gain),
            str(gain.comparison.difference.n_sessions),
            ratio(gain.comparison.difference),
            p_value(gain.comparison.p_value),
            p_value(gain.holm_p),
            number(gain.comparison.detectable, 3),
        )
        for row, gains in over_baselines(rows)
        for gain in gains
        if gain.other and gain.comparison
    ]
