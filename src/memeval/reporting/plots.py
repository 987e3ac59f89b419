"""The report's pictures, drawn where matplotlib is installed."""

import hashlib
import importlib.util
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from memeval.reporting import tables
from memeval.reporting.roles import CEILING, CORE, RETRIEVAL
from memeval.reporting.row import Row
from memeval.reporting.scores import label_of, sentence
from memeval.reporting.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.container import ErrorbarContainer
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

ABSENT = (
    "No pictures: matplotlib is not installed (pip install 'memeval-bench[plots]'). The tables "
    "hold the same figures."
)
KINDS = ("cost", "slices", "size")
"""With what the names of pictures begin."""
MEMORY_COLOUR, BASELINE_COLOUR = "#b3441e", "#4a6785"
DPI = 100
TOP, RIGHT = 0.35, 0.12  # inches
NAME_PLACES = ((7, 0, "left"), (-7, 0, "right"), (0, 9, "center"), (0, -9, "center"))
"""Where a name may stand beside its point, best first: offset in points, and its end there."""
COST_CAPTION = (
    "Accuracy against cost: {score}, with its interval, over milliseconds per question, the "
    "median over seeds; memories in red, baselines in blue. Up and to the left is better."
)
SLICES_CAPTION = "{Score} by slice, dark is right; on the slice unknown, right abstention."
SIZE_CAPTION = (
    "Interference: {score}, with its interval, over the size of the dataset that one store "
    "holds; baselines dashed."
)
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
    """Return caption and PNG by file name, a set for each model; None without matplotlib."""
    if importlib.util.find_spec("matplotlib") is None:
        return None
    drawn = {}
    for model in sorted({row.model for row in headline}):
        mine = [row for row in headline if row.model == model]
        stem = _stem(model)
        said = f"{model}. {sentence(mine, COST_CAPTION)}"
        drawn[f"cost-{stem}.png"] = (said, _png(_cost(mine)))
        said = f"{model}. {sentence(mine, SLICES_CAPTION)}"
        drawn[f"slices-{stem}.png"] = (said, _png(_slices(mine)))
        if growing := _growing([row for row in rows if row.model == model]):
            said = f"{model}. {sentence(growing, SIZE_CAPTION)}"
            drawn[f"size-{stem}.png"] = (said, _png(_sizes(growing)))
    return drawn


def _stem(model: str) -> str:
    """Return a file name for a model: what is safe of its name, and a digest to tell it apart."""
    digest = hashlib.sha256(model.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', model).strip('-')[:40] or 'model'}-{digest}"


def _png(figure: "Figure") -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    return buffer.getvalue()


def _figure(
    columns: int, *, width: float, height: float, left: float = 0.6, bottom: float = 0.55
) -> "tuple[Figure, list[Axes]]":
    """Return a figure of its own, which no window or global state knows of, with fixed margins.

    Sizes are in inches, those of one column. matplotlib's own layout draws everything three times,
    which a date of many models would wait for.
    """
    from matplotlib.figure import Figure

    whole = width * columns
    figure = Figure(figsize=(whole, height), dpi=DPI)
    axes = figure.subplots(1, columns, squeeze=False)
    inner = width - left - RIGHT
    figure.subplots_adjust(
        left=left / whole,
        right=1 - RIGHT / whole,
        bottom=bottom / height,
        top=1 - TOP / height,
        wspace=(left + RIGHT) / inner,
    )
    return figure, list(axes[0])


def _by_suite(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    names = sorted({row.suite for row in rows})
    return [(name, [row for row in rows if row.suite == name]) for name in names]


def _cost(rows: Sequence[Row]) -> "Figure":
    suites = _by_suite(rows)
    figure, axes = _figure(len(suites), width=4.6, height=3.8)
    for axis, (suite, mine) in zip(axes, suites, strict=True):
        points = _points(mine, lambda row: row.median("latency_ms_mean"))
        for colour in (BASELINE_COLOUR, MEMORY_COLOUR):
            _draw(axis, [p for p in points if _colour(p.row) == colour], "o", colour)
        _scale(axis, [point.x for point in points])
        axis.set_ylim(-0.08, 1.08)
        elsewhere = _timed_elsewhere(points)
        _name_points(axis, points, elsewhere)
        axis.set_title(f"{_plain(suite)} {mine[0].size}")
        axis.set_xlabel("ms per question" + " (*: on another processor)" * bool(elsewhere))
        axis.grid(visible=True, alpha=0.25)
    axes[0].set_ylabel(label_of(rows))
    return figure


def _timed_elsewhere(points: Sequence[Point]) -> list[Row]:
    """Return the rows that were timed on another processor than most."""
    counts = Counter(point.row.processors for point in points)
    usual = max(counts, key=counts.__getitem__, default=frozenset[str]())
    return [point.row for point in points if point.row.processors != usual]


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
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _name_points(axis: "Axes", points: Sequence[Point], marked: Sequence[Row]) -> None:
    """Write names beside points, each where it covers least of the points and the other names."""
    from matplotlib.transforms import Bbox

    taken = []
    for point in points:
        ends = [(point.x, point.low), (point.x, point.high)]
        (x, bottom), (_, top) = axis.transData.transform(ends)
        taken.append(Bbox.from_extents(x - 6, bottom - 6, x + 6, top + 6))
    for row, cost, mean, _, _ in points:
        name = _short(row) + "*" * (row in marked)
        tried = [
            axis.annotate(
                name, (cost, mean), xytext=(right, up), textcoords="offset points",
                fontsize=7.5, color=_colour(row), va="center", ha=end,
            )
            for right, up, end in NAME_PLACES
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
    return float(outside + sum(one.width * one.height for one in shared if one))


def _slices(rows: Sequence[Row]) -> "Figure":
    suites = _by_suite(rows)
    most = max(len(mine) for _, mine in suites)
    figure, axes = _figure(len(suites), width=5.0, height=1.3 + 0.3 * most, left=1.1, bottom=0.9)
    for axis, (suite, mine) in zip(axes, suites, strict=True):
        names = tables.slice_names(mine)
        scores = [[row.slice_score(name) for name in names] for row in mine]
        grid = [[float("nan") if score is None else score for score in line] for line in scores]
        axis.imshow(grid, cmap="YlGnBu", vmin=0, vmax=1, aspect="auto")
        for y, line in enumerate(scores):
            for x, score in enumerate(line):
                shown = "-" if score is None else f"{score:.2f}"
                colour = "white" if (score or 0) > 0.6 else "black"
                axis.text(x, y, shown, ha="center", va="center", fontsize=7, color=colour)
        axis.set_xticks(range(len(names)), map(_plain, names), rotation=40, ha="right", fontsize=8)
        axis.set_yticks(range(len(mine)), [_short(row) for row in mine], fontsize=8)
        axis.set_title(f"{_plain(suite)} {mine[0].size}")
    return figure


def _growing(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of memories, and of few baselines, that were measured at several sizes."""
    mine = [row for row in rows if row.is_memory or row.role in LINES]
    counts = Counter((row.preset, row.suite) for row in mine)
    return [row for row in mine if counts[row.preset, row.suite] > 1]


def _sizes(rows: Sequence[Row]) -> "Figure":
    suites = _by_suite(rows)
    figure, axes = _figure(len(suites), width=4.4, height=3.9, bottom=0.95)
    memories = _presets([row for row in rows if row.is_memory])
    colours = {preset: f"C{(i + 1) % 10}" for i, preset in enumerate(memories)}  # C0 is blue
    lines = {}
    for axis, (suite, mine) in zip(axes, suites, strict=True):
        for preset in _presets(mine):
            line = sorted((row for row in mine if row.preset == preset), key=lambda row: row.size)
            form, colour = LINES.get(line[0].role, "o-"), colours.get(preset, BASELINE_COLOUR)
            points = _points(line, lambda row: row.size)
            lines[_short(line[0])] = _draw(axis, points, form, colour)[0]
        axis.set_xscale("log")
        sizes = sorted({row.size for row in mine})
        axis.set_xticks(sizes, map(str, sizes))
        axis.minorticks_off()
        axis.set_ylim(-0.05, 1.05)
        axis.set_title(_plain(suite))
        axis.set_xlabel("items")
        axis.grid(visible=True, alpha=0.25)
    axes[0].set_ylabel(label_of(rows))
    columns = min(len(lines), 3 * len(suites) + 2)
    figure.legend(lines.values(), lines, loc="lower center", ncols=columns, fontsize=8)
    return figure


def _presets(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.preset for row in rows))


def _short(row: Row) -> str:
    return _plain(row.preset.partition("/")[2] or row.preset)


def _plain(text: str) -> str:
    """Return text in which matplotlib finds no formula."""
    return printable(text).replace("$", r"\$")


def _colour(row: Row) -> str:
    return MEMORY_COLOUR if row.is_memory else BASELINE_COLOUR
