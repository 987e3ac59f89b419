"""How wide the columns of a table stand in a terminal, and which of them there is no room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from memeval.reporting import columns
from memeval.reporting.text import printable

TEXT = 8
"""How narrow a column of texts gets before one of figures does."""


@dataclass(slots=True)
class Column:
    """A column, and how wide it is to stand."""

    name: str
    cells: Sequence[str]
    width: int = 0

    def __post_init__(self) -> None:
        """Let it stand as wide as its longest text."""
        self.width = self.longest([self.name, *self.cells])

    @property
    def holds_figures(self) -> bool:
        """Whether its cells are figures, which a reader takes in whole."""
        return columns.holds_figures(self.cells)

    @property
    def least(self) -> int:
        """The width at which no figure and no word is folded."""
        words = [word for cell in self.cells for word in cell.split()]
        told = self.cells if self.holds_figures else words
        return self.longest([*self.name.split(), *told])

    @staticmethod
    def longest(texts: Sequence[str]) -> int:
        """Return the cells that the longest of some texts takes."""
        return max((cell_len(printable(text)) for text in texts), default=0)


def shown(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, room: int, spare: Sequence[str] = ()
) -> list[Column]:
    """Return the columns of a table that there is room for; of those to spare the last ones first.

    Names and figures are whole wherever the room allows it.
    """
    cells = zip(*rows, strict=True) if rows else [()] * len(header)
    whole = [Column(name, column) for name, column in zip(header, cells, strict=True)]
    chosen = {column.name for column in whole} - {*spare}
    for name in reversed(spare):
        wanted = [column.least for column in whole if column.name in chosen | {name}]
        chosen |= {name} if _fits(wanted, room) else set()
    kept = [column for column in whole if column.name in chosen]
    _narrow(kept, room, [column.least for column in kept])
    _narrow(kept, room, [c.least if c.holds_figures else min(TEXT, c.least) for c in kept])
    return kept


def _fits(widths: Sequence[int], room: int) -> bool:
    """Whether a line has room for columns with a space between them and at both ends."""
    return sum(widths) + len(widths) + 1 <= room


def _narrow(kept: Sequence[Column], room: int, least: Sequence[int]) -> None:
    """Take from the widest columns, down to their least widths, until all fit."""
    bounds = list(zip(kept, least, strict=True))
    while not _fits([column.width for column in kept], room):
        wide = [column for column, bound in bounds if column.width > bound]
        if not wide:
            return
        max(wide, key=lambda column: column.width).width -= 1
