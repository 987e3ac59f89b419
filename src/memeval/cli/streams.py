"""Standard output and error, made to take whatever is printed.

A terminal may have no sign for a character, and the reader of a pipe may go away, as `head -1`
does: neither is a failure of the command, whose work and exit code stay what they are.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from memeval.interruption import CLEAR


def take_all() -> None:
    """Replace characters that a stream cannot show; drop what nobody reads any more."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
            setattr(sys, name, _Lasting(stream))


def passing(word: str = "") -> None:
    """Show on a terminal what is being done, until another word takes its place, or none does."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{CLEAR}{word}")
        sys.stderr.flush()


class _Lasting:
    """A stream that outlives its reader."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, to nowhere if its reader is gone."""
        with self._outlived():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand over what was written."""
        with self._outlived():
            self._stream.flush()

    @contextmanager
    def _outlived(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
