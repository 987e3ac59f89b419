"""Whatever a memory returns is checked once, and what it does not offer is None."""

import math
import re
from collections import UserDict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from memeval.errors import PluginError
from memeval.memories.checked import Checked
from memeval.memories.controls import GoldControl
from memeval.memories.event_store import EventStore
from memeval.suites.own import generate
from memeval.types import Event, Query, Recall, Trace, Usage

QUERIES = [Query("q0", "Who?", 9), Query("q1", "Where?", 9)]
FINE = Trace("A cat sat.", 1.0, ("e0",))


class Told:
    """A memory whose every method returns what a test puts there."""

    def __init__(self, **returned: Any) -> None:
        for name, value in returned.items():
            setattr(self, name, lambda *_, value=value: value)


class Listening:
    """Keeps the queries that it is asked."""

    def __init__(self) -> None:
        self.seen: list[Query] = []

    def recall(self, queries: list[Query]) -> list[Recall]:
        self.seen += queries
        return [Recall()] * len(queries)


def checked(**returned: Any) -> Checked:
    return Checked(Told(**returned), "bm25")  # type: ignore[arg-type]


def test_a_recall_that_keeps_the_contract_is_passed_on() -> None:
    """Nothing is copied or changed."""
    recalls = [Recall((FINE,), confidence=np.float32(1)), Recall(confidence=0.0)]  # type: ignore[arg-type]
    assert checked(recall=recalls).recall(QUERIES) is recalls


@pytest.mark.parametrize(
    ("recalls", "rule"),
    [
        (None, "a list of Recall from recall, got NoneType"),
        ((Recall(), Recall()), "a list of Recall from recall, got tuple"),
        ([Recall(), "text"], "a list of Recall from recall, got a list of Recall, str"),
        ([Recall()], "one recall per query, got 1 for 2 queries"),
        ([Recall([FINE]), Recall()], "traces of a Recall in a tuple, got a list of Trace"),
        ([Recall(("text",)), Recall()], "hold Traces in a Recall, got str"),
        ([Recall((Trace(3, 1.0, ()),)), Recall()], "text of type str, got int"),
        ([Recall((Trace("t", math.nan, ()),)), Recall()], "finite numbers, got nan"),
        ([Recall((Trace("t", "high", ()),)), Recall()], "finite numbers, got 'high'"),
        ([Recall((Trace("t", 1.0, (7,)),)), Recall()], r"events are a tuple of str, got \(7,\)"),
        ([Recall((Trace("t", 1.0, ["e"]),)), Recall()], r"events are a tuple of str, got \['e'\]"),
        ([Recall((Trace("t", 1.0, (), "go"),)), Recall()], "actions are a tuple of str, got 'go'"),
        ([Recall(confidence=1.01), Recall()], "confidences from 0 to 1, or None, got 1.01"),
        ([Recall(confidence=-0.1), Recall()], "confidences from 0 to 1, or None, got -0.1"),
        ([Recall(confidence=math.nan), Recall()], "confidences from 0 to 1, or None, got nan"),
        ([Recall(confidence="high"), Recall()], "confidences from 0 to 1, or None, got 'high'"),
    ],
)
def test_a_recall_of_a_wrong_type_is_refused(recalls: Any, rule: str) -> None:
    """One sentence names the rule, what was got, and the plugin with its entry point."""
    plugin = (
        r"from memory 'bm25' \(entry point memeval\.memories: memeval\.memories\.baselines:BM25"
    )
    with pytest.raises(PluginError, match=f"^a memory must .*{rule} {plugin}"):
        checked(recall=recalls).recall(QUERIES)


@pytest.mark.parametrize(
    ("method", "value", "rule"),
    [
        ("fingerprint", b"digest", "return str from fingerprint, got bytes"),
        ("fingerprint", None, "return str from fingerprint, got NoneType"),
        ("stats", [("a", 1)], "return Mapping from stats, got list"),
        ("stats", {1: 1}, "return str from names of stats, got int"),
        ("stats", {"steps": None}, "finite numbers, got None for 'steps'"),
        ("stored_events", ["e0"], "return Set from stored_events, got list"),
        ("stored_events", {7}, "return str from stored_events, got int"),
        ("saliences", {"e0": math.inf}, "finite numbers, got inf for 'e0'"),
        ("saliences", 3, "return Mapping from saliences, got int"),
        ("usage", {"calls": 3}, "return Usage from usage, got dict"),
    ],
)
def test_a_wrong_type_from_any_method_is_refused(method: str, value: Any, rule: str) -> None:
    """The rule and what was got are told."""
    memory = checked(**{method: value})
    with pytest.raises(PluginError, match=f"^a memory must .*{rule} from memory 'bm25'"):
        getattr(memory, method)()


def test_numbers_of_numpy_become_plain() -> None:
    """JSON holds no others."""
    told = checked(stats={"a": np.int64(3), "b": np.float32(0.5)}).stats()
    assert [(value, type(value)) for value in told.values()] == [(3, int), (0.5, float)]


def test_any_mapping_and_set_will_do() -> None:
    """What a memory returns need not be a dict or a set itself."""
    memory = checked(stats=UserDict(a=1), stored_events=frozenset("e"), saliences=UserDict(e=1.0))
    assert (memory.stats(), memory.stored_events(), memory.saliences()) == (
        {"a": 1},
        {"e"},
        {"e": 1.0},
    )


def test_what_a_memory_does_not_offer_is_none() -> None:
    """Absent is not empty: nothing was measured."""
    memory = checked()
    assert (memory.stored_events(), memory.saliences(), memory.usage()) == (None, None, None)
    memory.close()
    assert not memory.is_shareable


def test_usage_is_passed_on() -> None:
    """A memory with model calls of its own tells what they cost."""
    assert checked(usage=Usage(calls=3)).usage() == Usage(calls=3)


def test_a_store_is_shared_that_can_be_kept_and_holds_no_items() -> None:
    """A control's answers are of its own session."""
    params = EventStore.Params()
    assert Checked(EventStore(params, seed=0)).is_shareable  # type: ignore[arg-type]
    assert not Checked(GoldControl(params, seed=0)).is_shareable


def test_a_control_alone_is_shown_the_session() -> None:
    """A memory has no method that could be handed the items."""
    session = generate("episodic", size=20, seed=7)
    item = session.items[0]
    control = Checked(GoldControl(EventStore.Params(), seed=0))
    for memory in (control, checked()):
        memory.prepare(session.items, session.events)
        memory.follow([item])
    assert set(control.recall([item.query])[0].events) == set(item.gold_events)
    assert (control.needs_gold, checked().needs_gold) == (True, False)


def test_a_memory_sees_no_id_of_a_question() -> None:
    """An id of published data may name the ability, or that there is no answer; the rest stays."""
    memory = Listening()
    named = [Query("b1:abstention", "Who?", 9, "2024-05-01"), Query("d6eb_abs", "Who?", 9)]
    for _ in range(2):
        Checked(memory).recall(named)  # type: ignore[arg-type]
    assert [replace(one, id="") for one in memory.seen[:2]] == [replace(q, id="") for q in named]
    assert all(re.fullmatch("[0-9a-f]{12}", one.id) for one in memory.seen)
    assert memory.seen[0].id != memory.seen[1].id
    assert memory.seen[:2] == memory.seen[2:]


def test_a_control_gives_what_it_never_observed() -> None:
    """The session that it is shown is enough, and is told as readers show it."""
    session = generate("episodic", size=20, seed=7)
    item = next(one for one in session.items if one.gold_events)
    told = [Event(id_, "I went.", 0, speaker="Ann", at="2023-05-08") for id_ in item.gold_events]
    control = GoldControl(EventStore.Params(), seed=0)
    control.prepare([item], told)
    [recall] = control.recall([item.query])
    assert {trace.text for trace in recall.traces} == {"[8 May 2023] Ann: I went."}
    assert not recall.ranked


def test_a_memory_without_a_name_is_told_by_its_class() -> None:
    """From Python nothing need be registered."""
    with pytest.raises(PluginError, match=r"from memory .*test_checked\.Told"):
        Checked(Told(fingerprint=3)).fingerprint()  # type: ignore[arg-type]
