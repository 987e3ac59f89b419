"""The finished sessions of a cell: each kept at once, so that a kill loses none of them."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from memeval.atomic import check_writable, write_text
from memeval.errors import DataError
from memeval.matrix.cells import Cell, cell_folder
from memeval.session_result import SessionResult, check_session, read_session, write_session

LOCKS, UNFINISHED = ".locks", ".unfinished"


class Kept:
    """Sessions of one cell on disk, and a lock for each, held by whoever works on it.

    They lie apart from the cell, below a name that says what they are sessions of: those of
    another configuration, code or data are never taken for this cell's.
    """

    def __init__(self, runs_dir: Path, folder: Path, identity: str) -> None:
        check_writable(runs_dir)
        place = place_of(runs_dir, folder)
        self._folder = runs_dir / UNFINISHED / f"{place}-{identity[:16]}"
        self._lock_of = partial(lock_file, runs_dir, folder)

    @contextmanager
    def lock(self, part: str, *, wait: bool) -> Iterator[bool]:
        """Hold a part of the cell, a session or the `whole`; tell whether it could be had.

        A lock lies apart and stays: one that is deleted can be held twice.
        """
        path = self._lock_of(part)
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path)
        try:
            held.acquire(timeout=-1 if wait else 0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            held.release()

    def has(self, index: int) -> bool:
        """Whether a session is finished, and its files are as they were written."""
        return self._session(index).is_dir() and not self.damage(index)

    def damage(self, index: int) -> str:
        """Say what is wrong with a session that was kept; nothing of one whole or absent."""
        if not self._session(index).is_dir():
            return ""
        try:
            check_session(self._session(index))
        except DataError as error:
            return str(error.__cause__)
        return ""

    def write(self, index: int, result: SessionResult) -> None:
        """Keep a finished session, whole or not at all, where git does not look: it has texts."""
        if not (rules := self._folder / ".gitignore").is_file():
            write_text(rules, "*\n")
        write_session(self._session(index), result)

    def read(self, index: int) -> SessionResult:
        """Return a session that was kept."""
        return read_session(self._session(index))

    def drop(self, index: int) -> None:
        """Forget a session, which is then run again."""
        shutil.rmtree(self._session(index), ignore_errors=True)

    def clear(self) -> None:
        """Forget the sessions of this cell; those of another configuration are not ours."""
        shutil.rmtree(self._folder, ignore_errors=True)
        with suppress(OSError):  # other cells have sessions there
            self._folder.parent.rmdir()

    def _session(self, index: int) -> Path:
        return self._folder / f"{index:05d}"


def kept_sessions(runs_dir: Path, cell: Cell) -> int:
    """Return how many sessions of a cell that is not whole yet are kept."""
    place = place_of(runs_dir, cell_folder(runs_dir, cell))
    return len(list((runs_dir / UNFINISHED).glob(f"{place}-*/[0-9]*")))


def place_of(runs_dir: Path, folder: Path) -> str:
    """Return a short name of a cell's folder."""
    return hashlib.sha256(str(folder.relative_to(runs_dir)).encode()).hexdigest()[:16]


def lock_file(runs_dir: Path, folder: Path, part: str) -> Path:
    """Return the lock of a part of a cell: of a session by its index, or of the `whole`."""
    return runs_dir / LOCKS / f"{place_of(runs_dir, folder)}-{part}.lock"
