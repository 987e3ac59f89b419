"""What the commands that run cells share: settings, plan, progress, and how they end."""

import os
import shlex
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date as calendar
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from memeval.cli import stopping, streams
from memeval.interruption import INTERRUPTION

if TYPE_CHECKING:
    from memeval.matrix import Cell, Context, Executor, Outcome
    from memeval.prices import Prices
    from memeval.study import Study

SOME_FAILED = 1
SETTLED = ("done", "reuse")
"""The states of cells on which no time is spent."""
QUIET_TRACKER = "ignore:resource_tracker:UserWarning"


def begin(threads: int) -> None:
    """Say that a plan is read, and set what numerical libraries read when they are imported.

    Workers inherit it. What `multiprocessing` removes after a worker that died, it removes without
    a word.
    """
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(threads)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    filters = [one for one in os.environ.get("PYTHONWARNINGS", "").split(",") if one]
    os.environ["PYTHONWARNINGS"] = ",".join(dict.fromkeys([*filters, QUIET_TRACKER]))
    streams.passing("reading the plan")


def context(
    *,
    date: str,
    outdir: Path | None,
    device: str,
    precision: str,
    batch_size: int | None,
    limit: int | None,
    threads: int,
    encoder: str | None = None,
    writer: str | None = None,
    memory_model: str | None = None,
    judge: str | None = None,
    judge_votes: int = 1,
    concurrency: int | None = None,
    window: int | None = None,
    timeout_s: float | None = None,
    keep_text: bool | None = None,
) -> "Context":
    """Return what all cells of the command share.

    Raises:
        ConfigError: a run whose name leaves the folder.
        OutputError: a folder that cannot be written.
    """
    from memeval.atomic import check_writable
    from memeval.cli.options import DEFAULT_ENCODER, NO_ENCODER
    from memeval.config import Settings, run_folder
    from memeval.encoders import encoder_name
    from memeval.matrix import Context
    from memeval.models import model_name
    from memeval.outside import encodable

    settings = Settings()
    runs_dir = run_folder(outdir or settings.runs_dir, date or calendar.today().isoformat())
    check_writable(runs_dir)
    return Context(
        runs_dir=runs_dir,
        cache_dir=settings.cache_dir,
        device=device,
        precision=precision,
        batch_size=batch_size,
        limit=limit,
        threads=threads,
        encoder=None if encoder == NO_ENCODER else encoder_name(encoder or DEFAULT_ENCODER),
        vector_cache=settings.vector_cache,
        writer=model_name(writer) if writer else None,
        memory_model=model_name(memory_model) if memory_model else None,
        judge=model_name(judge) if judge else None,
        judge_votes=judge_votes,
        concurrency=concurrency,
        window=window,
        timeout_s=timeout_s,
        command=encodable(shlex.join(["memeval", *sys.argv[1:]])),
        keep_text=keep_text,
    )


def show_plan(
    cells: "Sequence[Cell]",
    context: "Context",
    *,
    workers: int,
    force: bool,
    prices: "Prices | None" = None,
) -> None:
    """Print every cell and what would become of it, where models are, and how long it will take."""
    from memeval.cli import render
    from memeval.matrix import basis_in, check_plan, forecast, told
    from memeval.models import whereabouts

    streams.passing()
    states = check_plan(cells, context, force=force)
    several = len({cell.model for cell in cells}) > 1
    header = ("preset", *(("model",) if several else ()), "suite", "size", "seed", "plan")
    rows = [
        (
            cell.preset.name,
            *((cell.model,) if several else ()),
            cell.suite,
            str(cell.size),
            str(cell.seed),
            f"{state.kind}: {state.why}" if state.why else state.kind,
        )
        for cell, state in zip(cells, states, strict=True)
    ]
    done = sum(state.kind == "done" for state in states)
    reused = sum(state.kind == "reuse" for state in states)
    counts = (
        f"{len(cells) - done - reused} to run, {f'{reused} to reuse, ' * bool(reused)}{done} done"
    )
    render.table(f"{_counted(len(cells))}: {counts}", header, rows)
    if context.limit:
        render.note(f"of each cell, the first {context.limit:,} questions are asked")
    if done:
        render.note("the weights of a model are compared when its cells are run")
    for model in dict.fromkeys(cell.model for cell in cells):
        render.note(f"model {model}: {whereabouts(model)}")
    pending = [c for c, state in zip(cells, states, strict=True) if state.kind not in SETTLED]
    if pending:
        expected = forecast(pending, context.limit, basis_in(context.runs_dir.parent, prices))
        for text in told(expected, workers):
            render.note(text)


def place(
    engine: str, *, address: str | None, gpus: float | None, workers: int | None
) -> "int | Executor":
    """Return how many processes cells run in, or the cluster that runs them.

    Raises:
        ConfigError: Ray is asked for and is not there, or something of Ray's without it.
    """
    from memeval.errors import ConfigError

    if engine == "ray":
        from memeval.matrix.ray import Ray, check_installed

        check_installed()
        return Ray(workers=workers, address=address, gpus=gpus)
    for option, value in (("--address", address), ("--gpus", gpus)):
        if value is not None:
            raise ConfigError(
                f"{option} must go with --engine ray, got {value!r} without it; add it"
            )
    return workers or 1


def run(
    cells: "Sequence[Cell]",
    context: "Context",
    *,
    place: "int | Executor",
    force: bool,
    study: "Study | None" = None,
) -> "list[Outcome]":
    """Keep the study that cells are of, run them, and show how it goes on.

    `place` is so many processes, or whatever else runs cells.
    """
    from memeval.cli import render, studying
    from memeval.cli.progress import Board
    from memeval.cli.showing import shown, told
    from memeval.matrix import Watch, check_plan, run_cells

    if study is not None:
        studying.keep(study, context.runs_dir, force=force)
    INTERRUPTION.hear()
    streams.passing()
    board = Board()

    def on_outcome(outcome: "Outcome") -> None:
        board.on_outcome(outcome)
        told(board, outcome)

    with shown(board):
        board.on_doing("looking at what is done")
        states = check_plan(cells, context, force=force)
        changed = Counter(s.why for s in states if s.kind == "again" and not s.is_damaged)
        for why, count in changed.items():
            render.note(f"{_counted(count)} {'runs' if count == 1 else 'run'} again: {why}")
        planned = list(zip(cells, states, strict=True))
        board.plan(len(cells), [cell for cell, state in planned if state.kind not in SETTLED])
        unwritten = [cell for cell, state in planned if state.kind != "done"]
        since = time.time()
        INTERRUPTION.words = lambda: stopping.line(
            stopping.kept(len(cells), unwritten, context.runs_dir, since=since)
        )
        watch = Watch(board.on_doing, board.on_step, on_outcome, render.note)
        if isinstance(place, int):
            return run_cells(cells, context, workers=place, force=force, watch=watch)
        return run_cells(cells, context, force=force, watch=watch, executor=place)


def finish(
    outcomes: "Sequence[Outcome]", context: "Context", prices: "Prices | None" = None
) -> None:
    """Say what was skipped, failed and paid, and where the results are; exit 1 on a failure."""
    from memeval.cli import render
    from memeval.reporting.load import FAKE_MODEL, is_fake
    from memeval.results import FAILURE

    if passed := _passed_over(outcomes):
        render.line(passed)
    for outcome in outcomes:
        if outcome.error:
            render.line(f"failed: {outcome.cell.name}: {outcome.error}")
            if (outcome.folder / FAILURE).is_file():
                render.line(f"  traceback in {outcome.folder / FAILURE}")
    for text in (*_texts_told(outcomes, context), *_paid(outcomes, prices)):
        render.note(text)
    render.line(f"results in {context.runs_dir}")
    if all(outcome.cell.model == FAKE_MODEL for outcome in outcomes) and is_fake(context.runs_dir):
        render.note(f"no report: it would leave out the cells of the fake model {FAKE_MODEL}")
    else:
        render.line(f"report: {report_command(context.runs_dir)}")
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(SOME_FAILED)


def _paid(outcomes: "Sequence[Outcome]", prices: "Prices | None") -> Iterator[str]:
    """Say what the calls of the cells cost, where prices are known."""
    from memeval.results import read_cell

    if prices is None:
        return
    cells = [read_cell(outcome.folder) for outcome in outcomes if not outcome.error]
    told = [prices.of_cell(cell.meta, cell.metrics) for cell in cells]
    known = [one for one in told if one is not None]
    unknown = len(told) - len(known)
    without = f"; {_counted(unknown)} without a price or a count" if unknown else ""
    yield f"the calls of {_counted(len(known))} cost {sum(known):,.4f} by the prices{without}"


def _texts_told(outcomes: "Sequence[Outcome]", context: "Context") -> Iterator[str]:
    """Say that git sees texts that may not be passed on, or that none were kept lest it did."""
    from memeval.errors import DataError
    from memeval.reporting.reading import has_texts, is_private, read_meta
    from memeval.results import CELL_FILES
    from memeval.telemetry.tracking import is_seen_by_git

    kept = []
    for outcome in outcomes:
        with suppress(DataError):
            meta = read_meta(outcome.folder).meta
            kept += [has_texts(meta)] * (is_private(meta) and not outcome.error)
    if context.keep_text is False or not (kept and is_seen_by_git(context.runs_dir, CELL_FILES)):
        return
    if any(kept):
        yield (
            f"warning: texts that may not be passed on lie in {context.runs_dir}, where git sees "
            "them; keep them out of what you commit"
        )
    else:
        yield (
            f"no texts were kept of {_counted(len(kept))}, as they may not be passed on and git "
            f"sees {context.runs_dir}; --keep-text keeps them, --outdir names a folder elsewhere"
        )


def _passed_over(outcomes: "Sequence[Outcome]") -> str:
    """Say of how many cells nothing was measured, and why; nothing where there are none."""
    reused = sum(outcome.reused for outcome in outcomes)
    done = sum(outcome.skipped for outcome in outcomes) - reused
    if not reused:
        again = "runs it again" if done == 1 else "runs them again"
        return f"{_were(done)} already done; --force {again}" if done else ""
    others = f", {done} {'was' if done == 1 else 'were'} already done" if done else ""
    measures = "measures it" if reused + done == 1 else "measures them all"
    return f"{_were(reused)} taken over{others}; --force {measures}"


def _were(count: int) -> str:
    return f"{_counted(count)} {'was' if count == 1 else 'were'}"


def _counted(count: int) -> str:
    return f"{count} cell{'s' * (count != 1)}"


def report_command(runs_dir: Path) -> str:
    """Return what to type for the report of a run, wherever runs were told to lie."""
    from memeval.config import Settings

    root = runs_dir.parent
    usual = {Settings.model_fields["runs_dir"].default, Settings().runs_dir}
    where = [] if usual == {root} else ["--outdir", str(root)]
    return shlex.join(["memeval", "report", runs_dir.name, *where])
