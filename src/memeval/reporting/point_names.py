"""Names beside the points of a picture, each where it covers least."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

PLACES = ((7, 0, "left"), (-7, 0, "right"), (0, 9, "center"), (0, -9, "center"))
"""Where a name may stand beside its point, best first: offset in points, and its end there."""
OUTSIDE = 1000
"""How many covered pixels count as much as one over an axis or the figures of its ticks."""


class Named(NamedTuple):
    """A point with its interval, its name and the colour of that."""

    name: str
    colour: str
    x: float
    mean: float
    low: float
    high: float


def name_points(axis: "Axes", points: Sequence[Named]) -> None:
    """Write names beside points, each where it covers least of the points and the other names.

    None leaves the axes as long as it fits anywhere within.
    """
    from matplotlib.transforms import Bbox

    taken = []
    for point in points:
        ends = [(point.x, point.low), (point.x, point.high)]
        (x, bottom), (_, top) = axis.transData.transform(ends)
        taken.append(Bbox.from_extents(x - 6, bottom - 6, x + 6, top + 6))
    for name, colour, x, mean, _, _ in points:
        tried = [
            axis.annotate(
                name, (x, mean), xytext=(right, up), textcoords="offset points",
                fontsize=8, color=colour, va="center", ha=end,
            )
            for right, up, end in PLACES
        ]  # fmt: skip
        boxes = [text.get_window_extent() for text in tried]
        costs = [_covered(box, taken, axis.bbox) for box in boxes]
        best = costs.index(min(costs))
        taken.append(boxes[best])
        for i, text in enumerate(tried):
            if i != best:
                text.remove()


def _covered(box: "Bbox", taken: "Sequence[Bbox]", inside: "Bbox") -> float:
    """Return how much of other things a box covers, with what of it lies outside, in pixels."""
    inner = box.intersection(box, inside)
    outside = box.width * box.height - (inner.width * inner.height if inner else 0)
    shared = (box.intersection(box, other) for other in taken)
    return float(outside * OUTSIDE + sum(one.width * one.height for one in shared if one))
