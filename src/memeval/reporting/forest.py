"""The pictures of all suites at once: what each memory gains over the best baseline of each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from memeval.reporting import evidence
from memeval.reporting.drawing import new_figure, plain, png, stem, without_kind
from memeval.reporting.gain import Gain
from memeval.reporting.row import Row
from memeval.reporting.scores import label_of
from memeval.reporting.verdict import on_memories

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTIONS = {
    "gains": "Gained over the best baseline, on {model}: the paired difference in score",
    "found": (
        "Evidence over the best baseline, on {model}: the paired difference in how often any of "
        "it stands in the best 256 tokens of a recall"
    ),
}
KINDS = tuple(CAPTIONS)
READING = (
    ", with its interval; a filled point is a finding, by Holm over all of them. The best baseline "
    "is named below the suite. Right of the line is better."
)
FORMS = "osD^vP"
"""What tells memories apart besides their colour."""
SUITE, MEMORY = 0.12, 0.1
"""Inches that a suite takes, and each memory on it."""


class Point(NamedTuple):
    """What a memory gains over a baseline, with its interval."""

    row: Row
    other: Row
    mean: float
    low: float
    high: float
    is_finding: bool


def pictures(rows: Sequence[Row]) -> dict[str, tuple[str, bytes]]:
    """Return caption and PNG by file name: for each model, what is gained, and what found."""
    drawn = {}
    for kind, gains in (
        ("gains", [told.over_best for told in on_memories(rows)]),
        ("found", evidence.over_best(rows)),
    ):
        points = [point for gain in gains if (point := _point(gain))]
        for model in dict.fromkeys(point.row.model for point in points):
            mine = [point for point in points if point.row.model == model]
            what = label_of([point.row for point in mine]) if kind == "gains" else evidence.ANY
            caption = CAPTIONS[kind].format(model=model) + READING
            drawn[f"{kind}-{stem(model)}.png"] = (caption, png(_drawn(mine, what)))
    return drawn


def _point(gain: Gain) -> Point | None:
    if gain.other is None or gain.comparison is None or gain.mean is None:
        return None
    ends = (gain.comparison.difference.low, gain.comparison.difference.high)
    low, high = (gain.mean if end is None else end for end in ends)
    return Point(gain.row, gain.other, gain.mean, low, high, gain.is_finding)


def _drawn(points: Sequence[Point], what: str) -> "Figure":
    names = sorted({point.row.preset for point in points})
    look = {name: (FORMS[i % len(FORMS)], f"C{(i + 1) % 10}") for i, name in enumerate(names)}
    suites = {point.row.group: point for point in points}
    by_suite = [[point for point in points if point.row.group == group] for group in suites]
    height = sum(SUITE + MEMORY * len(mine) for mine in by_suite)
    figure, axis = new_figure(height=height + 1, left=1.35, bottom=0.9, top=0.1)
    top, ticks = 0.0, {}
    for mine in by_suite:
        y = top + (SUITE + MEMORY) / 2
        for point in sorted(mine, key=lambda point: point.row.preset):
            _draw(axis, point, y, *look[point.row.preset])
            y += MEMORY
        taken = SUITE + MEMORY * len(mine)
        ticks[top + taken / 2] = _title(mine)
        top += taken
        axis.axhline(top, color="black", alpha=0.12, lw=0.8)
    axis.axvline(0, color="black", lw=1)
    axis.set_ylim(top, 0)
    means = [point.mean for point in points]
    axis.set_xlim(min(-0.3, *means) - 0.1, max(0.3, *means) + 0.1)  # wide intervals are cut
    axis.set_yticks(list(ticks), list(ticks.values()), fontsize=8)
    axis.tick_params(axis="x", labelsize=8)
    axis.grid(visible=True, axis="x", alpha=0.25)
    axis.set_xlabel(f"{what}, over the best baseline", fontsize=9)
    drawn = [axis.plot([], [], form, color=colour, ms=5)[0] for form, colour in look.values()]
    figure.legend(drawn, map(without_kind, names), loc="lower center", ncols=4, fontsize=8)
    return figure


def _draw(axis: "Axes", point: Point, y: float, form: str, colour: str) -> None:
    axis.plot([point.low, point.high], [y, y], color=colour, lw=1.2)
    inside = colour if point.is_finding else "white"
    axis.plot([point.mean], [y], form, color=colour, markerfacecolor=inside, ms=4.5)


def _title(points: Sequence[Point]) -> str:
    """Name a suite, and below it the best baseline, or those of its memories."""
    best = dict.fromkeys(without_kind(point.other.preset) for point in points)
    return f"{plain(points[0].row.data)}\n{', '.join(best)}"
