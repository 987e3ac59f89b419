"""A store on disk: Parquet tables and `store.json`, written whole or not at all, checked when read.

The errors of all memories' `save` and `load` come from here, so that they keep the same promises.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from memeval import atomic, parquet
from memeval.errors import DataError, MemevalError
from memeval.outside import UnreadableError, shown, shown_text
from memeval.sealing import check_seal, read_head, sealed

ABOUT = "store.json"

Tables = dict[str, list[dict[str, Any]]]


class Saved(NamedTuple):
    """The rows of every table, and what stands in `store.json` beside format and model."""

    tables: Tables
    about: dict[str, Any]


@dataclass(frozen=True)
class StoreLayout:
    """What a memory's store consists of: tables by name, and keys of `store.json` by their type.

    `version` changes whenever a store of before would be misread.
    """

    memory: str
    version: int
    tables: Mapping[str, pa.Schema]
    about: Mapping[str, type]

    @property
    def files(self) -> set[str]:
        """The names of all files of a store."""
        return {ABOUT, *self._sealed}

    @property
    def _sealed(self) -> list[str]:
        return [f"{name}.parquet" for name in self.tables]

    def write(self, directory: Path, saved: Saved, *, model: str = "") -> None:
        """Write a store in place of an older one; `model` is the fingerprint it depends on, if any.

        Raises:
            DataError: the folder holds something else, which would be lost.
            OutputError: there is no room or no permission; an older store is still there.
        """
        head = {"format": self.version, "memory": self.memory} | ({"model": model} if model else {})
        with replaced(directory, self.files) as folder:
            for name, schema in self.tables.items():
                table = pa.Table.from_pylist(saved.tables[name], schema=schema)
                parquet.write(table, folder / f"{name}.parquet")
            about = json.dumps(sealed(folder, ABOUT, head | saved.about, self._sealed), indent=1)
            (folder / ABOUT).write_text(about + "\n", "utf-8")

    @contextmanager
    def reading(self, directory: Path, *, model: str = "") -> Iterator[Saved]:
        """Give what a folder holds, to be built into a store of its own and only then be used.

        Raises:
            DataError: a file is missing, damaged, of another memory, format or model, or its
                content cannot be built into a store.
        """
        try:
            about = self._about(directory, model)
            yield Saved({name: self._rows(directory, name) for name in self.tables}, about)
        except MemevalError:
            raise
        except Exception as error:  # what building a store from what is not one ends in
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise DataError(
                f"a saved store must be whole, got {str(directory)!r} ({shown_text(what)}); teach "
                "it again"
            ) from error

    def _about(self, directory: Path, model: str) -> dict[str, Any]:
        about = read_head(directory / ABOUT)
        check_seal(directory, ABOUT, about, self._sealed)
        for key, wanted in (("memory", self.memory), ("format", self.version)):
            if about.get(key) != wanted:
                raise DataError(
                    f"a saved store must have {key} {wanted}, got {shown(about.get(key))} in "
                    f"{str(directory)!r}; name another store, or teach it again"
                )
        if (written_with := about.get("model", "")) != model:
            raise DataError(
                f"a store must be read with the model that wrote it, got {written_with!s:.12}... "
                f"in {str(directory)!r} for a model {model:.12}...; load that model, or teach it "
                "again"
            )
        for key, kind in self.about.items():
            if not isinstance(about.get(key), kind):
                raise UnreadableError(
                    f"{ABOUT} has {key} {shown(about.get(key))}, not {kind.__name__}"
                )
        return about

    def _rows(self, directory: Path, name: str) -> list[dict[str, Any]]:
        schema = self.tables[name]
        with parquet.opened(directory / f"{name}.parquet") as file:
            table = file.read(use_threads=False)
            if missing := [column for column in schema.names if column not in table.schema.names]:
                raise UnreadableError(f"{name}.parquet has no column {missing[0]!r}")
            rows: list[dict[str, Any]] = table.select(schema.names).cast(schema).to_pylist()
        return rows


def replaced(directory: Path, files: Collection[str]) -> AbstractContextManager[Path]:
    """Return a block's folder to fill, which takes the place of one with no other files than these.

    Raises:
        DataError: the folder holds something else, which would be lost.
    """
    for path in directory.rglob("*") if directory.is_dir() else [directory]:
        is_lost = path.is_symlink() or path.is_file()
        if is_lost and path.relative_to(directory).as_posix() not in files:
            raise DataError(
                f"a store must be saved to a folder of its own, got {str(directory)!r} with "
                f"{path.name!r}; name a new folder"
            )
    return atomic.new_folder(directory, ours={name.partition("/")[0] for name in files})
