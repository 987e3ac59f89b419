"""`memeval eval`: measure presets on datasets."""

import os
import shlex
import sys
from collections.abc import Sequence
from datetime import date as calendar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memeval.cli import options

if TYPE_CHECKING:
    from memeval.config import Preset
    from memeval.matrix import Cell, Context, Outcome
    from memeval.models import LanguageModel
    from memeval.runner import Report

SOME_FAILED = 1


def evaluate(
    preset: Annotated[
        list[str], typer.Option(help="A preset's name or the path of its YAML file; repeatable.")
    ],
    model: Annotated[
        str, typer.Option(help="smollm2, a .gguf file, a folder, or a Hugging Face id.")
    ] = "smollm2",
    suite: options.Suites = ["all"],
    size: Annotated[
        list[int] | None, typer.Option(help="Items of a dataset; repeatable; default 50.")
    ] = None,
    seed: Annotated[
        list[int] | None, typer.Option(help="Seed of a dataset; repeatable; default 1337.")
    ] = None,
    date: Annotated[str, typer.Option(help="Name of the run; default today.")] = "",
    outdir: Annotated[Path | None, typer.Option(help="Where runs are kept; default runs.")] = None,
    set_: Annotated[
        list[str], typer.Option("--set", help="A parameter, as in gate.enabled=false; repeatable.")
    ] = [],
    reader: Annotated[str | None, typer.Option(help="How traces are read: kv or text.")] = None,
    prompt_style: Annotated[
        str | None,
        typer.Option(
            help="How a prompt is told: completion (default), or chat, for instruct models."
        ),
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Most rows that decode together; default 32 on a CPU.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first items.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="CPU threads; pinned.")] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, ...")] = "auto",
    force: Annotated[bool, typer.Option(help="Run cells that are already done.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Show what would run, and stop.")] = False,
) -> None:
    """Measure memories and baselines, and compare them item by item."""
    _pin_threads(threads)
    from memeval import matrix, suites
    from memeval.atomic import check_writable
    from memeval.cli import render
    from memeval.config import Settings, dated, load_preset, parse_overrides
    from memeval.models import load_model

    chosen = {"reader.kind": reader, "reader.style": prompt_style}
    options_set = [f"{key}={value}" for key, value in chosen.items() if value]
    overrides = parse_overrides([*set_, *options_set])
    presets = [load_preset(name, overrides) for name in dict.fromkeys(preset)]
    names = options.suite_names(suite)
    options.check_choice(names, size, seed)
    cells = matrix.plan(
        presets, names, size or [suites.DEFAULT_SIZE], seed or [suites.DEFAULT_SEED]
    )
    settings = Settings()
    name = date or calendar.today().isoformat()
    runs_dir = dated(outdir or settings.runs_dir, name)
    check_writable(runs_dir)
    if dry_run:
        rows = [(c.preset.name, c.suite, str(c.size), str(c.seed)) for c in cells]
        render.table(f"{len(cells)} cells", ("preset", "suite", "size", "seed"), rows)
        return
    loaded = load_model(
        model, cache_dir=settings.cache_dir, device=device, batch_size=batch_size, threads=threads
    )
    _check_readers(presets, loaded)
    context = matrix.Context(
        model=loaded,
        data_dir=settings.data_dir,
        runs_dir=runs_dir,
        limit=limit,
        threads=threads,
        command=shlex.join(["memeval", *sys.argv[1:]]),
    )
    outcomes = _run(cells, context, force=force)
    _render_comparison(cells, context)
    _render_outcomes(outcomes, runs_dir)
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(SOME_FAILED)


def _check_readers(presets: "Sequence[Preset]", model: "LanguageModel") -> None:
    """Refuse a style that the model cannot tell, and say how it reads notes if not as asked."""
    from memeval.cli import render
    from memeval.models import Message

    if any(preset.reader.style == "chat" for preset in presets):
        model.render_chat([Message("user", "Are you there?")])
    if not model.stitches and any(preset.reader.kind == "kv" for preset in presets):
        render.note(
            f"{model.name} reads notes as text: its keys cannot be moved to another place exactly"
        )


def _pin_threads(threads: int) -> None:
    """Set what numerical libraries read when they are first imported."""
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(threads)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def _run(cells: "Sequence[Cell]", context: "Context", *, force: bool) -> "list[Outcome]":
    """Run the cells under two progress bars: all cells, and the phase of the one at work."""
    from memeval import matrix
    from memeval.cli import render

    with render.progress() as display:
        whole = display.add_task("cells", total=len(cells))
        part = display.add_task("", total=None)

        def on_cell(cell: "Cell") -> "Report":
            display.reset(part, description=cell.name, total=None)
            at = {"phase": ""}

            def report(phase: str, done: int, total: int) -> None:
                if phase != at["phase"]:
                    at["phase"] = phase
                    display.reset(part, description=f"{cell.name}: {phase}", total=total)
                display.advance(part, done)

            return report

        return matrix.run_cells(
            cells,
            context,
            force=force,
            on_cell=on_cell,
            on_outcome=lambda _: display.advance(whole),
        )


def _render_comparison(cells: "Sequence[Cell]", context: "Context") -> None:
    """Print a table for each suite and size, with floor and ceiling where they have been run."""
    from memeval.cli import render
    from memeval.reporting import load, tables

    measured = {(cell.suite, cell.size, cell.seed) for cell in cells}
    found = load.load(
        context.runs_dir,
        lambda meta: (
            meta["model"]["name"] == context.model.name
            and (meta["suite"], meta["size"], meta["seed"]) in measured
            and meta["config"]["limit"] == context.limit
        ),
    )
    for group in tables.grouped(found.rows):
        render.table(tables.titled(group), tables.SCREEN_HEADER, tables.screen_rows(group))
    render.note(tables.SCREEN_NOTE)


def _render_outcomes(outcomes: "Sequence[Outcome]", runs_dir: Path) -> None:
    from memeval.cli import render
    from memeval.results import FAILURE

    skipped = sum(outcome.skipped for outcome in outcomes)
    if skipped:
        render.line(f"{skipped} cells were already done; --force runs them again")
    for outcome in outcomes:
        if outcome.error:
            render.line(f"failed: {outcome.cell.name}: {outcome.error}")
            render.line(f"  traceback in {outcome.folder / FAILURE}")
    render.line(f"results in {runs_dir}; report: memeval report {runs_dir.name}")
