"""One session: teach, replay, freeze, recall, read, score; and again where it is asked between."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from memeval.errors import MemevalError
from memeval.memories.checked import Checked
from memeval.navigation import walk
from memeval.reader import Reader
from memeval.record import Reached, as_reached
from memeval.scoring.writes import write_scores
from memeval.telemetry.clock import Stopwatch
from memeval.telemetry.resources import PeakMemory
from memeval.types import Event, Item, Recall, Session, Usage

TEACH_BATCH = 128

Report = Callable[[str, int, int], None]
"""Called as work goes on, with the phase, the steps done since the last call, and the total.

What cannot be counted, such as a replay, has a total of 0 and is told once, when it begins.
"""


class StoreChangedError(MemevalError):
    """A memory changed what it had stored while it was only asked to recall."""


def quiet(_phase: str, _done: int, _total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Events that happen, then items asked about all that has happened."""

    events: tuple[Event, ...]
    items: tuple[Item, ...]


Batch = tuple[int, float]
"""How many events were shown at once, and the milliseconds that the memory took for them."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What is told of a memory that has seen events, before questions.

    `fingerprint` is that of the store, which must not change any more; `peak_bytes` is the resident
    memory of the process while teaching.
    """

    fingerprint: str
    phases_ms: Mapping[str, float]
    peak_bytes: int
    stored: set[str] | None
    stats: Mapping[str, int | float]
    saliences: Mapping[str, float] | None
    batches: tuple[Batch, ...] = ()


Teach = Callable[[Sequence[Event], Checked, Report], Taught]
"""Shows a memory the next events of its session, lets it replay, and freezes it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item that was reached, and the events that the memory held when it was asked."""

    reached: Reached
    stored: set[str] | None


@dataclass(frozen=True, slots=True)
class SessionRun:
    """What became of a session, before it is scored."""

    session: str
    events: int
    asked: tuple[Asked, ...]
    phases_ms: Mapping[str, float]
    peak_bytes: int
    stats: Mapping[str, int | float]
    writes: Mapping[str, float | None]
    usage: Mapping[str, Usage | Mapping[str, float | None]]
    left_out: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    batches: tuple[Batch, ...] = ()


class Meter:
    """Tells what a memory's own model calls cost by what it was doing; nothing for most."""

    def __init__(self, memory: Checked) -> None:
        self._memory = memory
        self._before = memory.usage() or Usage()
        self.used: dict[str, Usage] = {}

    def read(self, role: str) -> None:
        """Put down to a role what was used since the last reading."""
        now = self._memory.usage()
        if now is not None:
            self.used[role] = self.used.get(role, Usage()) + now.since(self._before)
            self._before = now


def stages(session: Session) -> list[Stage]:
    """Return a session in the order in which it happens.

    An item is asked when all events up to its `time` have been observed; items asked at one point
    are asked together. Events behind the last question are a stage without items.
    """
    waiting = list(session.events)
    by_time = sorted(session.items, key=lambda item: item.query.time)
    told: list[Stage] = []
    for time, items in groupby(by_time, key=lambda item: item.query.time):
        due = next((i for i, event in enumerate(waiting) if event.time > time), len(waiting))
        asked = tuple(items)
        if told and not due:  # nothing has happened since: the same point in the stream
            told[-1] = Stage(told[-1].events, told[-1].items + asked)
        else:
            told.append(Stage(tuple(waiting[:due]), asked))
        del waiting[:due]
    return [*told, Stage(tuple(waiting), ())] if waiting or not told else told


def run_session(
    session: Session,
    memory: Checked,
    reader: Reader,
    *,
    teach: Teach | None = None,
    report: Report = quiet,
) -> SessionRun:
    """Measure an empty memory on a session.

    The memory is taught events, replays, and is asked the questions of that point in the stream,
    until the stream ends. Its store must be the same before and after questions.

    Raises:
        StoreChangedError: the store changed while it was questioned.
    """
    measured = _measurable(session, memory)
    teach = teach or teach_events
    memory.prepare(measured.items, measured.events)
    memory.show(reader.prompt.examples)
    watch, asked, meter = Stopwatch(), list[Asked](), Meter(memory)
    phases: Counter[str] = Counter()
    batches: tuple[Batch, ...] = ()
    taught = None
    with PeakMemory() as peak:
        for stage in stages(measured):
            taught = teach(stage.events, memory, _onwards(report, len(session.events)))
            phases.update(taught.phases_ms)
            batches += taught.batches
            meter.read("write")
            if not stage.items:
                continue
            asking = _onwards(report, len(measured.items))
            reached = _ask(stage.items, memory, reader, watch, asking)
            meter.read("recall")
            if memory.fingerprint() != taught.fingerprint:
                raise StoreChangedError(
                    "a store must not change after teaching, got another fingerprint after the "
                    "questions; make the memory's recall leave the store alone"
                )
            asked += [Asked(one, taught.stored) for one in reached]
    assert taught is not None
    place = {item.query.id: i for i, item in enumerate(measured.items)}
    return SessionRun(
        session.id,
        len(session.events),
        tuple(sorted(asked, key=lambda one: place[one.reached.item.query.id])),
        {**dict(phases), **watch.elapsed_ms},
        max(taught.peak_bytes, peak.peak_bytes),
        taught.stats,
        write_scores(taught.stored, session.worth, taught.saliences),
        meter.used,
        dict(Counter(item.unscored_reason for item in session.items if item.unscored_reason)),
        session.parts,
        batches,
    )


def teach_events(events: Sequence[Event], memory: Checked, report: Report = quiet) -> Taught:
    """Show a memory events in order, let it replay, and freeze it."""
    watch, batches = Stopwatch(), list[Batch]()
    report("teach", 0, len(events))
    with PeakMemory() as peak:
        for start in range(0, len(events), TEACH_BATCH):
            batch = events[start : start + TEACH_BATCH]
            before = watch.elapsed_ms.get("teach", 0.0)
            with watch.phase("teach"):
                memory.observe(batch)
            batches.append((len(batch), watch.elapsed_ms["teach"] - before))
            report("teach", len(batch), len(events))
        report("replay", 0, 0)
        with watch.phase("replay"):
            memory.replay()
        stored = memory.stored_events()
    return Taught(
        memory.fingerprint(),
        watch.elapsed_ms,
        peak.peak_bytes,
        stored,
        memory.stats(),
        memory.saliences(),
        tuple(batches),
    )


def _onwards(report: Report, whole: int) -> Report:
    """Tell steps of one stage as steps of the whole session."""
    return lambda phase, done, total: report(phase, done, whole if total else 0)


def _measurable(session: Session, memory: Checked) -> Session:
    """Leave out items whose gold is known to be wrong.

    For a control that gives nothing else, also those without labelled gold.
    """
    items = [item for item in session.items if not item.unscored_reason]
    if memory.needs_gold:
        items = [item for item in items if item.gold_events or not _rests_on_gold(item)]
    return replace(session, items=tuple(items))


def _rests_on_gold(item: Item) -> bool:
    return item.answerable and item.navigation is None


def _ask(
    items: Sequence[Item], memory: Checked, reader: Reader, watch: Stopwatch, report: Report
) -> list[Reached]:
    """Ask every question, then let the items that are walked walk."""
    told = 0

    def on_done(done: int) -> None:
        nonlocal told
        told += done
        report("read", done, len(items))

    asked = [item for item in items if not item.navigation]
    report("recall", 0, 0)
    queries = [item.query for item in asked]
    recalls, recall_ms = _recall(asked, memory, watch)
    best = reader.best_events(recalls)
    with watch.phase("read"):
        fit = reader.cut(queries, recalls)
        read = reader.believed(fit)
        on_done(0)
        choices = [item.choices for item in asked]
        generations = reader.answer(queries, read, choices, on_done=on_done)
    on_done(len(asked) - told)  # of a model that does not tell
    reached = [
        Reached(
            item,
            recall,
            cut.events,
            reading,
            recall_ms,
            generation,
            prompt=reader.text(item.query, reading),
            best_events=events,
            context_tokens=tokens,
        )
        for item, recall, cut, reading, generation, events, tokens in zip(
            asked, recalls, fit, read, generations, best, reader.context_tokens(read), strict=True
        )
    ]
    walks = walk(items, memory, reader, watch=watch, on_done=on_done)
    return [*reached, *map(as_reached, walks)]


def _recall(items: Sequence[Item], memory: Checked, watch: Stopwatch) -> tuple[list[Recall], float]:
    """Return all recalls and the mean milliseconds of one."""
    before = watch.elapsed_ms.get("recall", 0.0)
    with watch.phase("recall"):
        recalls = memory.recall([item.query for item in items])
    return recalls, (watch.elapsed_ms["recall"] - before) / max(1, len(items))
