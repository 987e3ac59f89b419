"""Walks in closed loop, on the scripted model."""

from collections.abc import Sequence
from typing import Any

import pytest

from memeval import ReaderOptions, evaluate
from memeval.memories.checked import Checked
from memeval.memories.event_store import EventStore
from memeval.memories.loading import load_memory
from memeval.models import Choice, Prompt
from memeval.models.scripted import ScriptedModel
from memeval.navigation import walk
from memeval.reader import Reader
from memeval.suites.own import generate
from memeval.telemetry.clock import Stopwatch
from memeval.types import Event, Item, Navigation, Query, Recall, Session, Trace

SESSION = generate("spatial", size=40, seed=7)
WALKED = [item for item in SESSION.items if item.navigation]
MODEL = ScriptedModel()


def corridor(places: int) -> Item:
    """Return an item whose world is a row of places, walked from the first to the last."""
    names = [f"p{i}" for i in range(places)]
    moves = {
        name: {
            **({"east": names[i + 1]} if i < places - 1 else {}),
            **({"west": names[i - 1]} if i else {}),
        }
        for i, name in enumerate(names)
    }
    nearer = {name: {"east": (f"e{i}",)} for i, name in enumerate(names[:-1])}
    question = f"You are at {{here}} and want to get to {names[-1]}."
    way = Navigation(names[0], names[-1], question, moves, nearer)
    gold = tuple(f"e{i}" for i in range(places - 1))
    return Item(Query("q", question.replace("{here}", "p0"), 99), (), gold, gold, "navigate", way)


class Guide(EventStore):
    """Gives what it was told to give, and keeps the questions."""

    def __init__(self, give: dict[str, Trace] | None = None) -> None:
        self.give = give or {}
        self.asked: list[list[str]] = []

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        self.asked.append([query.text for query in queries])
        found = (
            next((t for p, t in self.give.items() if f"at {p} " in q.text), None) for q in queries
        )
        return [Recall((trace,)) if trace else Recall() for trace in found]


class Chooser(ScriptedModel):
    """Chooses by a rule, and keeps the options it was shown."""

    def __init__(self, rule: Any) -> None:
        super().__init__()
        self.rule = rule
        self.shown: list[tuple[str, ...]] = []

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        stripped = [tuple(option.strip() for option in choices) for choices in options]
        self.shown += stripped
        return [Choice(self.rule(choices), (), prompt_tokens=10) for choices in stripped]


def walked(item: Item, memory: Guide, model: ScriptedModel) -> Any:
    reader = Reader(model, SESSION.prompt, ReaderOptions(kind="text"))
    [found] = walk([item], Checked(memory), reader, watch=Stopwatch())
    return found


def first(_options: Sequence[str]) -> int:
    return 0


def longest(options: Sequence[str]) -> int:
    return max(range(len(options)), key=lambda i: len(options[i]))


def test_each_decision_asks_from_where_the_walker_stands() -> None:
    """The place of the question follows the moves, to the goal and no further."""
    memory, model = Guide(), Chooser(first)  # "east" stands first wherever it is legal
    found = walked(corridor(4), memory, model)
    assert [text for [text] in memory.asked] == [
        f"You are at p{i} and want to get to p3." for i in range(3)
    ]
    assert model.shown == [("east",), ("east", "west"), ("east", "west")]
    assert (found.arrived, found.moves, found.decisions) == (True, ["east"] * 3, 3)
    assert found.prompt_tokens == 30


def test_a_walk_counts_only_notes_that_fit_the_window() -> None:
    """Of two traces, the second of which is too long, the walker has read one and a part."""
    traces = (Trace("East.", 1.0, ("e0",)), Trace("far " * 9000, 0.5, ("e1",)))
    guide = Guide()
    guide.recall = lambda queries: [Recall(traces)] * len(queries)  # type: ignore[method-assign]
    model = Chooser(first)
    reader = Reader(model, None, ReaderOptions(traces=None))
    [one] = walk([corridor(3)], Checked(guide), reader, watch=Stopwatch())
    assert (one.reading.events, one.reading.shortened) == (("e0", "e1"), 1)
    assert one.read == {"e0", "e1"}


def test_a_walk_keeps_the_prompt_of_its_first_decision() -> None:
    """From where it starts, with what was recalled there."""
    guide = Guide({"p0": Trace("From p0 go east.", 1.0, ()), "p1": Trace("On.", 1.0, ())})
    done = walked(corridor(3), guide, Chooser(first))
    assert done.decisions == 2
    assert "From p0 go east." in done.prompt
    assert "You are at p0 " in done.prompt
    assert "On." not in done.prompt


def test_a_macro_is_one_decision_of_several_moves() -> None:
    """Its actions are made one after another, and stop at the goal."""
    memory = Guide({"p0": Trace("the usual way", 1.0, ("e0",), actions=("east",) * 5)})
    model = Chooser(longest)
    found = walked(corridor(4), memory, model)
    assert model.shown == [("east", "east, east, east, east, east")]
    assert (found.arrived, found.moves, found.decisions) == (True, ["east"] * 3, 1)


def test_a_macro_that_cannot_begin_is_not_offered() -> None:
    """At the west end nobody can go west."""
    memory = Guide({"p0": Trace("a wrong way", 1.0, (), actions=("west", "east"))})
    model = Chooser(first)
    walked(corridor(3), memory, model)
    assert model.shown[0] == ("east",)


def test_a_macro_breaks_off_where_a_move_is_not_legal() -> None:
    """The walker stands where the last legal move led, and decides again."""
    memory = Guide(
        {"p0": Trace("a way with a wrong turn", 1.0, (), actions=("east", "north", "east"))}
    )
    found = walked(corridor(3), memory, Chooser(longest))
    assert found.moves[0] == "east"
    assert found.decisions >= 2


def test_a_macro_ends_with_the_budget() -> None:
    """Twenty moves to and fro are cut at eight: two steps at best, four times that at most."""
    there_and_back = Trace("to and fro", 1.0, (), actions=("east", "west") * 10)
    found = walked(corridor(3), Guide({"p0": there_and_back}), Chooser(longest))
    assert (found.arrived, len(found.moves), found.decisions) == (False, 8, 1)


def test_a_walker_in_a_circle_stops() -> None:
    """The second time at a place with the same recall nothing could go otherwise."""
    found = walked(corridor(4), Guide(), Chooser(lambda options: len(options) - 1))
    # east by force, then west, and p0 has been seen with an empty recall
    assert (found.arrived, found.moves, found.decisions) == (False, ["east", "west"], 2)


def test_the_budget_ends_a_walk_whose_recalls_keep_changing() -> None:
    """Four times the optimum and not a step more."""

    class Restless(Guide):
        def recall(self, queries: Sequence[Query]) -> list[Recall]:
            self.asked.append([])
            return [Recall((Trace(f"note {len(self.asked)}", 1.0, ()),))] * len(queries)

    found = walked(corridor(4), Restless(), Chooser(lambda options: len(options) - 1))
    assert len(found.moves) == 12
    assert not found.arrived


def test_gold_leads_to_the_goal_on_the_shortest_way() -> None:
    """A reader that does what the notes say walks every world of a session in optimal steps."""
    memory = load_memory("gold", model=MODEL)
    result = evaluate(SESSION, memory, MODEL, reader=ReaderOptions(kind="text", traces=None))
    rows = [row for row in result.items if row.optimal_steps]
    assert len(rows) == len(WALKED)
    assert all(row.scores["exact_match"] and row.steps == row.optimal_steps for row in rows)
    assert result.metrics["navigation"]["success"] == 1.0
    assert result.metrics["navigation"]["steps_over_optimal"] == 1.0


def test_records_keep_the_order_of_the_items() -> None:
    """Items that are asked and items that are walked stand as in the session."""
    memory = load_memory("none", model=MODEL)
    result = evaluate(SESSION, memory, MODEL)
    assert [row.query_id for row in result.items] == [item.query.id for item in SESSION.items]
    assert {row.random_walk_success is None for row in result.items} == {True, False}


@pytest.mark.parametrize("control", ["passage", "shuffled"])
def test_a_control_gives_a_walker_the_same_at_every_step(control: str) -> None:
    """Only the oracle follows the walker; the placebo stays one and the same."""
    memory: Any = load_memory(control, model=MODEL)
    memory.observe(SESSION.events)
    memory.prepare(SESSION.items, SESSION.events)
    item = WALKED[0]
    [before] = memory.recall([item.query])
    memory.follow([Item(item.query, (), item.gold_events[:1], item.passage, item.slice)])
    assert memory.recall([item.query]) == [before]


def test_a_session_of_questions_alone_has_no_navigation_scores() -> None:
    """Nothing measured is null, never 0."""
    session = Session(
        "s",
        (Event("e", "A cat sat.", 0),),
        (Item(Query("q", "Who?", 1), ("cat",), ("e",), ("e",), "all"),),
    )
    result = evaluate(session, load_memory("gold", model=MODEL), MODEL)
    assert result.metrics["navigation"]["n"] == 0
    assert result.metrics["navigation"]["success"] is None
