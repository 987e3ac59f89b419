"""What is kept of a cell that failed, and told of it."""

import traceback
from pathlib import Path

from memeval.atomic import write_text
from memeval.errors import MemevalError, first_line
from memeval.interruption import INTERRUPTION
from memeval.matrix.cells import Cell, Outcome
from memeval.results import FAILURE, META


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
