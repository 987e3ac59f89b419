"""How evidence is looked for and compared, on streams of a few events."""

from typing import Any

import pytest
from scripts import script

from memeval import load_memory
from memeval.config import ReaderOptions
from memeval.encoders.scripted import ScriptedEncoder
from memeval.memories.checked import Checked
from memeval.models.scripted import ScriptedModel
from memeval.reader import Reader
from memeval.types import Event, Item, Query, Recall, Session, Trace

evidence = script("evidence")


def recall(*events: tuple[str, ...]) -> Recall:
    return Recall(tuple(Trace("text", 1.0, behind) for behind in events))


def item(id_: str, *gold: str, time: int = 9, **more: Any) -> Item:
    return Item(Query(id_, f"Where is {id_}?", time), ("here",), gold, gold, "all", **more)


@pytest.mark.parametrize(
    ("found", "held", "scores"),
    [
        (recall(("a",), ("b",)), ("a", "b"), (1, 1, 1, 1)),
        (recall(("x", "b"), ("a",)), ("x", "b"), (1, 1, 1, 0)),  # a trace may be of several events
        (recall(*[(one,) for one in "uvwxya"]), ("a", "b"), (0, 0, 1, 1)),  # gold on rank 6
        (recall(), (), (0, 0, 0, 0)),
    ],
)
def test_measures_are_of_traces_and_of_the_budget(
    found: Recall, held: tuple[str, ...], scores: tuple[float, ...]
) -> None:
    """The first two count traces, whatever events are behind them; the others what is held."""
    assert evidence.measures(("a", "b"), found, held) == scores


def test_only_questions_with_evidence_are_asked() -> None:
    """Without gold, with gold known to be wrong, or without an answer there is nothing to find."""
    unknown = Item(Query("u", "Who?", 9), ("unknown",), (), (), "all")
    asked = [item("a", "e"), item("b"), item("c", "e", unscored_reason="wrong"), unknown]
    assert [one.query.id for one in asked if evidence.has_evidence(one)] == ["a"]


def test_a_question_is_asked_where_it_stands() -> None:
    """What comes after a question has not been observed when its evidence is looked for."""
    events = tuple(Event(id_, f"{id_} is a word", time) for time, id_ in enumerate(("a", "b", "c")))
    session = Session("s", events, (item("b", "b", time=0), item("c", "c", time=2)))
    reader = Reader(ScriptedModel(), None, ReaderOptions())
    found = evidence.evidence(session, Checked(load_memory("bm25")), reader)
    assert [(one.query.id, scores[2]) for one, scores in found] == [("b", 0.0), ("c", 1.0)]


def test_a_contender_has_its_knobs() -> None:
    """NAME:KNOB=VALUE,... are the memory's parameters, read as on the command line."""
    parts = {"model": ScriptedModel(), "encoder": ScriptedEncoder()}
    memory = evidence.contender("bm25:k=4,stems=false", **parts)()
    assert (memory.params.k, memory.params.stems) == (4, False)
    assert evidence.contender("bm25", **parts)().params.stems


def test_a_memory_is_told_against_the_best_of_the_rankers_and_the_hybrid_of_its_two() -> None:
    """The best may be another one for every measure; it is paired by item."""
    won = {
        "bm25": [(1, 1, 0, 0), (0, 1, 0, 0)],
        "dense": [(0, 0, 0, 0), (0, 0, 1, 0)],
        "hybrid": [(0, 1, 1, 0), (0, 1, 1, 0)],
        "mine": [(0, 1, 1, 0), (0, 0, 1, 1)],
    }
    keys = [("s", "q1"), ("s", "q2")]
    scores = {name: dict(zip(keys, rows, strict=True)) for name, rows in won.items()}
    found = evidence.Found(dict(zip(keys, ("x", "y"), strict=True)), scores)
    told = list(evidence.differences("stream", found))
    best = {(one.contender, one.measure): (one.rival, one.paired.mean) for one in told}
    assert best["mine", "hit@1"] == ("bm25", -0.5)  # 0 of 2 against 1 of 2
    assert best["mine", "any@256t"] == ("hybrid", 0.0)  # both found both
    assert best["hybrid", "any@256t"] == ("dense", 0.5)  # 2 of 2 against 1 of 2
    assert not any(one.contender in {"bm25", "dense"} for one in told)
    slices = evidence.differences("stream", found, slices=True)
    assert sorted({(one.slice, one.paired.n) for one in slices}) == [("all", 2), ("x", 1), ("y", 1)]
