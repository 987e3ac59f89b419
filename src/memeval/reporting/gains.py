"""What each memory gains over the baselines, and what each of its parts is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from memeval.reporting import roles
from memeval.reporting.row import Row, beside
from memeval.reporting.scores import label_of, suite_of
from memeval.reporting.tables import (
    ABSENT,
    Table,
    difference,
    interval,
    on_seeds,
    share_of_the_way,
)
from memeval.scoring.compare import Comparison, holm

GAIN_NOTE = (
    "Over: paired difference in {score} on the same questions, with its 95 % bootstrap "
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


@dataclass(frozen=True, slots=True)
class Gain:
    """A row minus another one, paired; no comparison where the other is missing or unlike it."""

    row: Row
    other: Row | None
    comparison: Comparison | None
    holm_p: float | None

    @classmethod
    def family(cls, pairs: Sequence[tuple[Row, Row | None]]) -> list[Self]:
        """Compare each row with the other one of its pair; Holm's family is all of them."""
        compared = [row.against(other) if other else None for row, other in pairs]
        adjusted = holm([c.p_value if c else None for c in compared])
        return [cls(*pair, c, p) for pair, c, p in zip(pairs, compared, adjusted, strict=True)]

    @property
    def mean(self) -> float | None:
        """The difference in the primary score; None where nothing was compared."""
        return self.comparison.difference.mean if self.comparison else None

    @property
    def is_finding(self) -> bool:
        """Whether the interval excludes 0 and the adjusted test agrees."""
        if self.comparison is None or self.holm_p is None:
            return False
        return self.comparison.difference.excludes_zero and self.holm_p < SIGNIFICANT

    def __str__(self) -> str:
        """Return the difference with its interval; one on fewer seeds than the row's says which."""
        if self.other is None or self.mean is None:
            return ABSENT
        text = difference(self.comparison).removesuffix(" =") + on_seeds(self.row, self.other)
        return text if self.is_finding else f"{text} ="


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
            *map(str, gains),
            share_of_the_way(rows, row),
        )
        for row, gains in over_baselines(rows)
    ]
