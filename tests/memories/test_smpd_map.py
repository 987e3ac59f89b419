"""SMPD's map: geometry, gate, closed ways, bounds."""

import math
from pathlib import Path
from random import Random

import pytest

from memeval.memories.loading import load_memory
from memeval.memories.smpd import Smpd
from memeval.memories.smpd.geometry import Geometry, rotated
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import generate
from memeval.types import Event, Query, Recall


def taught(*texts: str, **params: object) -> Smpd:
    made = load_memory("smpd", model=ScriptedModel(), **params)
    assert isinstance(made, Smpd)
    made.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
    made.replay()
    return made


def map_of(memory: Smpd) -> PlaceGraph:
    return memory._graph


def asked(memory: Smpd, question: str) -> Recall:
    [recall] = memory.recall([Query("q", question, 10_000)])
    return recall


def position(memory: Smpd, name: str, origin: str) -> tuple[float, float]:
    graph = map_of(memory)
    place, zero = graph.place(name), graph.place(origin)
    assert place is not None
    assert zero is not None
    (x, y), (x0, y0) = graph.geometry.at[place], graph.geometry.at[zero]
    assert graph.geometry.frame[place] == graph.geometry.frame[zero]
    return x - x0, y - y0


def test_a_hundred_relative_moves_leave_no_error() -> None:
    """Without noise the last place lies exactly where reckoning by integers puts it."""
    random = Random(3)
    heading, at = (0, 1), (0, 0)
    texts = ["Nora Vance stands at Start Gate facing north."]
    for i in range(100):
        word, turns = random.choice([("left", 1), ("right", 3), ("straight", 0)])
        length = random.randint(1, 3)
        heading = rotated(heading, turns)
        at = (at[0] + length * heading[0], at[1] + length * heading[1])
        goal = " to Last Gate" if i == 99 else ""
        texts.append(f"Then she walked {length} steps {word}{goal}.")
    assert position(taught(*texts), "Last Gate", "Start Gate") == at


def test_walking_round_a_block_comes_back_to_the_same_place() -> None:
    """Four unnamed corners and back: the loop closes, and there are four places, not five."""
    memory = taught(
        "Nora Vance stands at Start Gate facing north.",
        *["She walked one step left."] * 4,
    )
    assert len(map_of(memory).places) == 4
    assert memory.stats()["geometry_contradictions"] == 0


def test_frames_join_when_a_move_links_them() -> None:
    """Two walks that never met get common coordinates from one step between them."""
    memory = taught(
        "From Ash Gate, Nora Vance walked north and came to Birch Gate.",
        "From Elm Gate, Otto Nash walked east and came to Fir Gate.",
        "From Birch Gate, Otto Nash walked east and came to Elm Gate.",
    )
    assert position(memory, "Fir Gate", "Ash Gate") == (2.0, 1.0)


def test_an_unnamed_place_becomes_the_named_one_on_its_spot() -> None:
    """Who passes a spot without naming it passes what others call by name."""
    memory = taught(
        "Nora Vance stands at Ash Gate.",
        "She walked east.",
        "She walked east to Fir Gate.",
        "From Ash Gate, Otto Nash walked east and came to Elm Gate.",
    )
    assert position(memory, "Elm Gate", "Ash Gate") == (1.0, 0.0)
    assert len(map_of(memory).places) == 3


def test_unnamed_places_of_two_walks_become_one_once_the_walks_are_linked() -> None:
    """A corner that somebody passed is the place that a later move puts on its spot."""
    memory = taught(
        "Nora Vance stands at Ash Gate.",
        "She walked east.",
        "She walked north to Fir Gate.",
        "Otto Nash stands at Elm Gate.",
        "He walked 2 steps south.",
        "He walked east to Oak Gate.",
        "From Ash Gate, Nora Vance walked 3 steps south and came to Yew Gate.",
        "From Yew Gate, Nora Vance walked east and came to Oak Gate.",
    )
    # Oak = (1, -3), so Elm = (0, -1), and Otto's corner is (0, -3): Yew Gate itself.
    assert memory.stats()["places_merged"] == 1
    assert position(memory, "Elm Gate", "Ash Gate") == (0.0, -1.0)
    way = asked(memory, "How do you get from Elm Gate to Yew Gate?")
    assert way.traces[0].text == "From Elm Gate, Otto Nash walked south and came to Yew Gate."


TWO_CORNERS = (
    "Peak Tower is north of Home Inn.",
    "Ben Nash went north from Old Mill.",
    "He went north.",
    "Cid Orr went south from Home Inn to Old Mill.",
)
"""Once the last sentence joins the frames, Ben's corners are Home Inn and Peak Tower."""


def test_a_step_between_two_places_that_became_others_is_told_between_those() -> None:
    """Home Inn takes the first corner's step, Peak Tower its end: from one to the other, north."""
    memory = taught(*TWO_CORNERS)
    assert memory.stats()["places_merged"] == 2
    [trace] = asked(memory, "How do you get from Home Inn to Peak Tower?").traces
    assert trace.text == "From Home Inn, Ben Nash walked north and came to Peak Tower."


def test_a_map_of_which_neighbours_became_others_can_be_loaded(tmp_path: Path) -> None:
    """No passage leads from or to a place that is gone."""
    saved, loaded = taught(*TWO_CORNERS), taught()
    saved.save(tmp_path)
    loaded.load(tmp_path)
    assert loaded.fingerprint() == saved.fingerprint()


def test_lengths_without_end_leave_coordinates_finite() -> None:
    """Nobody walks 10^400 blocks; the map takes it for its farthest length."""
    far = f"From Ash Gate, Nora Vance walked {'9' * 400} blocks east and came to Elm Gate."
    assert math.isfinite(position(taught(far), "Elm Gate", "Ash Gate")[0])


def test_contradicting_geometry_is_counted_and_not_believed() -> None:
    """A move that cannot be true keeps its passage, and moves no place."""
    memory = taught(
        "From Ash Gate, Nora Vance walked north and came to Birch Gate.",
        "From Birch Gate, Nora Vance walked north and came to Elm Gate.",
        "From Elm Gate, Nora Vance walked north and came to Ash Gate.",
    )
    assert memory.stats()["geometry_contradictions"] == 1
    assert position(memory, "Elm Gate", "Ash Gate") == (0.0, 2.0)
    way = asked(memory, "You are at Elm Gate on the way to Ash Gate. Which way do you go?")
    assert "walked north and came to Ash Gate" in way.traces[0].text


def test_a_move_leads_where_it_led_last() -> None:
    """East of a place cannot be two places: the last mention holds."""
    memory = taught(
        "From Ash Gate, Nora Vance walked east and came to Elm Gate.",
        "From Ash Gate, Otto Nash walked east and came to Fir Gate.",
    )
    assert memory.stats()["moves_contradicted"] == 1
    [trace] = asked(memory, "Which place is east of Ash Gate?").traces
    assert "Fir Gate" in trace.text
    assert asked(memory, "How do you get from Ash Gate to Elm Gate?") == Recall()


STEP = "From Ash Gate, Nora Vance walked east and came to Elm Gate."
SHUT = "The way between Ash Gate and Elm Gate has been closed."
ASK = "How do you get from Ash Gate to Elm Gate?"


def test_the_gate_counts_repeats_instead_of_storing_them() -> None:
    """Ten walks of one passage are one passage with the evidence of ten."""
    on, off = taught(*[STEP] * 10), taught(*[STEP] * 10, **{"gate.enabled": False})
    assert (on.stats()["passages"], off.stats()["passages"]) == (1, 10)
    assert on.stats()["gate_aggregated"] == 9
    [passage] = map_of(on).ways
    assert passage.evidence == 10
    assert asked(on, ASK).traces[0].score > asked(taught(STEP), ASK).traces[0].score


def test_a_closed_way_is_not_walked_until_it_is_walked_again() -> None:
    """What was said last holds, in either direction."""
    back = "How do you get from Elm Gate to Ash Gate?"
    closed = taught(STEP, SHUT)
    assert asked(closed, ASK) == asked(closed, back) == Recall()
    assert asked(taught(STEP, SHUT, STEP), ASK).traces
    opened = "The way between Ash Gate and Elm Gate is open again."
    assert asked(taught(STEP, SHUT, opened), ASK).traces


def test_a_way_that_is_no_longer_open_is_closed() -> None:
    """Two words deny what the third says, and it is not walked any more."""
    memory = taught(STEP, "The way between Ash Gate and Elm Gate is no longer open.")
    assert asked(memory, ASK) == Recall()


def test_a_way_that_is_no_longer_closed_is_open() -> None:
    """Two words deny what the third says, and it is walked again."""
    memory = taught(STEP, SHUT, "The way between Ash Gate and Elm Gate is no longer closed.")
    assert asked(memory, ASK).traces


def test_a_thing_that_is_no_longer_at_a_place_is_not_noticed_there() -> None:
    """What is denied is no sighting."""
    assert asked(taught("The cup is no longer at Ash Gate."), "Where is the cup?") == Recall()


def test_walking_through_an_open_door_is_a_step() -> None:
    """A word that could change a passage changes none where somebody walks."""
    memory = taught("Nora Vance walked east through the open door from Ash Gate to Elm Gate.")
    assert asked(memory, ASK).traces


def test_a_flapping_passage_is_blocked_until_it_settles() -> None:
    """Three changes make it unreliable, two walks in a row reliable.

    Changes: closed, open, closed, open = 4, which is more than `gate.flaps` = 3.
    """
    flapping = [STEP, SHUT, STEP, SHUT, STEP]
    assert asked(taught(*flapping), ASK) == Recall()
    assert asked(taught(*flapping, STEP), ASK).traces
    assert asked(taught(*flapping, **{"gate.enabled": False}), ASK).traces


def test_degree_is_bounded_and_prunes_are_logged() -> None:
    """The least walked passage out of a place goes, and the log says which."""
    steps = [f"Leaving Hub Square, Nora Vance reached Spoke {i}." for i in range(5)]
    memory = taught(*steps, *steps[1:], **{"store.max_degree": 4})
    assert memory.stats()["passages"] == 4
    assert [prune.what for prune in map_of(memory).prunes] == ["Hub Square -> Spoke 0"]


def test_places_are_bounded_and_prunes_are_logged() -> None:
    """The place seen longest ago goes, with its passages and what was noticed there."""
    memory = taught(
        "Nora Vance noticed a cup at Place 0.",
        *(f"Leaving Place {i}, Nora Vance reached Place {i + 1}." for i in range(9)),
        **{"store.max_places": 4},
    )
    assert memory.stats()["places"] == 4
    assert memory.stats()["prunes"] == 6
    assert asked(memory, "Where is the cup?") == Recall()
    assert asked(memory, "How do you get from Place 6 to Place 9?").traces


def test_a_bounded_map_is_the_same_in_batches_of_any_size() -> None:
    """How many events come at a time decides nothing about which places are kept."""
    events = generate("spatial", size=20, seed=7).events
    seen = set()
    for size in (1, 10, 128):
        memory = taught(**{"store.max_places": 20})
        for first in range(0, len(events), size):
            memory.observe(events[first : first + size])
        memory.replay()
        assert memory.stats()["prunes"] > 0
        seen.add(memory.fingerprint())
    assert len(seen) == 1


def test_things_are_bounded_and_prunes_are_logged() -> None:
    """The thing noticed longest ago is forgotten."""
    memory = taught(
        *(f"Nora Vance noticed a {thing} at Ash Gate." for thing in ("cup", "harp", "bell")),
        **{"store.max_things": 2},
    )
    assert [prune.what for prune in map_of(memory).prunes] == ["cup"]
    assert asked(memory, "Where is the cup?") == Recall()
    assert asked(memory, "Where is the bell?").traces


def test_a_thing_is_where_it_was_noticed_last() -> None:
    """A later sighting moves it."""
    memory = taught(
        "Nora Vance noticed a cup at Ash Gate.", "Nora Vance noticed a cup at Elm Gate."
    )
    [trace] = asked(memory, "Where is the cup?").traces
    assert trace.events == ("e1",)


@pytest.mark.parametrize("noise", [0.02, 0.05])
def test_closing_loops_bounds_the_error_of_noisy_moves(noise: float) -> None:
    """Walking to and fro between known corners, the error stays within the radius of a place.

    Dead reckoning alone would be off by about noise * sqrt(moves) = 0.05 * sqrt(400) = 1.
    """
    random = Random(5)
    geometry = Geometry(radius=0.5)
    geometry.add(0)
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    here = 0
    truth = {0: corners[0]}
    for i in range(1, 401):
        (x, y), (x0, y0) = corners[i % 4], corners[(i - 1) % 4]
        step = (x - x0 + random.gauss(0, noise), y - y0 + random.gauss(0, noise))
        at = geometry.at[here]
        there = geometry.nearest(0, (at[0] + step[0], at[1] + step[1]))
        if there is None:
            there = len(truth)
            geometry.add(there, (at[0] + step[0], at[1] + step[1]), 0)
            truth[there] = corners[i % 4]
        assert truth[there] == corners[i % 4]
        here = there
    assert all(math.dist(geometry.at[p], where) < 0.5 for p, where in truth.items())
