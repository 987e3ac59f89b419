"""How a published benchmark is read, and what has to be said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from memeval.datasets.dataset import PRIMARY
from memeval.suites.public.records import Record, Records
from memeval.suites.public.tally import EMPTY, Tally
from memeval.types import PromptFormat, Session

Options = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Form:
    """What a benchmark's file says of it.

    `records` finds the records of its files, each of which `session` makes a session of, and
    counts in a tally what it mended, left out, or found to be wrong. `files` are the patterns of
    its files below a folder; `known` names files by their sha256, and `ours` the licence of those
    that others did not publish: their texts may be passed on. `options` are what `--set
    data.NAME=VALUE` takes: the values that each may have, the default first; one without values
    takes any text, and nothing by default. `home` is where the files can be had.
    """

    name: str
    records: Callable[[Sequence[Path]], Records]
    session: Callable[[Record, Tally, Options], Session]
    files: tuple[str, ...]
    licence: str
    citation: str
    home: str
    known: Mapping[str, str] = field(default_factory=dict)
    ours: Mapping[str, str] = field(default_factory=dict)
    prompt: PromptFormat | None = None
    primary: str = PRIMARY
    judged: str = ""
    scorers: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def licence_of_ours(self, hashes: Sequence[str]) -> str:
        """Return the licence of files by their sha256, empty if one of them is not ours."""
        licences = [self.ours.get(sha256, "") for sha256 in hashes]
        return ", ".join(dict.fromkeys(licences)) if all(licences) else ""

    def read(self, record: Record, tally: Tally, options: Options) -> Session:
        """Return the session of a record; what asks nothing in it is left out and counted.

        Raises:
            DataError: the record is broken, or an id is empty.
        """
        session = self.session(record, tally, options)
        if not all(id_.strip() for id_ in (session.id, *(i.query.id for i in session.items))):
            raise record.broken("it and its questions must have ids", "")
        asked = tuple(
            item for item in session.items if item.query.text.strip() and any(item.answers)
        )
        tally.leave_out(EMPTY, len(session.items) - len(asked))
        return replace(session, items=asked)
