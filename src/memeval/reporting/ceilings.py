"""How far a score can go: what the reader makes of the evidence, and what wrong golds leave."""

from collections import Counter
from collections.abc import Sequence

from memeval import parquet
from memeval.reporting.blocks import Block, Text, noted
from memeval.reporting.roles import CEILING
from memeval.reporting.row import Row
from memeval.reporting.scores import label_of
from memeval.reporting.tables import ABSENT, Table, number, slice_names
from memeval.results import ITEMS, StoredCell, scores_of

READER = 0.5
"""A ceiling below this says more of the reader than of any memory."""
VERSIONS = ("", "_excluded", "_corrected")
ERRATA_NOTE = (
    "Some golds are known to be wrong. Published: against the golds as they are; excluded: without "
    "the items whose gold is wrong; corrected: against the audit's answers, where it is at hand."
)
PERFECT_NOTE = "What a system that is always right would score, as some golds are wrong."


def blocks(group: Sequence[Row]) -> list[Block]:
    """Say of which slices the reader is the ceiling, and what golds known to be wrong change."""
    reader = of_reader(group)
    return [
        *([Text(reader)] if reader else []),
        *noted(ERRATA_NOTE, errata_table(group)),
        *noted(PERFECT_NOTE, perfect_table(group)),
    ]


def of_reader(rows: Sequence[Row]) -> str:
    """Name the slices on which the reader, given the evidence, has less than half; or nothing."""
    ceiling = next((row for row in rows if row.role == CEILING), None)
    if ceiling is None:
        return ""
    scored = [(name, _score(ceiling, name)) for name in slice_names([ceiling])]
    low = [f"{n} ({number(mean, 2)})" for n, mean in scored if mean is not None and mean < READER]
    if not low:
        return ""
    oracle = ceiling.preset.rpartition("/")[2]
    slices = "This slice measures" if len(low) == 1 else "These slices measure"
    return (
        f"Given the evidence itself, the reader ({oracle}) has {label_of([ceiling])} below "
        f"{number(READER, 2)} on {', '.join(low)}. {slices} the reader more than a memory."
    )


def _score(row: Row, name: str) -> float | None:
    slices = [cell.metrics["slices"].get(name, {}) for cell in row.cells]
    told = [score for one in slices if (score := scores_of(one).get(row.primary)) is not None]
    return sum(told) / len(told) if told else None


def errata_table(rows: Sequence[Row]) -> Table:
    """Return the scores as published, with wrong golds excluded, and corrected; or no rows."""
    names = [f"{rows[0].primary}{version}" for version in VERSIONS]
    table = [
        (row.preset, *(number(_mean(row, name), 3) for name in names))
        for row in rows
        if _mean(row, names[1]) is not None
    ]
    return ("preset", "published", "excluded", "corrected"), table


def _mean(row: Row, name: str) -> float | None:
    told = [score for cell in row.cells if (score := scores_of(cell.metrics).get(name)) is not None]
    return sum(told) / len(told) if told else None


def perfect_table(rows: Sequence[Row]) -> Table:
    """Return by slice how many golds are known to be wrong, and what a perfect system would score.

    Counted over all seeds of the first row whose records tell; no rows where all golds are right.
    """
    counts = (Counter(_golds(row.cells)) for row in rows if row.records)
    found: Counter[tuple[str, bool]] = next((c for c in counts if c), Counter())
    if not any(is_wrong for _, is_wrong in found):
        return ("slice",), []
    header = ("slice", "items", "golds known to be wrong", "perfect system")
    return header, [
        (name, str(right + wrong), str(wrong), number(right / (right + wrong), 3))
        for name in sorted({name for name, _ in found})
        for right, wrong in [(found[name, False], found[name, True])]
    ]


def _golds(cells: Sequence[StoredCell]) -> list[tuple[str, bool]]:
    """Return the slice of every answerable item, and whether its gold is known to be wrong."""
    golds = []
    for cell in cells:
        with parquet.opened(cell.folder / ITEMS) as file:
            if "fault" not in file.schema_arrow.names:
                return []
            columns = ["slice", "answerable", "fault"]
            for row in file.read(columns=columns, use_threads=False).to_pylist():
                golds += [(row["slice"] or ABSENT, bool(row["fault"]))] if row["answerable"] else []
    return golds
