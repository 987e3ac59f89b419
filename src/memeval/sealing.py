"""Digests that tell whether a folder's files are as they were written.

One of the files, the head, is JSON and holds the sha256 of the others and of its own content, so
that damage of any one of them is found before a word of it is believed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from memeval.outside import UnreadableError, read_json

SEAL = "sha256"


def sealed(
    folder: Path, head: str, content: Mapping[str, Any], files: Iterable[str]
) -> dict[str, Any]:
    """Return what a folder's head is to say, with digests of the files beside it and of itself."""
    digests = {name: _digest_of(folder / name) for name in sorted(files)}
    return {**content, SEAL: {**digests, head: _own_digest({**content, SEAL: digests})}}


def read_head(path: Path) -> dict[str, Any]:
    """Return the table that a head holds.

    Raises:
        UnreadableError: it is missing, or no table of keys.
    """
    try:
        content = read_json(path.read_bytes())
    except (OSError, UnreadableError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise UnreadableError(f"{path.name} cannot be read: {told}") from error
    if not isinstance(content, dict):
        raise UnreadableError(f"{path.name} must hold a table of keys")
    return content


def check_seal(folder: Path, head: str, content: Mapping[str, Any], files: Iterable[str]) -> None:
    """Compare a sealed folder with its seal; a file that is not there is passed over.

    Raises:
        UnreadableError: a file is not as it was written; the message names it.
    """
    seal = content.get(SEAL)
    if not isinstance(seal, dict):
        raise UnreadableError(f"{head} must hold digests by name as {SEAL}")
    others = {name: digest for name, digest in seal.items() if name != head}
    if seal.get(head) != _own_digest({**content, SEAL: others}):
        raise UnreadableError(f"{head} is not as it was written")
    for name in files:
        if (folder / name).is_file() and seal.get(name) != _digest_of(folder / name):
            raise UnreadableError(f"{name} is not as it was written")


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _own_digest(content: Mapping[str, Any]) -> str:
    """Return a digest of what JSON holds, whatever the order and the white space."""
    as_read = json.loads(json.dumps(content))
    return hashlib.sha256(json.dumps(as_read, sort_keys=True).encode()).hexdigest()
