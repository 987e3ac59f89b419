"""Calls to somebody else's system: each within a time, timed, and counted where it fails."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

import numpy as np

from memeval.errors import MemevalError, PluginError, first_line

MOST_FAILURES = 0.02
"""The share of calls of a kind that may fail."""
OPEN, OPEN_S = "open", 600.0
"""What opens a store, and the seconds it may take: packages are imported, servers begin."""
MOST_IN_A_ROW = 5
"""Failures one after another behind which a system is taken to be gone."""
Result = TypeVar("Result")
Job = tuple["Future[Any]", Callable[[], Any]]


class CallError(MemevalError):
    """A call that got no answer of any use: the failure of what was asked, not of the cell."""


@dataclass(slots=True)
class Tally:
    """What calls of one kind took, those that failed as well, and what the first failure was."""

    times_ms: list[float] = field(default_factory=list)
    failures: int = 0
    in_a_row: int = 0
    first: str = ""

    def take(self, error: CallError | None, took_ms: float) -> None:
        """Count a call."""
        self.times_ms.append(took_ms)
        self.failures += error is not None
        self.in_a_row = self.in_a_row + 1 if error else 0
        self.first = self.first or str(error or "")

    def stats(self, kind: str) -> Iterator[tuple[str, int | float]]:
        """Yield what is told of the calls; times where there were some."""
        yield f"{kind}_calls", len(self.times_ms)
        yield f"{kind}_failures", self.failures
        if self.times_ms:
            yield f"{kind}_ms_mean", float(np.mean(self.times_ms))
            yield f"{kind}_ms_p95", float(np.percentile(self.times_ms, 95))


class Lane:
    """A thread that makes one call after another; one that hangs is left behind, never waited for.

    All calls come from one thread, as databases in files ask for.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        Thread(target=self._work, daemon=True).start()

    def submit(self, function: Callable[[], Result]) -> "Future[Result]":
        """Let the thread make a call."""
        future: Future[Result] = Future()
        self._jobs.put((future, function))
        return future

    def end(self) -> None:
        """Let the thread end behind its last call."""
        self._jobs.put(None)

    def _work(self) -> None:
        for future, function in iter(self._jobs.get, None):
            try:
                future.set_result(function())
            except BaseException as error:
                future.set_exception(error)


class Calls:
    """Makes calls, by kind; `whose` names the system in what is told of a failure."""

    def __init__(self, timeout_s: float, whose: str) -> None:
        self._whose = whose
        self._timeout_s = timeout_s
        self._lane = Lane()
        self.tallies: dict[str, Tally] = defaultdict(Tally)

    def make(self, kind: str, function: Callable[[], Result]) -> Result:
        """Return what a call returns.

        Raises:
            CallError: it failed, or took too long.
            PluginError: so did those before it.
        """
        tally, start = self.tallies[kind], time.perf_counter()
        failure: CallError | None = None
        try:
            return self._within_time(kind, function)
        except CallError as error:
            failure = error
            raise
        finally:
            tally.take(failure, 1000 * (time.perf_counter() - start))
            if tally.in_a_row >= MOST_IN_A_ROW:
                raise PluginError(f"{MOST_IN_A_ROW} calls in a row must not fail: {failure}")

    def must(self, kind: str, function: Callable[[], Result]) -> Result:
        """Return what a call returns without which nothing can be measured.

        Raises:
            PluginError: it failed, or took too long.
        """
        try:
            return self.make(kind, function)
        except CallError as error:
            raise PluginError(str(error)) from error

    def check(self, kind: str) -> None:
        """Refuse to go on where too many calls of a kind have failed.

        Raises:
            PluginError: it says how many, and why the first one did.
        """
        tally = self.tallies[kind]
        if tally.failures > MOST_FAILURES * len(tally.times_ms):
            raise PluginError(
                f"calls to {kind} of {self._whose} must not fail, all but {MOST_FAILURES:.0%}, got "
                f"{tally.failures} of {len(tally.times_ms)} that did: {tally.first}"
            )

    def end(self) -> None:
        """Make no more calls."""
        self._lane.end()

    def _within_time(self, kind: str, function: Callable[[], Result]) -> Result:
        seconds = max(self._timeout_s, OPEN_S if kind == OPEN else 0.0)
        try:
            return self._lane.submit(function).result(seconds)
        except CallError:
            raise
        except TimeoutError as error:
            self._lane.end()
            self._lane = Lane()
            raise CallError(
                f"a call to {kind} of {self._whose} must return within {seconds:g} s, got "
                "no answer; see what keeps it, or raise timeout_s"
            ) from error
        except Exception as error:
            cause = _innermost(error)
            if isinstance(cause, CallError):
                raise cause from error
            raise CallError(
                f"a call to {kind} of {self._whose} must not fail, got {type(cause).__name__}: "
                f"{first_line(cause)}; see that what it rests on is there and runs"
            ) from error


def _innermost(error: BaseException) -> BaseException:
    """Return the first of what asynchronous code raises in groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
