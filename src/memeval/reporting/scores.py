"""How tables and sentences name what they show: score, suite and model."""

from collections.abc import Sequence

from memeval.reporting.row import Row
from memeval.reporting.text import label


def label_of(rows: Sequence[Row]) -> str:
    """Return the name of the score that rows have in common, or "score" if they have several."""
    names = {row.primary for row in rows}
    return label(names.pop()) if len(names) == 1 else "score"


def sentence(rows: Sequence[Row], text: str) -> str:
    """Fill the name of the score into a text, at its beginning in capitals."""
    name = label_of(rows)
    return text.format(score=name, Score=name[:1].upper() + name[1:])


def suite_of(rows: Sequence[Row], row: Row) -> str:
    """Return the suite and size of a row, with its score where the table's rows have several."""
    place = f"{row.suite} {row.size}"
    mixed = len({other.primary for other in rows}) > 1
    return f"{place} ({label(row.primary)})" if mixed else place


def model_of(rows: Sequence[Row], row: Row | None = None) -> tuple[str, ...]:
    """Return a row's model where the table's rows have several; without a row, the heading."""
    several = len({other.model for other in rows}) > 1
    return ("model" if row is None else row.model,) if several else ()
