"""`memeval eval`: measure presets on datasets."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memeval.cli import options, running

if TYPE_CHECKING:
    from memeval.matrix import Cell, Context

DIFFERS = 1


def evaluate(
    preset: Annotated[
        list[str], typer.Option(help="A preset's name or the path of its YAML file; repeatable.")
    ],
    matrix: Annotated[
        bool, typer.Option("--matrix", help="All suites, sizes and seeds that are not named.")
    ] = False,
    model: options.Models = ["smollm2"],
    suite: options.Suites = ["all"],
    size: Annotated[
        list[int] | None, typer.Option(help="Items of a dataset; repeatable; default 50.")
    ] = None,
    seed: Annotated[
        list[int] | None, typer.Option(help="Seed of a dataset; repeatable; default 1337.")
    ] = None,
    date: options.Date = "",
    outdir: options.OutDir = None,
    set_: options.Set = [],
    reader: options.Reader = None,
    prompt_style: options.PromptStyle = None,
    batch_size: options.BatchSize = None,
    limit: options.Limit = None,
    threads: options.Threads = 1,
    workers: options.Workers = 1,
    device: options.Device = "auto",
    force: options.Force = False,
    dry_run: options.DryRun = False,
    verify_against: Annotated[
        Path | None,
        typer.Option(help="Folder of an earlier run: exit 1 unless the predictions are the same."),
    ] = None,
) -> None:
    """Measure memories and baselines, and compare them item by item."""
    running.pin_threads(threads)
    from memeval import suites
    from memeval.config import load_preset
    from memeval.matrix import check_reference, plan

    overrides = options.overrides(set_, reader, prompt_style)
    presets = [load_preset(name, overrides) for name in dict.fromkeys(preset)]
    names = options.suite_names(suite)
    options.check_choice(names, size, seed)
    sizes = size or (suites.SIZES if matrix else [suites.DEFAULT_SIZE])
    seeds = seed or (suites.SEEDS if matrix else [suites.DEFAULT_SEED])
    cells = plan(presets, model, names, sizes, seeds)
    context = running.context(
        date=date,
        outdir=outdir,
        device=device,
        batch_size=batch_size,
        limit=limit,
        threads=threads,
    )
    if verify_against is not None:
        check_reference(verify_against, context)
    if dry_run:
        running.show_plan(cells, context, force=force)
        return
    outcomes = running.run(cells, context, workers=workers, force=force)
    _render_comparison(cells, context)
    agrees = verify_against is None or _render_verdicts(cells, context, verify_against)
    running.finish(outcomes, context)
    if not agrees:
        raise typer.Exit(DIFFERS)


def _render_comparison(cells: "Sequence[Cell]", context: "Context") -> None:
    """Print a table for each suite and size, with floor and ceiling where they have been run."""
    from memeval.cli import render
    from memeval.naming import ABLATIONS
    from memeval.reporting import load, tables

    measured = {(cell.model, cell.suite, cell.size, cell.seed) for cell in cells}
    found = load.load(
        context.runs_dir,
        lambda meta: (
            (meta["model"]["name"], meta["suite"], meta["size"], meta["seed"]) in measured
            and meta["config"]["limit"] == context.limit
            and not meta["preset"].startswith(f"{ABLATIONS}/")
        ),
    )
    for group in tables.grouped(found.rows):
        render.table(tables.titled(group), *tables.screen_table(group))
    render.note(tables.SCREEN_NOTE)


def _render_verdicts(cells: "Sequence[Cell]", context: "Context", reference: Path) -> bool:
    """Print how many predictions of each cell are those of an earlier run; return whether all."""
    from memeval.cli import render
    from memeval.matrix import verify

    verdicts = verify(cells, context, reference)
    rows = [
        (
            verdict.cell.name,
            "-" if verdict.items is None else f"{verdict.same} of {verdict.items}",
            verdict.why or "-",
        )
        for verdict in verdicts
    ]
    held = sum(verdict.holds for verdict in verdicts)
    title = f"{held} of {len(verdicts)} cells repeat the predictions of {reference}"
    render.table(title, ("cell", "same", "what else differs"), rows)
    return held == len(verdicts)
