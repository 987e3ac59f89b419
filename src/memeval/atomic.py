"""Files that are either whole or not there: written aside, synced, renamed.

What is unfinished has a hidden name that holds machine and process, so that whoever comes next can
tell what a killed process has left behind. Machines that share a folder leave each other's alone.
"""

import hashlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cache, partial
from glob import escape
from pathlib import Path

import psutil

from memeval.errors import OutputError
from memeval.interruption import INTERRUPTION


def write_text(path: Path, text: str) -> None:
    """Write a file whole; a reader sees the old content or the new, never a part."""
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path.parent, f".{escape(path.name)}-*")
        handle, name = tempfile.mkstemp(prefix=_hidden(path), dir=path.parent)
        with INTERRUPTION.put_away(partial(Path(name).unlink, missing_ok=True)):
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                _sync(file.fileno())
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(path)


@contextmanager
def new_folder(folder: Path, *, ours: Collection[str]) -> Iterator[Path]:
    """Give a temporary folder to fill that takes the place of `folder` once it is complete.

    `ours` are names, or patterns of names, of what is replaced; anything else that stands in the
    folder is somebody's own and is there afterwards as before. Until then all of it stays, and for
    good if anything goes wrong. (Where a process is killed between the two renames at the end, the
    next one puts the old folder back.)

    Raises:
        OutputError: there is no room or no permission, or a file in the folder's place.
    """
    if folder.is_file():
        raise OutputError(
            f"output must go to a folder, got the file {str(folder)!r} in its place; move it away, "
            "or name another folder"
        )
    with _explained(folder):
        folder = folder.resolve()  # a link stays, and what it leads to is replaced
        folder.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder.parent, f".{escape(folder.name)}-*")
        unfinished = Path(tempfile.mkdtemp(prefix=_hidden(folder), dir=folder.parent))
        with INTERRUPTION.put_away(partial(shutil.rmtree, unfinished, ignore_errors=True)):
            unfinished.chmod(0o777 & ~_umask())
            yield unfinished
            for path in unfinished.rglob("*"):
                if path.is_file():
                    with path.open("rb") as file:
                        _sync(file.fileno())
            if folder.is_dir():
                _carry_over(folder, unfinished, ours)
            _take_place(unfinished, folder)


def check_writable(folder: Path) -> None:
    """Raise `OutputError` unless a folder is there to be written to, or can be made."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(
            f"output must go to a folder with permission to write, got {str(folder)!r}; "
            "name another folder"
        )


def _hidden(path: Path) -> str:
    return f".{path.name}-{_machine()}.{os.getpid()}-"


@cache
def _machine() -> str:
    """Return a short name of this machine; a process id means nothing on another one."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def remove_leftovers(folder: Path, pattern: str = "**/.*") -> None:
    """Remove what processes of this machine have left unfinished; put back what they moved."""
    for path in sorted(folder.glob(pattern)):
        match = re.fullmatch(r"\.(.+?)(-[0-9a-f]{8}\.|-)(\d+)-[a-z0-9_]{8}(-old)?", path.name)
        if not match or match[2] not in {"-", f"-{_machine()}."} or not path.exists():
            continue
        if psutil.pid_exists(int(match[3])):
            continue
        place = path.with_name(match[1])
        if path.is_file():
            path.unlink(missing_ok=True)
        elif match[4] and not place.exists():
            path.rename(place)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _carry_over(old: Path, new: Path, ours: Collection[str]) -> None:
    """Let what is not ours stand in the new folder too; the old one keeps it until it goes."""
    for path in old.iterdir():
        if any(fnmatchcase(path.name, pattern) for pattern in ours):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True, copy_function=_link)
        else:
            _link(path, new / path.name)


def _link(source: Path | str, target: Path | str) -> None:
    """Give a file a second name, or copy it where the disk has no such thing."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _take_place(unfinished: Path, folder: Path) -> None:
    if not folder.exists():
        unfinished.rename(folder)
        return
    old = unfinished.with_name(unfinished.name + "-old")
    with INTERRUPTION.put_away(partial(_put_back, old, folder)):
        folder.rename(old)
        unfinished.rename(folder)


def _put_back(old: Path, folder: Path) -> None:
    """Give an old folder its place back where nothing has taken it; otherwise remove it."""
    if not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """Give a folder in the system's place for such, which goes with the block or the process."""
    folder = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    with INTERRUPTION.put_away(folder.cleanup):
        yield Path(folder.name)


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
