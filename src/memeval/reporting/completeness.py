"""Whether a date is complete: the gate of `memeval report --gate`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from memeval.naming import FULL
from memeval.reporting.faults import by_reason
from memeval.reporting.load import Found
from memeval.reporting.row import Row
from memeval.reporting.text import printable
from memeval.results import ITEMS

CORE, ALL = "baselines/core", "memory/all"
SUITES = ("episodic", "semantic", "spatial")
SEEDS = (1337, 2025, 4242)
SIZES = (50, 200)
ABLATION_SIZE = 200
FEWEST_MEMORIES = 2
KNOBS = {
    "memory/hei_nw": ("gate.enabled", "hopfield.enabled", "dg.enabled", "replay.enabled"),
    "memory/sgc_rss": ("schema.fast_track", "gate.enabled", "ppr.enabled"),
    "memory/smpd": ("macro.distill", "gate.enabled", "path_integration.enabled"),
}
MANIFEST = "MANIFEST.json"
WITHOUT = f"{ITEMS} of all its cells; give its command again"


def missing(found: Found, data_dir: Path) -> list[str]:
    """Return what a complete date has and this one has not; empty if the gate is met.

    Every model of the date must have `baselines/core` and two memories at 50 and 200, `memory/all`
    at 200, on all suites and seeds, and each memory's ablation at 200 on one suite at least. Cells
    of a limited run or with overrides do not count: they are not the preset.
    """
    models = sorted({row.model for row in (*found.rows, *found.ablations)})
    absent = [f"{what} on {model}" for model in models for what in _missing_of_model(found, model)]
    broken = [f"{hole.folder}: {hole.reason}" for hole in by_reason(found.holes)]
    return [printable(line) for line in (*absent, *_manifest(data_dir), *broken)]


def _missing_of_model(found: Found, model: str) -> Iterator[str]:
    rows = [row for row in found.rows if row.model == model and _is_the_preset(row)]
    yield from _cells(rows, CORE, SIZES)
    yield from _memories(rows)
    yield from _cells(rows, ALL, (ABLATION_SIZE,))
    ablations = [row for row in found.ablations if row.model == model and _is_whole(row)]
    for preset in KNOBS:
        yield from _ablation(ablations, preset)


def _cells(rows: Sequence[Row], preset: str, sizes: Sequence[int]) -> list[str]:
    """Return the preset's cells that are not there, a line for each suite and size."""
    lines = []
    for suite in SUITES:
        for size in sizes:
            here = [
                row for row in rows if (row.preset, row.suite, row.size) == (preset, suite, size)
            ]
            measured = {seed for row in here for seed in row.seeds}
            if absent := [seed for seed in SEEDS if seed not in measured]:
                lines.append(f"{preset} {suite} {size}: seeds {', '.join(map(str, absent))}")
            lines += [f"{preset} {suite} {size}: {WITHOUT}" for row in here if not row.records]
    return lines


def _memories(rows: Sequence[Row]) -> list[str]:
    """Return what the two most complete memories lack; `memory/all` is not one of its parts."""
    names = {row.preset for row in rows if row.is_memory and row.preset != ALL} | set(KNOBS)
    lines = {name: _cells(rows, name, SIZES) for name in names}
    best = sorted(names, key=lambda name: (len(lines[name]), name))[:FEWEST_MEMORIES]
    return [line for name in best for line in lines[name]]


def _ablation(ablations: Sequence[Row], preset: str) -> list[str]:
    """Return the variants that are not there, of the suite where fewest are missing."""
    rows = [row for row in ablations if row.preset == preset and row.size == ABLATION_SIZE]
    lines = []
    for suite in sorted({row.suite for row in rows}) or [""]:
        here = [row for row in rows if row.suite == suite and set(SEEDS) <= set(row.seeds)]
        place = f"ablations of {preset} {suite}".strip() + f" {ABLATION_SIZE}"
        off = {row.knobs_off for row in here if row.variant != FULL}
        absent = [f"{knob} off" for knob in KNOBS[preset] if (knob,) not in off]
        if not any(row.variant == FULL and not row.knobs_off for row in here):
            absent.insert(0, FULL)
        bare = [f"{place}: {WITHOUT}" for row in here if not row.records]
        lines.append([f"{place}: {what}, all seeds" for what in absent] + bare)
    return min(lines, key=len)


def _is_whole(row: Row) -> bool:
    return all(cell.meta["config"].get("limit") is None for cell in row.cells)


def _is_the_preset(row: Row) -> bool:
    return _is_whole(row) and not any(cell.meta.get("overrides") for cell in row.cells)


def _manifest(data_dir: Path) -> list[str]:
    path = data_dir / MANIFEST
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
    except OSError:
        return [f"{path}; write it: memeval datasets build"]
    except (ValueError, KeyError, TypeError):
        return [f"{path} cannot be read; restore it from version control"]
    return [] if files else [f"{path} names no file; write it: memeval datasets build"]
