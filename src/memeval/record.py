"""What became of an item, scored: one row of `items.parquet`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from memeval.errata import corrected_score
from memeval.fitting import Reading
from memeval.models import Generation
from memeval.navigation import Walk
from memeval.results import ItemRecord, is_right
from memeval.scoring.answers import abstains
from memeval.scoring.retrieval import reciprocal_rank, where_lost
from memeval.scoring.scorer import Scorer, score_all
from memeval.scoring.scorers import STEP
from memeval.scoring.walks import random_walk_success, steps_to_goal
from memeval.types import Item, Recall


@dataclass(frozen=True, slots=True)
class Reached:
    """An item with its recall, the events behind what could be read of it, and the answer or walk.

    What was read, and the `prompt` that it stood in, are of a walk those of the first decision; the
    events are those of all. `best_events` are behind the best notes of the recall, read or not.
    `context_tokens` are those of the notes that were read, None of a walk.
    """

    item: Item
    recall: Recall
    read_events: tuple[str, ...]
    reading: Reading
    recall_ms: float
    generation: Generation
    walk: Walk | None = None
    prompt: str | None = None
    best_events: tuple[str, ...] | None = None
    context_tokens: int | None = None


def as_reached(walk: Walk) -> Reached:
    """Return a finished walk, its moves taken for the answer."""
    generation = Generation(
        text=STEP.join(walk.moves),
        prompt_tokens=walk.prompt_tokens,
        reused_tokens=walk.reused_tokens,
        generated_tokens=0,
        prefill_ms=walk.prefill_ms,
        decode_ms=0.0,
        finish="stop",
        thought_tokens=0,
        answer_ms=walk.answer_ms,
        error=walk.error,
    )
    read = tuple(sorted(walk.read))
    cost = walk.recall_ms
    return Reached(walk.item, walk.recall, read, walk.reading, cost, generation, walk, walk.prompt)


def as_record(
    session_id: str,
    reached: Reached,
    *,
    stored: set[str] | None,
    ranks: bool,
    scorers: Sequence[Scorer],
    primary: str,
    parts: Mapping[str, str],
    judged: Mapping[str, float | None] = {},
) -> ItemRecord:
    """Score an item, and say where it was lost unless its primary score says that it is right.

    `parts` names by event the part of the stream that it is of, where that has some. `judged` are
    the scores of a judge.

    Raises:
        PluginError: a scorer broke its contract.
    """
    item, recall, generation, walk = reached.item, reached.recall, reached.generation, reached.walk
    text, reading = generation.text, reached.reading
    scores = {**score_all(scorers, item, text), **judged}
    scores |= corrected_score(item, text, scorers, primary)
    error = recall.error or generation.error
    if is_lost := error is not None:
        scores = dict.fromkeys(scores)
    is_loss = (
        not is_lost
        and item.answerable
        and bool(item.gold_events)
        and not is_right(scores.get(primary))
    )
    return ItemRecord(
        session=session_id,
        query_id=item.query.id,
        slice=item.slice,
        question=item.query.text,
        answers=list(item.answers),
        answerable=item.answerable,
        gold_events=list(item.gold_events),
        prediction=text,
        scores=scores,
        abstained=walk is None and not is_lost and abstains(text),
        recalled_events=[list(trace.events) for trace in recall.traces],
        recalled_texts=[trace.text for trace in recall.traces],
        recalled_scores=[float(f"{trace.score:.3g}") for trace in recall.traces],
        traces_read=len(reading.traces),
        reciprocal_rank=_rank_score(item, recall) if ranks else None,
        lost=where_lost(item.gold_events, stored, reached.read_events) if is_loss else None,
        prompt_tokens=generation.prompt_tokens,
        reused_tokens=generation.reused_tokens,
        generated_tokens=generation.generated_tokens,
        recall_ms=reached.recall_ms if recall.took_ms is None else recall.took_ms,
        prefill_ms=generation.prefill_ms,
        decode_ms=generation.decode_ms,
        **_walked(walk),
        recalled_sources=_sources(recall),
        notes_left_out=reading.left_out,
        notes_cut=reading.shortened,
        question_cut=reading.question is not None,
        answer_cut=generation.finish == "length" if generation.finish else None,
        thought_tokens=generation.thought_tokens,
        prompt=reached.prompt,
        budget_events=None if reached.best_events is None else list(reached.best_events),
        gold_parts=_parts(item.gold_events, parts),
        recalled_parts=_parts(recall.events, parts),
        fault=item.fault or None,
        confidence=None if recall.confidence is None else float(recall.confidence),
        answer_ms=generation.answer_ms,
        error=error,
        context_tokens=reached.context_tokens,
    )


def _walked(walk: Walk | None) -> dict[str, Any]:
    """Return what a record says of a walk; of a question, that it is none."""
    if walk is None:
        return dict.fromkeys(("steps", "optimal_steps", "decisions", "random_walk_success"))
    return {
        "steps": len(walk.moves),
        "optimal_steps": steps_to_goal(walk.way)[walk.way.start],
        "decisions": walk.decisions,
        "random_walk_success": random_walk_success(walk.way),
    }


def _parts(events: Iterable[str], part_of: Mapping[str, str]) -> list[str] | None:
    """Return the parts that events are of, each where it appears first; None if there are none."""
    if not part_of:
        return None
    return list(dict.fromkeys(part_of[event] for event in events if event in part_of))


def _sources(recall: Recall) -> list[str] | None:
    """Return where each trace comes from; None if none of them tells."""
    sources = [trace.source for trace in recall.traces]
    return sources if any(sources) else None


def _rank_score(item: Item, recall: Recall) -> float | None:
    ranked = [trace.events for trace in recall.traces]
    is_ranked = item.answerable and item.gold_events
    return reciprocal_rank(ranked, item.gold_events) if is_ranked else None
