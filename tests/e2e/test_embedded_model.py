"""The real embedded model: it reads, it is repeatable, and a memory beats the model without it."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch

from memeval import compare, evaluate, load_memory
from memeval.config import ReaderOptions
from memeval.models import Prompt, TextModel
from memeval.reader import Reader
from memeval.results import CellResult
from memeval.suites.own import generate
from memeval.types import Session

pytestmark = [pytest.mark.embedded, pytest.mark.xdist_group("embedded")]  # loaded once
WHOLE = generate("episodic", size=16, seed=7)
SESSION = replace(WHOLE, items=WHOLE.items[:12])
CHAT = ReaderOptions(style="chat", traces=None)
SHORT = replace(SESSION, items=SESSION.items[:6])


@cache
def gold_of_all(model: TextModel) -> CellResult:
    """Return the session answered from its gold events, which two tests look at."""
    return measured("gold", model)


def measured(
    name: str, model: TextModel, *, session: Session = SESSION, traces: int | None = None
) -> CellResult:
    memory = load_memory(name, model=model)
    return evaluate(session, memory, model, reader=ReaderOptions(kind="text", traces=traces))


def predictions(result: CellResult) -> list[str]:
    return [record.prediction for record in result.items]


def test_a_memory_beats_the_model_without_it(smollm2: TextModel) -> None:
    """Closed book knows nothing, gold is read well, and HEI-NW lies well above core."""
    closed, gold = measured("none", smollm2), gold_of_all(smollm2)
    core, memory = measured("passage", smollm2), measured("hei_nw", smollm2, traces=1)
    assert closed.exact_match is not None
    assert gold.exact_match is not None
    assert closed.exact_match <= 0.05
    assert gold.exact_match >= 0.85
    comparison = compare(memory, core)
    assert comparison.difference.mean is not None
    assert comparison.difference.mean >= 0.15
    assert comparison.finding == "better"


@pytest.mark.parametrize("suite", ["semantic", "spatial"])
def test_gold_is_read_well_in_every_suite(suite: str, smollm2: TextModel) -> None:
    """Of a few items of every slice but routes, which it cannot say, four in five are right."""
    session = generate(suite, size=60, seed=7)
    first = {item.slice: item for item in session.items if item.slice not in ("route", "unknown")}
    items = tuple(item for item in session.items if item in [*first.values(), *session.items[:6]])
    few = replace(session, items=tuple(item for item in items if item.slice in first))
    gold = measured("gold", smollm2, session=few)
    assert len({record.slice for record in gold.items}) >= 5
    assert gold.exact_match is not None
    assert gold.exact_match >= 0.8


def test_examples_told_as_turns_teach_the_form_of_an_answer(smollm2: TextModel) -> None:
    """Asked in its chat template without examples, this model scores 0.02 on such items."""
    result = evaluate(SESSION, load_memory("gold", model=smollm2), smollm2, reader=CHAT)
    assert result.exact_match is not None
    assert result.exact_match >= 0.5


def test_a_batch_answers_as_single_prompts_do(
    smollm2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch sizes 1 and 16 give the same predictions on these items."""
    together = predictions(gold_of_all(smollm2))
    monkeypatch.setattr(smollm2._engine, "max_rows", 1)
    assert predictions(measured("gold", smollm2, session=SHORT)) == together[: len(SHORT.items)]


def oracle_prompts(model: TextModel) -> list[Prompt]:
    """Return the prompts of a few items that rest on one event."""
    memory: Any = load_memory("gold", model=model)
    memory.observe(SESSION.events)
    memory.prepare(SESSION.items, SESSION.events)
    queries = [item.query for item in SESSION.items if len(item.gold_events) == 1][:4]
    reader = Reader(model, SESSION.prompt, ReaderOptions())
    return reader.prompts(queries, reader.cut(queries, memory.recall(queries)))


def test_one_trace_reads_the_same_as_memory_tokens_and_as_text(
    smollm2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First-token logits agree within 1e-3, and the answers are identical."""
    feed, seen = smollm2._engine._pack.feed, []

    def recorded(pieces: Any) -> torch.Tensor:
        seen.append(feed(pieces))
        return seen[-1]

    monkeypatch.setattr(smollm2._engine._pack, "feed", recorded)
    notes = smollm2.stitching(cache_mb=64)
    for prompt in oracle_prompts(smollm2):
        first_logits, answers = [], []
        for way in (notes, smollm2):
            seen.clear()
            [generation] = way.generate([prompt], max_new_tokens=16, stop=["\n"])
            answers.append(generation.text)
            first_logits.append(next(logits[0] for logits in seen if len(logits)))
        assert answers[0] == answers[1]
        assert float((first_logits[0] - first_logits[1]).abs().max()) < 1e-3


def test_an_empty_memory_is_the_closed_book(smollm2: TextModel) -> None:
    """A memory that was taught nothing reproduces the closed book, token for token."""
    untaught = replace(SHORT, events=())
    for kind in ("kv", "text"):
        options = ReaderOptions(kind=kind)
        empty = evaluate(untaught, load_memory("hei_nw", model=smollm2), smollm2, reader=options)
        closed = evaluate(SHORT, load_memory("none", model=smollm2), smollm2, reader=options)
        assert predictions(empty) == predictions(closed)


def test_surprise_tells_a_name_from_a_common_word(smollm2: TextModel) -> None:
    """A fact's most surprising tokens are more surprising than chatter's."""
    fact, chatter = smollm2.surprise(
        [" Nora Vance bought a brass lute at Alder Mill.", " It was the same as it was before."]
    )
    assert fact.max() > chatter.max() > 0
