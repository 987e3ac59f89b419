"""SMPD as a whole, on the scripted model."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from stores import rewrite

from memeval.errors import DataError
from memeval.evaluating import evaluate
from memeval.memories.loading import load_memory
from memeval.memories.smpd import Smpd
from memeval.memories.smpd.macros import Macro, MacroLibrary, distill
from memeval.memories.smpd.params import MacroParams
from memeval.memories.smpd.tracking import Walk
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import generate
from memeval.types import Event, Query, Recall

MODEL = ScriptedModel()
AT = "You are at {here} on the way to {goal}. Which way do you go?"


def taught(*texts: str, **params: object) -> Smpd:
    made = load_memory("smpd", model=MODEL, **params)
    assert isinstance(made, Smpd)
    made.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
    made.replay()
    return made


def asked(memory: Smpd, question: str) -> Recall:
    [recall] = memory.recall([Query("q", question, 10_000)])
    return recall


def walk_of(who: str, *places: str) -> list[str]:
    return [f"From {a}, {who} walked east and came to {b}." for a, b in pairwise(places)]


STREET = ("Ash Gate", "Elm Gate", "Fir Gate", "Oak Gate")
HABIT = [*walk_of("Nora Vance", *STREET), *walk_of("Otto Nash", *STREET)]


def test_the_next_move_is_told_as_it_was_walked() -> None:
    """The trace says the step from here, and names the events of the whole plan."""
    memory = taught(*walk_of("Nora Vance", *STREET))
    [trace] = asked(memory, AT.format(here="Ash Gate", goal="Fir Gate")).traces
    assert trace.text == "From Ash Gate, Nora Vance walked east and came to Elm Gate."
    assert trace.events == ("e0", "e1")


def test_a_step_told_without_its_start_rests_on_both_sentences() -> None:
    """What "then she went" means, the sentence before says."""
    memory = taught(
        "From Ash Gate, Nora Vance walked east and came to Elm Gate.",
        "Then she went north to Fir Gate.",
    )
    [trace] = asked(memory, AT.format(here="Elm Gate", goal="Fir Gate")).traces
    assert trace.text == "From Elm Gate, Nora Vance walked north and came to Fir Gate."
    assert trace.events == ("e0", "e1")


def test_worlds_without_directions_move_by_name() -> None:
    """There the move is the next place."""
    memory = taught("Nora Vance went from Ash Gate to Elm Gate.")
    [trace] = asked(memory, "You are at Ash Gate on the way to Elm Gate.").traces
    assert trace.text == "Leaving Ash Gate, Nora Vance reached Elm Gate."


def test_a_way_walked_again_is_offered_as_one_decision() -> None:
    """Two people walked it, so it is a macro; the single step stands behind it."""
    macro, step = asked(taught(*HABIT), AT.format(here="Ash Gate", goal="Oak Gate")).traces
    assert macro.actions == ("east", "east", "east")
    assert step.actions == ()


def test_a_macro_goes_no_further_than_the_goal() -> None:
    """Of a longer habit only the piece that leads there is offered."""
    macro, _ = asked(taught(*HABIT), AT.format(here="Elm Gate", goal="Oak Gate")).traces
    assert macro.actions == ("east", "east")


def test_without_distilling_there_are_no_macros() -> None:
    """`macro.distill=false` leaves the planner alone with the same way."""
    memory = taught(*HABIT, **{"macro.distill": False})
    [trace] = asked(memory, AT.format(here="Ash Gate", goal="Oak Gate")).traces
    assert trace.actions == ()
    assert memory.stats()["macros"] == 0


def test_a_macro_that_fails_is_demoted_and_the_planner_takes_over() -> None:
    """Once a passage of it is closed the way round is planned, step by step."""
    round_it = [
        "From Elm Gate, Nora Vance walked north and came to Bay Gate.",
        "From Bay Gate, Nora Vance walked east and came to Cove Gate.",
        "From Cove Gate, Nora Vance walked south and came to Fir Gate.",
    ]
    shut = "The way between Elm Gate and Fir Gate has been closed."
    memory = taught(*HABIT, *round_it, shut)
    assert memory.stats()["macros_demoted"] == 1
    [trace] = asked(memory, AT.format(here="Elm Gate", goal="Oak Gate")).traces
    assert trace.text == "From Elm Gate, Nora Vance walked north and came to Bay Gate."
    assert trace.actions == ()


def test_pieces_are_cut_where_walks_part() -> None:
    """What three walks share ranks before what two share, if it saves as much.

    1-2-3 is walked three times (saves 1 decision: 3), 2-3-4 and 1-2-3-4 twice (2 and 4).
    """
    walks = [Walk((1, 2, 3, 4), 0), Walk((1, 2, 3, 4), 0), Walk((1, 2, 3, 9), 0)]
    found = distill(walks, MacroParams())
    assert [(macro.places, macro.uses) for macro in found] == [((1, 2, 3, 4), 2), ((1, 2, 3), 3)]


def test_walks_that_paid_off_rank_first() -> None:
    """Use and success both count."""
    walks = [Walk((1, 2, 3), 0)] * 2 + [Walk((5, 6, 7), 1)] * 2
    assert [macro.places for macro in distill(walks, MacroParams())] == [(5, 6, 7), (1, 2, 3)]


def test_a_failed_macro_is_never_offered() -> None:
    """However often it was walked."""
    library = MacroLibrary([Macro((1, 2, 3, 4), 9, 9, failures=1), Macro((1, 2, 3), 2, 0)])
    found = library.along([1, 2, 3, 4])
    assert found is not None
    assert found[0].places == (1, 2, 3)
    assert found[1] == 2


def test_a_way_of_several_moves_is_rehearsed() -> None:
    """Question and answer stand behind it `recall.rehearsals` times; a single move needs none."""
    ask = "How do you get from Ash Gate to {}?"
    memory = taught(*walk_of("Nora Vance", *STREET), **{"recall.rehearsals": 2})
    text = asked(memory, ask.format("Fir Gate")).traces[0].text
    assert (
        text.count("Question: How do you get from Ash Gate to Fir Gate?\nAnswer: east, east") == 2
    )
    assert "Question" not in asked(memory, ask.format("Elm Gate")).traces[0].text


def test_the_whole_way_is_told_from_end_to_end() -> None:
    """A route is one trace, resting on every step's event."""
    memory = taught(*walk_of("Nora Vance", *STREET))
    [trace] = asked(memory, "How do you get from Ash Gate to Oak Gate?").traces
    assert trace.text.startswith(
        "From Ash Gate, Nora Vance walked east, east, east and came to Oak Gate."
    )
    assert trace.events == ("e0", "e1", "e2")


THREE_SIDES = [
    "Going north from Ash Gate, Nora Vance reached Birch Gate.",
    "Going east from Birch Gate, Nora Vance reached Elm Gate.",
    "Nora Vance went south from Elm Gate to Fir Gate.",
    "Otto Nash noticed an ivory lute at Fir Gate.",
]
SHORTCUT = "Nobody has gone east from Ash Gate. What would one find there?"


def test_a_shortcut_is_inferred_from_geometry_and_less_sure() -> None:
    """Three sides of a square tell where the fourth leads; what was walked is surer."""
    memory = taught(*THREE_SIDES)
    [trace] = asked(memory, SHORTCUT).traces
    assert trace.text.startswith("From Ash Gate, Nora Vance walked north and came to Birch Gate.")
    assert trace.text.endswith(THREE_SIDES[3])
    assert set(trace.events) == {"e0", "e1", "e2", "e3"}
    [told] = asked(memory, "Where is the ivory lute?").traces
    assert trace.score == pytest.approx(0.6 * told.score * 0.9)  # inferred, and by steps told once


def test_a_shortcut_is_never_part_of_a_plan() -> None:
    """There may be a wall: only what was walked is planned."""
    [trace] = asked(taught(*THREE_SIDES), "How do you get from Ash Gate to Fir Gate?").traces
    assert "north, east, south" in trace.text


def test_without_path_integration_there_are_no_shortcuts() -> None:
    """`path_integration.enabled=false` leaves places without coordinates."""
    memory = taught(*THREE_SIDES, **{"path_integration.enabled": False})
    assert asked(memory, SHORTCUT) == Recall()
    assert asked(memory, "How do you get from Ash Gate to Fir Gate?").traces


@pytest.mark.parametrize(
    "question",
    [
        AT.format(here="Ash Gate", goal="Ash Gate"),  # start equals goal
        AT.format(here="Ash Gate", goal="Far Gate"),  # no way there
        AT.format(here="Ash Gate", goal="Nowhere Gate"),  # a world never mentioned
        "How do you get from Nowhere Gate to Ash Gate?",
        "Nobody has gone north from Nowhere Gate. What would one find there?",
        "Where is the golden harp?",
        "What is the capital of France?",
    ],
)
def test_what_the_map_does_not_hold_is_not_recalled(question: str) -> None:
    """No way, no place, nothing left to do: the recall is empty, so a walk ends."""
    memory = taught(*HABIT, "Nora Vance went from Far Gate to Farther Gate.")
    assert asked(memory, question) == Recall()


def test_places_called_like_directions_are_walked_between() -> None:
    """A map of North, South and a street between."""
    memory = taught("From North, Nora Vance walked south and came to South.")
    [trace] = asked(memory, AT.format(here="North", goal="South")).traces
    assert trace.text == "From North, Nora Vance walked south and came to South."


def test_another_language_is_told_in_its_own_words() -> None:
    """With the Spanish lexicon walks are read and told in Spanish."""
    told = "Desde Puerto Garza, Nora caminó hacia el norte y llegó a Molino Alto."
    memory = taught(told, **{"reading.lexicon": "es"})
    [trace] = asked(memory, "¿Cómo se llega desde Puerto Garza a Molino Alto?").traces
    assert trace.text == told


def test_teaching_can_go_on_after_loading(tmp_path: Path) -> None:
    """Who stood somewhere when the store was saved goes on from there."""
    saved = taught(*walk_of("Nora Vance", *STREET))
    saved.save(tmp_path)
    loaded = taught()
    loaded.load(tmp_path)
    later = [Event("late", "Then she went north to Bay Gate.", 99)]
    for memory in (saved, loaded):
        memory.observe(later)
        memory.replay()
    assert loaded.fingerprint() == saved.fingerprint()
    assert asked(loaded, AT.format(here="Oak Gate", goal="Bay Gate")).traces


def test_rows_that_make_no_map_are_refused_and_the_old_map_kept(tmp_path: Path) -> None:
    """Passages between places that no table names are an error, never half a map."""
    memory = taught(*HABIT)
    memory.save(tmp_path)
    places = pq.ParquetFile(tmp_path / "places.parquet").read()
    pq.write_table(places.slice(1), tmp_path / "places.parquet")
    rewrite(tmp_path / "store.json")
    before = memory.fingerprint()
    with pytest.raises(DataError, match=r"a saved store must be whole, got .*no 0"):
        memory.load(tmp_path)
    assert memory.fingerprint() == before


def test_every_walk_of_the_suite_is_planned_to_its_goal() -> None:
    """Following the traces reaches every goal of the spatial suite by a shortest way."""
    session = generate("spatial", size=60, seed=7)
    memory = taught()
    memory.observe(session.events)
    memory.replay()
    for item in session.items:
        way = item.navigation
        here = way.start if way else ""
        while way and here != way.goal:
            step = asked(memory, way.question.replace("{here}", here)).traces[-1]
            [move] = [m for m, there in way.moves[here].items() if f" {there}." in step.text]
            assert move in way.nearer[here]
            here = way.moves[here][move]


def test_walks_through_a_world_never_mentioned_end() -> None:
    """Without a map every recall is empty, and no walk goes on for ever."""
    session = generate("spatial", size=20, seed=7)
    result = evaluate(replace(session, events=session.events[:1]), taught(), MODEL)
    assert result.metrics["navigation"]["n"] > 0
    assert result.metrics["navigation"]["decisions_mean"] < 20


def test_a_whole_cell_runs() -> None:
    """Taught, frozen, walked and scored; the gate's counts are those of the steps read."""
    result = evaluate(generate("spatial", size=20, seed=7), taught(), MODEL)
    counts = result.metrics["memory"]
    assert counts["gate_inserted"] == counts["passages"] > 0
    assert result.metrics["writes"]["precision"] == 1.0
