"""How much of the evidence stands in the best 256 tokens of a recall: of each preset, and slice.

Recalls of different length compare within one budget of tokens, and not by their first k traces.
Cells of versions that did not measure it have dashes.
"""

from collections.abc import Iterator, Mapping, Sequence, Set

from memeval import parquet
from memeval.reporting.blocks import Block, Grid, Heading, Text, noted
from memeval.reporting.gain import Gain
from memeval.reporting.row import Row, shared_seeds, unlike
from memeval.reporting.tables import (
    ABSENT,
    Table,
    grouped,
    interval,
    number,
    over,
    slice_names,
    titled,
)
from memeval.reporting.verdict import highest, rivals
from memeval.results import ITEMS, StoredCell
from memeval.scoring.compare import Comparison, compare_scores
from memeval.scoring.intervals import Interval, Key, mean_interval
from memeval.scoring.retrieval import recall_at

ANY, ALL = "any@256t", "all@256t"
COLUMNS = ("session", "query_id", "answerable", "gold_events", "budget_events")
OF_PARTS = ("any@5", "all@5")
NOTE = (
    "Any, and all, of the evidence among what stands in the best 256 tokens of a recall, whatever "
    "is read of it; intervals are clustered by session. Over best baseline: the paired difference "
    "in any, over the baseline that finds most, named behind it and chosen on these questions, "
    'which favours it; "=": indistinguishable, with Holm over the table. Parts: any and all of the '
    "parts of the stream that hold the evidence, among the first five."
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
    gained = {id(gain.row): over(gain) for gain in over_best(rows)}
    shares = (f"{ANY} [95 %]", "over best baseline [95 %]", f"{ALL} [95 %]")
    return ("preset", *shares, "hit@1", "MRR", "parts any", "parts all"), [
        (
            row.preset,
            _told(row, ANY, 0.0),
            gained.get(id(row), ABSENT),
            _told(row, ALL, 1.0),
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


def over_best(rows: Sequence[Row]) -> list[Gain]:
    """Return what each memory finds over the baseline that finds most; Holm's family is all."""
    memories = [row for row in rows if row.is_memory and row.mean("retrieval", ANY) is not None]
    pairs = [(row, _best_beside(rows, row)) for row in memories]
    return Gain.family(pairs, _compared)


def _best_beside(rows: Sequence[Row], row: Row) -> Row | None:
    """Return the baseline with any evidence of most questions, on what a row was measured on."""
    alike = [other for other in rivals(rows, row) if not unlike(row, other)]
    return highest(alike, lambda other: other.mean("retrieval", ANY))


def _compared(row: Row, other: Row) -> Comparison | None:
    """Compare whether any evidence was found, paired; None without records of the same items."""
    seeds = set(shared_seeds(row, other))
    ours, theirs = (
        {key: float(share > 0) for key, share in _found(one, seeds).items()} for one in (row, other)
    )
    return compare_scores(ours, theirs) if ours and ours.keys() == theirs.keys() else None


def _told(row: Row, name: str, least: float) -> str:
    """Return how often so much of the evidence is found, with its interval; or the mean alone."""
    shares = _found(row)
    if not row.records or not shares:
        return number(row.mean("retrieval", name), 2)
    hits = {key: float(share >= least and share > 0) for key, share in shares.items()}
    told: Interval = mean_interval(hits)
    return interval(told)


def _found(row: Row, seeds: Set[int] | None = None) -> Mapping[Key, float]:
    """Return the share of its evidence that the budget holds, of each item that has some."""
    if "found" not in row.memo:
        row.memo["found"] = {cell.meta["seed"]: dict(_shares(cell)) for cell in row.cells}
    by_seed: Mapping[int, Mapping[Key, float]] = row.memo["found"]
    return {
        key: share
        for seed, shares in by_seed.items()
        if seeds is None or seed in seeds
        for key, share in shares.items()
    }


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
