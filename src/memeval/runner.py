"""One cell: teach, replay, freeze, recall, read, score."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from memeval.config import ReaderOptions, reader_options
from memeval.errors import MemevalError
from memeval.memories.base import Memory
from memeval.memories.controls import Control
from memeval.models.base import Generation, LanguageModel
from memeval.reader import Reader
from memeval.results import CellResult, ItemRecord
from memeval.scoring import answers as score
from memeval.scoring.retrieval import reciprocal_rank, where_lost
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
    session = _measurable(session, memory)
    notes_reader = Reader(model, session.prompt, options)
    watch = Stopwatch()
    cached = model.cache_stats()
    with PeakMemory() as peak:
        _teach(session, memory, watch, report)
        stored = _stored_events(memory)
        stats = dict(memory.stats())
        frozen = memory.fingerprint()
        recalls, recall_ms = _recall(session, memory, watch)
        with watch.phase("read"):
            total = len(session.items)
            queries = [item.query for item in session.items]
            generations = notes_reader.read(
                queries, recalls, on_done=lambda done: report("read", done, total)
            )
        if memory.fingerprint() != frozen:
            raise StoreChangedError(
                "a store must not change after teaching, got another fingerprint after the "
                "questions; make the memory's recall leave the store alone"
            )
    ranks = any(recall.traces for recall in recalls) and not isinstance(memory, Control)
    records = tuple(
        _record(
            session.id,
            item,
            recall,
            generation,
            recall_ms=recall_ms,
            stored=stored,
            limit=options.traces,
            ranks=ranks,
        )
        for item, recall, generation in zip(session.items, recalls, generations, strict=True)
    )
    metrics = summarize(
        records,
        phases_ms=watch.elapsed_ms,
        peak_bytes=peak.peak_bytes,
        events=len(session.events),
        memory_stats=stats,
        writes=_write_scores(session, stored),
        read_as="kv" if notes_reader.stitched else "text",
        kv_cache=_cache_use(cached, model.cache_stats()),
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


def _recall(session: Session, memory: Memory, watch: Stopwatch) -> tuple[list[Recall], float]:
    """Return all recalls and the mean milliseconds of one."""
    with watch.phase("recall"):
        recalls = memory.recall([item.query for item in session.items])
    if len(recalls) != len(session.items):
        raise MemevalError(
            f"a memory must return one recall per query, got {len(recalls)} for "
            f"{len(session.items)} queries; mend its recall method"
        )
    return recalls, watch.elapsed_ms["recall"] / max(1, len(session.items))


def _stored_events(memory: Memory) -> set[str] | None:
    tell = getattr(memory, "stored_events", None)
    return set(tell()) if tell else None


def _cache_use(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return what the cache of fragments did meanwhile, and what it holds now."""
    counters = ("hits", "misses", "evictions")
    return {n: after[n] - before[n] if n in counters else after[n] for n in after}


def _write_scores(session: Session, stored: set[str] | None) -> Mapping[str, float | None]:
    """Return precision and recall of what is held against what was worth remembering."""
    if stored is None or session.worth is None:
        return {"precision": None, "recall": None}
    right = len(stored & session.worth)
    return {
        "precision": right / len(stored) if stored else None,
        "recall": right / len(session.worth) if session.worth else None,
    }


def _record(
    session: str,
    item: Item,
    recall: Recall,
    generation: Generation,
    *,
    recall_ms: float,
    stored: set[str] | None,
    limit: int | None,
    ranks: bool,
) -> ItemRecord:
    prediction = generation.text
    matched = score.exact_match(prediction, item.answers)
    read = Recall(recall.traces[:limit])
    is_loss = item.answerable and bool(item.gold_events) and not matched
    return ItemRecord(
        session=session,
        query_id=item.query.id,
        slice=item.slice,
        question=item.query.text,
        answers=list(item.answers),
        answerable=item.answerable,
        gold_events=list(item.gold_events),
        prediction=prediction,
        exact_match=matched,
        raw_exact_match=score.raw_exact_match(prediction, item.answers),
        f1=score.token_f1(prediction, item.answers),
        contains=score.contains(prediction, item.answers),
        abstained=score.abstains(prediction),
        recalled_events=[list(trace.events) for trace in recall.traces],
        recalled_texts=[trace.text for trace in recall.traces],
        recalled_scores=[trace.score for trace in recall.traces],
        traces_read=len(read.traces),
        reciprocal_rank=_rank_score(item, recall) if ranks else None,
        lost=where_lost(item.gold_events, stored, read.events) if is_loss else None,
        prompt_tokens=generation.prompt_tokens,
        reused_tokens=generation.reused_tokens,
        generated_tokens=generation.generated_tokens,
        recall_ms=recall_ms,
        prefill_ms=generation.prefill_ms,
        decode_ms=generation.decode_ms,
    )


def _rank_score(item: Item, recall: Recall) -> float | None:
    ranked = [trace.events for trace in recall.traces]
    is_ranked = item.answerable and item.gold_events
    return reciprocal_rank(ranked, item.gold_events) if is_ranked else None
