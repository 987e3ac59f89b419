"""Finds the cells of a run and groups them: one row for each preset, model, suite and size."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memeval.errors import ConfigError, DataError
from memeval.naming import FULL
from memeval.reporting import reading, roles
from memeval.reporting.reading import Answer, ReadCell
from memeval.reporting.row import Row
from memeval.reporting.text import printable, shortened
from memeval.results import FAILURE, StoredCell, cell_folders, weights_of
from memeval.scoring.intervals import Key
from memeval.study import NAME, Study, study_of

FAKE_MODEL = "scripted"


@dataclass(frozen=True, slots=True)
class Hole:
    """Something that is not there to be read, or not to be pooled or compared, and why."""

    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a run: rows of finished cells, baselines first, ablations, and the holes.

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
    """Read all cells of a run, those of the fake model apart.

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
            f"{_first_hole(found.holes)}{left_out}; run some first with: memeval eval --run RUN"
        )
    return found


def is_fake(runs_dir: Path) -> bool:
    """Whether a run has cells of the fake model alone, so that there is nothing to report."""
    whole = (one for one in cell_folders(runs_dir) if not (one / FAILURE).is_file())
    try:
        return all(reading.read_meta(one).meta["model"]["name"] == FAKE_MODEL for one in whole)
    except DataError:
        return False  # a report says what is wrong with a cell


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
    """Return the study of a run; one that cannot be read leaves a hole."""
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
    print_of = _fingerprints([cell.stored.meta["model"] for cell in cells])
    for cell, print_ in zip(cells, print_of, strict=True):
        meta = cell.stored.meta
        base = (_preset(cell), cell.variant, meta["suite"], meta["size"], cell.stored.primary)
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
        preset, variant, suite, size, _, model, print_, config = key
        if len(fingerprints[model]) > 1:
            model = f"{model} ({print_[:6]})"
        if len(configurations[key[:-1]]) > 1:
            preset = f"{preset} ({config[:6]})"
        whole = all(cell.answers for cell in members.values())
        kept = members.values() if whole else ()
        records = {key: answer for cell in kept for key, answer in _keyed(cell).items()}
        seed_of = {key: seed for seed, cell in members.items() for key in _keyed(cell)}
        stored = tuple(cell.stored for cell in members.values())
        rows.append(Row(preset, model, suite, size, stored, records, variant, seed_of))
    return sorted(rows, key=lambda row: (*row.group, *_rank(row)))


def _fingerprints(models: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what tells each cell's model from others: its weights, and its settings if need be.

    Cells of older versions say nothing of settings, so that only what does can be told apart.
    """
    settings = defaultdict(set)
    for model in models:
        if "weights" in model:
            settings[model["name"], model["weights"]].add(model["fingerprint"])
    several = {place for place, told in settings.items() if len(told) > 1}
    return [
        model["fingerprint"]
        if (model["name"], model.get("weights")) in several
        else weights_of(model)
        for model in models
    ]


def _keyed(cell: ReadCell) -> dict[Key, Answer]:
    """Return a cell's answers by session and item; two seeds may have drawn an item each."""
    seed = cell.stored.meta["seed"]
    return {(session, f"{query} {seed}"): a for (session, query), a in cell.answers.items()}


def _of_one_session(cell: ReadCell, others: Iterable[ReadCell]) -> ReadCell | None:
    """Return a cell of another seed with the very items of this one, which would count twice."""
    mine = cell.answers.keys()
    return next((other for other in others if mine and mine == other.answers.keys()), None)


def _preset(cell: ReadCell) -> str:
    """Return what was measured; of an ablation what was ablated, which older cells do not tell."""
    meta = cell.stored.meta
    if cell.memory is None:
        return str(meta["preset"])
    return str(meta.get("ablated") or f"memory/{cell.memory}")


def _rank(row: Row) -> tuple[int, str, bool, str]:
    place = roles.ORDER.index(row.role) if row.role in roles.ORDER else roles.ORDER.index("")
    return (place, row.preset, row.variant != FULL, row.variant or "")
