"""`memeval report`: turn a date's runs into pages."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    date: Annotated[str, typer.Argument(help="Name of the run, as given to eval.")],
    outdir: Annotated[Path | None, typer.Option(help="Where runs are kept; default runs.")] = None,
) -> None:
    """Write reports/DATE from the finished cells. Needs no model."""
    from memeval.cli import render
    from memeval.config import Settings, dated
    from memeval.reporting.markdown import write_report

    settings = Settings()
    runs_dir = dated(outdir or settings.runs_dir, date)
    index = write_report(runs_dir, dated(settings.reports_dir, date), date)
    render.line(f"report in {index}")
