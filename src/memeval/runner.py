"""One cell: teach, replay, freeze, recall, read, score."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from memeval.config import ReaderOptions, reader_options
from memeval.errors import MemevalError
from memeval.memories.base import Memory
from memeval.memories.controls import Control
from memeval.models import TextModel
from memeval.navigation import walk
from memeval.reader import Reader
from memeval.record import Reached, as_reached, as_record
from memeval.results import CellResult
from memeval.scoring.writes import write_scores
from memeval.summary import summarize
from memeval.telemetry.clock import Stopwatch
from memeval.telemetry.resources import PeakMemory
from memeval.types import Item, Recall, Session

TEACH_BATCH = 128

Report = Callable[[str, int, int], None]
"""Called as work goes on, with the phase, the steps done since the last call, and the total."""


class StoreChangedError(MemevalError):
    """A memory changed what it had stored while it was only asked to recall."""


def _quiet(_phase: str, _done: int, _total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What is told of a memory that has seen its stream, before the first question.

    `fingerprint` is that of the store, which must not change any more; `peak_bytes` is the resident
    memory of the process while teaching.
    """

    fingerprint: str
    phases_ms: Mapping[str, float]
    peak_bytes: int
    stored: set[str] | None
    stats: Mapping[str, int | float]
    writes: Mapping[str, float | None]


def evaluate(
    session: Session,
    memory: Memory,
    model: TextModel,
    *,
    reader: str | ReaderOptions = "kv",
    report: Report = _quiet,
) -> CellResult:
    """Measure an empty memory on a session.

    The memory is taught the events, replays, and is then asked every question. Its store must be
    the same before and after the questions.

    Raises:
        ConfigError: no such reader.
        StoreChangedError: the store changed while it was questioned.
    """
    options = reader_options(reader) if isinstance(reader, str) else reader
    taught = teach(session, memory, report=report)
    return examine(session, memory, taught, model, reader=options, report=report)


def teach(session: Session, memory: Memory, *, report: Report = _quiet) -> Taught:
    """Show an empty memory the events of a session, let it replay, and freeze it."""
    session = _measurable(session, memory)
    watch = Stopwatch()
    with PeakMemory() as peak:
        _teach(session, memory, watch, report)
        stored = _stored_events(memory)
    return Taught(
        memory.fingerprint(),
        watch.elapsed_ms,
        peak.peak_bytes,
        stored,
        _counters(memory),
        write_scores(stored, session.worth, _saliences(memory)),
    )


def examine(
    session: Session,
    memory: Memory,
    taught: Taught,
    model: TextModel,
    *,
    reader: ReaderOptions,
    report: Report = _quiet,
) -> CellResult:
    """Ask a taught memory every question of a session and let the model answer.

    Raises:
        StoreChangedError: the store changed while it was questioned.
    """
    session = _measurable(session, memory)
    notes_reader = Reader(model, session.prompt, reader)
    watch = Stopwatch()
    with PeakMemory() as peak:
        reached = _test(session, memory, notes_reader, watch, report)
        if memory.fingerprint() != taught.fingerprint:
            raise StoreChangedError(
                "a store must not change after teaching, got another fingerprint after the "
                "questions; make the memory's recall leave the store alone"
            )
    ranks = any(one.recall.traces for one in reached) and getattr(memory, "ranks", True)
    records = tuple(
        as_record(session.id, one, stored=taught.stored, ranks=ranks) for one in reached
    )
    metrics = summarize(
        records,
        phases_ms={**taught.phases_ms, **watch.elapsed_ms},
        peak_bytes=max(taught.peak_bytes, peak.peak_bytes),
        events=len(session.events),
        memory_stats=taught.stats,
        writes=taught.writes,
        read_as="kv" if notes_reader.stitched else "text",
        kv_cache=notes_reader.cache_stats(),
    )
    return CellResult(records, metrics)


def _measurable(session: Session, memory: Memory) -> Session:
    """Leave out the questions without labelled gold, for a control that gives nothing else."""
    if not (isinstance(memory, Control) and memory.needs_gold):
        return session
    told = [item for item in session.items if item.gold_events or not _rests_on_gold(item)]
    return replace(session, items=tuple(told))


def _rests_on_gold(item: Item) -> bool:
    return item.answerable and item.navigation is None


def _test(
    session: Session, memory: Memory, reader: Reader, watch: Stopwatch, report: Report
) -> list[Reached]:
    """Ask every question, then let the items that are walked walk; return them in order."""
    total = len(session.items)

    def on_done(done: int) -> None:
        report("read", done, total)

    asked = [item for item in session.items if not item.navigation]
    queries = [item.query for item in asked]
    recalls, recall_ms = _recall(asked, memory, watch)
    with watch.phase("read"):
        read = reader.cut(queries, recalls)
        generations = reader.read(queries, read, on_done=on_done)
    reached = [
        Reached(item, recall, cut.events, len(cut.traces), recall_ms, generation)
        for item, recall, cut, generation in zip(asked, recalls, read, generations, strict=True)
    ]
    reached += map(as_reached, walk(session.items, memory, reader, watch=watch, on_done=on_done))
    place = {item.query.id: i for i, item in enumerate(session.items)}
    return sorted(reached, key=lambda one: place[one.item.query.id])


def _teach(session: Session, memory: Memory, watch: Stopwatch, report: Report) -> None:
    total = len(session.events)
    for start in range(0, total, TEACH_BATCH):
        batch = session.events[start : start + TEACH_BATCH]
        with watch.phase("teach"):
            memory.observe(batch)
        report("teach", len(batch), total)
    with watch.phase("replay"):
        memory.replay()
    if isinstance(memory, Control):
        memory.prepare(session.items)


def _recall(items: Sequence[Item], memory: Memory, watch: Stopwatch) -> tuple[list[Recall], float]:
    """Return all recalls and the mean milliseconds of one."""
    with watch.phase("recall"):
        recalls = memory.recall([item.query for item in items]) if items else []
    if len(recalls) != len(items):
        raise MemevalError(
            f"a memory must return one recall per query, got {len(recalls)} for "
            f"{len(items)} queries; mend its recall method"
        )
    return recalls, watch.elapsed_ms["recall"] / max(1, len(items))


def _counters(memory: Memory) -> dict[str, int | float]:
    """Return what a memory counts, as plain numbers, which alone JSON can hold.

    Raises:
        MemevalError: a counter is no finite number.
    """
    counters = {}
    for name, value in memory.stats().items():
        plain = value.item() if isinstance(value, np.generic) else value
        if not (isinstance(plain, int | float) and math.isfinite(plain)):
            raise MemevalError(
                f"a memory's counters must be finite numbers, got {value!r} for {name!r}; leave "
                "out of its stats what was not counted"
            )
        counters[name] = plain
    return counters


def _stored_events(memory: Memory) -> set[str] | None:
    tell = getattr(memory, "stored_events", None)
    return set(tell()) if tell else None


def _saliences(memory: Memory) -> Mapping[str, float] | None:
    tell = getattr(memory, "saliences", None)
    return tell() if tell else None
