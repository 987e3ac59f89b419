"""Which columns of a table are shown: those in which some row has something to say."""

import re
from collections.abc import Sequence

ABSENT = "-"
"""Stands for what was not measured."""

FIGURE = re.compile(r"[<+-]?\.?\d")
Line = Sequence[str]


def filled(header: Line, rows: Sequence[Line]) -> tuple[Line, Sequence[Line]]:
    """Return a table without the columns that are a dash in every row; the first one stays."""
    if not rows:
        return header, rows
    kept = [i for i in range(len(header)) if not i or any(row[i] != ABSENT for row in rows)]
    return only(kept, header), [only(kept, row) for row in rows]


def only(kept: Sequence[int], line: Line) -> Line:
    """Return some columns of a line."""
    return tuple(line[i] for i in kept)


def holds_figures(cells: Sequence[str]) -> bool:
    """Whether most of a column's cells are figures, of those that are no dash."""
    told = [cell for cell in cells if cell != ABSENT]
    return 2 * sum(map(is_figure, told)) > len(told) or not told


def is_figure(cell: str) -> bool:
    """Whether a cell stands with the figures of its column: it begins with one, or is a dash."""
    return cell == ABSENT or bool(FIGURE.match(cell))
