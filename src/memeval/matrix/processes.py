"""Runs cells in several processes, each with a model of its own, and outlives any of them.

The parent hands out one cell at a time, so that it always knows which cell a dead worker was at.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeAlias

from memeval.errors import MemevalError, PluginError
from memeval.matrix.bench import Bench, failed
from memeval.matrix.cells import Cell, Context, Outcome, cell_folder
from memeval.matrix.schedule import Schedule, Task, Work
from memeval.matrix.teaching import Stores
from memeval.matrix.watch import Step, Watch
from memeval.registry import files, import_files

PATIENCE_S = 5.0  # for a worker to put its things away; a cell may be deep in a matrix product


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the user should know."""

    text: str


@dataclass(frozen=True, slots=True)
class Fatal:
    """An error that would hit every cell."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class End:
    """What became of a task; the parent knows of which cell."""

    error: str | None
    skipped: bool
    busy: bool
    seconds: float


Message: TypeAlias = Step | Note | Fatal | End


@dataclass(eq=False)
class Worker:
    """A process, the pipe to it, and what it is at."""

    process: BaseProcess
    connection: "Connection[Task, Message]"
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Processes:
    """An executor of so many workers; one that is killed costs what it was at, and is replaced."""

    workers: int

    def run(self, work: Work, context: Context, *, force: bool, watch: Watch) -> list[Outcome]:
        """Return what became of every cell, in their order."""
        crew = Crew(Schedule(work), context, force, watch)
        try:
            for _ in range(self.workers):
                crew.assign(crew.hire())
            while crew.schedule.is_open:
                busy = {w.connection: w for w in crew.workers if w.task is not None}
                for connection in wait(list(busy)):
                    crew.hear(busy[connection])  # type: ignore[index]
        finally:
            crew.dismiss()
        return [crew.schedule.outcomes[i] for i in range(len(work.cells))]


@dataclass
class Crew:
    """The workers of a run, and the pipes to them."""

    schedule: Schedule
    context: Context
    force: bool
    watch: Watch
    workers: list[Worker] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def hire(self) -> Worker:
        """Start a worker."""
        spawn = get_context("spawn")
        ours, theirs = spawn.Pipe()
        work = self.schedule.work
        order = Order(self.context, self.force, work.has_several_models, work.shared)
        arguments = (theirs, order, files(), pickle.dumps(work.cells))
        process = spawn.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        worker = Worker(process, ours)
        self.workers.append(worker)
        return worker

    def assign(self, worker: Worker) -> None:
        """Hand out the worker's next task, if there is one."""
        worker.task = self.schedule.next(worker)
        if worker.task is None:
            return
        try:
            worker.connection.send(worker.task)
        except OSError:  # it died while idle; its end of the pipe tells so when it is read
            return

    def hear(self, worker: Worker) -> None:
        """Take in one message of a worker, or its death."""
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        assert worker.task is not None
        if isinstance(message, Step):
            self.watch.on_step(self._cell(worker.task), message)
        elif isinstance(message, Note):
            if message.text not in self.told:
                self.watch.on_note(message.text)
            self.told.add(message.text)
        elif isinstance(message, Fatal):
            raise message.error
        else:
            cell = self._cell(worker.task)
            folder = cell_folder(self.context.runs_dir, cell)
            outcome = Outcome(cell, folder, **asdict(message))
            if ended := self.schedule.take(worker, outcome):
                self.watch.on_outcome(ended)
            self._assign_idle(worker)

    def dismiss(self) -> None:
        """End all workers, whatever they are at; a session half done leaves nothing behind."""
        for worker in self.workers:
            worker.connection.close()  # which an idle worker takes for the end
            if worker.task is not None:
                worker.process.terminate()
        for worker in self.workers:
            worker.process.join(PATIENCE_S)
            worker.process.kill()
            worker.process.join()

    def _assign_idle(self, first: Worker) -> None:
        """Give work to a worker that has become idle, and then to those that had none."""
        first.task = None
        for worker in (first, *self.workers):
            if worker.task is None:
                self.assign(worker)

    def _replace(self, worker: Worker) -> None:
        """Go on with a new worker; a cell that nobody else is at is written down as failed."""
        worker.process.join()
        self.workers.remove(worker)
        reason = (
            f"a worker must live until its cell is done, got one that ended with "
            f"{worker.process.exitcode}; free some memory, or take fewer --workers"
        )
        lost = self.schedule.lose(worker)
        if lost is not None:
            cell = self.schedule.work.cells[lost]
            outcome = failed(cell, cell_folder(self.context.runs_dir, cell), reason)
            self.schedule.outcomes[lost] = outcome
            self.watch.on_outcome(outcome)
        if self.schedule.is_open:
            self._assign_idle(self.hire())

    def _cell(self, task: Task) -> Cell:
        return self.schedule.work.cells[task.cell]


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is told once, before its first task."""

    context: Context
    force: bool
    several_models: bool
    shared: frozenset[object]


def _work(
    connection: "Connection[Message, Task]",
    order: Order,
    known: Mapping[str, Path],
    packed: bytes,
) -> None:
    """Run what comes through the pipe until it closes: the life of a worker.

    The cells are unpacked here: what they are made of may be in files of the user's own.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is unfinished is removed
    threading.Thread(target=_die_with_parent, daemon=True).start()

    def on_step(step: Step) -> None:
        try:
            connection.send(step)
        except OSError:  # the parent is gone, which is no failure of the cell
            os._exit(1)

    with Stores(order.shared) as stores:
        bench = Bench(
            order.context,
            stores,
            force=order.force,
            several_models=order.several_models,
            on_note=lambda text: connection.send(Note(text)),
        )
        cells: Sequence[Cell] | None = None
        while True:
            try:
                task = connection.recv()
            except (EOFError, OSError):
                return
            try:
                cells = cells or _unpacked(known, packed)
                ended = bench.run(
                    cells[task.cell], wait=task.wait, begun=task.begun, on_step=on_step
                )
                connection.send(End(ended.error, ended.skipped, ended.busy, ended.seconds))
            except MemevalError as error:
                connection.send(Fatal(error))


def _unpacked(known: Mapping[str, Path], packed: bytes) -> Sequence[Cell]:
    """Return the cells that the parent has packed.

    Raises:
        PluginError: they are made of something that cannot be imported here.
    """
    import_files(known)
    try:
        cells: Sequence[Cell] = pickle.loads(packed)  # noqa: S301 - from our own parent
    except Exception as error:
        raise PluginError(
            f"a dataset must be fit to be sent to a worker, got {type(error).__name__}: {error}; "
            "define it in a module, or take --workers 1"
        ) from error
    return cells


def _die_with_parent() -> None:
    """End this process as soon as its parent is gone, even one that was killed."""
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
