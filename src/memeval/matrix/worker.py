"""The life of a worker: a process that runs cells for its parent, which outlives whatever it does.

It has a process group of its own, so that Ctrl-C is its parent's affair, and what a plugin starts
ends with it.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from ctypes import Array, c_char
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeAlias

from memeval.errors import CALLS, MemevalError, PluginError
from memeval.interruption import INTERRUPTED, INTERRUPTION
from memeval.matrix.bench import Bench
from memeval.matrix.cells import Cell, Context
from memeval.matrix.schedule import Task, Work
from memeval.matrix.teaching import Stores
from memeval.matrix.watch import Step
from memeval.registry import files, import_files


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the user should know."""

    text: str


@dataclass(frozen=True, slots=True)
class Fatal:
    """An error that would hit every cell."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Clock:
    """What must end in time has begun, or is over."""

    is_running: bool


@dataclass(frozen=True, slots=True)
class End:
    """What became of a task; the parent knows of which cell."""

    error: str | None
    skipped: bool
    reused: bool
    busy: bool
    seconds: float


Message: TypeAlias = Step | Note | Fatal | Clock | End


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is told once, before its first task.

    The cells, and the teachings that several share, are packed: what they are made of may be in
    `files` of the user's own, which are imported first. `scratch` is a folder for what they keep
    meanwhile.
    """

    context: Context
    force: bool
    several_models: bool
    files: Mapping[str, Path]
    packed: bytes
    scratch: Path


def order_for(work: Work, context: Context, scratch: Path, *, force: bool) -> Order:
    """Return what all workers of a plan are told.

    Raises:
        PluginError: a dataset cannot be sent.
    """
    with _sending():
        packed = pickle.dumps((work.cells, work.shared))
    return Order(context, force, work.has_several_models, files(), packed, scratch)


def run_worker(
    connection: "Connection[Message, Task]", order: Order, call: "Array[c_char]"
) -> None:
    """Run what comes through the pipe until it closes; `call` tells the parent what is called."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    signal.signal(signal.SIGTERM, _unwind)
    threading.Thread(target=_die_with_parent, daemon=True).start()

    def on_change(text: str) -> None:
        call.value = text.encode()[: len(call) - 1]

    CALLS.on_change = on_change
    try:
        _serve(connection, order)
    except KeyboardInterrupt:  # the parent's wish, or a plugin's idea
        sys.exit(INTERRUPTED)


def _unwind(*_: object) -> None:
    """Let what is being done clean up behind itself, and a memory close what it holds open.

    Whatever complains meanwhile of being interrupted is not heard.
    """
    INTERRUPTION.is_wished = True
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    raise KeyboardInterrupt


def _serve(connection: "Connection[Message, Task]", order: Order) -> None:
    def tell(message: Message) -> None:
        try:
            connection.send(message)
        except OSError as error:  # the parent is gone, which is no failure of the cell
            raise KeyboardInterrupt from error

    try:
        cells, bench = opened(order, order.scratch, tell)
    except MemevalError as error:
        tell(Fatal(error))
        return
    while (task := _next_task(connection)) is not None:
        tell(done(bench, cells, task, tell))


def opened(
    order: Order, scratch: Path, tell: Callable[[Message], None]
) -> tuple[Sequence[Cell], Bench]:
    """Return the cells of an order, and a bench that keeps shared stores in `scratch`.

    Raises:
        PluginError: they are made of something that cannot be imported here.
    """
    cells, shared = _unpacked(order)
    return cells, Bench(
        order.context,
        Stores(shared, scratch),
        cells=cells,
        force=order.force,
        several_models=order.several_models,
        on_note=lambda text: tell(Note(text)),
        timed=lambda: timed(tell),
    )


def done(
    bench: Bench, cells: Sequence[Cell], task: Task, tell: Callable[[Message], None]
) -> End | Fatal:
    """Work on a task; return what became of it."""
    try:
        ended = bench.run(cells[task.cell], wait=task.wait, begun=task.begun, on_step=tell)
        return End(ended.error, ended.skipped, ended.reused, ended.busy, ended.seconds)
    except MemevalError as error:
        return Fatal(error)


@contextmanager
def timed(tell: Callable[[Message], None]) -> Iterator[None]:
    """Have the clock run, and stop it whatever happens: what comes next has a time of its own."""
    tell(Clock(is_running=True))
    try:
        yield
    finally:
        tell(Clock(is_running=False))


def _next_task(connection: "Connection[Message, Task]") -> Task | None:
    with suppress(EOFError, OSError):
        return connection.recv()
    return None


def _unpacked(order: Order) -> tuple[Sequence[Cell], frozenset[object]]:
    """Return the cells that the parent has packed, and the teachings that they share.

    Raises:
        PluginError: they are made of something that cannot be imported here.
    """
    import_files(order.files)
    with _sending():
        cells, shared = pickle.loads(order.packed)  # noqa: S301 - from our own parent
    return cells, shared


@contextmanager
def _sending() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise PluginError(
            f"a dataset must be fit to be sent to a worker, got {type(error).__name__}: {error}; "
            "define it in a module, or take --workers 1 without --timeout"
        ) from error


def _die_with_parent() -> None:
    """End this process, and what it started, as soon as its parent is gone, even if killed."""
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os.killpg(0, signal.SIGKILL)
