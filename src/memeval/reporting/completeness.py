"""Whether a run is complete: the gate of `memeval report --gate`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.outside import read_json
from memeval.reporting.faults import by_reason
from memeval.reporting.load import Found
from memeval.reporting.reading import asked_model, is_generated
from memeval.reporting.text import printable
from memeval.results import ITEMS
from memeval.study import Place, Study, places

MANIFEST = "MANIFEST.json"
WITHOUT = f"{ITEMS} of all its cells; give its command again"


@dataclass(frozen=True, slots=True)
class _Measured:
    """A finished cell: what it says of itself, and whether the records of its row are there."""

    meta: Mapping[str, Any]
    has_items: bool

    def is_as_planned(self, place: Place) -> bool:
        """Whether it was run whole, and with the parameters that the study says."""
        whole = self.meta["config"].get("limit") is None
        return whole and self.meta.get("overrides", {}) == place.overrides


def missing(found: Found, study: Study, data_dir: Path) -> list[str]:
    """Return what a study plans and a run has not; empty if the gate is met.

    Cells of a limited run, or with other parameters than planned, do not count.
    """
    cells = _measured(found)
    groups: dict[tuple[str, str, str, int], list[Place]] = {}
    for place in places(study):
        key = (place.preset, place.suite, place.model, place.size)
        groups.setdefault(key, []).append(place)
    absent = [line for group in groups.values() for line in _lacking(cells, group, study)]
    broken = [f"{hole.folder}: {hole.reason}" for hole in by_reason(found.holes)]
    return [printable(line) for line in (*absent, *_manifest(found, data_dir), *broken)]


def _measured(found: Found) -> dict[tuple[Any, ...], _Measured]:
    """Return the finished cells by preset, model, suite, size and seed."""
    return {
        (meta["preset"], asked_model(meta), meta["suite"], meta["size"], meta["seed"]): (
            _Measured(meta, not row.lacks_records)
        )
        for row in (*found.rows, *found.ablations)
        for meta in (cell.meta for cell in row.cells)
    }


def _lacking(
    cells: Mapping[tuple[Any, ...], _Measured], group: Sequence[Place], study: Study
) -> Iterator[str]:
    """Yield what cells lack that differ in their seed alone."""
    first = group[0]
    named, on = f"{first.preset} {first.suite} {first.size}", f"on {first.model}"
    here = {p.seed: cells.get((p.preset, p.model, p.suite, p.size, p.seed)) for p in group}
    planned = {p.seed: c for p in group if (c := here[p.seed]) and c.is_as_planned(p)}
    if absent := [str(seed) for seed in here if seed not in planned]:
        yield f"{named}: seeds {', '.join(absent)} {on}"
    asks = study.gate.items_at is None or first.size in study.gate.items_at
    if asks and not all(cell.has_items for cell in planned.values()):
        yield f"{named}: {WITHOUT} {on}"


def _manifest(found: Found, data_dir: Path) -> list[str]:
    """Return what is wrong with the list of the data, where some of it was generated."""
    if not any(is_generated(cell.meta) for cell in found.cells):
        return []
    path = data_dir / MANIFEST
    try:
        files = read_json(path.read_bytes())["files"]
    except OSError:
        return [f"{path}; write it: memeval datasets build"]
    except (ValueError, KeyError, TypeError):
        return [f"{path} cannot be read; restore it from version control"]
    return [] if files else [f"{path} names no file; write it: memeval datasets build"]
