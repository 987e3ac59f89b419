"""The records of published files: each is read when it is asked for, and knows where it stands."""

import json
import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, overload

from pydantic import BaseModel, ConfigDict, ValidationError

from memeval.errors import DataError
from memeval.outside import UnreadableError, read_json, shown, shown_text
from memeval.suites.public.fields import expected, field_path

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
            f"{self.where}: {rule}, got {shown(got)}; check that it is this benchmark's file as it "
            "was published, and whole"
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
            path = field_path(first["loc"], self.content)
            field = ", ".join(f"entry {one + 1}" if isinstance(one, int) else one for one in path)
            if first["type"] == "missing":
                raise self.broken(f"it must have the field {shown(field)}", self.content) from error
            named = f"the field {shown(field)}" if field else "it"
            raise self.broken(
                f"{named} must be {expected(kind, path)}", _at(self.content, path)
            ) from error


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


def read_file(path: Path) -> Record:
    """Read a JSON file that is small.

    Raises:
        DataError: it cannot be read, or is no JSON.
    """
    return Record(parsed(read_text(path), str(path)), str(path))


def read_text(path: Path) -> str:
    """Read a text file that is small, without the mark that may stand in front of UTF-8.

    Raises:
        DataError: it cannot be read, or is no UTF-8.
    """
    with reading(path):
        return path.read_bytes().decode("utf-8-sig")


def parsed(content: str, where: str) -> Any:
    """Parse JSON; half a surrogate pair in it, which is no text, becomes a question mark.

    Raises:
        DataError: it is none; the message says where.
    """
    try:
        value = read_json(content)
    except UnreadableError as error:
        raise no_json(where, str(error)) from error
    if _HALF_PAIR.search(content):
        return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    return value


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say of what is no readable text which file it is."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}: a benchmark's file must be UTF-8 text, got other bytes; check that it is "
            "this benchmark's file as it was published"
        ) from error
    except OSError as error:
        raise DataError(
            f"a benchmark's file must be readable, got {str(path)!r} ({error}); check its path"
        ) from error


def _at(content: Any, path: Sequence[str | int]) -> Any:
    """Return what stands in a record below the fields and entries of a path."""
    for step in path:
        content = content[step]
    return content


def no_json(where: str, why: str) -> DataError:
    """Return the error of what is no JSON, or not all of it."""
    return DataError(
        f"{where}: a benchmark's file must be whole JSON, got something else ({shown_text(why)}); "
        "fetch it again"
    )


_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
"""What may be one: whole pairs begin so as well."""
