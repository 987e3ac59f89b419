"""How much of the evidence stands in the best 256 tokens of a recall: of each preset, and slice.

Recalls of different length compare within one budget of tokens, and not by their first k traces.
Cells of versions that did not measure it have dashes.
"""

from collections.abc import Iterator, Mapping, Sequence

from memeval import parquet
from memeval.reporting.blocks import Block, Grid, Heading, Text, noted
from memeval.reporting.row import Row
from memeval.reporting.tables import (
    ABSENT,
    Table,
    grouped,
    interval,
    number,
    slice_names,
    titled,
)
from memeval.results import ITEMS, StoredCell
from memeval.scoring.intervals import Interval, Key, mean_interval
from memeval.scoring.retrieval import recall_at

ANY, ALL = "any@256t", "all@256t"
COLUMNS = ("session", "query_id", "answerable", "gold_events", "budget_events")
OF_PARTS = ("any@5", "all@5")
NOTE = (
    "Any, and all, of the evidence among what stands in the best 256 tokens of a recall, whatever "
    "is read of it; intervals are clustered by session. Parts: any and all of the parts of the "
    "stream that hold the evidence, among the first five."
)
SLICE_NOTE = "Any / all of the evidence in the best 256 tokens, by slice."


def section(rows: Sequence[Row]) -> list[Block]:
    """Return what each preset finds on each suite, below a heading, where it was measured."""
    found: list[Block] = []
    for group in grouped(rows):
        table = evidence_table(group)
        found += [Heading(titled(group), 3), Grid(*table)] if table[1] else []
    return [Heading("Evidence found"), Text(NOTE), *found] if found else []


def blocks(group: Sequence[Row]) -> list[Block]:
    """Return what each preset finds, whole and by slice, where it was measured."""
    return [*noted(NOTE, evidence_table(group)), *noted(SLICE_NOTE, slice_table(group))]


def evidence_table(rows: Sequence[Row]) -> Table:
    """Return header and rows, one for each preset that recalled something; none if none told."""
    found = [row for row in rows if row.mean("retrieval", ANY) is not None]
    header = ("preset", f"{ANY} [95 %]", f"{ALL} [95 %]", "hit@1", "MRR", "parts any", "parts all")
    return header, [
        (
            row.preset,
            *_told(row),
            number(row.mean("retrieval", "hit@1"), 2),
            number(row.mean("retrieval", "mrr"), 2),
            *(number(row.mean("retrieval", "by_part", name), 2) for name in OF_PARTS),
        )
        for row in found
    ]


def slice_table(rows: Sequence[Row]) -> Table:
    """Return header and rows: any / all of the evidence of each preset on each slice with gold."""
    found = [row for row in rows if row.mean("retrieval", ANY) is not None]
    names = [
        name
        for name in slice_names(found)
        if any(row.mean("slices", name, ANY) is not None for row in found)
    ]
    table = [(row.preset, *(_of_slice(row, name) for name in names)) for row in found]
    return ("preset", *names), table if names else []


def _of_slice(row: Row, name: str) -> str:
    any_, all_ = (row.mean("slices", name, figure) for figure in (ANY, ALL))
    return ABSENT if any_ is None else f"{number(any_, 2)} / {number(all_, 2)}"


def _told(row: Row) -> tuple[str, str]:
    """Return any and all of the evidence with their intervals; without records, the means."""
    shares = {key: share for cell in row.cells for key, share in _shares(cell)}
    if not row.records or not shares:
        means = [row.mean("retrieval", name) for name in (ANY, ALL)]
        return (number(means[0], 2), number(means[1], 2))
    return _interval(shares, 0.0), _interval(shares, 1.0)


def _interval(shares: Mapping[Key, float], least: float) -> str:
    hits = {key: float(share >= least and share > 0) for key, share in shares.items()}
    told: Interval = mean_interval(hits)
    return interval(told)


def _shares(cell: StoredCell) -> Iterator[tuple[Key, float]]:
    """Yield the share of its evidence that the budget holds, of each item that has some."""
    if not (cell.folder / ITEMS).is_file():
        return
    seed = cell.meta["seed"]
    with parquet.opened(cell.folder / ITEMS) as file:
        if not set(COLUMNS) <= set(file.schema_arrow.names):
            return
        for row in file.read(columns=list(COLUMNS), use_threads=False).to_pylist():
            session, query, answerable, gold, found = (row[name] for name in COLUMNS)
            if answerable and gold and found is not None:
                yield (session, f"{query} {seed}"), recall_at([found], gold, 1) or 0.0
