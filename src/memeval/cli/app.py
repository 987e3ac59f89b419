"""The `memeval` command and its exit codes.

Nothing heavy is imported until a command runs, so that help appears at once.
"""

import sys
from typing import NoReturn

import typer

from memeval.cli import ablate, datasets, evaluate, listing, report, streams
from memeval.errors import MemevalError
from memeval.outside import shown_text
from memeval.reporting.text import printable
from memeval.trial import TRIAL

USAGE_ERROR = 2
INTERRUPTED = 130

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
    streams.take_all()
    TRIAL.is_wanted = True
    try:
        app()
    except KeyboardInterrupt:  # again, while the first one was being seen to
        sys.exit(INTERRUPTED)
    except MemevalError as error:
        _refuse(str(error))
    except OSError as error:
        what = f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
        _refuse(f"a file could not be used, got {shown_text(what)}; check the path")


def _refuse(why: str) -> NoReturn:
    print(printable(f"memeval: {why}"), file=sys.stderr)
    sys.exit(USAGE_ERROR)
