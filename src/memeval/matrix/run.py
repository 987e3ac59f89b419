"""Runs a plan: checked as a whole first, then cell by cell by an executor."""

import pickle
from collections.abc import Collection, Sequence

from memeval.encoders import check_encoder, is_own_encoder
from memeval.errors import ConfigError
from memeval.matrix.cells import Cell, Context, Outcome, check_place, check_required, files_of
from memeval.matrix.data import Datasets, is_own_dataset, prepare
from memeval.matrix.executor import Executor
from memeval.matrix.identity import State, configuration, digest, state_of
from memeval.matrix.schedule import Work
from memeval.matrix.twins import Twins
from memeval.matrix.watch import Watch
from memeval.memories.contract import requirements
from memeval.memories.installed import check_installed
from memeval.memories.kinds import memory_class
from memeval.memories.loading import check_parts, check_wants
from memeval.models import check_model, is_own_model, lacking
from memeval.outside import shown
from memeval.registry import MEMORIES, SCORERS


def check_plan(cells: Sequence[Cell], context: Context, *, force: bool = False) -> list[State]:
    """Return the state of every cell, and nothing is written.

    Raises:
        ConfigError: a folder holds a cell with other overrides, and `force` is not given; a cell
            would lie in another's folder; or a memory needs what the command does not give.
        DataError: a dataset differs from the manifest.
        ModelError: a model is not where it is said to be.
    """
    named = [*(cell.model for cell in cells), context.writer, context.judge, context.memory_model]
    for model in dict.fromkeys(named):
        if model is not None:
            check_model(model)
    check_needs(cells, context)
    for cell in cells:
        check_place(context.runs_dir, cell)
    if force:
        return [State("run") for _ in cells]
    datasets, twins = Datasets(context), Twins(context.runs_dir, cells)
    states = [state_of(cell, context, datasets, twins) for cell in cells]
    return _with_planned(cells, states, context)


def _with_planned(cells: Sequence[Cell], states: Sequence[State], context: Context) -> list[State]:
    """Return the states, where a cell that an earlier one of the plan measures is reused."""
    told: list[State] = []
    first: dict[object, str] = {}
    for cell, state in zip(cells, states, strict=True):
        key = (cell.model, cell.dataset, digest(configuration(cell, context)))
        earlier = first.get(key)
        is_measured = state.kind in ("run", "again")
        if is_measured and earlier is None:
            first[key] = cell.preset.name
        told.append(State("reuse", f"{earlier} will have it") if is_measured and earlier else state)
    return told


def check_needs(cells: Sequence[Cell], context: Context) -> None:
    """Refuse memories that need another part, or more of the model than it can do.

    Raises:
        ConfigError: something is missing, as far as that is known before anything is loaded; or an
            encoder has no known name, or a writer is named that no memory needs.
        MemevalError: a file or folder that a parameter names cannot be used.
    """
    if context.encoder:
        check_encoder(context.encoder)
    given = {"model", "writer", *(["encoder"] if context.encoder else [])}
    kinds = [memory_class(name) for name in {cell.preset.memory for cell in cells}]
    if context.writer and not any("writer" in requirements(kind).parts for kind in kinds):
        raise ConfigError(
            "a writer must be the model of a memory that makes calls of its own, got "
            f"{shown(context.writer)} and no such memory; leave --writer out"
        )
    if context.memory_model and not any("model" in requirements(kind).needs for kind in kinds):
        raise ConfigError(
            "a memory's model must be that of a memory that reads with one, got "
            f"{shown(context.memory_model)} and no such memory; leave --memory-model out"
        )
    for cell in cells:
        check_required(cell.preset, context.writer or cell.model)
        files_of(cell.preset)
    for memory, model in dict.fromkeys((cell.preset.memory, cell.model) for cell in cells):
        kind = memory_class(memory)
        check_installed(memory, kind)
        check_parts(memory, kind, given)
        reads = context.memory_model or model
        check_wants(memory, kind, lacking(reads, requirements(kind).wants))


def run_cells(
    cells: Sequence[Cell],
    context: Context,
    *,
    workers: int = 1,
    force: bool = False,
    watch: Watch | None = None,
    executor: Executor | None = None,
) -> list[Outcome]:
    """Run cells, by an executor or here, in this process or in others; return their outcomes.

    All data is read, and built where it is missing, before the first cell runs. What may take its
    process with it, or may have to be ended, runs in a process of its own.
    """
    watch = watch or Watch()
    extents = prepare(cells, context, watch.on_doing)
    work = Work(cells, [extents[cell.dataset].sessions for cell in cells])
    scorers = {name for extent in extents.values() for name in extent.scorers}
    if executor is None:
        is_apart = is_foreign(cells, context, scorers) and is_sendable(work)
        is_apart |= context.timeout_s is not None
        executor = executor_for(work, workers, is_apart=is_apart)
    return executor.run(work, context, force=force, watch=watch)


def is_foreign(cells: Sequence[Cell], context: Context, scorers: Collection[str]) -> bool:
    """Whether cells run code of somebody else's: a plugin that does not come with memeval."""
    plugins = [MEMORIES.plugin(name) for name in {cell.preset.memory for cell in cells}]
    plugins += map(SCORERS.plugin, scorers)
    others = {context.writer, context.judge, context.memory_model}
    models = {cell.model for cell in cells} | {name for name in others if name}
    return (
        not all(plugin.is_own for plugin in plugins)
        or not all(map(is_own_model, models))
        or not (context.encoder is None or is_own_encoder(context.encoder))
        or not all(is_own_dataset(cell.dataset) for cell in cells)
    )


def is_sendable(work: Work) -> bool:
    """Whether a worker can be told of its cells; what cannot be sent can only run here."""
    try:
        pickle.dumps(work.cells)
    except Exception:
        return False
    return True


def executor_for(work: Work, workers: int, *, is_apart: bool = False) -> Executor:
    """Return workers where there is enough for two, or something must run apart.

    Otherwise all runs in this process.
    """
    parts = sum(work.sessions)
    if is_apart or (workers > 1 and parts > 1):
        from memeval.matrix.processes import Processes

        return Processes(min(workers, parts))
    from memeval.matrix.here import Here

    return Here()
