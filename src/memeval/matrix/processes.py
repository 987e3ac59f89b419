"""Runs cells in processes of their own, each with a model, and outlives any of them.

The parent hands out one cell at a time, so that it always knows which cell a dead worker was at,
and shares a text with every worker that says which plugin it is calling.
"""

import os
import signal
import time
from contextlib import suppress
from ctypes import Array, c_char
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from memeval.atomic import remove_leftovers, temporary_folder
from memeval.interruption import INTERRUPTION, blocked
from memeval.matrix import crew, endings
from memeval.matrix.cells import Context, Outcome
from memeval.matrix.schedule import Schedule, Task, Work
from memeval.matrix.watch import Watch
from memeval.matrix.worker import Message, order_for, run_worker

PATIENCE_S = 1.0  # for a worker to put its things away; a cell may be deep in a matrix product
DEATH_S = 5.0  # for a process to be gone whose pipe is closed
LOOK_S = 1.0  # a dead worker's pipe stays open while a process lives that it has forked
CALL_BYTES = 512


@dataclass(eq=False)
class Worker:
    """A process, the pipe to it, what it is at, which call, and until when it must be done.

    One that takes the place of another has its number.
    """

    number: int
    process: BaseProcess
    connection: "Connection[Task, Message]"
    call: "Array[c_char]"
    task: Task | None = None
    deadline: float | None = None

    def kill(self) -> None:
        """End the process, if it still runs, and all that it has started."""
        with suppress(OSError):  # it has no group yet, or nothing of it is left
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.connection.close()


@dataclass(frozen=True, slots=True)
class Processes:
    """An executor of so many workers; one that is killed costs what it was at, and is replaced."""

    workers: int

    def run(self, work: Work, context: Context, *, force: bool, watch: Watch) -> list[Outcome]:
        """Return what became of every cell, in their order."""
        with temporary_folder("memeval-stores-") as scratch:
            staff = Crew(
                Schedule(work), context, order_for(work, context, scratch, force=force), watch
            )
            with INTERRUPTION.put_away(staff.dismiss):
                for number in range(self.workers):
                    staff.assign(staff.hire(number))
                while staff.schedule.is_open:
                    staff.listen()
        return [staff.schedule.outcomes[i] for i in range(len(work.cells))]


class Crew(crew.Crew[Worker]):
    """The processes of a run, and the pipes to them."""

    def hire(self, number: int) -> Worker:
        """Start a worker, which Ctrl-C never reaches."""
        spawn = get_context("spawn")
        ours, theirs = spawn.Pipe()
        call = spawn.RawArray(c_char, CALL_BYTES)
        process = spawn.Process(target=run_worker, args=(theirs, self.order, call))
        with blocked(signal.SIGINT):
            process.start()
            worker = Worker(number, process, ours, call)
            self.workers.append(worker)
        theirs.close()
        return worker

    def send(self, worker: Worker, task: Task) -> None:
        """Put a task into the worker's pipe."""
        with suppress(OSError):  # it died while idle; its end of the pipe tells so when it is read
            worker.connection.send(task)

    def call_of(self, worker: Worker) -> str:
        """Return what the worker has written into the text that both see."""
        return worker.call.value.decode(errors="ignore")

    def listen(self) -> None:
        """Take in what workers at work say, which of them have died, and whose time is over."""
        busy = [worker for worker in self.workers if worker.task is not None]
        now = time.monotonic()
        rest = [worker.deadline - now for worker in busy if worker.deadline is not None]
        heard = wait([worker.connection for worker in busy], max(0.0, min([LOOK_S, *rest])))
        for worker in busy:
            if worker.connection in heard:
                self._hear(worker)
            elif worker.deadline is not None and worker.deadline <= time.monotonic():
                assert self.context.timeout_s is not None
                self.replace(worker, endings.late(self.context.timeout_s, self.whereabouts(worker)))
            elif worker.process.exitcode is not None and not worker.connection.poll():
                self._lose_dead(worker)

    def _hear(self, worker: Worker) -> None:
        """Take in one message of a worker, or its death."""
        try:
            message = worker.connection.recv()
        except Exception:  # the pipe is closed, or what comes through it is not ours
            self._lose_dead(worker)
            return
        self.take(worker, message)

    def dismiss(self) -> None:
        """End all workers, whatever they are at; a session half done leaves nothing behind.

        Whoever is interrupted meanwhile has no more patience with them.
        """
        at_work = any(worker.task is not None for worker in self.workers)
        try:
            for worker in self.workers:
                worker.connection.close()  # which an idle worker takes for the end
                if worker.task is not None:
                    worker.process.terminate()
            until = time.monotonic() + PATIENCE_S
            for worker in self.workers:
                worker.process.join(max(0.0, until - time.monotonic()))
        finally:
            with blocked(signal.SIGINT, signal.SIGTERM):
                for worker in self.workers:
                    worker.kill()
            if at_work:
                remove_leftovers(self.context.runs_dir)

    def _lose_dead(self, worker: Worker) -> None:
        worker.process.join(DEATH_S)
        self.replace(worker, endings.died(worker.process.exitcode, self.whereabouts(worker)))
