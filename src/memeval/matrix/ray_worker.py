"""The life of a worker on a node of a Ray cluster: an actor that keeps a model and runs cells.

The driver asks it for news while it is at a task, in another thread.
"""

import os
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import memeval
from memeval.errors import CALLS, MemevalError
from memeval.interruption import INTERRUPTED
from memeval.matrix.schedule import Task
from memeval.matrix.watch import Step
from memeval.matrix.worker import Fatal, Message, Note, Order, done, opened
from memeval.telemetry.code import code_hash

NEWS_S = 0.2
"""How long a worker lets things happen before it tells of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker has come to life, its code, and whether it sees the run's folder there."""

    node: str
    code: str
    sees_run: bool


@dataclass(frozen=True, slots=True)
class News:
    """What has happened since the last news, and which plugin's call the worker is at."""

    messages: tuple[Message, ...]
    call: str


class RayWorker:
    """Runs tasks one by one; of steps only the newest is told, of all else everything.

    Relative paths mean what they mean in the driver's working `folder`. `token` is a file of the
    driver's in the folder of the run.
    """

    def __init__(self, order: Order, token: Path, folder: str) -> None:
        with suppress(OSError):  # there is none such here, and perhaps no need of one
            os.chdir(folder)
        self._order = order
        self._token = token
        self._call = ""
        self._lock = threading.Lock()
        self._news: list[Message] = []
        self._notes: list[Message] = []
        self._scratch = tempfile.TemporaryDirectory(
            prefix="memeval-stores-", ignore_cleanup_errors=True
        )
        CALLS.on_change = self._on_change
        try:
            self._opened = opened(order, Path(self._scratch.name), self._tell)
        except MemevalError as error:
            self._unusable: MemevalError | None = error
        else:
            self._unusable = None

    def place(self) -> Place:
        """Say where the worker is, and with what."""
        import ray

        node = ray.get_runtime_context().get_node_id()
        return Place(node, own_code(), self._token.is_file())

    def run(self, task: Task) -> tuple[Message, ...]:
        """Work on a task; return what has become known, and last what became of the task."""
        if self._unusable is not None:
            return (Fatal(self._unusable),)
        cells, bench = self._opened
        try:
            end = done(bench, cells, task, self._tell)
        except KeyboardInterrupt:  # a plugin's idea: nobody interrupts an actor
            os._exit(INTERRUPTED)
        with self._lock:  # news on their way are not waited for, and steps are of no use now
            told = (*self._notes, end)
            self._news, self._notes = [], []
        return told

    def news(self) -> News:
        """Let a moment pass, and tell what has happened."""
        time.sleep(NEWS_S)
        with self._lock:
            told, self._news = tuple(self._news), []
        return News(told, self._call)

    def close(self) -> None:
        """Remove the stores that were kept for later cells."""
        self._scratch.cleanup()

    def _tell(self, message: Message) -> None:
        with self._lock:
            if isinstance(message, Step):
                self._news = [one for one in self._news if not isinstance(one, Step)]
            elif isinstance(message, Note):
                self._notes.append(message)
            self._news.append(message)

    def _on_change(self, text: str) -> None:
        self._call = text


def own_code() -> str:
    """Return a digest of the memeval that is installed here."""
    return code_hash(f"{memeval.__name__}.matrix.bench")
