"""What the measurements of a run leave open, in sentences."""

from collections.abc import Sequence

from memeval.naming import MARK
from memeval.reporting.ablations import ablations
from memeval.reporting.load import Found
from memeval.reporting.reading import is_generated
from memeval.reporting.row import Row
from memeval.reporting.scores import label_of
from memeval.reporting.summary import best_of, counted
from memeval.reporting.tables import grouped, interval
from memeval.study import requests

FORGETTING = 0.02
"""A fall of the score from one size to another that is worth a sentence."""


def unknown(found: Found, rows: Sequence[Row]) -> list[str]:
    """Say what these measurements leave open."""
    models = sorted({row.model for row in rows})
    told = []
    if len(models) == 1:
        told.append(f"Whether it holds for another model: all was measured with {models[0]}.")
    if any(is_generated(cell.meta) for row in rows for cell in row.cells):
        told.append(
            "Whether it holds for text that people wrote: the built-in suites are made from "
            "templates, so that every answer can be checked."
        )
    if fewest := min((len(row.seeds) for row in rows), default=0):
        told.append(
            f"How much results differ from stream to stream: {counted(fewest)} of each suite "
            f"{'is' if fewest == 1 else 'are'} too few to tell."
        )
    return [
        *told,
        *_same_generators(found),
        *_undecided(found),
        *_falls(found.rows),
        *_machines(found),
    ]


def _same_generators(found: Found) -> list[str]:
    """Say that the memories of a study were made with an eye on what they were measured with."""
    study = found.study
    if study is None or not study.calibrated_on:
        return []
    asked = {preset for request in requests(study) for preset in request.presets}
    rows = [row for row in (*found.rows, *found.ablations) if row.is_memory]
    ours = [row for row in rows if _asked_as(row.preset) in asked]
    cells = [cell for row in ours for cell in row.cells if is_generated(cell.meta)]
    if not cells:
        return []
    same = any(cell.meta["seed"] in study.calibrated_on for cell in cells)
    seeds = "of seeds that are among those measured" if same else "of other seeds"
    return [
        "Whether it holds for events of another kind: the memories were developed on streams of "
        f"the same generators, {seeds}."
    ]


def _asked_as(preset: str) -> str:
    """Return the name by which a study asks for a row, whichever configuration it is."""
    return preset.partition(" (")[0].partition(MARK)[0]


def _undecided(found: Found) -> list[str]:
    """Name the parts that may earn or cost something too small to be seen, and how small it is."""
    told = []
    for one in (one for ablation in ablations(found.ablations) for one in ablation.compared()):
        if one.comparison is None or one.is_finding or len(one.parts_off) != 1:
            continue
        score = label_of([one.row])
        part = f"{one.parts_off[0]} of {one.row.preset}"
        if smallest := one.comparison.detectable:
            told.append(
                f"Whether {part} is worth less than {smallest:.3f} of {score} either way "
                f"({one.row.place}): a smaller difference would be missed in more than one of five "
                "such ablations."
            )
        elif not (one.comparison.only_a or one.comparison.only_b):
            told.append(
                f"Whether {part} is worth anything in {score} ({one.row.place}): no question "
                "was judged otherwise without it."
            )
    return told


def _machines(found: Found) -> list[str]:
    """Say on what was measured, where all cells tell the same, and that no time was taken twice."""
    machines = [cell.meta.get("machine") or {} for cell in found.cells]
    kinds = {(machine.get("cpu"), machine.get("cores")) for machine in machines}
    told = []
    if len(kinds) == 1 and all(known := kinds.pop()):
        told.append(
            f"What it costs on other machines: all was measured on one kind, {known[0]} with "
            f"{known[1]} cores."
        )
    if {cell.meta["model"].get("device") for cell in found.cells} == {"cpu"}:
        told.append("What it costs on a GPU: nothing was measured on one.")
    if any(row.values("latency_ms_mean") for row in found.rows):
        told.append(
            "How well the times repeat: each cell was timed once, beside whatever else the "
            "machine did."
        )
    return told


def _falls(rows: Sequence[Row]) -> list[str]:
    """Name the best memories that lose as the store grows; how they go on is not known."""
    told = []
    largest: dict[tuple[str, str], list[Row]] = {}
    for group in grouped(rows):  # by size, so that the last one stays
        memories = [row for row in group if row.is_memory and row.score().mean is not None]
        if memories:
            largest[group[0].model, group[0].suite] = memories
    for (model, suite), memories in largest.items():
        last = best_of(memories)
        first = min((row for row in rows if row.line == last.line), key=lambda row: row.size)
        if (first.score().mean or 0.0) - (last.score().mean or 0.0) > FORGETTING:
            told.append(
                f"How {last.preset} goes on beyond {last.size} items: on {suite} with {model} it "
                f"had {interval(first.score())} at {first.size} and "
                f"{interval(last.score())} at {last.size}."
            )
    return told
