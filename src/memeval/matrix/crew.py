"""The workers of a run, wherever they live: who is at what, what they say, and who is lost."""

import time
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, field
from typing import Generic, Protocol, TypeVar

from memeval.matrix.cells import Cell, Context, Outcome, cell_folder
from memeval.matrix.failures import failed
from memeval.matrix.schedule import Schedule, Task
from memeval.matrix.watch import Step, Watch
from memeval.matrix.worker import Clock, Fatal, Message, Note, Order


class Worker(Protocol):
    """What a crew knows of a worker: its number, what it is at, and until when it must be done.

    One that takes the place of another has its number.
    """

    number: int
    task: Task | None
    deadline: float | None

    def __hash__(self) -> int: ...

    def kill(self) -> None:
        """End the worker, whatever it is at."""
        ...


W = TypeVar("W", bound=Worker)


@dataclass
class Crew(ABC, Generic[W]):
    """Hands a schedule's tasks to workers, one at a time, so that it knows what a dead one was at.

    How a worker is hired, told and heard is each kind's own.
    """

    schedule: Schedule
    context: Context
    order: Order
    watch: Watch
    workers: list[W] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    @abstractmethod
    def hire(self, number: int) -> W:
        """Start a worker."""

    @abstractmethod
    def send(self, worker: W, task: Task) -> None:
        """Hand a task to a worker."""

    @abstractmethod
    def call_of(self, worker: W) -> str:
        """Return which plugin's call a worker is at; nothing where that is not known."""

    def assign(self, worker: W) -> None:
        """Hand out the worker's next task, if there is one."""
        worker.task = self.schedule.next(worker)
        if worker.task is not None:
            self.watch.on_step(worker.number, self.cell_of(worker.task), Step("starting"))
            self.send(worker, worker.task)

    def take(self, worker: W, message: Message) -> None:
        """Take in what a worker says; after the end of its task it gets another."""
        assert worker.task is not None
        cell = self.cell_of(worker.task)
        if isinstance(message, Step):
            self.watch.on_step(worker.number, cell, message)
        elif isinstance(message, Note):
            if message.text not in self.told:
                self.watch.on_note(message.text)
            self.told.add(message.text)
        elif isinstance(message, Clock):
            limit = self.context.timeout_s if message.is_running else None
            worker.deadline = None if limit is None else time.monotonic() + limit
        elif isinstance(message, Fatal):
            raise message.error
        else:
            worker.deadline = None
            folder = cell_folder(self.context.runs_dir, cell)
            if ended := self.schedule.take(worker, Outcome(cell, folder, **asdict(message))):
                self.watch.on_outcome(ended)
            self.assign_idle(worker)

    def assign_idle(self, first: W) -> None:
        """Give work to a worker that has become idle, and then to those that had none."""
        first.task = None
        for worker in (first, *self.workers):
            if worker.task is None:
                self.assign(worker)

    def replace(self, worker: W, reason: str) -> None:
        """Go on with a new worker; a cell that nobody else is at is written down as failed."""
        worker.kill()
        self.workers.remove(worker)
        lost = self.schedule.lose(worker)
        if lost is not None:
            cell = self.schedule.work.cells[lost]
            outcome = failed(cell, cell_folder(self.context.runs_dir, cell), reason)
            self.schedule.outcomes[lost] = outcome
            self.watch.on_outcome(outcome)
        if self.schedule.is_open:
            self.assign_idle(self.hire(worker.number))

    def whereabouts(self, worker: W) -> str:
        """Return which call a worker is at, or at least of what its cell is made."""
        assert worker.task is not None
        cell = self.cell_of(worker.task)
        told = self.call_of(worker)
        return told or f"a cell of memory {cell.preset.memory!r} and model {cell.model!r}"

    def cell_of(self, task: Task) -> Cell:
        """Return the cell of a task."""
        return self.schedule.work.cells[task.cell]
