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
    """Say that the command was stopped, and with which words it goes on.

    With --force it would run again what is done.
    """
    told = [word for word in sys.argv[1:] if word != FORCE]
    how = "go on without --force" if FORCE in sys.argv else "go on with the same command"
    return printable(f"interrupted: {kept}; {how}: {shlex.join(['memeval', *told])}")


def kept(total: int, undone: "Sequence[Cell]", runs_dir: Path) -> str:
    """Say how many cells are done, and of how many others sessions are kept."""
    from memeval.matrix.kept import kept_sessions

    done = total - len(undone)
    text = f"{done} of {total} cells {'is' if done == 1 else 'are'} done"
    counts = [count for cell in undone if (count := kept_sessions(runs_dir, cell))]
    if not counts:
        return text
    sessions = f"{sum(counts)} session{'s' * (sum(counts) > 1)}"
    whose = "one more" if len(counts) == 1 else f"{len(counts)} more"
    return f"{text} and {sessions} of {whose} {'are' if sum(counts) > 1 else 'is'} kept"
