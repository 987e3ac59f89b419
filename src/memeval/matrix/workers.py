"""Runs cells in several processes, each with a model of its own, and outlives any of them.

The parent hands out one cell at a time, so that it always knows which cell a dead worker was at.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeAlias

from memeval.errors import MemevalError
from memeval.matrix.bench import Bench, failed
from memeval.matrix.cells import Cell, Context, Outcome, cell_folder
from memeval.matrix.run import Watch
from memeval.matrix.teaching import Stores, shared_teachings

PATIENCE_S = 5.0  # for a worker to put its things away; a cell may be deep in a matrix product


@dataclass(frozen=True, slots=True)
class Step:
    """A worker is getting on with its cell."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the user should know."""

    text: str


@dataclass(frozen=True, slots=True)
class Fatal:
    """An error that would hit every cell."""

    error: BaseException


Message: TypeAlias = Step | Note | Fatal | Outcome


@dataclass
class Worker:
    """A process, what it is at, and what it was at last: model, data and store are still there."""

    process: BaseProcess
    connection: "Connection[tuple[Cell, bool], Message]"
    at: int | None = None
    last: int | None = None


@dataclass
class Crew:
    """Hands the cells of a plan to workers."""

    cells: Sequence[Cell]
    context: Context
    force: bool
    watch: Watch
    workers: list[Worker] = field(default_factory=list)
    pending: dict[int, bool] = field(default_factory=dict)  # index, and whether to wait for it
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Work out once which cells share a taught store."""
        self.teachings = [cell.teaching for cell in self.cells]

    def hire(self) -> Worker:
        """Start a worker."""
        spawn = get_context("spawn")
        ours, theirs = spawn.Pipe()
        several = len({cell.model for cell in self.cells}) > 1
        shared = shared_teachings(self.cells)
        arguments = (theirs, self.context, self.force, several, shared)
        process = spawn.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        worker = Worker(process, ours)
        self.workers.append(worker)
        return worker

    def assign(self, worker: Worker) -> None:
        """Hand out the next cell: of the worker's model, dataset and store, if there is one."""
        worker.at = None
        if not self.pending:
            return
        last = worker.last
        others = [other.at for other in self.workers if other.at is not None]
        taken = {self.cells[i].dataset for i in others}
        being_taught = {self.teachings[i] for i in others}

        def strangeness(i: int) -> tuple[bool, ...]:
            cell = self.cells[i]
            return (
                self.pending[i],
                last is None or cell.model != self.cells[last].model,
                self.teachings[i] in being_taught,
                last is None or cell.dataset != self.cells[last].dataset,
                cell.dataset in taken,
                last is None or self.teachings[i] != self.teachings[last],
            )

        worker.at = worker.last = min(self.pending, key=lambda i: (*strangeness(i), i))
        cell = self.cells[worker.at]
        try:
            worker.connection.send((cell, self.pending.pop(worker.at)))
        except OSError:  # it died while idle; its end of the pipe tells so when it is read
            return

    def hear(self, worker: Worker) -> None:
        """Take in one message of a worker, or its death."""
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        assert worker.at is not None
        if isinstance(message, Step):
            cell = self.cells[worker.at]
            self.watch.on_step(cell, message.phase, message.done, message.total)
        elif isinstance(message, Note):
            if message.text not in self.told:
                self.watch.on_note(message.text)
            self.told.add(message.text)
        elif isinstance(message, Fatal):
            raise message.error
        else:
            self._finish(worker, message)

    def dismiss(self) -> None:
        """End all workers, whatever they are at; a cell half done leaves nothing behind."""
        for worker in self.workers:
            worker.connection.close()  # which an idle worker takes for the end
            if worker.at is not None:
                worker.process.terminate()
        for worker in self.workers:
            worker.process.join(PATIENCE_S)
            worker.process.kill()
            worker.process.join()

    def _finish(self, worker: Worker, outcome: Outcome) -> None:
        assert worker.at is not None
        if outcome.busy:
            self.pending[worker.at] = True
        else:
            self.outcomes[worker.at] = outcome
            self.watch.on_outcome(outcome)
        self.assign(worker)

    def _replace(self, worker: Worker) -> None:
        """Write the cell of a dead worker down as failed, and go on with a new worker."""
        assert worker.at is not None
        worker.process.join()
        self.workers.remove(worker)
        cell = self.cells[worker.at]
        reason = (
            f"a worker must live until its cell is done, got one that ended with "
            f"{worker.process.exitcode}; free some memory, or take fewer --workers"
        )
        outcome = failed(cell, cell_folder(self.context.runs_dir, cell), reason)
        self.outcomes[worker.at] = outcome
        self.watch.on_outcome(outcome)
        if self.pending:
            self.assign(self.hire())


def run_in_workers(
    cells: Sequence[Cell], context: Context, *, workers: int, force: bool, watch: Watch
) -> list[Outcome]:
    """Run cells in so many processes; return their outcomes in the order of the cells.

    A worker that is killed costs the cell it was at, and is replaced.
    """
    crew = Crew(cells, context, force, watch, pending=dict.fromkeys(range(len(cells)), False))
    try:
        for _ in range(min(workers, len(cells))):
            crew.assign(crew.hire())
        while busy := {w.connection: w for w in crew.workers if w.at is not None}:
            for connection in wait(list(busy)):
                crew.hear(busy[connection])  # type: ignore[index]
    finally:
        crew.dismiss()
    return [crew.outcomes[i] for i in range(len(cells))]


def _work(
    connection: "Connection[Message, tuple[Cell, bool]]",
    context: Context,
    force: bool,
    several_models: bool,
    shared: frozenset[object],
) -> None:
    """Run what comes through the pipe until it closes: the life of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is unfinished is removed
    threading.Thread(target=_die_with_parent, daemon=True).start()

    def report(phase: str, done: int, total: int) -> None:
        try:
            connection.send(Step(phase, done, total))
        except OSError:  # the parent is gone, which is no failure of the cell
            os._exit(1)

    with Stores(shared) as stores:
        bench = Bench(
            context,
            stores,
            force=force,
            several_models=several_models,
            on_note=lambda text: connection.send(Note(text)),
        )
        while True:
            try:
                cell, wait_for_it = connection.recv()
            except (EOFError, OSError):
                return
            try:
                connection.send(bench.run(cell, wait=wait_for_it, report=report))
            except MemevalError as error:
                connection.send(Fatal(error))


def _die_with_parent() -> None:
    """End this process as soon as its parent is gone, even one that was killed."""
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
