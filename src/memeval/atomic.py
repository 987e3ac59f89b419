"""Files that are either whole or not there: written aside, synced, renamed.

What is unfinished has a hidden name that holds the process id, so that whoever comes next can tell
what a killed process has left behind.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from memeval.errors import OutputError


def write_text(path: Path, text: str) -> None:
    """Write a file whole; a reader sees the old content or the new, never a part."""
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_hidden(path), dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                _sync(file.fileno())
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to fill that takes the place of `folder` once it is complete.

    What stood there before stays until then, and stays for good if anything goes wrong. (A process
    killed between the two renames at the end leaves it under its hidden name.)
    """
    with _explained(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        unfinished = Path(tempfile.mkdtemp(prefix=_hidden(folder), dir=folder.parent))
        try:
            unfinished.chmod(0o777 & ~_umask())
            yield unfinished
            for path in unfinished.rglob("*"):
                if path.is_file():
                    with path.open("rb") as file:
                        _sync(file.fileno())
            _take_place(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def check_writable(folder: Path) -> None:
    """Raise `OutputError` unless a folder is there to be written to, or can be made."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(
            f"output must go to a folder with permission to write, got {str(folder)!r}; "
            "name another folder"
        )


def _hidden(path: Path) -> str:
    return f".{path.name}-{os.getpid()}-"


def _remove_leftovers(folder: Path) -> None:
    """Remove what processes that no longer run have left unfinished."""
    for path in folder.parent.glob(f".{folder.name}-*"):
        match = re.match(r"(\d+)-", path.name.removeprefix(f".{folder.name}-"))
        if match and path.is_dir() and not psutil.pid_exists(int(match[1])):
            shutil.rmtree(path, ignore_errors=True)


def _take_place(unfinished: Path, folder: Path) -> None:
    if not folder.exists():
        unfinished.rename(folder)
        return
    old = unfinished.with_name(unfinished.name + "-old")
    folder.rename(old)
    try:
        unfinished.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    if old.is_dir():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"output must go to a folder with room and permission, got {str(path)!r}: "
            f"{error.strerror or error}; free some space or name another folder"
        ) from error


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
