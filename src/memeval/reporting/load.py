"""Finds the cells of a date and groups them: one row for each preset, model, suite and size."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from memeval.errors import ConfigError, DataError
from memeval.naming import FULL
from memeval.reporting import reading
from memeval.reporting.reading import Answer, ReadCell
from memeval.reporting.text import printable, shortened
from memeval.results import FAILURE, StoredCell, cell_folders
from memeval.scoring.compare import Comparison, Interval, Key, compare_scores, mean_interval
from memeval.study import NAME, Study, study_of

FAKE_MODEL = "scripted"
FLOOR, CORE, CEILING = "baselines/closed_book", "baselines/core", "baselines/oracle"
RAG, LONGCTX = "baselines/rag", "baselines/longctx"
ALL = "memory/all"
ORDER = (FLOOR, "baselines/shuffled", CORE, LONGCTX, RAG)


@dataclass(frozen=True, slots=True)
class Row:
    """All seeds of one preset, model, suite and size; `variant` is set for one of an ablation.

    A row without `records`, because a cell of it has no `items.parquet` at hand, has the means that
    its cells' metrics tell, no interval, and is compared with nothing.
    """

    preset: str
    model: str
    suite: str
    size: int
    cells: tuple[StoredCell, ...]
    records: dict[Key, Answer]
    variant: str | None = None
    seed_of: Mapping[str, int] = field(default_factory=dict)
    memo: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def group(self) -> tuple[str, str, int]:
        """What rows must share to be compared."""
        return (self.model, self.suite, self.size)

    @property
    def place(self) -> str:
        """Say where the row was measured."""
        return f"{self.suite} {self.size} on {self.model}"

    @property
    def seeds(self) -> list[int]:
        """The seeds measured."""
        return sorted(cell.meta["seed"] for cell in self.cells)

    @property
    def is_memory(self) -> bool:
        """Whether this is a memory under test, not a baseline."""
        return not self.preset.startswith("baselines/")

    @property
    def knobs_off(self) -> tuple[str, ...]:
        """The parameters that were switched off from outside, in any of the cells."""
        given = [cell.meta.get("overrides", {}) for cell in self.cells]
        return tuple(sorted({name for table in given for name in table if table[name] is False}))

    def exact_match(self) -> Interval:
        """Return exact match over answerable items, with its interval where there are records."""
        if "mean" not in self.memo:
            whole = bool(self.records)
            self.memo["mean"] = mean_interval(self.scores()) if whole else self._told_mean()
        interval: Interval = self.memo["mean"]
        return interval

    def _told_mean(self) -> Interval:
        """Return the mean that the metrics of all cells tell."""
        counts, scores = self.values("n_answerable"), self.values("exact_match")
        items = int(sum(counts))
        if not items or not len(counts) == len(scores) == len(self.cells):
            return Interval(None, None, None, 0)
        pairs = zip(counts, scores, strict=True)
        return Interval(sum(n * score for n, score in pairs) / items, None, None, items)

    def against(self, other: "Row") -> Comparison | None:
        """Compare with another row, paired, on the seeds of both.

        None unless there are such seeds and both answered the same items of the same data on them.
        """
        if id(other) not in self.memo:
            seeds = shared_seeds(self, other)
            ours, theirs = self.scores(seeds), other.scores(seeds)
            same = ours and ours.keys() == theirs.keys() and not other_data(self, other)
            self.memo[id(other)] = (other, compare_scores(ours, theirs) if same else None)
        comparison: Comparison | None = self.memo[id(other)][1]
        return comparison

    def mean(self, *path: str) -> float | None:
        """Return the mean over seeds of one metric; None if no seed measured it."""
        found = self.values(*path)
        return sum(found) / len(found) if found else None

    def median(self, *path: str) -> float | None:
        """Return the median over seeds of one metric; None if no seed measured it.

        Times are told so: a seed that ran beside other work is not their measure.
        """
        found = self.values(*path)
        return median(found) if found else None

    def max(self, *path: str) -> float | None:
        """Return the largest value of one metric over seeds; None if no seed measured it."""
        return max(self.values(*path), default=None)

    def total(self, *path: str) -> float | None:
        """Return the sum over seeds of one metric; None if no seed measured it."""
        found = self.values(*path)
        return sum(found) if found else None

    def tokens_per_item(self) -> float | None:
        """Return the prompt tokens of a question, over all seeds."""
        tokens, items = self.total("tokens", "prompt"), self.total("n")
        return tokens / items if tokens is not None and items else None

    def new_tokens_per_item(self) -> float | None:
        """Return the prompt tokens of a question that were not kept from reading another one."""
        reused, items = self.values("tokens", "reused"), self.total("n")
        tokens = self.values("tokens", "prompt")
        told = items and tokens and len(reused) == len(tokens)
        return (sum(tokens) - sum(reused)) / items if items and told else None

    def scores(self, seeds: Iterable[int] | None = None) -> dict[Key, float]:
        """Return the scores of the answerable items, of all seeds or of some."""
        chosen = None if seeds is None else set(seeds)
        return {
            key: float(answer.exact_match)
            for key, answer in self.records.items()
            if answer.answerable and (chosen is None or self.seed_of[key[0]] in chosen)
        }

    def values(self, *path: str) -> list[float]:
        """Return one metric of every seed that measured it."""
        found = (figure(cell, *path) for cell in self.cells)
        return [value for value in found if value is not None]


@dataclass(frozen=True, slots=True)
class Hole:
    """Something that is not there to be read, or not to be pooled or compared, and why."""

    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below a date: rows of finished cells, baselines first, ablations, and the holes.

    `study` is what it was run by, if that was a study.
    """

    rows: list[Row]
    holes: list[Hole]
    ablations: list[Row] = field(default_factory=list)
    study: Study | None = None

    @property
    def cells(self) -> list[StoredCell]:
        """Every cell that was read, those of ablations last."""
        return [cell for row in (*self.rows, *self.ablations) for cell in row.cells]

    @property
    def whole(self) -> int:
        """How many cells were read with their records."""
        return sum(len(row.cells) for row in (*self.rows, *self.ablations) if row.records)


def load_real(runs_dir: Path) -> Found:
    """Read all cells of a date, those of the fake model apart.

    Raises:
        DataError: there are no finished cells.
    """
    fake = 0

    def is_real(meta: Mapping[str, Any]) -> bool:
        nonlocal fake
        real = bool(meta["model"]["name"] != FAKE_MODEL)
        fake += not real
        return real

    found = load(runs_dir, is_real)
    if not (found.rows or found.ablations):
        left_out = f", {fake:,} left out as those of the fake model {FAKE_MODEL}" if fake else ""
        raise DataError(
            f"a report needs finished cells, got none below {str(runs_dir)!r}"
            f"{_first_hole(found.holes)}{left_out}; run some first with: memeval eval --date DATE"
        )
    return found


def _first_hole(holes: Sequence[Hole]) -> str:
    """Say what is wrong with cells that are there but cannot be used."""
    if not holes:
        return ""
    more = f" and {len(holes) - 1} more" if len(holes) > 1 else ""
    return f" that can be used ({holes[0].folder}: {holes[0].reason}{more})"


def load(runs_dir: Path, accept: Callable[[Mapping[str, Any]], bool]) -> Found:
    """Read the cells whose meta is accepted; a cell that failed or is broken leaves a hole."""
    found: list[ReadCell] = []
    holes = []
    for folder in cell_folders(runs_dir):
        try:
            if (folder / FAILURE).is_file():
                raise DataError(f"failed: {reading.failure(folder)}")
            cell = reading.read_meta(folder)
            if accept(cell.meta):
                found.append(reading.read_whole(cell, runs_dir))
        except Exception as error:  # one broken cell must not take the report with it
            name = printable(str(folder.relative_to(runs_dir)))
            holes.append(Hole(name, shortened(str(error) or type(error).__name__)))
    rows = _rows([cell for cell in found if cell.variant is None], runs_dir, holes)
    ablations = _rows([cell for cell in found if cell.variant is not None], runs_dir, holes)
    return Found(rows, holes, ablations, _study(runs_dir, holes))


def _study(runs_dir: Path, holes: list[Hole]) -> Study | None:
    """Return the study of a date; one that cannot be read leaves a hole."""
    try:
        return study_of(runs_dir)
    except ConfigError as error:
        holes.append(Hole(NAME, shortened(str(error))))
        return None


def _rows(cells: Sequence[ReadCell], runs_dir: Path, holes: list[Hole]) -> list[Row]:
    """Group cells; what differs in more than the seed is never pooled, but told apart by a digest.

    Of two cells that claim the same place the second becomes a hole.
    """
    groups: dict[tuple[Any, ...], dict[int, ReadCell]] = {}
    fingerprints, configurations = defaultdict(set), defaultdict(set)
    for cell in cells:
        meta = cell.stored.meta
        print_ = meta["model"].get("fingerprint", "")
        base = (_preset(cell), cell.variant, meta["suite"], meta["size"])
        key = (*base, meta["model"]["name"], print_, meta["config_hash"])
        taken = groups.setdefault(key, {})
        if meta["seed"] in taken:
            other = taken[meta["seed"]].stored.folder.relative_to(runs_dir)
            name = str(cell.stored.folder.relative_to(runs_dir))
            holes.append(Hole(name, f"left out: says that it is the same cell as {other}"))
            continue
        if twin := _of_one_session(cell, taken.values()):
            name = str(cell.stored.folder.relative_to(runs_dir))
            holes.append(
                Hole(name, f"left out: holds the items of seed {twin.stored.meta['seed']}")
            )
            continue
        taken[meta["seed"]] = cell
        fingerprints[meta["model"]["name"]].add(print_)
        configurations[key[:-1]].add(meta["config_hash"])
    rows = []
    for key, members in groups.items():
        preset, variant, suite, size, model, print_, config = key
        if len(fingerprints[model]) > 1:
            model = f"{model} ({print_[:6]})"
        if len(configurations[key[:-1]]) > 1:
            preset = f"{preset} ({config[:6]})"
        whole = all(cell.answers for cell in members.values())
        kept = members.values() if whole else ()
        records = {key: answer for cell in kept for key, answer in cell.answers.items()}
        seed_of = {key[0]: seed for seed, cell in members.items() for key in cell.answers}
        stored = tuple(cell.stored for cell in members.values())
        rows.append(Row(preset, model, suite, size, stored, records, variant, seed_of))
    return sorted(rows, key=lambda row: (*row.group, *_rank(row)))


def _of_one_session(cell: ReadCell, others: Iterable[ReadCell]) -> ReadCell | None:
    """Return a cell of another seed with an item of this one, which would be counted once."""
    return next(
        (other for other in others if not cell.answers.keys().isdisjoint(other.answers)), None
    )


def _preset(cell: ReadCell) -> str:
    return str(cell.stored.meta["preset"]) if cell.memory is None else f"memory/{cell.memory}"


def figure(cell: StoredCell, *path: str) -> float | None:
    """Return one metric of a cell; None if it was not measured."""
    value: Any = cell.metrics
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def partner(rows: Sequence[Row], row: Row, preset: str) -> Row | None:
    """Return the row of another preset on the same model, suite and size."""
    return next((r for r in rows if r.preset == preset and r.group == row.group), None)


def split(rows: Sequence[Row], key: Callable[[Row], Hashable]) -> list[list[Row]]:
    """Return the rows in groups of one key each, in the order in which the keys are first met."""
    groups: dict[Hashable, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())


def shared_seeds(a: Row, b: Row) -> list[int]:
    """Return the seeds on which both were measured."""
    return sorted(set(a.seeds) & set(b.seeds))


def other_data(a: Row, b: Row) -> list[int]:
    """Return the seeds on which two rows were measured on different data."""
    theirs = {cell.meta["seed"]: cell.meta.get("dataset_sha256") for cell in b.cells}
    return sorted(
        cell.meta["seed"]
        for cell in a.cells
        if theirs.get(cell.meta["seed"], cell.meta.get("dataset_sha256"))
        != cell.meta.get("dataset_sha256")
    )


def _rank(row: Row) -> tuple[int, str, int, str]:
    place = ORDER.index(row.preset) if row.preset in ORDER else len(ORDER)
    place += row.preset == CEILING
    return (place, row.preset, row.variant != FULL, row.variant or "")
