"""The folder of a cross-encoder, as far as it is known before anything is loaded."""

import hashlib
from functools import lru_cache
from pathlib import Path

from memeval.errors import ModelError
from memeval.models.places import check_folder
from memeval.outside import find_file, shown


def folder_of(name: str) -> Path:
    """Return the folder of a cross-encoder.

    Raises:
        ModelError: there is no such folder, or it holds no model.
    """
    place = find_file(name) or Path(name)
    if not place.is_dir():
        raise ModelError(
            f"a cross-encoder must lie in a local folder, got none at {shown(name)}; check the path"
        )
    check_folder(place)
    return place


def digest_of(name: str) -> str:
    """Return a digest of the files in the folder of a cross-encoder, wherever it lies.

    Raises:
        ModelError: there is no such folder, or it holds no model.
    """
    files = sorted(one for one in folder_of(name).iterdir() if one.is_file())
    stamps = [(path, path.stat()) for path in files if not path.name.startswith(".")]
    return _digest(tuple((path, found.st_size, found.st_mtime_ns) for path, found in stamps))


@lru_cache(maxsize=8)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Return a digest of files' names and content; read once, until one changes."""
    whole = hashlib.sha256()
    for path, _, _ in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.name} {content}\n".encode())
    return whole.hexdigest()
