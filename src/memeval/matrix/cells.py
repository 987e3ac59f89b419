"""Cells, the plan that lists them, and where their files lie."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from memeval import naming
from memeval.datasets.dataset import Dataset
from memeval.errors import ConfigError
from memeval.memories.kinds import memory_class
from memeval.memories.params import check_params, digests_of_files, dumped, nested
from memeval.models import local_path, model_name
from memeval.models.served.address import EXAMPLE, is_served
from memeval.preset import Preset
from memeval.results import is_cell

CHAT = "chat."
"""How the parameters of a chat model begin, which a served model is as well."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Preset x model x dataset: what is run, stored and compared."""

    preset: Preset
    model: str
    dataset: Dataset

    @property
    def suite(self) -> str:
        """The name that stands for the dataset's kind."""
        return self.dataset.suite

    @property
    def size(self) -> int:
        """How many items are asked."""
        return self.dataset.size

    @property
    def seed(self) -> int:
        """What made or chose the items; memories are made with it too."""
        return self.dataset.seed

    @property
    def name(self) -> str:
        """Say which cell this is, for progress and messages."""
        return f"{self.preset.name} {self.suite} {self.size} seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Context:
    """What all cells of one command share.

    `runs_dir` is the folder of one run, `timeout_s` the most that a session may take. `keep_text`
    says whether cells hold the texts of their data; None leaves that to data and folder.
    """

    runs_dir: Path
    cache_dir: Path
    device: str = "auto"
    precision: str = "auto"
    batch_size: int | None = None
    limit: int | None = None
    threads: int = 1
    encoder: str | None = None
    vector_cache: bool = True
    writer: str | None = None
    memory_model: str | None = None
    judge: str | None = None
    judge_votes: int = 1
    concurrency: int | None = None
    window: int | None = None
    timeout_s: float | None = None
    command: str = ""
    keep_text: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell: ran, was already done, failed, or is being run by somebody else.

    One is skipped, and reused, where the run holds the same cell under another name.
    """

    cell: Cell
    folder: Path
    error: str | None = None
    skipped: bool = False
    reused: bool = False
    busy: bool = False
    seconds: float = 0.0


def plan(
    presets: Sequence[Preset], models: Sequence[str], datasets: Sequence[Dataset]
) -> list[Cell]:
    """Return the cells of every combination, checked before anything runs.

    Cells of a model stand together, and among them those of a dataset, so that what a model has
    read of a suite is used by the next cell.

    Raises:
        ConfigError: an unknown memory or parameter, or two presets, models or datasets whose cells
            would lie in one folder.
        PluginError: a memory that cannot be imported.
    """
    for preset in presets:
        resolved_params(preset)
    check_apart([preset.name for preset in presets], "preset")
    models = list(dict.fromkeys(map(model_name, models)))
    check_apart([slug(model) for model in models], "model")
    datasets = list(dict.fromkeys(datasets))
    check_apart([f"{d.suite} {d.size} seed {d.seed}" for d in datasets], "dataset")
    cells = [
        Cell(preset, model, dataset)
        for model in models
        for dataset in datasets
        for preset in presets
    ]
    _check_places(cells)
    return cells


def check_apart(names: Sequence[str], kind: str) -> None:
    """Refuse things of a command whose cells would lie in one folder.

    Raises:
        ConfigError: two have one name.
    """
    advice = "rename one of the files"
    if kind == "dataset":
        advice = "give each a run of its own with --run, or rename a folder of your own"
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ConfigError(
            f"every {kind} of a command must have a name of its own, got {twice[0]!r} twice; "
            f"{advice}"
        )


def _check_places(cells: Sequence[Cell]) -> None:
    """Refuse cells whose names lead out of their folder, or into the folder of another one."""
    for suite in {cell.suite for cell in cells}:
        if not suite or suite.startswith(".") or Path(suite).name != suite:
            raise ConfigError(
                f"a suite must have a name that a folder can have, got {suite!r}; rename it"
            )
    places = {cell_folder(Path(), cell) for cell in cells}
    for place in sorted(places):
        if outer := places.intersection(place.parents):
            raise ConfigError(
                f"every cell must have a folder of its own, got {str(place)!r} inside "
                f"{str(outer.pop())!r}; rename the preset or the suite"
            )


def check_place(runs_dir: Path, cell: Cell) -> None:
    """Raise `ConfigError` where a cell would lie in the folder of one that is there."""
    folder = cell_folder(runs_dir, cell)
    for outer in folder.relative_to(runs_dir).parents[:-1]:
        if is_cell(runs_dir / outer):
            raise ConfigError(
                f"every cell must have a folder of its own, got {str(folder)!r} inside the cell "
                f"{str(runs_dir / outer)!r}; rename the preset or the suite, or give the run a "
                "--run of its own"
            )


def resolved_params(preset: Preset) -> dict[str, Any]:
    """Return all parameters of a preset's memory, defaults included."""
    kind = memory_class(preset.memory)
    return dumped(preset.memory, check_params(preset.memory, kind, nested(preset.params)))


def check_required(preset: Preset, writer: str) -> None:
    """Refuse a preset that lacks what it requires; a served writer is a chat model as well.

    Raises:
        ConfigError: a required parameter is not given.
    """
    params, served = nested(preset.params), is_served(writer)
    for name in preset.required:
        if served and name.startswith(CHAT):
            continue
        if not reduce(lambda table, part: table.get(part, {}), name.split("."), params):
            other = f", or --writer {EXAMPLE}" if name.startswith(CHAT) else ""
            raise ConfigError(
                f"{preset.name} must be given {name}, got none; give it by --set {name}=VALUE"
                f"{other}"
            )


def files_of(preset: Preset) -> dict[str, str]:
    """Return digests of the files and folders that a preset's parameters name.

    Raises:
        MemevalError: what is named is not there, or cannot be used.
    """
    params = nested(preset.params)
    kind = memory_class(preset.memory)
    return digests_of_files(preset.memory, check_params(preset.memory, kind, params))


def cell_folder(runs_dir: Path, cell: Cell) -> Path:
    """Return where a cell's files lie."""
    return runs_dir.joinpath(
        *cell.preset.name.split("/"), slug(cell.model), cell.suite, f"{cell.size}_{cell.seed}"
    )


def slug(model: str) -> str:
    """Return a model's name as a folder name; a path keeps its last part and a digest."""
    path = local_path(model)
    return naming.slug(model, "model") if path is None else naming.path_slug(path, "model")
