"""How far two ways to score agree, beyond what chance would have them agree."""

from collections.abc import Sequence


def cohens_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Return (observed - expected) / (1 - expected) agreement of two raters.

    Agreement alone is high wherever nearly all answers are wrong. Expected is what two raters with
    these shares of yes would agree by chance (Cohen 1960). None of no pairs, or where both say the
    same of everything: then chance alone agrees wholly.
    """
    if not pairs:
        return None
    count = len(pairs)
    observed = count * sum(one == other for one, other in pairs)
    first, second = (sum(side) for side in zip(*pairs, strict=True))
    expected = first * second + (count - first) * (count - second)
    whole = count * count  # all is counted in pairs of pairs, whole numbers, so that 0 is 0
    return None if expected == whole else (observed - expected) / (whole - expected)
