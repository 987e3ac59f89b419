"""Cells, the plan that lists them, and where their files lie."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval import naming, suites
from memeval.errors import ConfigError
from memeval.memories.kinds import memory_class
from memeval.memories.params import check_params, nested
from memeval.preset import Preset


@dataclass(frozen=True, slots=True)
class Cell:
    """Preset x model x suite x size x seed: what is run, stored and compared.

    Data of the user's own has a `data_folder`, whose name stands for the suite.
    """

    preset: Preset
    model: str
    suite: str
    size: int
    seed: int
    data_folder: Path | None = None

    @property
    def name(self) -> str:
        """Say which cell this is, for progress and messages."""
        return f"{self.preset.name} {self.suite} {self.size} seed {self.seed}"

    @property
    def dataset(self) -> tuple[str, int, int, Path | None]:
        """Which data it is measured on."""
        return (self.suite, self.size, self.seed, self.data_folder)

    @property
    def teaching(self) -> tuple[object, ...]:
        """What decides a taught store; cells that share it differ in how the model reads."""
        params = json.dumps(resolved_params(self.preset), sort_keys=True)
        return (self.model, self.dataset, self.preset.memory, params)


@dataclass(frozen=True, slots=True)
class Context:
    """What all cells of one command share. `runs_dir` is the folder of one date."""

    data_dir: Path
    runs_dir: Path
    cache_dir: Path
    device: str = "auto"
    batch_size: int | None = None
    limit: int | None = None
    threads: int = 1
    command: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell: ran, was already done, failed, or is being run by somebody else."""

    cell: Cell
    folder: Path
    error: str | None = None
    skipped: bool = False
    busy: bool = False
    seconds: float = 0.0


def plan(
    presets: Sequence[Preset],
    models: Sequence[str],
    names: Sequence[str],
    sizes: Sequence[int],
    seeds: Sequence[int],
) -> list[Cell]:
    """Return the cells of every combination, checked before anything runs.

    A name may be the path of a folder: one dataset, whatever the sizes and seeds. Cells of a model
    stand together, and among them those of a dataset, so that what a model has read of a suite is
    used by the next cell.

    Raises:
        ConfigError: an unknown memory, parameter or suite, a size that cannot be made, or two
            presets or models whose cells would lie in one folder.
        DataError: a folder without a session in it that keeps the rules.
    """
    for preset in presets:
        resolved_params(preset)
    _check_apart([preset.name for preset in presets], "preset")
    models = list(dict.fromkeys(models))
    _check_apart([slug(model) for model in models], "model")
    datasets = [d for name in dict.fromkeys(names) for d in _datasets(name, sizes, seeds)]
    return [
        Cell(preset, model, *dataset)
        for model in models
        for dataset in dict.fromkeys(datasets)
        for preset in presets
    ]


def _check_apart(names: Sequence[str], kind: str) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ConfigError(
            f"every {kind} of a command must have a name of its own, got {twice[0]!r} twice; "
            "rename one of the files"
        )


def _datasets(
    name: str, sizes: Sequence[int], seeds: Sequence[int]
) -> list[tuple[str, int, int, Path | None]]:
    """Return suite, size, seed and folder of every dataset that a name stands for."""
    path = suites.folder_named(name)
    if path is not None:
        session, _ = suites.folder.load(path)
        return [(session.id, len(session.items), 0, path.resolve())]
    chosen = [(size, seed) for size in sizes for seed in seeds]
    for size, seed in chosen:
        suites.check_dataset(name, size, seed)
    return [(name, size, seed, None) for size, seed in chosen]


def resolved_params(preset: Preset) -> dict[str, Any]:
    """Return all parameters of a preset's memory, defaults included."""
    kind = memory_class(preset.memory)
    return check_params(preset.memory, kind, nested(preset.params)).model_dump(mode="json")


def cell_folder(runs_dir: Path, cell: Cell) -> Path:
    """Return where a cell's files lie."""
    return runs_dir.joinpath(
        *cell.preset.name.split("/"), slug(cell.model), cell.suite, f"{cell.size}_{cell.seed}"
    )


def slug(model: str) -> str:
    """Return a model's name as a folder name; a path keeps its last part and a digest."""
    if "/" in model and Path(model).exists():
        return naming.path_slug(Path(model), "model")
    return naming.slug(model, "model")
