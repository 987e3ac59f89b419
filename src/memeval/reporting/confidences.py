"""Whether what memories tell of their recalls holds: reliability, and abstention by slice.

Only of cells whose recalls tell confidences; beside them, how often every preset said `unknown`.
"""

from collections.abc import Sequence

from memeval.reporting.blocks import Block, Grid, Heading, Picture, Text
from memeval.reporting.row import Row, figure
from memeval.reporting.tables import Table, grouped, number, slice_names, titled
from memeval.results import StoredCell
from memeval.scoring.calibration import NAMES, Bin, expected_calibration_error, pooled

TITLE = "Do confidences hold"
NOTE = (
    "A confidence says how likely a recall holds the evidence. ECE is the mean distance between "
    "confidence and the share with evidence over the bins below, all seeds together: 0 where they "
    "agree. Brier (0 is best) and AUROC (1 where every recall with evidence is surer than any "
    "without, 0.5 at random) are means over seeds. Items without an answer have no evidence."
)
CURVE_NOTE = (
    "Items by the confidence of their recall, with the share of which any evidence stands in the "
    "best 256 tokens."
)
ABSTENTION_NOTE = (
    'How often "unknown" was said: when nothing was known, and wrongly; then by slice, rightly '
    "where no question of it has an answer."
)


def section(rows: Sequence[Row], drawn: Sequence[Picture] = ()) -> list[Block]:
    """Return what confidences are worth on each suite, below a heading, where any is told."""
    found: list[Block] = []
    for group in grouped(rows):
        if told := _tables(group):
            found += [Heading(titled(group), 3), *told]
    return [Heading(TITLE), Text(NOTE), *drawn, *found] if found else []


def blocks(group: Sequence[Row]) -> list[Block]:
    """Return the same of rows of one place."""
    told = _tables(group)
    return [Text(NOTE), *told] if told else []


def _tables(group: Sequence[Row]) -> list[Block]:
    """Return figures and curves of the rows that tell confidences, and abstention of all."""
    told = [row for row in group if curve(row)]
    if not told:
        return []
    return [
        Grid(*figure_table(told)),
        Text(CURVE_NOTE),
        Grid(*curve_table(told)),
        Text(ABSTENTION_NOTE),
        Grid(*abstention_table(group)),
    ]


def curve(row: Row) -> dict[str, Bin]:
    """Return the bins of all seeds together that have items, by the confidences they hold."""
    bins = {name: pooled([_bin(cell, name) for cell in row.cells]) for name in NAMES}
    return {name: one for name, one in bins.items() if one.n}


def _bin(cell: StoredCell, name: str) -> Bin:
    n, confidence, found = (
        figure(cell, "calibration", "bins", name, one) for one in ("n", "confidence", "found")
    )
    return Bin(int(n or 0), confidence, found)


def figure_table(told: Sequence[Row]) -> Table:
    """Return header and rows: how true the confidences of each preset are."""
    return ("preset", "items", "ECE", "Brier", "AUROC"), [
        (
            row.preset,
            number(row.total("calibration", "n"), 0),
            number(expected_calibration_error(list(curve(row).values())), 2),
            number(row.mean("calibration", "brier"), 2),
            number(row.mean("calibration", "auroc"), 2),
        )
        for row in told
    ]


def curve_table(told: Sequence[Row]) -> Table:
    """Return header and rows: the reliability curve of each preset, a line a bin."""
    return ("preset", "confidences", "items", "mean confidence", "evidence found"), [
        (row.preset, name, number(one.n, 0), number(one.confidence, 2), number(one.found, 2))
        for row in told
        for name, one in curve(row).items()
    ]


def abstention_table(rows: Sequence[Row]) -> Table:
    """Return header and rows: how often each preset said `unknown`, as a whole and by slice."""
    slices = slice_names(rows)
    of_slices = (("slices", name, "abstention") for name in slices)
    paths: list[tuple[str, ...]] = [("abstention",), ("false_abstention",), *of_slices]
    return ("preset", "abstention", "false abstention", *slices), [
        (row.preset, *(number(row.mean(*path), 2) for path in paths)) for row in rows
    ]
