"""Reads one cell for a report, and refuses it whole if anything about it does not add up.

Of the items only the scores and the answers are kept: a run may hold hundreds of thousands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from memeval import parquet
from memeval.errors import DataError
from memeval.naming import ABLATIONS
from memeval.outside import UnreadableError
from memeval.reporting.text import label
from memeval.results import (
    FAILURE,
    ITEMS,
    META,
    METRICS,
    StoredCell,
    check_columns,
    is_right,
    read_cell,
    required_columns,
    score_columns,
    scores_of,
)
from memeval.scoring.intervals import Key

TOLERANCE = 1e-9


class Answer(NamedTuple):
    """What a report needs of an item's record; of its scores the one that counts."""

    slice: str
    answerable: bool
    abstained: bool
    prediction: str
    lost: str | None
    score: float | None

    @property
    def is_right(self) -> bool:
        """Whether the item counts as right."""
        return is_right(self.score)


COLUMNS = ("session", "query_id", *Answer._fields[:-1])


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A finished cell and its answers; `variant` and `memory` are set for one of an ablation.

    There are no answers where `items.parquet` is not at hand.
    """

    stored: StoredCell
    answers: Mapping[Key, Answer]
    memory: str | None = None
    variant: str | None = None


def is_generated(meta: Mapping[str, Any]) -> bool:
    """Whether a cell was measured on data that a program made, not on what somebody gave."""
    data = meta.get("data")
    if isinstance(data, Mapping):
        return bool(data.get("generated"))
    return meta.get("data_folder") is None  # format 1


def is_private(meta: Mapping[str, Any]) -> bool:
    """Whether a cell was measured on data that may not be passed on."""
    data = meta.get("data")
    return isinstance(data, Mapping) and bool(data.get("private"))


def has_texts(meta: Mapping[str, Any]) -> bool:
    """Whether a cell's records hold questions, answers and notes, as those of older cells do."""
    return bool(meta.get("text_kept", True))


def asked_model(meta: Mapping[str, Any]) -> str:
    """Return what `--model` named; a model may have another name of its own."""
    return str(meta["model"].get("asked", meta["model"]["name"]))


def failure(folder: Path) -> str:
    """Return the last line of a failed cell's traceback."""
    text = (folder / FAILURE).read_text("utf-8", errors="replace").strip()
    return text.rpartition("\n")[2] or "it failed without a message"


def read_meta(folder: Path) -> StoredCell:
    """Read a cell without its items, and check that it is what its place says.

    Raises:
        DataError: a file is missing, damaged, of another version, or of another cell.
    """
    try:
        cell = read_cell(folder)
    except DataError as error:
        if error.__cause__ is None:
            raise
        raise DataError(  # the report names the folder beside the reason
            f"a cell must hold {META} and {METRICS} and be whole, but {error.__cause__}; run the "
            "cell again"
        ) from error
    if cell.primary not in scores_of(cell.metrics):
        raise DataError(
            f"the primary score must be among the scores of {METRICS}, got {cell.primary!r}; run "
            "the cell again"
        )
    suite, place = cell.meta["suite"], f"{cell.meta['size']}_{cell.meta['seed']}"
    tail = folder.parts[-2:]
    if tail != (suite, place):
        raise DataError(
            f"a cell must lie where its {META} says, in {suite}/{place}, "
            f"got {'/'.join(tail)}; move it back or run it again"
        )
    return cell


def read_whole(cell: StoredCell, root: Path) -> ReadCell:
    """Read a cell's answers if they are there, and check them against its metrics.

    Raises:
        DataError: the records are broken, or not those that the metrics are of.
    """
    answers = read_answers(cell) if (cell.folder / ITEMS).exists() else {}
    parts = cell.folder.relative_to(root).parts
    if parts[0] != ABLATIONS:
        return ReadCell(cell, answers)
    if len(parts) < 6:
        raise DataError(
            "an ablation must lie in ablations/MEMORY/VARIANT/MODEL/SUITE/SIZE_SEED, "
            f"got {'/'.join(parts)}; move it there or run it again"
        )
    return ReadCell(cell, answers, memory=parts[1], variant="/".join(parts[2:-3]))


def has_gold(cell: StoredCell) -> bool:
    """Whether any item of a cell has gold events or is walked; so if its records do not tell."""
    if cell.metrics.get("navigation", {}).get("n"):
        return True
    try:
        with parquet.opened(cell.folder / ITEMS) as file:
            batches = file.iter_batches(columns=["gold_events"], use_threads=False)
            return any(any(batch.column(0).to_pylist()) for batch in batches)
    except (OSError, UnreadableError):
        return True


def read_answers(cell: StoredCell) -> dict[Key, Answer]:
    """Return a cell's answers.

    Raises:
        DataError: the records are broken, or not those that the metrics are of.
    """
    answers = _answers(cell.folder / ITEMS, cell.primary)
    told = cell.score
    answered = [answer.score for answer in answers.values() if answer.answerable]
    scored = [score for score in answered if score is not None]
    mean = sum(scored) / len(scored) if scored else None
    if len(answers) != cell.metrics["n"]:
        raise DataError(
            f"{ITEMS} must hold the {cell.metrics['n']} items of {METRICS}, got {len(answers)}; "
            "run the cell again"
        )
    if (mean is None) != (told is None) or abs((mean or 0) - (told or 0)) > TOLERANCE:
        raise DataError(
            f"{METRICS} must be the mean of {ITEMS}, got {label(cell.primary)} {told} for {mean}; "
            "run the cell again"
        )
    return answers


def _answers(path: Path, primary: str) -> dict[Key, Answer]:
    """Return the primary scores of a cell's items; an older file without a column is refused."""
    try:
        with parquet.opened(path) as file:
            check_columns(file.schema_arrow.empty_table())  # also of what only the page shows
            columns = _columns(file.schema_arrow.names, primary)
            table = file.read(columns=columns, use_threads=False)
            check_columns(table)
            rows = list(zip(*(table.column(n).to_pylist() for n in columns), strict=True))
    except UnreadableError as error:
        raise DataError(f"{error}; run the cell again") from error
    answers: dict[Key, Answer] = {}
    for session, query, *rest, score in rows:
        answers[session, query] = Answer._make((*rest, None if score is None else float(score)))
    if len(answers) != len(rows):
        raise DataError(
            f"{ITEMS} must name each item once, got {len(rows) - len(answers)} twice; "
            "run the cell again"
        )
    return answers


def _columns(names: Sequence[str], primary: str) -> list[str]:
    """Return the columns that a report needs of those that a file has."""
    scores = score_columns(names)
    absent = [name for name in required_columns() if name not in names]
    absent += [] if primary in scores else [primary]
    if absent:
        raise DataError(
            f"{ITEMS} must have this version's columns, got none named {', '.join(absent)}; run "
            "the cell again"
        )
    return [*COLUMNS, scores[primary]]
