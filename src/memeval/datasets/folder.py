"""Data of the user's own: a folder with `events.jsonl` and `items.jsonl`, or a folder of such."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from memeval.datasets import manifest, store
from memeval.datasets.dataset import Data
from memeval.datasets.records import EventRecord, ItemRecord
from memeval.datasets.sampling import sample
from memeval.datasets.validity import BUILT_IN_ONLY, Fault, find_faults
from memeval.errors import DataError
from memeval.naming import path_slug
from memeval.outside import encodable, shown, shown_text
from memeval.types import Session

R = TypeVar("R", EventRecord, ItemRecord)
Lines = list[tuple[int, R]]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as a dataset, of all its items or of those that a size and a seed draw."""

    path: Path
    suite: str
    size: int
    seed: int
    is_drawn: bool = False

    @classmethod
    def at(cls, path: Path, *, size: int | None = None, seed: int | None = None) -> "Folder":
        """Return the dataset of a folder, which is read to count its items.

        Without a size, or with one that is not below what there is, all items are asked.

        Raises:
            DataError: a file is missing, a line is broken, or a session breaks a rule.
        """
        name = path_slug(path, "data")
        count = sum(len(session.items) for session in checked(path).sessions)
        if size is None or size >= count:
            return cls(path.resolve(), name, count, 0)
        return cls(path.resolve(), name, size, seed or 0, is_drawn=True)

    def open(self) -> Data:
        """Read and check the folder.

        Raises:
            DataError: a file is missing, a line is broken, or a session breaks a rule.
        """
        whole = checked(self.path)
        if not self.is_drawn:
            return whole
        return replace(whole, sessions=sample(whole.sessions, size=self.size, seed=self.seed))

    def faults(self) -> list[Fault]:
        """Return every rule that the folder breaks, each at its file and line."""
        return verify(self.path)


@dataclass(frozen=True, slots=True)
class Part:
    """One session of a folder, and where its records stand."""

    folder: Path
    session: Session
    event_lines: Mapping[str, int]
    item_lines: Mapping[str, int]


def checked(folder: Path) -> Data:
    """Return the sessions of a folder, and the sha256 of its files together.

    Raises:
        DataError: a file is missing, a line is broken, or a session breaks a rule.
    """
    parts, sha256 = _read(folder)
    faults = [fault for part in parts for fault in _located(part)]
    if faults:
        more = f" ({len(faults) - 1} more faults)" if len(faults) > 1 else ""
        first = faults[0]
        raise DataError(
            f"{first.where}: {first.rule}, got {first.detail}{more}; mend the file, and check it "
            f"with: memeval datasets verify {folder}"
        )
    return Data(
        [part.session for part in parts if part.session.items],
        sha256,
        source=encodable(str(folder)),
    )


def verify(folder: Path) -> list[Fault]:
    """Return every rule that a folder breaks, each at its file and line.

    Raises:
        DataError: a file is missing, or a line is broken.
    """
    parts, _ = _read(folder)
    return [fault for part in parts for fault in _located(part)]


def _read(folder: Path) -> tuple[list[Part], str]:
    """Return the sessions of a folder, or of the folders in it, and one digest of all files."""
    below = [path for path in sorted(_below(folder)) if _holds_data(path)]
    if not below or _holds_data(folder):
        return _parts(folder, path_slug(folder, "data"))
    parts, hashes = [], []
    for path in below:
        name = encodable(path.name)
        found, sha256 = _parts(path, name)
        if len(found) > 1:  # a `session` field tells sessions of one folder apart, not of all
            found = [_renamed(part, f"{name}/{part.session.id}") for part in found]
        parts += found
        hashes.append(f"{name}\0{sha256}")
    return parts, manifest.digest("\0".join(hashes).encode())


def _below(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.is_dir())


def _holds_data(folder: Path) -> bool:
    return any((folder / name).exists() for name in (store.EVENTS, store.ITEMS))


def _renamed(part: Part, id_: str) -> Part:
    return replace(part, session=replace(part.session, id=id_))


def _parts(folder: Path, name: str) -> tuple[list[Part], str]:
    """Return the sessions of a folder's two files; one that no field names has the given name."""
    paths = folder / store.EVENTS, folder / store.ITEMS
    if paths[0].is_file() and not paths[1].exists():
        raise DataError(
            f"a dataset folder must hold {store.ITEMS}, what is asked about its events, got no "
            f"questions yet in {str(folder)!r}; write them to that file, one a line, or import "
            "them: memeval datasets import CHATS --questions FILE "
            f"--into {shlex.quote(str(folder))} --force"
        )
    for path in paths:
        if not path.is_file():
            raise DataError(
                f"a dataset folder must hold {store.EVENTS} and {store.ITEMS}, or folders that do, "
                f"got no file {str(path)!r}; check the path, or write the file"
            )
    events = _by_session(paths[0], EventRecord)
    items = _by_session(paths[1], ItemRecord)
    if strangers := [lines for id_, lines in items.items() if id_ not in events]:
        line, record = strangers[0][0]
        raise DataError(
            f"{paths[1]}, line {line}: an item's session must be one with events, got "
            f"{shown(record.session)}; mend the field, or add events"
        )
    parts = [_part(folder, id_ or name, events[id_], items.get(id_, [])) for id_ in events]
    return parts, manifest.digest("".join(manifest.digest(p.read_bytes()) for p in paths).encode())


def _by_session(path: Path, kind: type[R]) -> dict[str, Lines[R]]:
    """Return the records of a file by the session that they name; if one does, all must."""
    groups: dict[str, Lines[R]] = {}
    for line, record in store.read_records(path, kind):
        groups.setdefault(record.session, []).append((line, record))
    if not groups:
        raise DataError(
            f"{path}, line 1: a file must hold at least one record, got none; write one a line"
        )
    if "" in groups and len(groups) > 1:
        raise DataError(
            f"{path}, line {groups[''][0][0]}: every record must name its session where one does, "
            "got one without the field 'session'; add it"
        )
    return groups


def _part(folder: Path, id_: str, told: Lines[EventRecord], asked: Lines[ItemRecord]) -> Part:
    events, worth = store.as_events(record for _, record in told)
    items = store.as_items(asked, events)
    return Part(
        folder,
        Session(id_, events, items, None, worth),
        {record.id: line for line, record in told},
        {item.query.id: line for item, (line, _) in zip(items, asked, strict=True)},
    )


def _located(part: Part) -> list[Fault]:
    """Return the faults with file and line for their places."""
    in_events = find_faults(replace(part.session, items=()))
    in_items = find_faults(part.session)[len(in_events) :]
    places: Sequence[tuple[str, Mapping[str, int], list[Fault]]] = (
        (store.EVENTS, part.event_lines, in_events),
        (store.ITEMS, part.item_lines, in_items),
    )
    return [
        Fault(fault.rule, f"{part.folder / name}, line {lines[fault.where]}", _told(fault))
        for name, lines, faults in places
        for fault in faults
        if fault.rule not in BUILT_IN_ONLY
    ]


def _told(fault: Fault) -> str:
    return f"{shown(fault.where)}: {shown_text(fault.detail)}"
