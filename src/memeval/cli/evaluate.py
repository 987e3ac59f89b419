"""`memeval eval`: measure presets on datasets."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from memeval.cli import options, running

if TYPE_CHECKING:
    from memeval.matrix import Cell, Context
    from memeval.preset import Preset

DIFFERS = 1
Presets = Annotated[
    list[str] | None,
    typer.Option(
        help="A preset's name or the path of its YAML file; repeatable.", **options.PRESET
    ),
]
Matrix = Annotated[
    bool,
    typer.Option(
        "--matrix", help="All suites, sizes and seeds that are not named.", **options.WHAT
    ),
]
Suites = Annotated[
    list[str] | None,
    typer.Option(
        help="A suite, the path of a folder, or all; repeatable; default all.", **options.SUITE
    ),
]
Sizes = Annotated[
    list[int] | None,
    typer.Option(help="Items of a dataset; repeatable; default 50.", **options.SIZE),
]
Seeds = Annotated[
    list[int] | None,
    typer.Option(help="Seed of a dataset; repeatable; default 1337.", **options.SIZE),
]
Reference = Annotated[
    Path | None,
    typer.Option(
        help="Folder of an earlier run: exit 1 unless the predictions are the same.",
        metavar="FOLDER",
        **options.WHEN,
    ),
]


def evaluate(
    preset: Presets = None,
    study: options.Study = None,
    matrix: Matrix = False,
    model: options.Models = None,
    suite: Suites = None,
    size: Sizes = None,
    seed: Seeds = None,
    date: options.Date = "",
    outdir: options.OutDir = None,
    set_: options.Set = [],
    variant: options.Variant = "",
    reader: options.Reader = None,
    prompt_style: options.PromptStyle = None,
    batch_size: options.BatchSize = None,
    limit: options.Limit = None,
    encoder: options.Encoder = None,
    writer: options.Writer = None,
    memory_model: options.MemoryModel = None,
    judge: options.Judge = None,
    judge_votes: options.JudgeVotes = 1,
    concurrency: options.Concurrency = None,
    window: options.Window = None,
    threads: options.Threads = 1,
    workers: options.Workers = None,
    engine: options.Engine = "processes",
    address: options.Address = None,
    gpus: options.Gpus = None,
    timeout: options.Timeout = None,
    device: options.Device = "auto",
    precision: options.Precision = "auto",
    keep_text: options.KeepText = None,
    force: options.Force = False,
    dry_run: options.DryRun = False,
    prices: options.Prices = None,
    verify_against: Reference = None,
) -> None:
    """Measure memories and baselines, and compare them item by item."""
    running.begin(threads)
    from memeval.cli import studying
    from memeval.cli.planning import planned
    from memeval.prices import read_prices

    priced = read_prices(prices) if prices else None
    overrides, data = options.overrides(set_, reader, prompt_style)
    beside = {"suite": suite, "size": size, "seed": seed, "matrix": matrix}
    asked = studying.asked(study, preset, model, **beside, set=overrides | data, variant=variant)
    context = running.context(
        date=date,
        outdir=outdir,
        device=device,
        precision=precision,
        batch_size=batch_size,
        limit=limit,
        encoder=encoder,
        writer=writer,
        memory_model=memory_model,
        judge=judge,
        judge_votes=judge_votes,
        concurrency=concurrency,
        window=window,
        threads=threads,
        timeout_s=timeout,
        keep_text=keep_text,
    )
    if asked is not None:
        cells = studying.planned(asked, context, force=force)
    else:
        plan = _plan(model, suite, size, seed, data, is_matrix=matrix)
        cells = planned(preset or (), overrides, context, plan, variant=variant, force=force)
    _check_reference(verify_against, context)
    if dry_run:
        running.show_plan(cells, context, workers=workers or 1, force=force, prices=priced)
        return
    place = running.place(engine, address=address, gpus=gpus, workers=workers)
    outcomes = running.run(cells, context, place=place, force=force, study=asked)
    _render_comparison(cells, context)
    agrees = _render_verdicts(cells, context, verify_against)
    running.finish(outcomes, context, priced)
    if not agrees:
        raise typer.Exit(DIFFERS)


def _plan(
    model: list[str] | None,
    suite: list[str] | None,
    size: list[int] | None,
    seed: list[int] | None,
    data: "Mapping[str, Any]",
    *,
    is_matrix: bool,
) -> "Callable[[Sequence[Preset]], list[Cell]]":
    """Return what plans presets on the datasets that the options name."""
    from memeval.matrix import plan

    datasets = options.datasets(suite or ["all"], size, seed, is_matrix=is_matrix, data=data)
    return lambda presets: plan(presets, model or options.DEFAULT_MODELS, datasets)


def _render_comparison(cells: "Sequence[Cell]", context: "Context") -> None:
    """Print a table for each suite and size, with floor and ceiling where they have been run."""
    from memeval.cli import render
    from memeval.models import model_name
    from memeval.naming import ABLATIONS
    from memeval.reporting import cuts, load, screen, tables, variants, verdict
    from memeval.reporting.reading import asked_model

    measured = {(cell.model, cell.suite, cell.size, cell.seed) for cell in cells}
    found = load.load(
        context.runs_dir,
        lambda meta: (
            (model_name(asked_model(meta)), meta["suite"], meta["size"], meta["seed"]) in measured
            and meta["config"]["limit"] == context.limit
            and not meta["preset"].startswith(f"{ABLATIONS}/")
        ),
    )
    shown: list[str] = []
    for group in tables.grouped(found.rows):
        table, spare = screen.screen_table(group), screen.spare(group)
        shown += render.table(tables.titled(group), *table, spare=spare)
        for text in (*cuts.lines(group), *verdict.unmeasured(group)):
            render.note(text)
    for text in variants.lines(found.rows):
        render.note(text)
    render.note(screen.note(found.rows, shown))


def _check_reference(reference: Path | None, context: "Context") -> None:
    """Refuse a folder that is no earlier run, before anything is run.

    Raises:
        ConfigError: there is no such run, or it is this one.
    """
    from memeval.matrix import check_reference

    if reference is not None:
        check_reference(reference, context)


def _render_verdicts(cells: "Sequence[Cell]", context: "Context", reference: Path | None) -> bool:
    """Print how many predictions of each cell are those of an earlier run; return whether all."""
    from memeval.cli import render
    from memeval.matrix import verify

    if reference is None:
        return True
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
