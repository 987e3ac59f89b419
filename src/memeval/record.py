"""What became of an item, scored: one row of `items.parquet`."""

from dataclasses import dataclass

from memeval.models import Generation
from memeval.navigation import Walk
from memeval.results import ItemRecord
from memeval.scoring import answers as score
from memeval.scoring.navigation import random_walk_success, steps_to_goal
from memeval.scoring.retrieval import reciprocal_rank, where_lost
from memeval.types import Item, Recall


@dataclass(frozen=True, slots=True)
class Reached:
    """An item with its recall, the events behind what was read of it, and the answer or walk."""

    item: Item
    recall: Recall
    read_events: tuple[str, ...]
    traces_read: int
    recall_ms: float
    generation: Generation
    walk: Walk | None = None


def as_reached(walk: Walk) -> Reached:
    """Return a finished walk, its moves taken for the answer."""
    generation = Generation(
        text=", ".join(walk.moves),
        prompt_tokens=walk.prompt_tokens,
        reused_tokens=walk.reused_tokens,
        generated_tokens=0,
        prefill_ms=walk.prefill_ms,
        decode_ms=0.0,
    )
    read = tuple(sorted(walk.read))
    cost = walk.recall_ms
    return Reached(walk.item, walk.recall, read, walk.traces_read, cost, generation, walk)


def as_record(session: str, one: Reached, *, stored: set[str] | None, ranks: bool) -> ItemRecord:
    """Score an item. A walk is right when it arrived; all its scores say so."""
    item, generation, walk = one.item, one.generation, one.walk
    text = generation.text
    matched = walk.arrived if walk else score.exact_match(text, item.answers)
    is_loss = item.answerable and bool(item.gold_events) and not matched
    return ItemRecord(
        session=session,
        query_id=item.query.id,
        slice=item.slice,
        question=item.query.text,
        answers=list(item.answers),
        answerable=item.answerable,
        gold_events=list(item.gold_events),
        prediction=text,
        exact_match=matched,
        raw_exact_match=matched if walk else score.raw_exact_match(text, item.answers),
        f1=float(matched) if walk else score.token_f1(text, item.answers),
        contains=matched if walk else score.contains(text, item.answers),
        abstained=not walk and score.abstains(text),
        recalled_events=[list(trace.events) for trace in one.recall.traces],
        recalled_texts=[trace.text for trace in one.recall.traces],
        recalled_scores=[trace.score for trace in one.recall.traces],
        traces_read=one.traces_read,
        reciprocal_rank=_rank_score(item, one.recall) if ranks else None,
        lost=where_lost(item.gold_events, stored, one.read_events) if is_loss else None,
        prompt_tokens=generation.prompt_tokens,
        reused_tokens=generation.reused_tokens,
        generated_tokens=generation.generated_tokens,
        recall_ms=one.recall_ms,
        prefill_ms=generation.prefill_ms,
        decode_ms=generation.decode_ms,
        steps=len(walk.moves) if walk else None,
        optimal_steps=steps_to_goal(walk.way)[walk.way.start] if walk else None,
        decisions=walk.decisions if walk else None,
        random_walk_success=random_walk_success(walk.way) if walk else None,
        recalled_sources=_sources(one.recall),
    )


def _sources(recall: Recall) -> list[str] | None:
    """Return where each trace comes from; None if none of them tells."""
    sources = [trace.source for trace in recall.traces]
    return sources if any(sources) else None


def _rank_score(item: Item, recall: Recall) -> float | None:
    ranked = [trace.events for trace in recall.traces]
    is_ranked = item.answerable and item.gold_events
    return reciprocal_rank(ranked, item.gold_events) if is_ranked else None
