"""Records of files that are one JSON array each: of a large one, one record is held at a time."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path

from memeval.errors import DataError
from memeval.outside import TOO_DEEP, UnreadableError
from memeval.suites.public.records import Record, Records, no_json, parsed, reading

CHUNK = 2**20
"""Bytes of a file that are read at once."""
SPACE = " \t\n\r"
BYTE_ORDER_MARK = "\ufeff"


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
        return Record(parsed(content.decode(), where), where)


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


@lru_cache(maxsize=8)
def _places(path: Path, _size: int, _mtime_ns: int) -> tuple[tuple[int, int], ...]:
    """Return where every element begins and ends, in bytes; a file that changed is read anew."""
    return tuple(_elements(path))


def _elements(path: Path) -> Iterator[tuple[int, int]]:
    """Go through an array element by element, with no more in memory than one and a chunk."""
    buffer = _Buffer(path)
    if buffer.next_sign() == BYTE_ORDER_MARK:
        buffer.skip(1)
    if (sign := buffer.next_sign()) != "[":
        raise _no_array(path, sign)
    buffer.skip(1)
    is_over = buffer.next_sign() == "]"
    for number in count(1):
        if is_over:
            break
        start, where = buffer.place, f"{path}, record {number}"
        try:
            buffer.skip_value()
        except UnreadableError as error:
            raise no_json(where, str(error)) from error
        yield start, buffer.place
        sign = buffer.next_sign()
        if not sign or sign not in "],":
            told = "neither a comma nor the end of the array" if sign else "no end of the array"
            raise no_json(where, f"{told} behind it")
        is_over = sign == "]"
        if not is_over:
            buffer.skip(1)
            buffer.next_sign()
    buffer.skip(1)
    if buffer.next_sign():
        raise DataError(
            f"{path}, byte {buffer.place}: a benchmark's file must be one JSON array, got more "
            "behind it; check that no other file was joined to it"
        )


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
        """Go behind the value that begins here.

        Raises:
            UnreadableError: it is none, or cut short.
        """
        wanted = 1
        while True:
            try:
                _, end = _SCANNER.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise UnreadableError(TOO_DEEP) from error
            except json.JSONDecodeError as error:
                if not self._chunks_more(wanted):
                    raise UnreadableError(error.msg) from error  # its place is one in the window
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
        with reading(self._path), self._path.open("r", encoding="utf-8", newline="") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _no_array(path: Path, sign: str) -> DataError:
    """Return the error of a file that begins with another sign than an array does."""
    got = _KINDS.get(sign, "a number" if sign.isdecimal() else "no JSON" if sign else "nothing")
    return DataError(
        f"{path}: it must be an array of records, got {got}; check that it is the file of this "
        "benchmark"
    )


_KINDS = {"{": "a table", '"': "a text", "-": "a number", "t": "true", "f": "false", "n": "null"}
"""What JSON is that begins with a sign."""
_SCANNER = json.JSONDecoder(parse_int=str)  # which numbers are too long is said by who reads them
