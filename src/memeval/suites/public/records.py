"""The records of published files: each is read when it is asked for, and knows where it stands."""

import json
import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, overload

from pydantic import BaseModel, ConfigDict, ValidationError

from memeval.errors import DataError
from memeval.outside import UnreadableError, read_json, shown, shown_text

CHUNK = 2**20
"""Bytes of a file that are read at once."""
SPACE = " \t\n\r"

M = TypeVar("M", bound="Checked")


class Checked(BaseModel):
    """A table of a published file: the fields that are read, of the right kind; others may stand.

    A field that may be text or a number says so.
    """

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Record:
    """What a file holds at one place, as it was read."""

    content: Any
    where: str

    def broken(self, rule: str, got: object) -> DataError:
        """Return the error of a record that breaks a rule."""
        return DataError(
            f"{self.where}: {rule}, got {shown(got)}; check that it is the file as it was "
            "published, and whole"
        )

    def as_a(self, kind: type[M]) -> M:
        """Return it as a table of a kind.

        Raises:
            DataError: a field is missing, or holds something else.
        """
        try:
            return kind.model_validate(self.content)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            if first["type"] == "missing":
                raise self.broken(f"it must have the field {shown(field)}", self.content) from error
            told = shown_text(first["msg"].replace("Input should", "must"))
            named = f"the field {shown(field)}" if field else "it"
            raise self.broken(f"{named} {told}", first["input"]) from error


class Records(Sequence[Record]):
    """Records in the order of their files."""

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        """Read one, or several."""
        if isinstance(index, slice):
            return [self.read(i) for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self.read(index % len(self))

    @abstractmethod
    def read(self, index: int) -> Record:
        """Read the record at a place from 0."""


class Listed(Records):
    """Records that are there already, of a file that is small."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    def read(self, index: int) -> Record:
        """Return the record at a place."""
        return self._records[index]


class JsonArray(Records):
    """The elements of a JSON file that is one array; of a large one, one is held at a time.

    Raises:
        DataError: the file is no such array, or cut short.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        found = path.stat()
        self._places = _places(path, found.st_size, found.st_mtime_ns)

    def __len__(self) -> int:
        return len(self._places)

    def read(self, index: int) -> Record:
        """Read an element from the file."""
        start, end = self._places[index]
        where = f"{self._path}, record {index + 1}"
        with self._path.open("rb") as file:
            file.seek(start)
            content = file.read(end - start)
        return Record(parsed(content, where), where)


class Joined(Records):
    """The records of several files, one file's behind another's."""

    def __init__(self, parts: Sequence[Records]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def read(self, index: int) -> Record:
        """Read a record of the file that it stands in."""
        for part in self._parts:
            if index < len(part):
                return part.read(index)
            index -= len(part)
        raise IndexError(index)


def json_arrays(paths: Sequence[Path]) -> Records:
    """Return the elements of files that are one JSON array each.

    Raises:
        DataError: a file is no such array, or cut short.
    """
    return Joined([JsonArray(path) for path in paths])


def read_file(path: Path) -> Record:
    """Read a JSON file that is small.

    Raises:
        DataError: it cannot be read, or is no JSON.
    """
    try:
        return Record(parsed(path.read_bytes(), str(path)), str(path))
    except OSError as error:
        raise DataError(
            f"a benchmark's file must be readable, got {str(path)!r} ({error}); check its path"
        ) from error


def parsed(content: bytes, where: str) -> Any:
    """Parse JSON; half a surrogate pair in it, which is no text, becomes a question mark.

    Raises:
        DataError: it is none; the message says where.
    """
    try:
        value = read_json(content)
    except UnreadableError as error:
        raise _no_json(where, str(error)) from error
    if _HALF_PAIR.search(content):
        return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    return value


@lru_cache(maxsize=8)
def _places(path: Path, _size: int, _mtime_ns: int) -> tuple[tuple[int, int], ...]:
    """Return where every element begins and ends, in bytes; a file that changed is read anew."""
    return tuple(_elements(path))


def _elements(path: Path) -> Iterator[tuple[int, int]]:
    """Go through an array element by element, with no more in memory than one and a chunk."""
    buffer = _Buffer(path)
    if buffer.next_sign() != "[":
        raise _no_json(str(path), "it is no array, which begins with [")
    buffer.skip(1)
    if buffer.next_sign() == "]":
        return
    while True:
        start = buffer.place
        buffer.skip_value()
        yield start, buffer.place
        sign = buffer.next_sign()
        if sign == "]":
            return
        if sign != ",":
            raise _no_json(f"{path}, byte {buffer.place}", "it is cut short, or an element broken")
        buffer.skip(1)
        buffer.next_sign()


class _Buffer:
    """A window on a file of UTF-8 text, which knows its place in bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._chunks = self._decoded()
        self._text, self._at = "", 0
        self._bytes_before = 0

    @property
    def place(self) -> int:
        """The byte at which it stands."""
        self._bytes_before += len(self._text[: self._at].encode())
        self._text, self._at = self._text[self._at :], 0
        return self._bytes_before

    def next_sign(self) -> str:
        """Go to the next character that is no space, and return it; nothing at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def skip(self, count: int) -> None:
        """Go on by characters."""
        self._at += count

    def skip_value(self) -> None:
        """Go behind the value that begins here."""
        wanted = 1
        while True:
            try:
                _, end = _SCANNER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if not self._chunks_more(wanted):
                    raise _no_json(f"{self._path}, byte {self.place}", str(error)) from error
                wanted *= 2  # so that a long value is tried a few times and not for every chunk
                continue
            if end < len(self._text) or not self._more():  # a number may go on
                self._at = end
                return

    def _chunks_more(self, count: int) -> int:
        """Read up to so many chunks, and return how many there were."""
        return sum(self._more() for _ in range(count))

    def _more(self) -> bool:
        chunk = next(self._chunks, "")
        self._text += chunk
        return bool(chunk)

    def _decoded(self) -> Iterator[str]:
        try:
            with self._path.open("r", encoding="utf-8", newline="") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(
                f"a benchmark's file must be readable UTF-8, got {str(self._path)!r} ({error}); "
                "check its path, or fetch it again"
            ) from error


def _no_json(where: str, why: str) -> DataError:
    return DataError(
        f"{where}: a benchmark's file must be whole JSON, got something else ({shown_text(why)}); "
        "fetch it again"
    )


_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")
"""What may be one: whole pairs begin so as well."""
_SCANNER = json.JSONDecoder()
