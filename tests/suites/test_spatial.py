"""The spatial suite: its worlds, how they are told, and what is asked about them."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from random import Random

import networkx as nx
import pytest

from memeval.suites.own import words
from memeval.suites.own.spatial.prompt import SPATIAL
from memeval.suites.own.spatial.solver import SHORTCUT, STEPS, read_stream, steps_to
from memeval.suites.own.spatial.stream import SHARES, generate
from memeval.suites.own.spatial.tour import RELATIVE_STEPS, cut, round_trip
from memeval.suites.own.spatial.worlds import KINDS, SERVES, Atlas, World
from memeval.types import Event, Item, Navigation, Session

SIZES = (50, 200, 1000)
WALKED = ("navigate", "detour", "habit")


@cache
def session_of(size: int, seed: int = 1337) -> Session:
    return generate(size=size, seed=seed)


def items_of(*abilities: str, size: int = 200) -> list[Item]:
    return [item for item in session_of(size).items if item.slice in abilities]


def events_of(ids: tuple[str, ...], size: int = 200) -> list[Event]:
    by_id = {event.id: event for event in session_of(size).events}
    return [by_id[id_] for id_ in ids]


def way_of(item: Item) -> Navigation:
    assert item.navigation is not None
    return item.navigation


def world_of(name: str, seed: int = 0) -> World:
    """Return a world of a kind."""
    atlas = Atlas(Random(seed))
    return next(w for _ in range(50) if (w := atlas.world(40, SHARES)).kind == name)


def words_in(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


@pytest.mark.parametrize(("size", "most"), [(50, 5), (200, 3.2), (1000, 3.1)])
def test_about_three_events_an_item(size: int, most: float) -> None:
    """Worlds are told whole, so small sessions have more than three events an item, not fewer."""
    assert 3 <= len(session_of(size).events) / size <= most


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("seed", range(5))
def test_worlds_are_whole_and_as_large_as_they_say(kind, seed: int) -> None:  # type: ignore[no-untyped-def]
    """Every place can be reached; grids have 5 x 5 to 9 x 9 cells, graphs 7 to 21 places."""
    for size in kind.sizes:
        graph = kind.shape(size, Random(seed))
        assert nx.is_connected(graph)
        assert len(graph) == (size * size if kind.name == "grid" else size)
    assert (min(kind.sizes), max(kind.sizes)) in {(5, 9), (9, 25), (7, 21), (8, 21)}


def test_every_kind_of_world_is_told() -> None:
    """A session of a thousand items has worlds with directions and without."""
    drawn = read_stream(session_of(1000).events)
    degrees = Counter(len(exits) for exits in drawn.walked.values())
    compass = sum(
        move in ("north", "south", "east", "west") for m in drawn.walked.values() for move in m
    )
    assert compass > 500
    assert max(degrees) >= 6  # the middle of a star
    assert set(SERVES) == {kind.name for kind in KINDS}


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_round_trip_takes_every_passage_once_each_way(kind: str) -> None:
    """So that each step has one event that tells it."""
    world = world_of(kind)
    steps = round_trip(world, Random(1))
    both = [*world.graph.edges, *((b, a) for a, b in world.graph.edges)]
    assert Counter(steps) == Counter(both)
    assert all(a[1] == b[0] for a, b in pairwise(steps))
    assert [step for walk in cut(steps, Random(2)) for step in walk] == steps


def test_nothing_but_a_habit_is_told_twice() -> None:
    """A step is told once, or four times if people walk it again and again."""
    session = session_of(200)
    times = Counter(step for steps in steps_told(session) for step in steps)
    assert set(times.values()) == {1, 4}
    assert sum(count == 4 for count in times.values()) < 0.2 * len(times)


def steps_told(session: Session) -> Iterator[list[tuple[str, str]]]:
    """Yield the step that each event tells, if it tells one."""
    here = ""
    for event in session.events:
        if match := next((m for p in STEPS if (m := p.match(event.text))), None):
            start, here = match.groupdict().get("here") or here, match["there"]
            yield [(start, here)]


def test_no_place_has_two_names_or_worlds() -> None:
    """The solver's map has as many places as names, and no passage leads back to its own start."""
    drawn = read_stream(session_of(1000).events)
    assert all(here != there for here, m in drawn.walked.items() for there in m.values())
    assert all(len(set(m.values())) == len(m) for m in drawn.walked.values())


def test_some_steps_leave_out_where_they_start() -> None:
    """About a fifth of the steps are told relative to the step before."""
    then = tuple(form.split("{")[0] for form in RELATIVE_STEPS)
    facts = [
        e.text for e in session_of(1000).events if re.search(r"\b(went|walked|reached)\b", e.text)
    ]
    assert 0.1 < sum(text.startswith(then) for text in facts) / len(facts) < 0.3


def test_a_relative_step_is_gold_together_with_the_one_before() -> None:
    """Gold that says "Then she went" comes with the sentence that says from where."""
    found = 0
    for item in items_of("place", "shortcut", "route", *WALKED):
        gold = events_of(item.gold_events)
        for before, event in zip([None, *gold], gold, strict=False):
            if event.text.startswith("Then "):
                found += 1
                assert before is not None
                assert before.time == event.time - 1
    assert found > 10


def test_gold_is_listed_once_and_in_the_order_of_the_way() -> None:
    """The end of one step is the start of the next, where both say where they start."""
    for item in items_of("route", "shortcut", "navigate", "habit"):
        assert len(set(item.gold_events)) == len(item.gold_events)
    for item in items_of("shortcut"):
        *_, step, noticed = events_of(item.gold_events)
        assert item.answers[0] in noticed.text
        assert noticed.text.split(" at ")[1] in step.text


def test_a_shortcut_was_never_walked() -> None:
    """No event joins the two places of a shortcut."""
    drawn = read_stream(session_of(1000).events)
    for item in items_of("shortcut", size=1000):
        match = SHORTCUT.match(item.query.text)
        assert match is not None
        [there] = drawn.seen[item.answers[0]]
        assert there not in drawn.walked[match["here"]].values()


def test_every_shortest_way_is_accepted() -> None:
    """A route's answers are all of equal length, and no two are the same."""
    for item in items_of("route", size=1000):
        assert len({answer.count(",") for answer in item.answers}) == 1
        assert len(set(item.answers)) == len(item.answers)


def test_routes_come_in_all_lengths() -> None:
    """From two steps to eight, so that the score can be read by length."""
    lengths = Counter(item.answers[0].count(",") + 1 for item in items_of("route", size=1000))
    assert set(lengths) == set(range(2, 9))


@pytest.mark.parametrize("ability", WALKED)
def test_walked_items_have_a_world_and_no_answers(ability: str) -> None:
    """The question is the first decision, and the moves that come nearer are told by events."""
    ids = {event.id for event in session_of(200).events}
    for item in items_of(ability):
        way = way_of(item)
        assert item.answers == ()
        assert item.query.text == way.question.replace("{here}", way.start)
        assert way.goal in item.query.text
        assert way.nearer.keys() == way.moves.keys() - {way.goal}
        assert all(set(told) <= ids and told for m in way.nearer.values() for told in m.values())


def test_moves_that_come_nearer_do() -> None:
    """By a breadth-first search of its own, each such move leaves one step less to go."""
    for item in items_of(*WALKED):
        way = way_of(item)
        left = steps_to({place: dict(moves) for place, moves in way.moves.items()}, way.goal)
        for here, nearer in way.nearer.items():
            expected = {m for m, there in way.moves[here].items() if left[there] == left[here] - 1}
            assert set(nearer) == expected


def test_a_detour_is_longer_than_the_way_that_was_closed() -> None:
    """Its first gold event closes a passage, without which the way had been shorter."""
    drawn = read_stream(session_of(200).events)
    for item in items_of("detour"):
        way = way_of(item)
        assert "has been closed" in events_of(item.gold_events)[0].text
        now = steps_to(drawn.moves, way.goal)[way.start]
        assert steps_to(drawn.walked, way.goal)[way.start] < now


def test_a_closure_follows_all_walks_of_its_world() -> None:
    """Nobody walks a passage after it was closed."""
    session = session_of(1000)
    closed: dict[str, int] = {}
    for event in session.events:
        if match := re.match(r"The way between (.+) and (.+) has been closed", event.text):
            closed |= {f"{match[1]}|{match[2]}": event.time}
    assert closed
    for pair, time in closed.items():
        a, b = pair.split("|")
        joint = [e.time for e in session.events if a in e.text and b in e.text]
        assert max(joint) == time


def test_a_habit_is_walked_again_and_again() -> None:
    """Each step of its way is told four times: once like any other, and in three walks."""
    session = session_of(200)
    times = Counter(step for steps in steps_told(session) for step in steps)
    for item in items_of("habit"):
        way = way_of(item)
        exits = [(way.start, way.moves[way.start][move]) for move in way.nearer[way.start]]
        assert 4 in [times[step] for step in exits]


def test_habits_pay_off() -> None:
    """More of the walks that are repeated are flagged as rewarding than of other facts."""
    session = session_of(1000)
    facts = [e for e in session.events if e.id in (session.worth or ())]
    assert 0.1 < sum(e.reward for e in facts) / len(facts) < 0.2


@pytest.mark.parametrize(
    "dealt",
    [
        words.PLACE_NAMES,
        words.PLACE_KINDS,
        words.ROOM_KINDS,
        words.SURNAMES,
        words.NOUNS,
        words.ADJECTIVES,
        words.FEMALE_NAMES,
        words.MALE_NAMES,
    ],
)
def test_examples_share_no_word_with_a_list(dealt: tuple[str, ...]) -> None:
    """No name of the prompt's examples is dealt to a place, a person or a thing."""
    assert words_in(SPATIAL.prefix) & {word.lower() for word in dealt} == set()
