"""`data/MANIFEST.json`: the sha256 and item count of every dataset file."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel

from memeval.atomic import write_text
from memeval.errors import DataError
from memeval.outside import read_json, shown_text

NAME = "MANIFEST.json"
FORMAT = 1


class _Entry(BaseModel):
    sha256: str
    items: int


class _Manifest(BaseModel):
    files: dict[str, _Entry]


def digest(data: bytes) -> str:
    """Return the hex sha256 of a file's content."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(data_dir: Path) -> dict[str, dict[str, str | int]]:
    """Return the entries by file name relative to `data_dir`; none if there is no manifest."""
    path = data_dir / NAME
    if not path.is_file():
        return {}
    try:
        files = _Manifest.model_validate(read_json(path.read_text("utf-8"))).files
    except ValueError as error:
        told = shown_text(" ".join(str(error).split()))
        raise DataError(
            f"the manifest must be JSON with a table of files, got {str(path)!r} ({told}); "
            "restore it from version control, or delete it and run: memeval datasets build"
        ) from error
    return {name: {"sha256": entry.sha256, "items": entry.items} for name, entry in files.items()}


def record_files(data_dir: Path, names: Iterable[str]) -> None:
    """Enter files into the manifest; what it says of other files stays, whoever writes it."""
    with FileLock(data_dir / f".{NAME}.lock"):
        entries = read_manifest(data_dir)
        for name in names:
            data = (data_dir / name).read_bytes()
            entries[name] = {"sha256": digest(data), "items": data.count(b"\n")}
        table = {"format": FORMAT, "files": dict(sorted(entries.items()))}
        write_text(data_dir / NAME, json.dumps(table, indent=1) + "\n")


def check_file(data_dir: Path, name: str) -> str:
    """Return a file's sha256.

    Raises:
        DataError: the file is not the one that the manifest lists.
    """
    entry = read_manifest(data_dir).get(name)
    path = data_dir / name
    if entry is None:
        raise DataError(
            f"a dataset file must be listed in {NAME}, got {str(path)!r}; "
            f"build it with: {_build_command(name)}"
        )
    if not path.is_file():
        raise DataError(
            f"a dataset file must be there to be read, got none at {str(path)!r}; "
            f"build it with: {_build_command(name)}"
        )
    got = digest(path.read_bytes())
    if got != entry["sha256"]:
        raise DataError(
            f"a dataset file must match its sha256 in {NAME}, got another for {str(path)!r} "
            f"(listed {str(entry['sha256'])[:12]}..., got {got[:12]}...); "
            f"build it again with: {_build_command(name)}"
        )
    return got


def _build_command(name: str) -> str:
    """Return the command that builds the dataset of a file, `SUITE/SIZE_SEED/FILE`."""
    suite, choice, _ = name.split("/")
    size, seed = choice.split("_")
    return f"memeval datasets build --suite {suite} --size {size} --seed {seed}"
