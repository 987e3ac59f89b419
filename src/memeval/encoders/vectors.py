"""Vectors kept on disk by the text they are of, one SQLite file an encoder.

A file that is broken, or another encoder's, is made anew; one that cannot be used at all is left
aside. Every row holds a checksum of itself, so that what is damaged is a vector that is not there.
"""

import hashlib
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock

Vector = npt.NDArray[np.float32]
AT_ONCE = 500
"""Keys that one query asks for; SQLite allows 999 in its oldest versions."""
PATIENCE_S = 10
"""How long another process may keep the file to itself."""
SCHEMA = """
CREATE TABLE made_by (identity TEXT NOT NULL);
CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""
CHECKSUM_BYTES = 4


class KeptVectors:
    """The vectors of one encoder, which `identity` tells from all others."""

    def __init__(self, path: Path, identity: str, width: int) -> None:
        self._bytes = 4 * width + CHECKSUM_BYTES
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None
        with suppress(OSError, sqlite3.Error):  # as in a folder that cannot be written
            self._file = _opened(path, identity)
            weakref.finalize(self, self._file.close)

    def find(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """Return the vectors that are there, by their keys."""
        with self._lock:
            try:
                return dict(self._found(self._file, keys)) if self._file else {}
            except sqlite3.Error:
                self._leave_aside()
                return {}

    def keep(self, vectors: Mapping[bytes, Vector]) -> None:
        """Write vectors; those that another process has written meanwhile stay."""
        with self._lock:
            if self._file is None:
                return
            rows = ((key, _sealed(key, vector)) for key, vector in vectors.items())
            try:
                with self._file:
                    self._file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            except sqlite3.Error:
                self._leave_aside()

    def _found(
        self, file: sqlite3.Connection, keys: Sequence[bytes]
    ) -> Iterator[tuple[bytes, Vector]]:
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            marks = ",".join("?" * len(some))
            asked = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608
            for key, blob in file.execute(asked, some):
                vector = self._unsealed(key, blob)
                if vector is not None:
                    yield key, vector

    def _unsealed(self, key: bytes, blob: object) -> Vector | None:
        if not isinstance(blob, bytes) or len(blob) != self._bytes:
            return None
        vector = np.frombuffer(blob, "<f4", offset=CHECKSUM_BYTES).astype(np.float32)
        return vector if _sealed(key, vector) == blob else None

    def _leave_aside(self) -> None:
        """Go on without the file: what breaks while it is in use is made anew by the next."""
        if self._file is not None:
            self._file.close()
        self._file = None


class _ForeignError(sqlite3.DatabaseError):
    """A database that is none of this encoder's."""

    sqlite_errorcode = sqlite3.SQLITE_NOTADB


def key_of(text: str, kind: str) -> bytes:
    """Return what a text's vector is kept by; as a query it may have another than as an event."""
    whole = f"{kind}\n{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=16).digest()


def _sealed(key: bytes, vector: Vector) -> bytes:
    plain = vector.astype("<f4").tobytes()
    return zlib.crc32(plain, zlib.crc32(key)).to_bytes(CHECKSUM_BYTES, "little") + plain


def _opened(path: Path, identity: str) -> sqlite3.Connection:
    """Open a file of vectors, or make it where it is not there or not this encoder's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=PATIENCE_S):
        try:
            return _checked(path, identity)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise
            for suffix in ("", "-journal"):
                path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
            return _checked(path, identity)


def _checked(path: Path, identity: str) -> sqlite3.Connection:
    """Open a file and see that it is this encoder's; one that is empty becomes so.

    Raises:
        sqlite3.DatabaseError: it is another's, or no database.
    """
    file = sqlite3.connect(path, timeout=PATIENCE_S, check_same_thread=False)
    try:
        file.execute("PRAGMA synchronous=OFF")  # rows hold checksums; what is lost is made again
        if not file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            with file:
                file.executescript(SCHEMA)
                file.execute("INSERT INTO made_by VALUES (?)", [identity])
        if file.execute("SELECT identity FROM made_by").fetchall() != [(identity,)]:
            raise _ForeignError("made by another encoder")
        file.execute("SELECT key, vector FROM vectors LIMIT 1").fetchall()
    except BaseException:
        file.close()
        raise
    return file
