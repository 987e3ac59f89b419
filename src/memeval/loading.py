"""What runs found as two tables, one row a cell and one row an item, for analysis of one's own."""

import importlib.util
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from memeval import parquet
from memeval.errors import ConfigError, DataError
from memeval.reporting import reading
from memeval.reporting.load import Hole
from memeval.reporting.text import shortened
from memeval.results import (
    FAILURE,
    FORMAT_1_SCORES,
    ITEMS,
    SCORE_PREFIX,
    StoredCell,
    cell_folders,
    check_columns,
    flatten,
    schema,
    score_columns,
    scores_of,
)

PLACE = ("preset", "model", "suite", "size", "seed")
"""What stands on every row of both tables, with the folder of the cell and its run's name."""
LEFT_OUT = ("format", "primary", "scores.", "slices.")
"""Metrics that have columns of their own, or that the items tell better."""
LONG = ("recalled_events", "recalled_texts", "recalled_scores", "recalled_sources", "prompt")
"""Columns that hold most of a cell's bytes, and that few ask for."""


@dataclass(frozen=True, slots=True)
class Results:
    """The cells below a folder, and their items.

    A score is null on an item that is not answerable, so that its mean over any rows is the mean
    that the reports tell; `score` is the primary one, whose name is in `primary`. What a memory
    recalled and the prompt are left out of the items: they are in each folder's `items.parquet`.
    A column that a cell of an older version lacks is null there. `holes` are what is
    there and cannot be read, or not whole; two cells of one place, as of two runs, are both there.
    """

    cells: pa.Table
    items: pa.Table
    holes: tuple[Hole, ...] = ()

    def __repr__(self) -> str:
        """Count what is there; the tables would show hundreds of lines."""
        runs = len(pc.unique(self.cells["run"]))
        counts = ((runs, "run"), (self.cells.num_rows, "cell"), (self.items.num_rows, "item"))
        told = [f"{n:,} {what}{'s' * (n != 1)}" for n, what in (*counts, (len(self.holes), "hole"))]
        return f"<Results: {', '.join(told)}>"

    def to_pandas(self) -> tuple[Any, Any]:
        """Return cells and items as data frames.

        Raises:
            ConfigError: pandas is not installed.
        """
        if importlib.util.find_spec("pandas") is None:
            raise ConfigError(
                "data frames need pandas, got an environment without it; pip install pandas, or "
                "use cells and items, which are tables of pyarrow"
            )
        return self.cells.to_pandas(), self.items.to_pandas()


def load_results(path: str | Path) -> Results:
    """Read all finished cells below a folder: a run, a folder of runs, or a cell itself.

    Raises:
        DataError: there are none.
    """
    root = Path(path)
    holes: list[Hole] = []
    cells: list[StoredCell] = []
    tables: list[pa.Table] = []
    for folder in cell_folders(root):
        name = str(folder.relative_to(root))
        try:
            cell = _read(folder)
            if (folder / ITEMS).exists():
                tables.append(_items(cell, name))
            else:
                holes.append(Hole(name, f"only its means are told: it has no {ITEMS}"))
            cells.append(cell)
        except Exception as error:  # one broken cell must not take the others with it
            holes.append(Hole(name, shortened(str(error) or type(error).__name__)))
    if not cells:
        broken = f" that can be read ({holes[0].folder}: {holes[0].reason})" if holes else ""
        raise DataError(
            f"results need finished cells, got none{broken} below {str(path)!r}; give the folder "
            "of a run, such as runs/RUN"
        )
    rows = [_cell_row(cell, str(cell.folder.relative_to(root))) for cell in cells]
    return Results(_as_table(rows), _joined(tables), tuple(holes))


def _read(folder: Path) -> StoredCell:
    """Read a cell, and check what it says of itself against its records."""
    if (folder / FAILURE).is_file():
        raise DataError(f"failed: {reading.failure(folder)}")
    cell = reading.read_meta(folder)
    if (folder / ITEMS).exists():
        reading.read_answers(cell)
    return cell


def _place(cell: StoredCell, folder: str) -> dict[str, Any]:
    place = {name: cell.meta[name] for name in PLACE}
    named = {"folder": folder, "run": _run(cell)}
    return {**named, **place, "model": cell.meta["model"]["name"]}


def _run(cell: StoredCell) -> str:
    """Return the name of the run that a cell lies in, at RUN/PRESET/MODEL/SUITE/SIZE_SEED.

    Above a cell that was put elsewhere there may be no such folder: no name.
    """
    above = list(cell.folder.resolve().parents)[len(Path(cell.meta["preset"]).parts) + 2 :]
    return above[0].name if above else ""


def _cell_row(cell: StoredCell, folder: str) -> dict[str, Any]:
    """Return a cell's row: its place, its scores, then every other metric by its dotted name."""
    metrics = {
        name: value
        for name, value in flatten(cell.metrics)
        if not name.startswith(LEFT_OUT) and name not in FORMAT_1_SCORES
    }
    row = {
        **_place(cell, folder),
        "overrides": json.dumps(cell.meta.get("overrides", {}), sort_keys=True),
        "primary": cell.primary,
        "score": cell.score,
        "n_sessions": 1,
    }
    taken = row.keys() | metrics.keys()
    scores = {_column(name, taken): value for name, value in scores_of(cell.metrics).items()}
    return row | scores | metrics


def _items(cell: StoredCell, folder: str) -> pa.Table:
    """Return a cell's items, each with its place."""
    with parquet.opened(cell.folder / ITEMS) as file:
        scored = score_columns(file.schema_arrow.names)
        plain = [name for name in schema(()).names if name not in LONG]
        table = file.read(columns=[*plain, *scored.values()], use_threads=False)
        check_columns(table)
    place = {**_place(cell, folder), "primary": cell.primary}
    columns = {name: pa.array([value] * table.num_rows) for name, value in place.items()}
    columns |= {name: _column_of(table, name) for name in plain}
    scores = {name: _of_answerable(table, column) for name, column in scored.items()}
    named = {_column(name, {*columns, "score"}): column for name, column in scores.items()}
    return pa.table({**columns, "score": scores[cell.primary], **named})


def _column_of(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return a column, null where a cell of an older version lacks it."""
    if name in table.column_names:
        return table.column(name)
    return pa.chunked_array([pa.nulls(table.num_rows, schema(()).field(name).type)])


def _of_answerable(table: pa.Table, column: str) -> pa.ChunkedArray:
    """Return a score as a number, null where there was nothing to answer."""
    values = table.column(column).cast(pa.float64())
    return pc.if_else(table.column("answerable"), values, pa.scalar(None, pa.float64()))


def _column(name: str, taken: Iterable[str]) -> str:
    """Return a score's column: its name, unless something else is called so."""
    return f"{SCORE_PREFIX}{name}" if name in taken else name


def _as_table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Lay rows out by columns; what only some of them have is null in the others."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table(dict(_columns(rows, names)))


def _columns(
    rows: Sequence[dict[str, Any]], names: Iterable[str]
) -> Iterator[tuple[str, pa.Array]]:
    for name in names:
        column = pa.array([row.get(name) for row in rows])
        yield name, column.cast(pa.float64()) if pa.types.is_null(column.type) else column


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables below one another; a score that only some of them have is null in the others."""
    return pa.concat_tables(tables, promote_options="default") if tables else pa.table({})
