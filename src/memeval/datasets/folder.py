"""A session of the user's own: a folder with `events.jsonl` and `items.jsonl`."""

from dataclasses import replace
from pathlib import Path

from memeval.datasets import manifest, store
from memeval.datasets.validity import BUILT_IN_ONLY, Fault, find_faults
from memeval.errors import ConfigError, DataError
from memeval.naming import path_slug
from memeval.types import Session


def check_no_choice(folder: Path, size: object, seed: object) -> None:
    """Raise `ConfigError` if a size or seed was chosen: a folder has but one dataset."""
    if size is not None or seed is not None:
        raise ConfigError(
            f"a size or a seed chooses among built-in datasets, got one for the folder "
            f"{str(folder)!r}; leave it out"
        )


def load(folder: Path) -> tuple[Session, str]:
    """Read and check a folder; return its session, and the sha256 of both files together.

    Raises:
        DataError: a file is missing, a line is broken, or the session breaks a rule.
    """
    session, sha256 = _read(folder)
    faults = _located(session, folder)
    if faults:
        more = f" ({len(faults) - 1} more faults)" if len(faults) > 1 else ""
        first = faults[0]
        raise DataError(
            f"{first.where}: {first.rule}, got {first.detail}{more}; mend the file, and check it "
            f"with: memeval datasets verify {folder}"
        )
    return session, sha256


def verify(folder: Path) -> list[Fault]:
    """Return every rule that a folder breaks, each at its file and line.

    Raises:
        DataError: a file is missing, or a line is broken.
    """
    session, _ = _read(folder)
    return _located(session, folder)


def _read(folder: Path) -> tuple[Session, str]:
    paths = folder / store.EVENTS, folder / store.ITEMS
    for path in paths:
        if not path.is_file():
            raise DataError(
                f"a dataset folder must hold {store.EVENTS} and {store.ITEMS}, got no file "
                f"{str(path)!r}; check the path, or write the file"
            )
    events, worth = store.read_events(paths[0])
    items = store.read_items(paths[1], events)
    for path, records in zip(paths, (events, items), strict=True):
        if not records:
            raise DataError(
                f"{path}, line 1: a file must hold at least one record, got none; write one a line"
            )
    name = path_slug(folder, "data")
    labels: dict[str, str | int] = {"suite": name, "size": len(items), "seed": 0}
    hashes = [manifest.digest(path.read_bytes()) for path in paths]
    session = Session(name, events, items, None, worth, labels)
    return session, manifest.digest("".join(hashes).encode())


def _located(session: Session, folder: Path) -> list[Fault]:
    """Return the faults with file and line for their places."""
    in_events = find_faults(replace(session, items=()))
    in_items = find_faults(session)[len(in_events) :]
    event_lines = {event.id: line for line, event in enumerate(session.events, start=1)}
    item_lines = {item.query.id: line for line, item in enumerate(session.items, start=1)}
    return [
        Fault(fault.rule, f"{folder / name}, line {lines[fault.where]}", _told(fault))
        for name, lines, faults in (
            (store.EVENTS, event_lines, in_events),
            (store.ITEMS, item_lines, in_items),
        )
        for fault in faults
        if fault.rule not in BUILT_IN_ONLY
    ]


def _told(fault: Fault) -> str:
    return f"{fault.where!r}: {fault.detail}"
