"""A row minus another one, paired, as one of a family of comparisons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from memeval.reporting.row import Row
from memeval.scoring.compare import Comparison, holm, is_finding

Compare = Callable[[Row, Row], Comparison | None]


@dataclass(frozen=True, slots=True)
class Gain:
    """A row minus another one, paired; no comparison where the other is missing or unlike it."""

    row: Row
    other: Row | None
    comparison: Comparison | None
    holm_p: float | None

    @classmethod
    def family(
        cls, pairs: Sequence[tuple[Row, Row | None]], against: Compare = Row.against
    ) -> list[Self]:
        """Compare each row with the other one of its pair; Holm's family is all of them."""
        compared = [against(row, other) if other else None for row, other in pairs]
        adjusted = holm([c.p_value if c else None for c in compared])
        return [cls(*pair, c, p) for pair, c, p in zip(pairs, compared, adjusted, strict=True)]

    @property
    def mean(self) -> float | None:
        """The difference in what was compared, such as the primary score; None if nothing was."""
        return self.comparison.difference.mean if self.comparison else None

    @property
    def is_finding(self) -> bool:
        """Whether the two differ, with p adjusted for the family."""
        return self.comparison is not None and is_finding(self.comparison.difference, self.holm_p)
