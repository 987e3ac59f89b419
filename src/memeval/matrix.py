"""Many cells: plan them, skip what is done, run the rest one by one, keep failures apart."""

import hashlib
import json
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from memeval import naming, suites
from memeval.atomic import write_text
from memeval.config import Preset
from memeval.errors import ConfigError, MemevalError, OutputError
from memeval.memories.base import check_params, load_memory, memory_class, nested
from memeval.models.base import LanguageModel
from memeval.results import FAILURE, META, read_cell, write_cell
from memeval.runner import Report, evaluate
from memeval.telemetry.provenance import code_hash, git_state, machine, package_versions
from memeval.types import PromptFormat, Session

RESULT_PACKAGES = ("torch", "transformers", "numpy")  # another version may round differently


@dataclass(frozen=True, slots=True)
class Cell:
    """Preset x suite x size x seed: what is run, stored and compared.

    Data of the user's own has a `data_folder`, whose name stands for the suite.
    """

    preset: Preset
    suite: str
    size: int
    seed: int
    data_folder: Path | None = None

    @property
    def name(self) -> str:
        """Say which cell this is, for progress and messages."""
        return f"{self.preset.name} {self.suite} {self.size} seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Context:
    """What all cells of one command share. `runs_dir` is the folder of one date."""

    model: LanguageModel
    data_dir: Path
    runs_dir: Path
    limit: int | None = None
    threads: int = 1
    command: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell: ran, was already done, or failed with an error."""

    cell: Cell
    folder: Path
    error: str | None = None
    skipped: bool = False


def plan(
    presets: Sequence[Preset], names: Sequence[str], sizes: Sequence[int], seeds: Sequence[int]
) -> list[Cell]:
    """Return the cells of every combination, checked before anything runs.

    A name may be the path of a folder: one dataset, whatever the sizes and seeds.

    Raises:
        ConfigError: an unknown memory, parameter or suite, or a size that cannot be made.
        DataError: a folder without a session in it that keeps the rules.
    """
    for preset in presets:
        resolved_params(preset)
    if twice := [name for name, count in Counter(p.name for p in presets).items() if count > 1]:
        raise ConfigError(
            f"every preset of a command must have a name of its own, got {twice[0]!r} twice; "
            "rename one of the files"
        )
    datasets = [d for name in dict.fromkeys(names) for d in _datasets(name, sizes, seeds)]
    return [Cell(preset, *dataset) for preset in presets for dataset in dict.fromkeys(datasets)]


def _datasets(
    name: str, sizes: Sequence[int], seeds: Sequence[int]
) -> list[tuple[str, int, int, Path | None]]:
    """Return suite, size, seed and folder of every dataset that a name stands for."""
    path = suites.folder_named(name)
    if path is not None:
        session, _ = suites.folder.load(path)
        return [(session.id, len(session.items), 0, path.resolve())]
    for size in sizes:
        suites.check_size(name, size)
    return [(name, size, seed, None) for size in sizes for seed in seeds]


def resolved_params(preset: Preset) -> dict[str, Any]:
    """Return all parameters of a preset's memory, defaults included."""
    kind = memory_class(preset.memory)
    return check_params(preset.memory, kind, nested(preset.params)).model_dump(mode="json")


def cell_folder(runs_dir: Path, cell: Cell, model: str) -> Path:
    """Return where a cell's files lie."""
    return runs_dir.joinpath(
        *cell.preset.name.split("/"), slug(model), cell.suite, f"{cell.size}_{cell.seed}"
    )


def slug(model: str) -> str:
    """Return a model's name as a folder name; a path keeps its last part and a digest."""
    if "/" in model and Path(model).exists():
        return naming.path_slug(Path(model), "model")
    return naming.slug(model, "model")


def run_cell(
    cell: Cell, context: Context, *, force: bool = False, report: Report | None = None
) -> Outcome:
    """Run a cell and write its four files, unless the same cell is already there.

    An error that is the cell's own is kept in `failure.txt` and returned. An error that would hit
    every cell (a place that cannot be written, data that changed) is raised.
    """
    folder = cell_folder(context.runs_dir, cell, context.model.name)
    session, data_hash = _load(cell, context.data_dir)
    session = limited(session, context.limit)
    meta = describe(cell, context, data_hash, session.prompt)
    if not force and _is_done(folder, meta):
        return Outcome(cell, folder, skipped=True)
    try:
        memory = load_memory(
            cell.preset.memory, model=context.model, seed=cell.seed, **cell.preset.params
        )
        arguments = {"report": report} if report else {}
        result = evaluate(session, memory, context.model, reader=cell.preset.reader, **arguments)
    except OutputError:
        raise
    except Exception as error:  # the cell boundary: one cell's failure must not stop the others
        write_text(folder / FAILURE, traceback.format_exc())
        return Outcome(cell, folder, error=_first_line(error))
    finished = datetime.now(UTC).isoformat(timespec="seconds")
    write_cell(folder, result, {**meta, "finished": finished})
    return Outcome(cell, folder)


def _load(cell: Cell, data_dir: Path) -> tuple[Session, str]:
    if cell.data_folder is not None:
        return suites.folder.load(cell.data_folder)
    return suites.load(data_dir, cell.suite, size=cell.size, seed=cell.seed)


def limited(session: Session, limit: int | None) -> Session:
    """Return the session with its first `limit` items; the stream stays whole."""
    return session if limit is None else replace(session, items=session.items[:limit])


def describe(
    cell: Cell, context: Context, data_hash: str, prompt: PromptFormat | None
) -> dict[str, Any]:
    """Return the cell's `meta.json`: what was run, on what, by what, and from where."""
    kind = memory_class(cell.preset.memory)
    config = {
        "memory": cell.preset.memory,
        "params": resolved_params(cell.preset),
        "reader": cell.preset.reader.model_dump(mode="json"),
        "limit": context.limit,
    }
    model = {
        "name": context.model.name,
        "fingerprint": context.model.fingerprint(),
        **context.model.description(),
    }
    packages = package_versions()
    identity = {
        "config": _hash(config),
        "data": data_hash,
        "model": model["fingerprint"],
        "prompt": _hash(asdict(prompt) if prompt else {}),
        "code": code_hash(),
        "memory_code": code_hash(kind.__module__),
        "packages": {name: packages[name] for name in RESULT_PACKAGES},
        "machine": {"threads": context.threads, "device": model["device"]},
        "seed": cell.seed,
    }
    return {
        "format": 1,
        "identity": _hash(identity),
        "preset": cell.preset.name,
        "suite": cell.suite,
        "size": cell.size,
        "seed": cell.seed,
        "model": model,
        "config": config,
        "config_hash": identity["config"],
        "overrides": cell.preset.overrides | ({"limit": context.limit} if context.limit else {}),
        "data_folder": str(cell.data_folder) if cell.data_folder else None,
        "dataset_sha256": data_hash,
        "prompt_hash": identity["prompt"],
        "code_hash": identity["code"],
        "git": git_state(),
        "machine": machine(),
        "packages": packages,
        "threads": context.threads,
        "command": context.command,
    }


def _is_done(folder: Path, meta: Mapping[str, Any]) -> bool:
    """Whether the folder holds this very cell.

    Raises:
        ConfigError: it holds the cell with other overrides, which answer another question.
    """
    if not (folder / META).is_file() or (folder / FAILURE).is_file():
        return False
    try:
        stored = read_cell(folder).meta
    except MemevalError:
        return False
    if stored.get("overrides", {}) != meta["overrides"]:
        raise ConfigError(
            f"a run must keep to one set of overrides, got {meta['overrides']} where "
            f"{str(folder)!r} has {stored.get('overrides', {})}; give the new run a --date of its "
            "own, or replace the old one with --force"
        )
    return bool(stored["identity"] == meta["identity"])


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _first_line(error: Exception) -> str:
    text = str(error).strip().split("\n")[0]
    return text if isinstance(error, MemevalError) else f"{type(error).__name__}: {text}"


def run_cells(
    cells: Sequence[Cell],
    context: Context,
    *,
    force: bool = False,
    on_cell: Callable[[Cell], Report],
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Run cells in order; `on_cell` gives each its progress report."""
    outcomes = []
    for cell in cells:
        outcome = run_cell(cell, context, force=force, report=on_cell(cell))
        on_outcome(outcome)
        outcomes.append(outcome)
    return outcomes
