"""The controls, which alone are handed the items."""

import pytest

from memeval.memories.controls import Control
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import SUITES, generate
from memeval.types import Recall, Session

SESSION = generate("episodic", size=50, seed=7)


def recalls(name: str, session: Session = SESSION) -> list[Recall]:
    memory = load_memory(name, model=ScriptedModel())
    assert isinstance(memory, Control)
    memory.observe(session.events)
    memory.prepare(session.items, session.events)
    return memory.recall([item.query for item in session.items])


def test_gold_gives_exactly_the_gold_events() -> None:
    """The ceiling reads what the answer rests on, and nothing else."""
    for item, recall in zip(SESSION.items, recalls("gold"), strict=True):
        assert set(recall.events) == set(item.gold_events)


def test_gold_ends_in_the_event_that_holds_the_answer() -> None:
    """Ranked last listed first, so that read best last a chain leads to the answer."""
    chains = generate("semantic", size=50, seed=7)
    times = {event.id: event.time for event in chains.events}
    for item, recall in zip(chains.items, recalls("gold", chains), strict=True):
        assert recall.events == tuple(reversed(item.gold_events))
        scores = [trace.score for trace in recall.traces]
        assert scores == sorted(scores, reverse=True)
    listed = [[times[id_] for id_ in item.gold_events] for item in chains.items]
    assert any(told != sorted(told) for told in listed)  # or time would give the same order


def test_passage_gives_the_items_own_passage() -> None:
    """The model without a memory reads the right page."""
    for item, recall in zip(SESSION.items, recalls("passage"), strict=True):
        assert set(recall.events) == set(item.passage)


@pytest.mark.parametrize("suite", SUITES)
def test_shuffled_gives_another_items_gold(suite: str) -> None:
    """The placebo is gold, but shares nothing with the item's own."""
    session = generate(suite, size=50, seed=7)
    golds = {item.gold_events for item in session.items}
    for item, recall in zip(session.items, recalls("shuffled", session), strict=True):
        assert tuple(reversed(recall.events)) in golds
        assert not set(recall.events) & set(item.gold_events)


def test_a_control_tells_the_latest_event_as_its_best() -> None:
    """Ranked newest first, so that read best last they stand in order of time."""
    times = {event.id: event.time for event in SESSION.events}
    for recall in recalls("passage"):
        ranked = [times[event] for event in recall.events]
        assert ranked == sorted(ranked, reverse=True)
