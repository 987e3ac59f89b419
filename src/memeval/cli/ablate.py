"""`memeval ablate`: what each part of a memory earns and costs."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from memeval.cli import options, running

if TYPE_CHECKING:
    from memeval.matrix import Cell, Context, Outcome
    from memeval.preset import Preset

Presets = Annotated[
    list[str] | None,
    typer.Option(help="A memory's preset, or the path of its file; repeatable.", **options.PRESET),
]
Knobs = Annotated[
    list[str] | None,
    typer.Option(
        help="A parameter to switch off, or several at once as a,b; repeatable; default those "
        "that the memory declares.",
        metavar="KNOB",
        **options.WHAT,
    ),
]
Sweeps = Annotated[
    list[str] | None,
    typer.Option(
        help="Values of a parameter, each beside the full memory, as in reader.traces=1,2; "
        "repeatable, each parameter on its own.",
        metavar="KEY=VALUES",
        **options.WHAT,
    ),
]
Suites = Annotated[
    list[str] | None,
    typer.Option(
        help="A suite, a folder, or all; repeatable; default the memory's own.", **options.SUITE
    ),
]
Sizes = Annotated[
    list[int] | None,
    typer.Option(help="Items of a dataset; repeatable; default 200.", **options.SIZE),
]
Seeds = Annotated[
    list[int] | None,
    typer.Option(help="Seed of a dataset; repeatable; default all three.", **options.SIZE),
]


def ablate(
    preset: Presets = None,
    study: options.Study = None,
    knob: Knobs = None,
    sweep: Sweeps = None,
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
) -> None:
    """Switch off or sweep parts of a memory, one by one, and compare."""
    running.begin(threads)
    from memeval.cli import studying
    from memeval.cli.planning import planned

    overrides, data = options.overrides(set_, reader, prompt_style)
    beside = {"suite": suite, "size": size, "seed": seed, "knob": knob, "sweep": sweep}
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
        cells = studying.planned(asked, context, force=force, only_ablations=True)
    else:
        plan = _plan(knob, sweep, model, suite, size, seed, data)
        cells = planned(preset or (), overrides, context, plan, variant=variant, force=force)
    if dry_run:
        running.show_plan(cells, context, workers=workers or 1, force=force)
        return
    place = running.place(engine, address=address, gpus=gpus, workers=workers)
    outcomes = running.run(cells, context, place=place, force=force, study=asked)
    _render(outcomes, context)
    running.finish(outcomes, context)


def _plan(
    knob: list[str] | None,
    sweep: list[str] | None,
    model: list[str] | None,
    suite: list[str] | None,
    size: list[int] | None,
    seed: list[int] | None,
    data: "Mapping[str, Any]",
) -> "Callable[[Sequence[Preset]], list[Cell]]":
    """Return what plans memories with all their parts, and with some off or otherwise."""
    from memeval.matrix import plan
    from memeval.matrix.cells import check_apart
    from memeval.matrix.variants import home_suites, variants
    from memeval.naming import FULL, variant_of
    from memeval.preset import parse_sweeps
    from memeval.suites.choosing import ablation_datasets

    chosen = [tuple(part.strip() for part in group.split(",")) for group in knob or ()]
    swept = parse_sweeps(sweep or ())

    def cells_of(presets: "Sequence[Preset]") -> "list[Cell]":
        check_apart([variant_of(full.name, FULL) for full in presets], "ablated memory")
        cells = []
        for full in presets:
            named = suite or home_suites(full)
            datasets = ablation_datasets(named, size or (), seed or (), data)
            cells += plan(variants(full, chosen, swept), model or options.DEFAULT_MODELS, datasets)
        return cells

    return cells_of


def _render(outcomes: "Sequence[Outcome]", context: "Context") -> None:
    """Print a table for each memory, model, suite and size."""
    from memeval.cli import render
    from memeval.reporting import ablations, load, tables, variants
    from memeval.reporting.scores import sentence

    ran = {(o.cell.preset.name, o.cell.suite, o.cell.size, o.cell.seed) for o in outcomes}
    found = load.load(
        context.runs_dir,
        lambda meta: (
            (meta["preset"], meta["suite"], meta["size"], meta["seed"]) in ran
            and meta["config"]["limit"] == context.limit
        ),
    )
    for ablation in ablations.ablations(found.ablations):
        rows = [one.narrow() for one in ablation.compared()]
        render.table(ablation.title, ablations.SCREEN_HEADER, rows, spare=ablations.SCREEN_SPARE)
    for text in variants.lines(found.ablations):
        render.note(text)
    alone = tables.of_one_stream(found.ablations)
    render.note(sentence(found.ablations, ablations.SCREEN_NOTE) + alone)
