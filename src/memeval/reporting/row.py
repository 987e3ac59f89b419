"""A row of a report: all seeds of one preset on one model, suite and size."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeVar

from memeval.naming import configuration_in
from memeval.reporting import roles
from memeval.reporting.reading import Answer
from memeval.results import StoredCell, scores_of
from memeval.scoring.compare import Comparison, compare_scores
from memeval.scoring.intervals import Interval, Key, mean_interval

T = TypeVar("T")


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
    seed_of: Mapping[Key, int] = field(default_factory=dict)
    memo: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def group(self) -> tuple[str, str, int, str]:
        """What rows must share to be compared."""
        return (self.model, self.suite, self.size, self.primary)

    @property
    def line(self) -> tuple[str, str, str, str, str]:
        """What rows of several sizes must share to be told side by side, the configuration last."""
        meta = self.cells[0].meta
        return (meta["preset"], self.model, self.suite, self.primary, meta["config_hash"])

    @property
    def primary(self) -> str:
        """The name of the score that counts, the same in all cells."""
        return self.cells[0].primary

    @property
    def role(self) -> str:
        """What the preset is to the others, such as the floor; nothing for a memory."""
        return roles.role_of(self.preset, self.cells[0].meta)

    @property
    def own_role(self) -> str:
        """The role of the preset, also where several configurations of it stand side by side."""
        return roles.own_role(self.cells[0].meta)

    @property
    def limit(self) -> int | None:
        """How many questions were asked of each seed, where that is not all of them."""
        limit = self.cells[0].meta["config"].get("limit")
        return limit if limit and limit < self.size else None

    @property
    def data(self) -> str:
        """Say what the row was measured on: size says how much there is, not what was asked."""
        first = f" (first {self.limit:,} questions)" if self.limit else ""
        return f"{self.suite} {self.size}{first}"

    @property
    def place(self) -> str:
        """Say where the row was measured."""
        return f"{self.data} on {self.model}"

    @property
    def seeds(self) -> list[int]:
        """The seeds measured."""
        return sorted(cell.meta["seed"] for cell in self.cells)

    def has_budget_of(self, other: "Row") -> bool:
        """Whether both read as many notes, and as many tokens of them.

        Cells of versions that knew no budget of tokens do not tell one, and fit any.
        """
        mine, others = (row.cells[0].meta["config"].get("reader") or {} for row in (self, other))
        names = [name for name in ("traces", "budget_tokens") if name in mine and name in others]
        return all(mine[name] == others[name] for name in names)

    @property
    def lacks_records(self) -> bool:
        """Whether records are not at hand, of cells that were asked something."""
        return not self.records and any(cell.metrics["n"] for cell in self.cells)

    @property
    def is_memory(self) -> bool:
        """Whether this is a memory under test, not a baseline."""
        return not (self.own_role or self.preset.startswith("baselines/"))

    @property
    def processors(self) -> frozenset[str]:
        """On what its cells were timed: times of different ones are not to be compared."""
        machines = (cell.meta.get("machine") or {} for cell in self.cells)
        return frozenset(str(machine.get("cpu")) for machine in machines)

    @property
    def knobs_off(self) -> tuple[str, ...]:
        """The parameters that were switched off from outside, in any of the cells."""
        given = [cell.meta.get("overrides", {}) for cell in self.cells]
        return tuple(sorted({name for table in given for name in table if table[name] is False}))

    def score(self) -> Interval:
        """Return the primary score over answerable items, with its interval if it has records."""
        if "mean" not in self.memo:
            whole = bool(self.records)
            self.memo["mean"] = mean_interval(self.scores()) if whole else self._told_mean()
        interval: Interval = self.memo["mean"]
        return interval

    def _told_mean(self) -> Interval:
        """Return the mean that the metrics of all cells tell."""
        counts = self.values("n_answerable")
        scores = [score for cell in self.cells if (score := cell.score) is not None]
        items = int(sum(counts))
        if not items or not len(counts) == len(scores) == len(self.cells):
            return Interval(None, None, None, 0)
        pairs = zip(counts, scores, strict=True)
        return Interval(sum(n * score for n, score in pairs) / items, None, None, items)

    def against(self, other: "Row") -> Comparison | None:
        """Compare with another row, paired, on the seeds of both.

        None unless there are such seeds and both answered the same items of the same data on them,
        by the same score.
        """
        if id(other) not in self.memo:
            seeds = shared_seeds(self, other)
            ours, theirs = self.scores(seeds), other.scores(seeds)
            same = ours and theirs and self.primary == other.primary and not unlike(self, other)
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

    def slice_score(self, name: str) -> float | None:
        """Return the mean over seeds of a slice's score.

        Where no question of it has an answer, that is what the score says of those, if it does, or
        how often it was abstained on.
        """
        slices = [cell.metrics["slices"].get(name, {}) for cell in self.cells]
        known = [scores_of(one).get(self.primary) for one in slices]
        unknown = [one.get("scores_of_unknown", {}).get(self.primary) for one in slices]
        for told in (known, unknown):
            if scored := [score for score in told if score is not None]:
                return sum(scored) / len(scored)
        return self.mean("slices", name, "abstention")

    def slice_items(self, name: str) -> int:
        """Return how many questions of a slice were asked, over all seeds."""
        return sum(cell.metrics["slices"].get(name, {}).get("n", 0) for cell in self.cells)

    def scores(self, seeds: Iterable[int] | None = None) -> dict[Key, float | None]:
        """Return the scores of the answerable items, of all seeds or of some."""
        chosen = None if seeds is None else set(seeds)
        return {
            key: answer.score
            for key, answer in self.records.items()
            if answer.answerable and (chosen is None or self.seed_of[key] in chosen)
        }

    def values(self, *path: str) -> list[float]:
        """Return one metric of every seed that measured it."""
        found = (figure(cell, *path) for cell in self.cells)
        return [value for value in found if value is not None]


def figure(cell: StoredCell, *path: str) -> float | None:
    """Return one metric of a cell; None if it was not measured."""
    value: Any = cell.metrics
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def partner(rows: Sequence[Row], row: Row, role: str) -> Row | None:
    """Return the row of a role on the same model, suite and size, by the same score.

    That of the row's own named configuration, or else of the plain one, or else the only one, or
    the only one that can be compared with the row.
    """
    found = [other for other in rows if other.own_role == role and other.group == row.group]
    named = configuration_in(row.preset)
    same = [other for other in found if named and configuration_in(other.preset) == named]
    if first := next((other for other in found if other.role == role), None):
        same.append(first)
    if same:
        return same[0]
    alike = found if len(found) == 1 else [other for other in found if not unlike(row, other)]
    return alike[0] if len(alike) == 1 else None


def beside(rows: Sequence[Row], row: Row, preset: str) -> Row | None:
    """Return the row of another preset on the same model, suite and size, by the same score."""
    return next((r for r in rows if r.preset == preset and r.group == row.group), None)


def split(rows: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Return rows, or what is of them, in groups of one key each, in the order of first meeting."""
    groups: dict[Hashable, list[T]] = {}
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


def unlike(a: Row, b: Row) -> str:
    """Return what keeps two rows from being compared: other seeds, data or questions; or nothing.

    Of a row without records it is not known what was asked.
    """
    seeds = shared_seeds(a, b)
    if not seeds:
        return "seeds"
    if other_data(a, b):
        return "data"
    is_known = a.records and b.records
    return "questions" if is_known and a.scores(seeds).keys() != b.scores(seeds).keys() else ""
