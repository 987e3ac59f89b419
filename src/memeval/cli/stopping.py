"""The line that Ctrl-C leaves behind: what is kept, and how to go on."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from memeval.reporting.text import printable

if TYPE_CHECKING:
    from memeval.matrix import Cell

FORCE = "--force"


def line(kept: str = "what is finished is kept") -> str:
    """Say that the command was stopped, and that the same one goes on.

    Without --force it would be another command: what has not been replaced yet would be left as it
    is, or refused.
    """
    price = " (with --force, what is finished is done once more)" * (FORCE in sys.argv)
    command = shlex.join(["memeval", *sys.argv[1:]])
    return printable(f"interrupted: {kept}; go on with the same command{price}: {command}")


def kept(total: int, planned: "Sequence[Cell]", runs_dir: Path, *, since: float) -> str:
    """Say how many cells are done, and of how many others sessions are kept, as it is on disk.

    `planned` are those that were not done when the run began, at the time `since`: a worker may
    have finished more than it came to tell.
    """
    from memeval.matrix import cell_folder
    from memeval.matrix.kept import kept_sessions

    undone = [one for one in planned if not _is_written(cell_folder(runs_dir, one), since)]
    done = total - len(undone)
    text = f"{done} of {total} cells {'is' if done == 1 else 'are'} done"
    counts = [count for cell in undone if (count := kept_sessions(runs_dir, cell))]
    if not counts:
        return text
    sessions = f"{sum(counts)} session{'s' * (sum(counts) > 1)}"
    whose = "one more" if len(counts) == 1 else f"{len(counts)} more"
    return f"{text} and {sessions} of {whose} {'are' if sum(counts) > 1 else 'is'} kept"


def _is_written(folder: Path, since: float) -> bool:
    from memeval.results import FAILURE, META

    meta = folder / META
    is_there = meta.is_file() and not (folder / FAILURE).is_file()
    return is_there and meta.stat().st_mtime >= since
