"""What is kept of a cell that failed, and told of it."""

import traceback
from collections.abc import Sequence
from pathlib import Path

from memeval.atomic import write_text
from memeval.errors import MemevalError, PluginError, first_line
from memeval.interruption import INTERRUPTION
from memeval.matrix.cells import Cell, Outcome
from memeval.results import FAILURE, META
from memeval.session_result import SessionResult

MOST_ERRORS = 0.02
"""The share of a cell's items that may go without an answer."""


def check_answered(results: Sequence[SessionResult]) -> None:
    """Refuse a cell too many of whose items got no answer.

    Raises:
        PluginError: it says of how many, and what the first one was told.
    """
    errors = [one.error for result in results for one in result.records if one.error]
    total = sum(len(result.records) for result in results)
    if len(errors) > MOST_ERRORS * total:
        raise PluginError(
            f"there must be answers to all but {MOST_ERRORS:.0%} of a cell's items, got no "
            f"answer to {len(errors)} of {total} ({errors[0]}); run the command again, which asks "
            "for those alone"
        )


def without_model(cell: Cell, folder: Path, error: MemevalError) -> Outcome:
    """Return a failure; a result of the time when there was a model stays as it is."""
    if (folder / META).is_file():
        return Outcome(cell, folder, error=_first_line(error))
    return failed(cell, folder, "".join(traceback.format_exception(error)), error)


def failed(cell: Cell, folder: Path, text: str, error: BaseException | None = None) -> Outcome:
    """Keep why a cell failed and return it as an outcome; without an error, the last line tells.

    What is wished to end has not failed, whatever somebody's code has made of that.
    """
    if INTERRUPTION.is_wished:
        raise KeyboardInterrupt
    write_text(folder / FAILURE, text)
    line = _first_line(error) if error else text.strip().split("\n")[-1]
    return Outcome(cell, folder, error=line)


def _first_line(error: BaseException) -> str:
    if isinstance(error, MemevalError):
        return str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {first_line(error)}"
