"""Work on several datasets at once; neither the number of workers nor their order shows."""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from memeval.errors import MemevalError
from memeval.interruption import blocked

WORTH_WORKERS = 1000  # items in all; fewer are done before a worker has started

Job = TypeVar("Job")
Result = TypeVar("Result")


def each(
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    items: Sequence[int],
    on_done: Callable[[], None] = lambda: None,
) -> list[Result]:
    """Return the result of every job, in their order; `items` says how large each is.

    `work` must be a function that another process can import. The first job in order that fails
    raises its error, and what has not been started then is left.
    """
    workers = min(len(jobs), os.cpu_count() or 1)
    if workers < 2 or sum(items) < WORTH_WORKERS:
        return [_finished(work(job), on_done) for job in jobs]
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_leave_interrupts)

    def tell(future: Future[Result]) -> None:
        if not future.cancelled():
            on_done()

    try:
        futures = {}
        largest_first = sorted(range(len(jobs)), key=lambda i: -items[i])  # it decides the end
        with blocked(signal.SIGINT):  # until the workers that this starts leave it to their parent
            for i in largest_first:
                futures[i] = pool.submit(work, jobs[i])
                futures[i].add_done_callback(tell)
        return [futures[i].result() for i in range(len(jobs))]
    except BrokenProcessPool as error:
        raise MemevalError(
            "a worker must live until its dataset is done, got one that was killed; free some "
            "memory, or name fewer sizes at once"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(result: Result, on_done: Callable[[], None]) -> Result:
    on_done()
    return result


def _leave_interrupts() -> None:
    """Let Ctrl-C be the parent's affair: it cancels what is waiting."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
