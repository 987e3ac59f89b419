"""What is told to a memory whose store is bounded, and to those that it is compared with."""

from random import Random

from scripts import script

from memeval.types import Event, Session

gate = script("gate")
EVENTS = tuple(Event(f"e{place}", "text", place) for place in range(8))
SESSION = Session("s", EVENTS, ())


def test_as_many_events_are_kept_in_every_way() -> None:
    """Some at random, in their order, or the newest: as many as the bounded store has room for."""
    drawn, newest = gate.kept(SESSION, 4, Random(1))
    assert len(drawn.events) == 4
    assert list(drawn.events) == sorted(drawn.events, key=EVENTS.index)
    assert newest.events == EVENTS[4:]


def test_only_the_gate_is_bounded() -> None:
    """It is told all, with room for a share; the others are told the share alone."""
    assert [(way, len(told.events), share) for way, told, share in gate.ways(SESSION, [0.25])] == [
        ("unbounded", 8, 1),
        ("gate 0.25", 8, 0.25),
        ("random 0.25", 2, 1),
        ("newest 0.25", 2, 1),
    ]


def test_the_gate_is_told_against_each_choice_of_its_share() -> None:
    """Differences are paired by item, in evidence within the budget."""
    within = {"unbounded": (1, 1), "gate 0.5": (1, 0), "random 0.5": (0, 0), "newest 0.5": (1, 0)}
    scores = {
        way: {("s", f"q{place}"): (0, 0, one, 0) for place, one in enumerate(row)}
        for way, row in within.items()
    }
    rows = gate.apart(gate.Found(scores=scores))
    assert [row[:3] for row in rows] == [
        ("gate 0.5", "unbounded", "-0.500"),
        ("gate 0.5", "random 0.5", "+0.500"),
        ("gate 0.5", "newest 0.5", "+0.000"),
    ]
