"""Which worker does what next: a policy over indices that touches no process and no file."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from memeval.matrix.cells import Cell, Outcome
from memeval.matrix.teaching import teaching_of

Name = Hashable
"""What a worker is called."""


@dataclass(frozen=True, slots=True)
class Work:
    """The cells of a plan, how many sessions each has, and which taught store each needs."""

    cells: Sequence[Cell]
    sessions: Sequence[int]

    @property
    def shared(self) -> frozenset[object]:
        """The teachings that more than one cell needs."""
        times = Counter(map(teaching_of, self.cells))
        return frozenset(teaching for teaching, count in times.items() if count > 1)

    @property
    def has_several_models(self) -> bool:
        """Whether one model that cannot be loaded leaves others to be run."""
        return len({cell.model for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Task:
    """A cell by its index, whether to wait for what others are at, and whether it was begun."""

    cell: int
    wait: bool = False
    begun: bool = False


@dataclass
class Schedule:
    """Hands out the cells of a plan, and keeps what became of them.

    A worker keeps to its model, dataset and taught store while it can. Where no cell waits any
    more, it joins one that has sessions left for both.
    """

    work: Work
    pending: dict[int, bool] = field(default_factory=dict)
    at: dict[Name, int] = field(default_factory=dict)
    last: dict[Name, int] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    drained: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin with every cell waiting."""
        self.pending = dict.fromkeys(range(len(self.work.cells)), False)
        self._teachings = [teaching_of(cell) for cell in self.work.cells]

    @property
    def is_open(self) -> bool:
        """Whether a cell still has no outcome."""
        return len(self.outcomes) < len(self.work.cells)

    def next(self, worker: Name) -> Task | None:
        """Give a worker that is idle its next task; None where there is nothing for it now."""
        self.at.pop(worker, None)
        if self.pending:
            chosen = min(self.pending, key=lambda i: (*self._strangeness(i, worker), i))
            wait = self.pending.pop(chosen)
            task = Task(chosen, wait, begun=wait)
        elif (joined := self._to_join()) is not None:
            task = Task(joined, begun=True)
        else:
            return None
        self.at[worker] = self.last[worker] = task.cell
        return task

    def take(self, worker: Name, outcome: Outcome) -> Outcome | None:
        """Take in what a worker returns; give it back where it is the end of its cell."""
        cell = self.at.pop(worker)
        if cell in self.outcomes:
            return None
        is_shared = cell in self.at.values()
        if outcome.busy:
            self.drained.add(cell)
            if not is_shared:
                self.pending[cell] = True
            return None
        if is_shared and (outcome.error or outcome.skipped):
            self.drained.add(cell)
            return None  # whoever is still at it has finished it, may finish it, or fails in turn
        self.outcomes[cell] = outcome
        return outcome

    def lose(self, worker: Name) -> int | None:
        """Forget a worker that died; return its cell where nobody else is at it."""
        cell = self.at.pop(worker, None)
        self.last.pop(worker, None)
        if cell is None or cell in self.outcomes:
            return None
        self.drained.add(cell)  # nobody else is sent where one has died
        return None if cell in self.at.values() else cell

    def put_back(self, worker: Name) -> None:
        """Forget a worker whose machine is gone; whoever comes next goes on with its cell."""
        cell = self.at.pop(worker, None)
        self.last.pop(worker, None)
        if cell is not None and cell not in self.outcomes and cell not in self.at.values():
            self.drained.discard(cell)
            self.pending[cell] = True

    def _to_join(self) -> int | None:
        """Return the cell with most sessions for each worker at it, if there is more than one."""
        counts = Counter(self.at.values())
        closed = self.drained | self.outcomes.keys()
        open_ = [i for i in counts if self.work.sessions[i] > counts[i] and i not in closed]
        return max(open_, key=lambda i: (self.work.sessions[i] / counts[i], -i), default=None)

    def _strangeness(self, i: int, worker: Name) -> tuple[bool, ...]:
        """Tell how little a cell fits what a worker, and the others, are at."""
        cells, last = self.work.cells, self.last.get(worker)
        others = [cell for name, cell in self.at.items() if name != worker]
        return (
            self.pending[i],
            last is None or cells[i].model != cells[last].model,
            self._teachings[i] in {self._teachings[j] for j in others},
            last is None or cells[i].dataset != cells[last].dataset,
            cells[i].dataset in {cells[j].dataset for j in others},
            last is None or self._teachings[i] != self._teachings[last],
        )
