"""Paired comparison of two runs on the same items, and of a family of such comparisons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memeval.errors import DataError
from memeval.scoring.intervals import Interval, Key, measured

SIGNIFICANT = 0.05


def is_finding(difference: Interval, p_value: float | None) -> bool:
    """Whether two runs differ: the interval excludes 0, and p is below 0.05.

    Where the comparison is one of a family, p is the one that `holm` adjusted.
    """
    return difference.excludes_zero and p_value is not None and p_value < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run `a` minus run `b` on the items both answered.

    `p_value` is that of the true difference being 0, with sessions as clusters. `detectable` is the
    smallest true difference that a comparison as noisy as this one finds in 80 of 100 cases; None
    where all items differ alike, so that nothing tells how noisy it is.
    """

    difference: Interval
    only_a: int
    only_b: int
    p_value: float | None
    detectable: float | None = None

    @property
    def finding(self) -> str:
        """The result in a word: better, worse, or indistinguishable."""
        if not is_finding(self.difference, self.p_value):
            return "indistinguishable"
        return "better" if (self.difference.mean or 0) > 0 else "worse"


def compare_scores(a: Mapping[Key, float | None], b: Mapping[Key, float | None]) -> Comparison:
    """Compare two runs, item by item; an item that one of them has no score for is left out.

    Raises:
        DataError: the runs did not answer the same items.
    """
    if a.keys() != b.keys():
        missing = sorted(a.keys() ^ b.keys())
        raise DataError(
            f"compared runs must have answered the same items, got {len(missing)} that only one "
            f"of them has, such as {missing[0]}; run both on the same sizes and seeds"
        )
    differences = {
        key: ours - theirs
        for key in a
        if (ours := a[key]) is not None and (theirs := b[key]) is not None
    }
    reach = max((1.0, *map(abs, differences.values())))
    found = measured(differences, (-reach, reach))
    return Comparison(
        difference=found.interval,
        only_a=sum(difference > 0 for difference in differences.values()),
        only_b=sum(difference < 0 for difference in differences.values()),
        p_value=found.p_value,
        detectable=found.detectable,
    )


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return the p-values of a family of tests, adjusted so that one false finding stays rare.

    The smallest is multiplied by their number, the next by one less, and so on; none falls below
    one that was smaller, none exceeds 1 (Holm 1979). Unlike Bonferroni's it gives nothing away, and
    the tests need not be independent: all variants of an ablation share the full memory. A test
    that was not made (None) stays None and does not count.
    """
    made = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    floor = 0.0
    for rank, (p, i) in enumerate(made):
        floor = max(floor, min(1.0, (len(made) - rank) * p))
        adjusted[i] = floor
    return adjusted
