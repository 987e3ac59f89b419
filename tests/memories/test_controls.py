"""The controls, which alone are handed the items."""

from memeval.memories.base import load_memory
from memeval.memories.controls import Control
from memeval.models.scripted import ScriptedModel
from memeval.suites import generate
from memeval.types import Recall

SESSION = generate("episodic", size=50, seed=7)


def recalls(name: str) -> list[Recall]:
    memory = load_memory(name, model=ScriptedModel())
    assert isinstance(memory, Control)
    memory.observe(SESSION.events)
    memory.prepare(SESSION.items)
    return memory.recall([item.query for item in SESSION.items])


def test_gold_gives_exactly_the_gold_events() -> None:
    """The ceiling reads what the answer rests on, and nothing else."""
    for item, recall in zip(SESSION.items, recalls("gold"), strict=True):
        assert set(recall.events) == set(item.gold_events)


def test_passage_gives_the_items_own_passage() -> None:
    """The model without a memory reads the right page."""
    for item, recall in zip(SESSION.items, recalls("passage"), strict=True):
        assert set(recall.events) == set(item.passage)


def test_shuffled_gives_another_items_gold() -> None:
    """The placebo is gold, but never the item's own."""
    golds = {item.gold_events for item in SESSION.items}
    for item, recall in zip(SESSION.items, recalls("shuffled"), strict=True):
        assert tuple(reversed(recall.events)) in golds
        assert not set(recall.events) & set(item.gold_events)


def test_a_control_tells_the_latest_event_as_its_best() -> None:
    """Ranked newest first, so that read best last they stand in order of time."""
    times = {event.id: event.time for event in SESSION.events}
    for recall in recalls("passage"):
        ranked = [times[event] for event in recall.events]
        assert ranked == sorted(ranked, reverse=True)
