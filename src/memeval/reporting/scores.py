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
    """Return what a row was measured on, with its score where the table's rows have several."""
    mixed = len({other.primary for other in rows}) > 1
    return f"{row.data} ({label(row.primary)})" if mixed else row.data


def answerable_of(rows: Sequence[Row]) -> list[str]:
    """Say of how many questions the scores are, where some of those asked have no answer."""
    counts: dict[str, tuple[int, int]] = {}
    for row in rows:
        asked = (int(row.total("n_answerable") or 0), int(row.total("n") or 0))
        counts[row.data] = max(counts.get(row.data, (0, 0)), asked)
    several = len(set(counts.values())) > 1
    told = [
        f"{answerable:,} answerable of {asked:,}{f' in {data}' * several}"
        for data, (answerable, asked) in counts.items()
        if answerable != asked
    ]
    return [f"n: {', '.join(dict.fromkeys(told))}"] if told else []


def model_of(rows: Sequence[Row], row: Row | None = None) -> tuple[str, ...]:
    """Return a row's model where the table's rows have several; without a row, the heading."""
    several = len({other.model for other in rows}) > 1
    return ("model" if row is None else row.model,) if several else ()
