"""Whether confidences are the shares of what holds: their error, how well they tell, and a curve.

`confidences` are from 0 to 1, `outcomes` say whether what each of them speaks of was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
"""Of equal width, each with its lower end, the last with its upper one, too."""
NAMES = tuple(f"{place / BINS:.1f}-{(place + 1) / BINS:.1f}" for place in range(BINS))


@dataclass(frozen=True, slots=True)
class Bin:
    """How many confidences lie in a bin, their mean, and the share that was found; None of none."""

    n: int
    confidence: float | None
    found: float | None


def reliability(confidences: Sequence[float], outcomes: Sequence[bool]) -> list[Bin]:
    """Return the bins of a reliability curve, lowest first, empty ones among them."""
    told, held = np.asarray(confidences, float), np.asarray(outcomes, float)
    places = np.minimum((told * BINS).astype(int), BINS - 1)
    return [_bin(told[places == place], held[places == place]) for place in range(BINS)]


def named(bins: Sequence[Bin]) -> dict[str, Bin]:
    """Return bins by the confidences between which they lie, as in "0.0-0.1"."""
    return dict(zip(NAMES, bins, strict=True))


def _bin(told: NDArray[np.float64], held: NDArray[np.float64]) -> Bin:
    return (
        Bin(len(told), float(told.mean()), float(held.mean())) if len(told) else Bin(0, None, None)
    )


def pooled(bins: Sequence[Bin]) -> Bin:
    """Return several bins as one."""
    n = sum(one.n for one in bins)
    if not n:
        return Bin(0, None, None)
    confidence = sum(one.n * (one.confidence or 0.0) for one in bins) / n
    return Bin(n, confidence, sum(one.n * (one.found or 0.0) for one in bins) / n)


def expected_calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the mean distance of confidence from outcome over bins, by their n; None of none.

    What a reader of the curve sees, as one figure: 0 where the confidences of every bin are right
    on average, however well they tell one item from another (Naeini, Cooper and Hauskrecht 2015).
    """
    n = sum(one.n for one in bins)
    apart = (one.n * abs((one.confidence or 0.0) - (one.found or 0.0)) for one in bins)
    return sum(apart) / n if n else None


def brier_score(confidences: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Return the mean squared distance of confidence from outcome; None of none.

    It rewards being right on average and telling items apart at once, and needs no bins: a
    confidence of one half throughout has 0.25 (Brier 1950).
    """
    apart = np.asarray(confidences, float) - np.asarray(outcomes, float)
    return float(np.mean(apart**2)) if len(apart) else None


def auroc(confidences: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Return how often what was found has the higher confidence, of pairs with what was not.

    Pairs of equal confidence count half. It is the area under the ROC curve, and heeds the order
    alone, so that no calibration changes it. None where all was found, or nothing.
    """
    held = np.asarray(outcomes, bool)
    pairs = int(held.sum()) * int((~held).sum())
    if not pairs:
        return None
    _, ties, counts = np.unique(
        np.asarray(confidences, float), return_inverse=True, return_counts=True
    )
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[ties]
    positives = int(held.sum())
    return float((ranks[held].sum() - positives * (positives + 1) / 2) / pairs)
