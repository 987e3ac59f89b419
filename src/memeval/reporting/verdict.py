"""What a row is told over: the model without a memory, and the best baseline of its budget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from memeval.reporting.gain import Gain
from memeval.reporting.roles import CEILING, CONTEXT, CORE, FLOOR, PLACEBO, RETRIEVAL, presets_of
from memeval.reporting.row import Row, partner, shared_seeds, unlike
from memeval.scoring.intervals import mean_interval

BOUNDS = (FLOOR, PLACEBO, CEILING)
"""The roles of baselines that say how a score is to be read, and that no memory competes with."""
UNBOUND = (CORE, CONTEXT)
"""The roles of baselines that read as much as fits, and so under no budget of a memory's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row gains over the floor and over the best baseline, as far as these were run."""

    row: Row
    over_floor: Gain
    over_best: Gain


def is_reference(row: Row) -> bool:
    """Whether a row is of a baseline that a memory is told over, in whichever configuration."""
    return not row.is_memory and row.own_role not in BOUNDS


def is_rival(row: Row) -> bool:
    """Whether a row is of a baseline that finds what it reads, as a memory does."""
    return is_reference(row) and row.own_role not in UNBOUND


def best_baseline(rows: Sequence[Row], row: Row) -> Row | None:
    """Return the baseline of the highest score on what a row was measured on, of its budget.

    It is chosen by the very answers that it is compared on, which favours the baseline. One that
    was measured on other seeds or data is passed over: nothing could be told over it.
    """
    alike = [other for other in rivals(rows, row) if not _apart(row, other)]
    return highest(alike, lambda other: _mean_beside(row, other))


def highest(rows: Sequence[Row], mean: Callable[[Row], float | None]) -> Row | None:
    """Return the first row of the highest mean of those that have one."""
    means = [(told, row) for row in rows if (told := mean(row)) is not None]
    return max(means, key=lambda pair: pair[0], default=(None, None))[1]


def rivals(rows: Sequence[Row], row: Row) -> list[Row]:
    """Return the baselines that ran on a row's model, suite and size, on whatever seeds."""
    return [other for other in rows if other.group == row.group and is_rival(other)]


def _apart(row: Row, other: Row) -> str:
    """Say why a row is not told over another of its budget; nothing where it is.

    One that is under no budget of a memory's, as the ceiling, is told over any.
    """
    has_budget = row.is_memory or is_rival(row)
    other_budget = has_budget and not row.has_budget_of(other)
    return _unlike(row, other) or ("was read under another budget" if other_budget else "")


def _unlike(row: Row, other: Row) -> str:
    what = unlike(row, other)
    return f"was run on other {what}" if what else ""


def _mean_beside(row: Row, other: Row) -> float | None:
    """Return another row's score on the seeds of both, or that of all where it has no records."""
    seeds = shared_seeds(row, other)
    whole = not other.records or seeds == other.seeds
    return (other.score() if whole else mean_interval(other.scores(seeds))).mean


def verdicts(rows: Sequence[Row], told: Sequence[Row]) -> list[Verdict]:
    """Return the verdicts on some of the rows; Holm's family is all of their differences.

    The floor is compared with nothing: it is what the others are told over.
    """
    pairs: list[tuple[Row, Row | None]] = []
    for row in told:
        floor, best = partner(rows, row, FLOOR), best_baseline(rows, row)
        for other in (floor, best):
            pairs.append((row, None if row is floor or row is other else other))
    family = Gain.family(pairs)
    halves = zip(told, family[::2], family[1::2], strict=True)
    return [Verdict(row, over_floor, over_best) for row, over_floor, over_best in halves]


def on_memories(rows: Sequence[Row]) -> list[Verdict]:
    """Return the verdicts on the memories, suite by suite, the best of each model first."""
    memories = sorted((row for row in rows if row.is_memory), key=standing)
    return verdicts(rows, sorted(memories, key=lambda row: (row.suite, row.size, *row.group)))


def standing(row: Row) -> tuple[float, float]:
    """Return what puts the best row first: its score, and of equal ones how little it stores.

    One that does not tell what it stores is not taken for a small one.
    """
    mean, stored = row.score().mean, row.mean("memory", "store_bytes")
    return (inf if mean is None else -mean, inf if stored is None else stored)


def unmeasured(rows: Sequence[Row]) -> list[str]:
    """Say over what no memory was compared, why, and how to run what was not run."""
    memories, told = [row for row in rows if row.is_memory], []
    floors = [(row, floor) for row in memories if (floor := partner(rows, row, FLOOR))]
    if memories and not floors:
        names = " --preset ".join(presets_of((FLOOR,)))
        told.append(f"Nothing is told over closed book, which was not run: --preset {names}.")
    pairs = [(row, rival) for row in memories for rival in rivals(rows, row)]
    if memories and not pairs:
        names = " or ".join(presets_of((RETRIEVAL,)))
        told.append(
            "Nothing is told over a baseline of the same budget, as none was run: --preset "
            f"{names}."
        )
    return [*told, *_elsewhere(floors, _unlike), *_elsewhere(pairs, _apart)]


def _elsewhere(pairs: Sequence[tuple[Row, Row]], apart: Callable[[Row, Row], str]) -> list[str]:
    """Name what no memory of its model, suite and size can be compared with, and say why."""
    told: dict[str, None] = {}
    alike = {row.group for row, other in pairs if not apart(row, other)}
    for row, other in pairs:
        if row.group not in alike:
            reason = f"{other.preset} {apart(row, other)}: not compared"
            told[f"{reason} ({row.place})."] = None
    return list(told)
