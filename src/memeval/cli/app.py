"""The `memeval` command and its exit codes.

Nothing heavy is imported until a command runs, so that help appears at once.
"""

import sys

import typer

from memeval.cli import ablate, datasets, evaluate, listing, report
from memeval.errors import MemevalError

USAGE_ERROR = 2

app = typer.Typer(
    name="memeval",
    help="Measure whether a memory helps a language model, what it costs, and which part earns it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(datasets.app, name="datasets")
app.command("eval")(evaluate.evaluate)
app.command("ablate")(ablate.ablate)
app.command("list")(listing.list_)
app.command("report")(report.report)


def main() -> None:
    """Run the command line: 0 done, 1 some cells failed, 2 usage or data error, 130 interrupted."""
    try:
        app()
    except MemevalError as error:
        print(f"memeval: {error}", file=sys.stderr)
        sys.exit(USAGE_ERROR)
    except OSError as error:
        what = f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
        print(f"memeval: a file could not be used, got {what}; check the path", file=sys.stderr)
        sys.exit(USAGE_ERROR)
