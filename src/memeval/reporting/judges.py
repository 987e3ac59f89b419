"""What the judges of a run are worth: what they accept of answers known to be right or wrong."""

from collections.abc import Sequence

from memeval.reporting.blocks import Block, Grid, Heading, Text
from memeval.reporting.row import Row
from memeval.reporting.scores import model_of, suite_of
from memeval.reporting.tables import Table, number
from memeval.results import StoredCell

CONTROLS = ("gold", "reworded", "other_gold", "vague", "wrong_value")
NOTE = (
    "Shares of answers that the judge accepts though it should accept all (the gold itself, and in "
    "other words) or none (another item's gold, a vague answer on the topic, the gold with another "
    "number or date). Kappa: agreement with exact match and contains beyond chance, on items whose "
    "golds have at most three words."
)


def warning(rows: Sequence[Row]) -> list[Block]:
    """Say which judges fail which of their controls, before any score of theirs is told."""
    failed: dict[str, dict[str, None]] = {}
    for cell in _judged(rows):
        controls = cell.metrics["judge"]["controls"]
        names = [name for name in CONTROLS if controls.get(name, {}).get("failed")]
        if names:
            failed.setdefault(_judge_of(cell), {}).update(dict.fromkeys(names))
    told = [
        f"The judge {name} fails its controls ({', '.join(_plain(one) for one in which)}): its "
        "scores say little; see What the judge is worth."
        for name, which in failed.items()
    ]
    return [Text(" ".join(told))] if told else []


def section(rows: Sequence[Row]) -> list[Block]:
    """Return the judges' controls, nothing where nobody judged."""
    header, body = controls_table(rows)
    return [Heading("What the judge is worth"), Text(NOTE), Grid(header, body)] if body else []


def controls_table(rows: Sequence[Row]) -> Table:
    """Return what each judge accepts of each control, in the mean over seeds."""
    judged = [row for row in rows if _judged([row])]
    names = tuple(map(_plain, CONTROLS))
    header = ("judge", "preset", *model_of(rows), "suite", *names, "kappa em", "kappa contains")
    return header, [
        (
            _judge_of(_judged([row])[0]),
            row.preset,
            *model_of(rows, row),
            suite_of(rows, row),
            *(number(row.mean("judge", "controls", name, "accepted"), 2) for name in CONTROLS),
            number(row.mean("judge", "kappa", "exact_match", "kappa"), 2),
            number(row.mean("judge", "kappa", "contains", "kappa"), 2),
        )
        for row in judged
    ]


def _judged(rows: Sequence[Row]) -> list[StoredCell]:
    return [cell for row in rows for cell in row.cells if "judge" in cell.metrics]


def _judge_of(cell: StoredCell) -> str:
    return str(cell.meta["judge"]["model"])


def _plain(name: str) -> str:
    return name.replace("_", " ")
