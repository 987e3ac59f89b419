"""One cell: teach, replay, freeze, recall, read, score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from memeval.config import ReaderOptions, reader_options
from memeval.errors import MemevalError
from memeval.memories.checked import Checked
from memeval.memories.contract import Memory
from memeval.models.base import LanguageModel
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
    model: LanguageModel,
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
    checked = Checked(memory)
    session = _measurable(session, checked)
    watch = Stopwatch()
    with PeakMemory() as peak:
        _teach(session, checked, watch, report)
        stored = checked.stored_events()
    return Taught(
        checked.fingerprint(),
        watch.elapsed_ms,
        peak.peak_bytes,
        stored,
        checked.stats(),
        write_scores(stored, session.worth, checked.saliences()),
    )


def examine(
    session: Session,
    memory: Memory,
    taught: Taught,
    model: LanguageModel,
    *,
    reader: ReaderOptions,
    report: Report = _quiet,
) -> CellResult:
    """Ask a taught memory every question of a session and let the model answer.

    Raises:
        StoreChangedError: the store changed while it was questioned.
    """
    checked = Checked(memory)
    session = _measurable(session, checked)
    notes_reader = Reader(model, session.prompt, reader)
    watch = Stopwatch()
    cached = model.cache_stats()
    with PeakMemory() as peak:
        reached = _test(session, checked, notes_reader, watch, report)
        if checked.fingerprint() != taught.fingerprint:
            raise StoreChangedError(
                "a store must not change after teaching, got another fingerprint after the "
                "questions; make the memory's recall leave the store alone"
            )
    recalls = [one.recall for one in reached]
    ranks = any(one.traces for one in recalls) and all(one.ranked for one in recalls)
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
        kv_cache=_cache_use(cached, model.cache_stats()),
    )
    return CellResult(records, metrics)


def _measurable(session: Session, memory: Checked) -> Session:
    """Leave out the questions without labelled gold, for a control that gives nothing else."""
    if not memory.needs_gold:
        return session
    told = [item for item in session.items if item.gold_events or not _rests_on_gold(item)]
    return replace(session, items=tuple(told))


def _rests_on_gold(item: Item) -> bool:
    return item.answerable and item.navigation is None


def _test(
    session: Session, memory: Checked, reader: Reader, watch: Stopwatch, report: Report
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


def _teach(session: Session, memory: Checked, watch: Stopwatch, report: Report) -> None:
    total = len(session.events)
    for start in range(0, total, TEACH_BATCH):
        batch = session.events[start : start + TEACH_BATCH]
        with watch.phase("teach"):
            memory.observe(batch)
        report("teach", len(batch), total)
    with watch.phase("replay"):
        memory.replay()
    memory.prepare(session.items, session.events)


def _recall(items: Sequence[Item], memory: Checked, watch: Stopwatch) -> tuple[list[Recall], float]:
    """Return all recalls and the mean milliseconds of one."""
    with watch.phase("recall"):
        recalls = memory.recall([item.query for item in items])
    return recalls, watch.elapsed_ms["recall"] / max(1, len(items))


def _cache_use(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return what the cache of fragments did meanwhile, and what it holds now."""
    counters = ("hits", "misses", "evictions")
    return {n: after[n] - before[n] if n in counters else after[n] for n in after}
