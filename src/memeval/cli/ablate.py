"""`memeval ablate`: what each part of a memory earns and costs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from memeval.cli import options, running

if TYPE_CHECKING:
    from memeval.matrix import Cell, Context, Outcome

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
    model: options.Models = None,
    suite: Suites = None,
    size: Sizes = None,
    seed: Seeds = None,
    date: options.Date = "",
    outdir: options.OutDir = None,
    set_: options.Set = [],
    reader: options.Reader = None,
    prompt_style: options.PromptStyle = None,
    batch_size: options.BatchSize = None,
    limit: options.Limit = None,
    encoder: options.Encoder = None,
    writer: options.Writer = None,
    threads: options.Threads = 1,
    workers: options.Workers = 1,
    timeout: options.Timeout = None,
    device: options.Device = "auto",
    force: options.Force = False,
    dry_run: options.DryRun = False,
) -> None:
    """Switch the knobs of a memory off, one by one, and compare."""
    running.pin_threads(threads)
    from memeval.cli import studying

    overrides = options.overrides(set_, reader, prompt_style)
    asked = studying.asked(
        study, preset, model, suite=suite, size=size, seed=seed, set=overrides, knob=knob
    )
    if asked is not None:
        cells = studying.study_cells(asked, only_ablations=True)
    else:
        cells = _planned(preset or (), knob, model, suite, size, seed, overrides)
    context = running.context(
        date=date,
        outdir=outdir,
        device=device,
        batch_size=batch_size,
        limit=limit,
        encoder=encoder,
        writer=writer,
        threads=threads,
        timeout_s=timeout,
    )
    if dry_run:
        running.show_plan(cells, context, force=force)
        return
    if asked is not None:
        studying.keep(asked, context.runs_dir, force=force)
    outcomes = running.run(cells, context, workers=workers, force=force)
    _render(outcomes, context)
    running.finish(outcomes, context)


def _planned(
    preset: Sequence[str],
    knob: list[str] | None,
    model: list[str] | None,
    suite: list[str] | None,
    size: list[int] | None,
    seed: list[int] | None,
    overrides: Mapping[str, Any],
) -> "list[Cell]":
    """Return the cells that the options ask for."""
    from memeval.matrix import plan
    from memeval.matrix.cells import check_apart
    from memeval.matrix.variants import home_suites, variants
    from memeval.naming import FULL, variant_of
    from memeval.preset import load_preset
    from memeval.suites.choosing import ablation_datasets

    chosen = [tuple(part.strip() for part in group.split(",")) for group in knob or ()]
    models = model or options.DEFAULT_MODELS
    cells = []
    presets = [load_preset(name, overrides) for name in dict.fromkeys(preset)]
    check_apart([variant_of(full.name, FULL) for full in presets], "ablated memory")
    for full in presets:
        datasets = ablation_datasets(suite or home_suites(full), size or (), seed or ())
        cells += plan(variants(full, chosen), models, datasets)
    return cells


def _render(outcomes: "Sequence[Outcome]", context: "Context") -> None:
    """Print a table for each memory, model, suite and size."""
    from memeval.cli import render
    from memeval.reporting import ablations, load, tables
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
        render.table(ablation.title, ablations.SCREEN_HEADER, rows)
    alone = tables.of_one_stream(found.ablations)
    render.note(sentence(found.ablations, ablations.SCREEN_NOTE) + alone)
