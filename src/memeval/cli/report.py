"""`memeval report`: turn a run's cells into pages."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memeval.cli import items as listed
from memeval.cli import options

if TYPE_CHECKING:
    from memeval.prices import Prices
    from memeval.reporting.load import Found
    from memeval.study import Study

NOT_MET = 1


def report(
    run: Annotated[str, typer.Argument(help="Name of the run, as given to eval.", metavar="RUN")],
    outdir: options.OutDir = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit 1 and say what is missing unless all is there.")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(help="Name of another run: show what changed since it.", metavar="NAME"),
    ] = None,
    prices: options.Prices = None,
    items: listed.Items = False,
    preset: listed.Preset = None,
    against_preset: listed.Against = None,
    wrong: listed.Wrong = False,
    right: listed.Right = False,
    suite: listed.Suite = None,
    model: listed.Model = None,
    size: listed.Size = None,
    seed: listed.Seed = None,
    slice_: listed.Slice = None,
    lost: listed.Lost = None,
    most: listed.Most = None,
    prompt: listed.Prompt = False,
) -> None:
    """Write reports/RUN from the finished cells, or list their items. Needs no model."""
    from memeval.cli import render
    from memeval.config import Settings, run_folder
    from memeval.prices import read_prices
    from memeval.reopening import reopened
    from memeval.reporting import completeness, load
    from memeval.reporting.chosen import Asked

    settings = Settings()
    priced = read_prices(prices) if prices else None
    root = outdir or settings.runs_dir
    reports_dir = run_folder(settings.reports_dir, run)
    other_dir = _there(root, against) if against is not None else None
    runs_dir = _there(root, run)
    asked = Asked(
        preset=preset,
        against_preset=against_preset,
        wrong=wrong,
        right=right,
        suite=suite,
        model=model,
        size=size,
        seed=seed,
        slice=slice_,
        lost=lost,
    )
    listed.check(asked, most, prompt=prompt, listing=items, writing=gate or against is not None)
    found = load.load_real(runs_dir)
    if items:
        listed.list_items(found, asked, most, prompt=prompt, reopen=reopened)
        return
    other = load.load_real(other_dir) if other_dir is not None else None  # before a page is written
    missing = completeness.missing(found, _asked(runs_dir), settings.data_dir) if gate else []
    for what in missing:
        render.line(f"missing: {what}")
    _write(found, other, reports_dir, run, against, priced)
    if missing:
        raise typer.Exit(NOT_MET)


def _write(
    found: "Found",
    other: "Found | None",
    reports_dir: Path,
    run: str,
    against: str | None,
    prices: "Prices | None",
) -> None:
    """Write the pages, with what changed since another run where there is one; say where."""
    from memeval.cli import render
    from memeval.reopening import reopened
    from memeval.reporting import changes
    from memeval.reporting.write import PAGE, write_report
    from memeval.telemetry.tracking import is_seen_by_git

    hides = is_seen_by_git(reports_dir, [PAGE])
    index = write_report(
        found, reports_dir, run, reopen=reopened, hides_private=hides, prices=prices
    )
    render.line(f"report in {index.with_suffix('.html')}")
    render.line(f"as Markdown in {index}")
    if other is not None and against is not None:
        page = changes.write_changes(found, other, reports_dir, run, against)
        render.line(f"what changed since {against} in {page}")


def _there(root: Path, run: str) -> Path:
    """Return the folder of a run; of a name that no run has, say which ones are near.

    Raises:
        ConfigError: it is not there, and another's name is near, or it cannot be one's name.
    """
    from memeval.config import run_folder
    from memeval.errors import ConfigError, unknown_name
    from memeval.near import near_names

    folder = run_folder(root, run)
    if not folder.exists() and root.is_dir():
        runs = [path.name for path in root.iterdir() if path.is_dir()]
        if near_names(run, runs):
            raise ConfigError(unknown_name(f"a run below {str(root)!r}", run, runs))
    return folder


def _asked(runs_dir: Path) -> "Study":
    """Return the study that a gate holds a run to."""
    from memeval.errors import DataError
    from memeval.study import NAME, places, study_of

    study = study_of(runs_dir)
    if study is None:
        raise DataError(
            f"a gate needs the study of its run, got no {NAME} in {str(runs_dir)!r}; run it with: "
            "memeval eval --study FILE"
        )
    if not places(study):
        raise DataError(
            f"a gate needs a study that plans cells, got none in {str(runs_dir / NAME)!r}; run it "
            "again with: memeval eval --study FILE"
        )
    return study
