"""The contract of whatever runs the cells of a plan."""

from typing import Protocol

from memeval.matrix.cells import Context, Outcome
from memeval.matrix.schedule import Work
from memeval.matrix.watch import Watch


class Executor(Protocol):
    """Runs cells somewhere, and tells a watch how it goes."""

    def run(self, work: Work, context: Context, *, force: bool, watch: Watch) -> list[Outcome]:
        """Return what became of every cell, in their order."""
        ...
