"""The questions of a run that are asked for by name: whose answers, beside whose, and which."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import get_args

from memeval.errors import ConfigError, DataError, unknown_name
from memeval.reporting.gains import headline
from memeval.reporting.load import Found
from memeval.reporting.pairs import Pair, facing, pairs
from memeval.reporting.row import Row
from memeval.scoring.retrieval import Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for; None stands for all, or for what is best.

    `wrong` is what the preset has wrong, and the other one, where there is one, right.
    """

    preset: str | None = None
    against_preset: str | None = None
    wrong: bool = False
    right: bool = False
    suite: str | None = None
    model: str | None = None
    size: int | None = None
    seed: int | None = None
    slice: str | None = None
    lost: str | None = None

    def options(self) -> list[str]:
        """Return the options that ask for something."""
        names = [field.name for field in fields(self) if getattr(self, field.name) != field.default]
        return [f"--{name.replace('_', '-')}" for name in names]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of the pairs of one suite and size on one model those that were asked for."""

    a: Row
    b: Row | None
    pairs: Sequence[Pair]
    fitting: Sequence[Pair]

    def counted(self, asked: Asked) -> str:
        """Say how many questions were asked for, in the words of the page."""
        told = []
        if asked.wrong or asked.right:
            mine, other = ("wrong", "right") if asked.wrong else ("right", "wrong")
            beside = f", {self.b.preset} {other}" if self.b else ""
            told.append(f"{self.a.preset} {mine}{beside}")
        told += [asked.lost.replace("_", " ")] if asked.lost else []
        told += [asked.slice] if asked.slice else []
        which = f": {'; '.join(told)}" if told else ""
        return f"{self.a.place}: {len(self.fitting)} of {len(self.pairs)} questions{which}"


def chosen(found: Found, asked: Asked) -> list[Chosen]:
    """Return what is asked for by suite and model, in the order of the report.

    Raises:
        ConfigError: a name that the run does not have, or one preset on both sides.
        DataError: the run has no items at hand, or none that both presets were asked.
    """
    rows = _rows(found, asked)
    preset = asked.preset or facing(headline(rows))[0].preset
    groups = [(a, b, _pairs(a, b, asked)) for a, b in _side_by_side(rows, preset, asked)]
    every = [pair for _, _, mine in groups for pair in mine]
    if not every:
        raise DataError(
            "presets stand side by side where both answered the same questions, got none of "
            f"{preset} and {asked.against_preset}; run both on one suite, size, seed and "
            "model"
        )
    _check("--slice", asked.slice, (pair.question.slice for pair in every))
    _check("--lost", asked.lost, get_args(Loss))
    return [Chosen(a, b, mine, [p for p in mine if _fits(p, asked)]) for a, b, mine in groups]


def _rows(found: Found, asked: Asked) -> list[Row]:
    """Return the rows of the suite, model and size that are asked for, of every preset."""
    rows = [row for row in found.rows if row.records]
    if not rows:
        raise DataError(
            "items are listed from the cells' items.parquet, got a run without any; run it again"
        )
    rows = _only(rows, "--suite", asked.suite, lambda row: row.suite)
    rows = _only(rows, "--model", asked.model, lambda row: row.model)
    rows = _only(rows, "--size", asked.size, lambda row: row.size)
    _check("--preset", asked.preset, (row.preset for row in rows))
    _check("--against-preset", asked.against_preset, (row.preset for row in rows))
    return rows


def _side_by_side(rows: Sequence[Row], preset: str, asked: Asked) -> list[tuple[Row, Row | None]]:
    """Return the rows of a preset, each with that of the other one that is asked for."""
    if preset == asked.against_preset:
        raise ConfigError(
            f"two presets stand side by side, got {preset!r} on both sides; name another one with "
            "--preset or --against-preset"
        )
    rows = headline([row for row in rows if row.preset in (preset, asked.against_preset)])
    _check("--seed", asked.seed, (seed for row in rows for seed in row.seeds))
    others = {row.group: row for row in rows if row.preset == asked.against_preset}
    return [
        (row, others.get(row.group))
        for row in rows
        if row.preset == preset and (not asked.against_preset or row.group in others)
    ]


def _only(rows: Sequence[Row], option: str, name: object, of: Callable[[Row], object]) -> list[Row]:
    _check(option, name, map(of, rows))
    return [row for row in rows if name is None or of(row) == name]


def _check(option: str, name: object, known: Iterable[object]) -> None:
    """Raise `ConfigError`, with near names, where the run has nothing of a name."""
    names = {str(one) for one in known}
    if name is not None and str(name) not in names:
        raise ConfigError(unknown_name(option, str(name), names))


def _pairs(a: Row, b: Row | None, asked: Asked) -> list[Pair]:
    return [pair for pair in pairs(a, b) if asked.seed in (None, pair.place.seed)]


def _fits(pair: Pair, asked: Asked) -> bool:
    if (asked.wrong and pair.a.right) or (asked.right and not pair.a.right):
        return False
    if (asked.wrong or asked.right) and pair.b and pair.b.right == pair.a.right:
        return False
    return asked.slice in (None, pair.question.slice) and asked.lost in (None, pair.a.lost)
