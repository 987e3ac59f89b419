"""Replies kept on disk by what was asked of whom, so that none is paid for twice.

One SQLite file an endpoint's model. Each reply is written as soon as it is there; a file that is
broken is made anew, and one that cannot be used is left aside.
"""

import hashlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.models.served.address import Address
from memeval.naming import slug
from memeval.outside import UnreadableError, read_json

PATIENCE_S = 10
"""How long another process may keep the file to itself."""
SCHEMA = "CREATE TABLE IF NOT EXISTS replies (key BLOB PRIMARY KEY, reply TEXT, seconds REAL)"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said, how long that took, and whether it was said to an earlier run."""

    content: Mapping[str, Any]
    seconds: float
    is_kept: bool = False


class Replies:
    """The replies of one model of one endpoint; without a folder none are kept."""

    def __init__(self, folder: Path | None, address: Address) -> None:
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None
        if folder is None:
            return
        digest = hashlib.sha256(str(address).encode()).hexdigest()[:16]
        path = folder / "replies" / f"{slug(address.model, 'model')[:60]}-{digest}.sqlite"
        with suppress(OSError, sqlite3.Error):
            self._file = _opened(path)
            weakref.finalize(self, self._file.close)

    def find(self, key: bytes) -> Reply | None:
        """Return what was replied to a request, if it is kept and whole."""
        with self._lock, suppress(sqlite3.Error, UnreadableError, TypeError):
            if self._file is None:
                return None
            asked = "SELECT reply, seconds FROM replies WHERE key = ?"
            row = self._file.execute(asked, [key]).fetchone()
            if row and isinstance(content := read_json(row[0]), dict):
                return Reply(content, float(row[1]), is_kept=True)
        return None

    def keep(self, key: bytes, reply: Reply) -> None:
        """Write a reply; where the disk is full, the run goes on without."""
        with self._lock, suppress(sqlite3.Error):
            if self._file is not None:
                told = json.dumps(dict(reply.content))
                with self._file:
                    self._file.execute(
                        "INSERT OR REPLACE INTO replies VALUES (?, ?, ?)",
                        [key, told, reply.seconds],
                    )


def key_of(path: str, body: Mapping[str, Any], sample: int) -> bytes:
    """Return what a reply is kept by: all of the request, and which of several alike it is."""
    whole = json.dumps([path, body, sample], sort_keys=True)
    return hashlib.sha256(whole.encode()).digest()


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _checked(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # no database
        path.unlink()
        return _checked(path)


def _checked(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=PATIENCE_S, check_same_thread=False)
    try:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=NORMAL")
        with file:
            file.execute(SCHEMA)
        file.execute("SELECT key, reply, seconds FROM replies LIMIT 1").fetchall()
    except BaseException:
        file.close()
        raise
    return file
