"""Ctrl-C, and other wishes of the kind: a command ends by itself, at once, whatever code runs.

Nothing is raised for that. An exception would have to come through everybody's code, which may
catch it, make another error of it, or be in C and not come back to Python for minutes. What must
be put away is put on a list instead, and the process is left where it stands. Only code in C that
keeps Python's lock can delay that.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import psutil

INTERRUPTED = 130
COME_BACK_S = 0.3  # for code in C to come back to Python
AT_MOST_S = 1.8  # for all that is put away
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the last where a terminal goes away
CLEAR = "\r\x1b[2K"
"""What empties a line of a terminal."""
TRACKER = "resource_tracker"
"""A process of `multiprocessing` that removes what others leave behind, and then ends."""

Clean = Callable[[], None]


class Interruption:
    """Hears the signals, and knows what has to be put away before the process is left.

    `words` gives the one line that is said. A second signal ends the patience with whatever is
    being put away.
    """

    def __init__(self) -> None:
        self.words: Callable[[], str] = lambda: "interrupted before anything was begun"
        self.is_wished = False
        self._cleans: list[Clean] = []
        self._heard: set[signal.Signals] = set()
        self._ends, self._speaks = threading.Lock(), threading.Lock()
        self._ender: int | None = None

    @contextmanager
    def put_away(self, clean: Clean) -> Iterator[None]:
        """Call `clean` when the block ends, or the process by a signal, which may be in both."""
        self._cleans.append(clean)
        try:
            yield
        finally:
            try:
                clean()
            finally:
                with suppress(ValueError):  # the process is ending, and it was taken off
                    self._cleans.remove(clean)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear the signals while a block runs; a shell's wish that they be ignored stays."""
        if threading.current_thread() is not threading.main_thread():  # which alone hears any
            yield
            return
        before = {one: signal.getsignal(one) for one in SIGNALS}
        self._heard = {one for one in SIGNALS if before[one] is not signal.SIG_IGN}
        ours, theirs = os.pipe()
        os.set_blocking(theirs, False)
        wakeup = signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
        threading.Thread(target=self._watch, args=(ours,), daemon=True).start()
        self.hear()
        try:
            yield
        finally:
            self._heard.clear()
            for one, handler in before.items():
                signal.signal(one, handler)
            signal.set_wakeup_fd(wakeup)
            os.close(theirs)

    def hear(self) -> None:
        """Hear the signals again, whatever a plugin has made of them; outside the block none."""
        for one in self._heard:
            signal.signal(one, self._come)

    def _come(self, _signal: int, _frame: FrameType | None) -> None:
        """End from here, in between two steps of Python's, or let who has begun go on with it."""
        self.is_wished = True
        if self._ends.acquire(blocking=False):
            self._end()
        if self._ender == threading.get_ident():
            raise KeyboardInterrupt  # again: what is being put away takes too long
        time.sleep(AT_MOST_S)

    def _watch(self, pipe: int) -> None:
        """End from here where Python does not come to it; do the rest where it got stuck."""
        with suppress(OSError):
            while said := os.read(pipe, 1):
                if said[0] not in SIGNALS:
                    continue
                time.sleep(COME_BACK_S)
                if self._ends.acquire(blocking=False):
                    self.is_wished = True
                    self._end()
                time.sleep(AT_MOST_S - COME_BACK_S)
                self._end()
        os.close(pipe)

    def _end(self) -> None:
        self._ender = threading.get_ident()
        try:
            while self._cleans:
                clean = self._cleans.pop()
                with suppress(BaseException):
                    clean()
        finally:
            self._leave()

    def _leave(self) -> None:
        """Say the one line, and go; whoever is still at something is not waited for."""
        try:
            if self._speaks.acquire(blocking=False):
                line = "interrupted"
                with suppress(BaseException):
                    line = self.words()
                with suppress(BaseException):
                    _say(line)
                    sys.stdout.flush()
            _end_children()
        finally:
            os._exit(INTERRUPTED)


INTERRUPTION = Interruption()


@contextmanager
def blocked(*signals: signal.Signals) -> Iterator[None]:
    """Put off signals until a step is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _say(line: str) -> None:
    """Write past the streams of Python: the signal may have come while they were at work."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    clear = CLEAR if os.isatty(2) else ""
    os.write(2, f"{clear}{line}\n".encode(encoding, "replace"))


def _end_children() -> None:
    """End what this process has started and has not put away, such as a trial of a plugin."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if TRACKER not in " ".join(child.cmdline()):
                child.kill()
