"""The `memeval` command and its exit codes.

Nothing heavy is imported until a command runs, so that help appears at once.
"""

import sys
from typing import Annotated, NoReturn

import typer

from memeval.cli import ablate, datasets, evaluate, listing, report, stopping, streams
from memeval.cli.help import Command
from memeval.errors import MemevalError
from memeval.interruption import INTERRUPTED, INTERRUPTION
from memeval.outside import shown_text
from memeval.reporting.text import printable
from memeval.trial import TRIAL

USAGE_ERROR = 2

app = typer.Typer(
    name="memeval",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
app.command("list", cls=Command)(listing.list_)
app.command("eval", cls=Command)(evaluate.evaluate)
app.command("report", cls=Command)(report.report)
app.command("ablate", cls=Command)(ablate.ablate)
app.add_typer(datasets.app, name="datasets")


def _tell_version(is_wanted: bool) -> None:
    if is_wanted:
        from memeval.telemetry.provenance import versions_told

        typer.echo(versions_told())
        raise typer.Exit


@app.callback(invoke_without_command=True)
def way_in(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - seen to by its callback
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="Show the versions."),
    ] = False,
) -> None:
    """Measure whether a memory helps a language model, what it costs, and which part earns it.

    To begin, on the embedded model:

    \b
      memeval list presets
      memeval eval --preset baselines/closed_book --preset baselines/rag \\
                   --preset memory/hei_nw --suite episodic --run first
      memeval report first
    """  # noqa: D301 - by a backspace typer knows a paragraph that keeps its lines
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line: 0 done, 1 some cells failed, 2 usage or data error, 130 interrupted."""
    streams.take_all()
    TRIAL.is_wanted = True
    INTERRUPTION.words = stopping.line
    try:
        app(prog_name="memeval")
    except KeyboardInterrupt:  # somebody's own idea; a signal does not come to this
        sys.exit(INTERRUPTED)
    except MemevalError as error:
        _refuse(str(error))
    except OSError as error:
        what = f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
        _refuse(f"a file could not be used, got {shown_text(what)}; check the path")


def _refuse(why: str) -> NoReturn:
    streams.passing()
    print(printable(f"memeval: {why}"), file=sys.stderr)
    sys.exit(USAGE_ERROR)
