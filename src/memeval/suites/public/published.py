"""The dataset of a published benchmark: sessions that are read when they are asked for."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, overload

from memeval.datasets import store
from memeval.datasets.dataset import Data
from memeval.datasets.sampling import draw, with_drawn
from memeval.datasets.validity import Fault, find_faults
from memeval.errors import DataError
from memeval.outside import encodable, find_file, shown
from memeval.suites.public.form import Form, Options
from memeval.suites.public.records import Records
from memeval.suites.public.tally import Tally
from memeval.types import Session

OURS = frozenset({"event ids are unique", "query ids are unique", "events are in order of time",
                  "events have text", "events that an item names exist",
                  "passages contain their gold", "every item has an answer"})  # fmt: skip
"""Rules that a reader sees to, whatever its files hold; others tell of the data."""
UNKNOWN = "not a file that memeval knows"
SETTLED_NS = 2 * 10**9
"""How old a file must be for its time to tell it from what it may be changed to."""


@dataclass(frozen=True, slots=True)
class Published:
    """A benchmark's files as a dataset, of all its questions or of those drawn."""

    form: Form = field(compare=False, repr=False)
    place: Path
    paths: tuple[Path, ...]
    suite: str
    size: int
    seed: int
    options: tuple[tuple[str, str], ...] = ()
    is_drawn: bool = False
    rules: ClassVar[frozenset[str]] = OURS

    def open(self) -> Data:
        """Read the files once through, and keep where their sessions are.

        Raises:
            DataError: a file is missing, or a record broken.
        """
        form, options = self.form, dict(self.options)
        read = read_through(form, self.paths, options)
        drawn = draw(read.asked, size=self.size, seed=self.seed) if self.is_drawn else None
        asked = drawn if drawn is not None else {(one, query) for one, query, _ in read.asked}
        holding = {session for session, _ in asked}
        places = [place for place, id_ in enumerate(read.sessions) if id_ in holding]
        hashes = [_sha256(path) for path in self.paths]
        ours = form.licence_of_ours(hashes)
        return Data(
            Sessions(form, form.records(self.paths), options, places, drawn),
            read.digest,
            form.prompt,
            form.scorers,
            form.primary,
            judged=form.judged,
            source=_source(form, self.paths[0].name, hashes),
            licence=ours or form.licence,
            left_out=read.tally.left_out,
            remarks=read.tally.remarks,
            private=not ours,
            citation="" if ours else form.citation,
            asked=f"{form.name}:{encodable(str(self.place))}",
            options=options,
        )

    def faults(self) -> list[Fault]:
        """Return the rules that its sessions break and a reader should have seen to."""
        sessions = self.open().sessions
        return [
            one for session in sessions for one in find_faults(session) if one.rule in self.rules
        ]


class Sessions(Sequence[Session]):
    """Sessions made of records one at a time; the last one is kept."""

    def __init__(
        self,
        form: Form,
        records: Records,
        options: Options,
        places: Sequence[int],
        drawn: Collection[tuple[str, str]] | None,
    ) -> None:
        self._form, self._records, self._options = form, records, options
        self._places, self._drawn = places, drawn
        self._last: tuple[int, Session] | None = None

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Session: ...
    @overload
    def __getitem__(self, index: slice) -> list[Session]: ...
    def __getitem__(self, index: int | slice) -> Session | list[Session]:
        """Read one, or several."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = self._places[index]
        if self._last is None or self._last[0] != place:
            self._last = (place, self._read(place))
        return self._last[1]

    def _read(self, place: int) -> Session:
        session = self._form.read(self._records[place], Tally(), self._options)
        return session if self._drawn is None else with_drawn(session, self._drawn)


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What one pass over the files has told, without their text.

    `sessions` are the ids of all records in order, `asked` every item by session, id and slice.
    """

    sessions: tuple[str, ...]
    asked: tuple[tuple[str, str, str], ...]
    events: int
    digest: str
    tally: Tally


def read_through(form: Form, paths: Sequence[Path], options: Options) -> ReadThrough:
    """Read a benchmark's files once, record by record; what was read is kept until a file changes.

    Raises:
        DataError: a record is broken, two have one id, or nothing is asked.
    """
    stamps = [(path, _found(path)) for path in (*paths, *_named(options))]
    if time.time_ns() - max(found.st_mtime_ns for _, found in stamps) < SETTLED_NS:
        return _read_through(form, tuple(paths), tuple(options.items()), ())
    told = tuple((str(path), found.st_size, found.st_mtime_ns) for path, found in stamps)
    return _read_once(form, tuple(paths), tuple(options.items()), told)


def _found(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise DataError(
            f"a benchmark's file must stay where it was found, got {str(path)!r} ({error}); put it "
            "back"
        ) from error


def _named(options: Options) -> Iterator[Path]:
    """Yield the files that options name, from which records may be made too."""
    return (path for path in map(find_file, options.values()) if path)


def _read_through(
    form: Form,
    paths: tuple[Path, ...],
    chosen: tuple[tuple[str, str], ...],
    _stamps: tuple[tuple[str, int, int], ...],
) -> ReadThrough:
    options = dict(chosen)
    tally, digest = Tally(), hashlib.sha256()
    ids, asked, events = list[str](), list[tuple[str, str, str]](), 0
    for record in form.records(paths):
        session = form.read(record, tally, options)
        if not session.items:
            tally.remark("sessions without a question, which are not told")
        if twice := [*_twice(item.query.id for item in session.items)]:
            raise record.broken("its questions must have ids of their own", twice[0])
        ids.append(session.id)
        asked += [(session.id, item.query.id, item.slice) for item in session.items]
        events += len(session.events)
        for part in (session.id, store.event_lines(session), store.item_lines(session)):
            digest.update(part.encode() + b"\0")
    if twice := [*_twice(ids)]:
        raise DataError(
            f"{paths[0]}: records must have ids of their own, got {shown(twice[0])} twice; check "
            "that no file lies there a second time"
        )
    if not asked:
        raise DataError(
            f"{paths[0]}: a benchmark must ask something, got no question that can be scored; "
            "check the path"
        )
    return ReadThrough(tuple(ids), tuple(asked), events, digest.hexdigest(), tally)


_read_once = lru_cache(maxsize=8)(_read_through)


def _twice(ids: Iterable[str]) -> Iterator[str]:
    return (id_ for id_, count in Counter(ids).items() if count > 1)


def _source(form: Form, name: str, hashes: Sequence[str]) -> str:
    """Return the name of a file and which of the published ones it is; of several the first's."""
    known = form.known.get(hashes[0], UNKNOWN)
    first = f"{encodable(name)} ({known}, sha256 {hashes[0][:16]})"
    if not (more := len(hashes) - 1):
        return first
    unknown = sum(sha256 not in form.known for sha256 in hashes[1:])
    return f"{first} and {more} more" + (
        f", of which memeval knows {more - unknown}" * bool(unknown)
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
