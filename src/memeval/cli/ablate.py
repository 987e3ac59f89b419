"""`memeval ablate`: what each part of a memory earns and costs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from memeval.cli import options, running

if TYPE_CHECKING:
    from memeval.matrix import Context, Outcome

SIZE = 200


def ablate(
    preset: Annotated[
        list[str], typer.Option(help="A memory's preset, or the path of its file; repeatable.")
    ],
    knob: Annotated[
        list[str] | None,
        typer.Option(
            help="A parameter to switch off, or several at once as a,b; repeatable; default those "
            "that the memory declares."
        ),
    ] = None,
    model: options.Models = ["smollm2"],
    suite: Annotated[
        list[str] | None,
        typer.Option(help="A suite, a folder, or all; repeatable; default the memory's own."),
    ] = None,
    size: Annotated[
        list[int] | None, typer.Option(help="Items of a dataset; repeatable; default 200.")
    ] = None,
    seed: Annotated[
        list[int] | None, typer.Option(help="Seed of a dataset; repeatable; default all three.")
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
) -> None:
    """Switch the knobs of a memory off, one at a time, and compare with the full memory."""
    running.pin_threads(threads)
    from memeval import suites
    from memeval.config import load_preset
    from memeval.matrix import plan
    from memeval.matrix.variants import home_suites, variants

    overrides = options.overrides(set_, reader, prompt_style)
    chosen = [tuple(part.strip() for part in group.split(",")) for group in knob or ()]
    cells = []
    for name in dict.fromkeys(preset):
        full = load_preset(name, overrides)
        names = options.suite_names(suite or home_suites(full))
        options.check_choice(names, size, seed)
        cells += plan(variants(full, chosen), model, names, size or [SIZE], seed or suites.SEEDS)
    context = running.context(
        date=date,
        outdir=outdir,
        device=device,
        batch_size=batch_size,
        limit=limit,
        threads=threads,
    )
    if dry_run:
        running.show_plan(cells, context, force=force)
        return
    outcomes = running.run(cells, context, workers=workers, force=force)
    _render(outcomes, context)
    running.finish(outcomes, context)


def _render(outcomes: "Sequence[Outcome]", context: "Context") -> None:
    """Print a table for each memory, model, suite and size."""
    from memeval.cli import render
    from memeval.reporting import ablations, load
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
    render.note(sentence(found.ablations, ablations.SCREEN_NOTE))
