"""The report's pictures, drawn where matplotlib is installed: most kinds for each suite."""

import importlib.util
from collections.abc import Callable, Sequence
from math import log10
from typing import TYPE_CHECKING, NamedTuple

from memeval.reporting import confidences, forest, tables
from memeval.reporting.drawing import new_figure, plain, png, stem, without_kind
from memeval.reporting.point_names import Named, name_points
from memeval.reporting.roles import CEILING, CORE, RETRIEVAL
from memeval.reporting.row import Row, split
from memeval.reporting.scores import label_of, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.container import ErrorbarContainer
    from matplotlib.figure import Figure

ABSENT = (
    "No pictures: matplotlib is not installed (pip install 'memeval-bench[plots]'). The tables "
    "hold the same figures."
)
MEMORY_COLOUR, BASELINE_COLOUR = "#b3441e", "#4a6785"
TICKS = ((0.9, (1, 2, 3, 5)), (1.8, (1, 2, 5)), (3, (1, 3)), (99, (1,)))
"""Ticks of each decade by how many decades the costs span at most: as many as have room."""
CAPTIONS = {
    "cost": (
        "Accuracy against cost",
        "{score} with its interval, over milliseconds per question, the median over seeds; "
        "memories in red, baselines as blue squares. Up and to the left is better.",
    ),
    "slices": (
        "Slices",
        "{score}, dark is right, behind each name how many questions; where none of a slice has an "
        "answer, what that score says of it, or right abstention.",
    ),
    "size": (
        "Interference",
        "{score} with its interval, over the number of questions, each session in a store of its "
        "own; baselines are dashed.",
    ),
    "confidence": (
        "Do confidences hold",
        "the share of recalls with evidence over their confidence, a point a bin, larger for more "
        "items. On the dashed line confidences are right, below it too high.",
    ),
}
"""A title and what is seen, by the kind of picture."""
KINDS = (*CAPTIONS, *forest.KINDS)
"""With what the names of pictures begin."""
LINES = {CORE: "s--", RETRIEVAL: "^--", CEILING: "D--"}
"""The roles of the baselines beside which interference is shown, and how each is drawn."""


class Point(NamedTuple):
    """A row's score with its interval, over what the picture has on its other axis."""

    row: Row
    x: float
    mean: float
    low: float
    high: float


def pictures(headline: Sequence[Row], rows: Sequence[Row]) -> dict[str, tuple[str, bytes]] | None:
    """Return caption and PNG by file name, for each model, and each suite; None without matplotlib.

    The PNG has `SHARPER` times as many pixels, each way, as it takes on a page.
    """
    if importlib.util.find_spec("matplotlib") is None:
        return None
    drawn = forest.pictures(headline)
    for mine in split(sorted(headline, key=_place), _place):
        named, size = stem(*_place(mine[0])), f" {mine[0].size}"
        several = _growing([row for row in rows if _place(row) == _place(mine[0])])
        for kind, shown, told, draw in (
            ("cost", mine, size, _cost),
            ("slices", mine, size, _slices),
            ("size", several, "", _sizes),
            ("confidence", [row for row in mine if confidences.curve(row)], size, _confidence),
        ):
            if shown:
                drawn[f"{kind}-{named}.png"] = (_caption(kind, shown, told), png(draw(shown)))
    return drawn


def _place(row: Row) -> tuple[str, str]:
    return row.model, row.suite


def _caption(kind: str, rows: Sequence[Row], size: str) -> str:
    title, seen = CAPTIONS[kind]
    return f"{title}, {rows[0].suite}{size} on {rows[0].model}: {sentence(rows, seen)}"


def _cost(rows: Sequence[Row]) -> "Figure":
    figure, axis = new_figure()
    points = _points(rows, lambda row: row.median("latency_ms_mean"))
    for form, colour in (("s", BASELINE_COLOUR), ("o", MEMORY_COLOUR)):
        _draw(axis, [p for p in points if _colour(p.row) == colour], form, colour)
    _scale(axis, [point.x for point in points])
    axis.set_ylim(-0.08, 1.08)
    usual = tables.usual_processors([point.row for point in points])
    elsewhere = [point.row for point in points if point.row.processors != usual]
    name_points(axis, [_named(point, is_marked=point.row in elsewhere) for point in points])
    axis.set_title(plain(rows[0].data))
    mark = " (*: on another processor)" * bool(elsewhere)
    axis.set_xlabel(f"ms per question, log scale{mark}", fontsize=9)
    axis.set_ylabel(label_of(rows))
    axis.grid(visible=True, alpha=0.25)
    return figure


def _points(rows: Sequence[Row], place: Callable[[Row], float | None]) -> list[Point]:
    """Return the points of the rows that have a score and a place above 0 on the other axis.

    A mean that has no interval is drawn as a bare point.
    """
    points = []
    for row in rows:
        x, score = place(row), row.score()
        if x and (mean := score.mean) is not None:
            low, high = (mean if end is None else end for end in (score.low, score.high))
            points.append(Point(row, x, mean, low, high))
    return points


def _named(point: Point, *, is_marked: bool) -> Named:
    row, *place = point
    return Named(_short(row) + "*" * is_marked, _colour(row), *place)


def _draw(axis: "Axes", points: Sequence[Point], form: str, colour: str) -> "ErrorbarContainer":
    below = [max(0.0, point.mean - point.low) for point in points]
    above = [max(0.0, point.high - point.mean) for point in points]
    return axis.errorbar(
        [point.x for point in points],
        [point.mean for point in points],
        yerr=[below, above], fmt=form, color=colour, capsize=2, ms=5,
    )  # fmt: skip


def _scale(axis: "Axes", costs: Sequence[float]) -> None:
    """Make the axis of costs logarithmic, in plain figures, with room for names on its right."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axis.set_xscale("log")
    if costs:
        axis.set_xlim(min(costs) / 1.7, max(costs) * 3)
        decades = log10(max(costs) / min(costs))
        subs = next(subs for most, subs in TICKS if decades <= most)
        axis.xaxis.set_major_locator(LogLocator(subs=subs, numticks=50))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.tick_params(axis="x", labelsize=8)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _slices(rows: Sequence[Row]) -> "Figure":
    names = tables.slice_names(rows)
    scores = [[row.slice_score(name) for name in names] for row in rows]
    grid = [[float("nan") if score is None else score for score in line] for line in scores]
    told = [f"{plain(name)} ({max(row.slice_items(name) for row in rows)})" for name in names]
    bottom = 0.2 + 0.06 * max(map(len, told), default=0)
    figure, axis = new_figure(height=0.45 + bottom + 0.25 * len(rows), left=1.1, bottom=bottom)
    axis.imshow(grid, cmap="YlGnBu", vmin=0, vmax=1, aspect="auto")
    for y, line in enumerate(scores):
        for x, score in enumerate(line):
            shown = "-" if score is None else f"{score:.2f}"
            colour = "white" if (score or 0) > 0.6 else "black"
            axis.text(x, y, shown, ha="center", va="center", fontsize=7.5, color=colour)
    axis.set_xticks(
        range(len(names)), told, rotation=60, ha="right", rotation_mode="anchor", fontsize=8
    )
    axis.set_yticks(range(len(rows)), [_short(row) for row in rows], fontsize=8)
    axis.set_title(plain(rows[0].data))
    return figure


def _growing(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of memories, and of few baselines, that were measured at several sizes."""
    mine = [row for row in rows if row.is_memory or row.role in LINES]
    return [row for _, line in tables.growing(mine) for row in line]


def _sizes(rows: Sequence[Row]) -> "Figure":
    figure, axis = new_figure(bottom=1.0)
    grown = tables.growing(rows)
    memories = [name for name, line in grown if line[0].is_memory]
    colours = {name: f"C{(i + 1) % 10}" for i, name in enumerate(memories)}  # C0 is blue
    lines = {}
    for name, line in grown:
        form, colour = LINES.get(line[0].role, "o-"), colours.get(name, BASELINE_COLOUR)
        points = _points(sorted(line, key=lambda row: row.size), lambda row: row.size)
        lines[without_kind(name)] = _draw(axis, points, form, colour)[0]
    axis.set_xscale("log")
    sizes = sorted({row.size for row in rows})
    axis.set_xticks(sizes, map(str, sizes))
    axis.minorticks_off()
    axis.set_ylim(-0.05, 1.05)
    axis.set_title(plain(rows[0].suite))
    axis.set_xlabel("items")
    axis.set_ylabel(label_of(rows))
    axis.grid(visible=True, alpha=0.25)
    figure.legend(lines.values(), lines, loc="lower center", ncols=4, fontsize=8)
    return figure


def _confidence(rows: Sequence[Row]) -> "Figure":
    figure, axis = new_figure(bottom=1.0)
    axis.plot([0, 1], [0, 1], "--", color="gray", lw=1)
    lines = {}
    for i, row in enumerate(rows, start=1):
        bins = confidences.curve(row).values()
        told, found = [one.confidence or 0.0 for one in bins], [one.found or 0.0 for one in bins]
        sizes = [8 + 60 * one.n / max(other.n for other in bins) for one in bins]
        [lines[_short(row)]] = axis.plot(told, found, color=f"C{i % 10}", lw=1)
        axis.scatter(told, found, sizes, f"C{i % 10}")
    axis.set_xlim(-0.05, 1.05)
    axis.set_ylim(-0.05, 1.05)
    axis.set_title(plain(rows[0].data))
    axis.set_xlabel("confidence")
    axis.set_ylabel("evidence found")
    axis.grid(visible=True, alpha=0.25)
    figure.legend(lines.values(), lines, loc="lower center", ncols=4, fontsize=8)
    return figure


def _short(row: Row) -> str:
    return without_kind(row.preset)


def _colour(row: Row) -> str:
    return MEMORY_COLOUR if row.is_memory else BASELINE_COLOUR
