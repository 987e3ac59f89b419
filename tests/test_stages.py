"""When an item is asked: after what has happened by then, and before what comes later."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

import memeval
from memeval.memories.baselines import BM25
from memeval.memories.checked import neutral_id
from memeval.memories.controls import GoldControl
from memeval.models.scripted import ScriptedModel
from memeval.runner import stages
from memeval.types import Event, Item, Query, Session


def session(event_times: Sequence[int], item_times: Sequence[int]) -> Session:
    """Return a session of numbered events and items at these times."""
    events = tuple(Event(f"e{i}", f"Nora is in place{t}.", t) for i, t in enumerate(event_times))
    items = tuple(
        Item(Query(f"q{i}", "Where is Nora?", t), (f"place{t}",), (), (), "all")
        for i, t in enumerate(item_times)
    )
    return Session("s", events, items)


def told(one: Session) -> list[tuple[list[str], list[str]]]:
    """Return the ids of each stage."""
    return [([e.id for e in s.events], [i.query.id for i in s.items]) for s in stages(one)]


@pytest.mark.parametrize(
    ("events", "items", "expected"),
    [
        ([0, 1], [2, 2], [(["e0", "e1"], ["q0", "q1"])]),
        ([0, 1], [0, 1], [(["e0"], ["q0"]), (["e1"], ["q1"])]),
        ([0, 1], [1, 0], [(["e0"], ["q1"]), (["e1"], ["q0"])]),
        ([0, 5], [1, 2], [(["e0"], ["q0", "q1"]), (["e1"], [])]),
        ([3, 3], [3], [(["e0", "e1"], ["q0"])]),
        ([5], [1], [([], ["q0"]), (["e0"], [])]),
        ([0], [], [(["e0"], [])]),
    ],
    ids=["at the end", "between", "out of order", "one point", "equal times", "before", "nothing"],
)
def test_a_session_happens_in_stages(
    events: list[int], items: list[int], expected: list[tuple[list[str], list[str]]]
) -> None:
    """Items of one point are asked together; an event of the question's own time has happened."""
    assert told(session(events, items)) == expected


class Diary(BM25):
    """Notes what it was shown, when it replayed, and what it was asked."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(self.Params(), seed=seed)
        self.log: list[object] = []

    def observe(self, events: Sequence[Event]) -> None:
        """Keep the events."""
        super().observe(events)
        self.log.append([event.id for event in events])

    def replay(self) -> None:
        """Note it."""
        self.log.append("replay")

    def recall(self, queries: Sequence[Query]) -> list[memeval.Recall]:
        """Recall by words."""
        self.log.append([query.id for query in queries])
        return super().recall(queries)


def test_a_memory_replays_before_each_point_of_asking() -> None:
    """It observes, replays and is asked in turn; what happens after the last question comes too."""
    memory = Diary()
    memeval.evaluate(session([0, 5, 9], [1, 6]), memory, ScriptedModel(), reader="text")
    first, second = [neutral_id("q0")], [neutral_id("q1")]
    assert memory.log == [["e0"], "replay", first, ["e1"], "replay", second, ["e2"], "replay"]


def test_nothing_of_the_future_is_recalled() -> None:
    """A question asked at 5 is answered from the event at 0, not from the one at 10."""
    one = session([0, 10], [5])
    items = (replace(one.items[0], answers=("place0",), gold_events=("e0",), passage=("e0",)),)
    result = memeval.evaluate(replace(one, items=items), Diary(), ScriptedModel(), reader="text")
    assert [e for trace in result.items[0].recalled_events for e in trace] == ["e0"]
    assert result.exact_match == 1.0


def test_items_come_back_in_the_order_of_the_data() -> None:
    """When they are asked does not change where they stand."""
    result = memeval.evaluate(session([0, 1], [1, 0]), Diary(), ScriptedModel(), reader="text")
    assert [record.query_id for record in result.items] == ["q0", "q1"]


def test_a_control_has_the_gold_of_every_stage() -> None:
    """The ceiling is handed each item's gold events, whenever it is asked."""
    one = session([0, 10], [5, 15])
    items = tuple(
        replace(item, gold_events=(f"e{i}",), passage=(f"e{i}",), answers=(f"place{10 * i}",))
        for i, item in enumerate(one.items)
    )
    control = GoldControl(GoldControl.Params(), seed=0)
    result = memeval.evaluate(replace(one, items=items), control, ScriptedModel(), reader="text")
    assert result.exact_match == 1.0


def test_an_item_with_a_wrong_gold_is_left_out_and_counted() -> None:
    """What is known to be wrong is not asked; the reason is counted."""
    one = session([0], [1, 1])
    items = (one.items[0], replace(one.items[1], unscored_reason="wrong date"))
    result = memeval.evaluate(replace(one, items=items), Diary(), ScriptedModel(), reader="text")
    assert result.metrics["n"] == 1
    assert result.metrics["left_out"] == {"wrong date": 1}


class Spending(Diary):
    """Says that each event and each question took one call of a model."""

    def usage(self) -> memeval.Usage:
        """Count calls so far."""
        told = [len(one) for one in self.log if isinstance(one, list)]
        return memeval.Usage(calls=sum(told), prompt_tokens=10 * sum(told))


def test_a_memorys_own_calls_are_told_by_what_they_were_for() -> None:
    """Three events and two questions: three calls to write, and two to recall."""
    result = memeval.evaluate(
        session([0, 5, 9], [1, 6]), Spending(), ScriptedModel(), reader="text"
    )
    usage = result.metrics["usage"]
    assert (usage["write"]["calls"], usage["recall"]["calls"]) == (3, 2)
    assert usage["write"]["prompt_tokens"] == 30
    plain = memeval.evaluate(session([0], [1]), Diary(), ScriptedModel(), reader="text")
    assert set(plain.metrics["usage"]) == {"answer"}
