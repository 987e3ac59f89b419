"""What the switches of SGC-RSS change, as the script counts it."""

import pytest
from scripts import script

from memeval import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.types import Event, Item, Query, Recall, Session, Trace

switches = script("sgc_switches")
FACTS = ("Ann Lee works for Toys Co.", "Bo Ray works for Balls Co.", "Cy Orr works for Kites Co.")
TOLD = (*FACTS, "Di Poe works for Hoops Co.", "Di Poe works for Hoops Co.")
SESSION = Session(
    "s",
    tuple(Event(f"e{i}", text, i) for i, text in enumerate(TOLD)),
    (Item(Query("q", "Di Poe works for", 5), ("Hoops Co",), ("e3",), (), "hop1"),),
)


def told_fact(text: str) -> Trace:
    """Return a trace."""
    return Trace(text, 1.0, ("e0",))


def told(**knobs: object) -> object:
    """Teach and ask the session."""
    alone = {"schema.join": False, "recall.passages": 0}
    return switches.teach(
        [SESSION], lambda: load_memory("sgc_rss", model=ScriptedModel(), **alone | knobs)
    )


def test_what_waits_for_replay_is_not_answered_at_once() -> None:
    """Without the fast track a fact that fits a schema is known after replay alone."""
    full, without = told(), told(**{"schema.fast_track": False})
    assert [*full.at_once.values()] == [*full.right.values()] == [*without.right.values()] == [1.0]
    assert [*without.at_once.values()] == [0.0]


def test_duplicates_are_edges_that_tell_a_fact_again() -> None:
    """Without the gate a fact told twice is two edges, of which one is a duplicate."""
    full, without = told(), told(**{"gate.enabled": False})
    assert (full.edges, full.duplicates) == (4, 0)
    assert (without.edges, without.duplicates) == (5, 1)


@pytest.mark.parametrize(
    ("answers", "traces", "right"),
    [
        (("Toys Co",), (told_fact(FACTS[0]),), True),
        (("Toys Co",), (told_fact("Toys Co has Ann Lee."),), False),
        (("Toys Co",), (), False),
        (("unknown",), (), True),
        (("unknown",), (told_fact(FACTS[0]),), False),
    ],
)
def test_the_first_trace_ends_in_the_answer(
    answers: tuple[str, ...], traces: tuple[Trace, ...], right: bool
) -> None:
    """And nothing is said where nothing is known."""
    item = Item(Query("q", "Ann Lee works for", 5), answers, (), (), "hop1")
    assert switches.is_right(item, Recall(traces)) == right
