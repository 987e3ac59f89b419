"""ALL: three memories on one stream, and which of them leads."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval import load_memory
from memeval.encoders.scripted import ScriptedEncoder
from memeval.evaluating import evaluate
from memeval.memories.all.merging import merge, weigh
from memeval.memories.all.params import ConfidenceParams, WorthParams
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import generate
from memeval.types import Event, Example, Query, Recall, Trace

MODEL = ScriptedModel()
STREAM = [
    Event("e0", "From Slate Ford, Nora Vance walked east and came to Perth Water.", 0),
    Event("e1", "From Perth Water, Nora Vance walked north and came to Axe Hill.", 1),
    Event("e2", "Iris Moor works for Axiom Software.", 2),
    Event("e3", "On 3 May, Hugo Lind bought a brass lantern from a trader.", 3),
    Event("e4", "Ada Finch works for Helios Foods.", 4),
    Event("e5", "Otto Brand works for Walnut Chemicals.", 5),
]
WALK = "You are at Slate Ford on the way to Axe Hill."
FACT = "Iris Moor works for"
EPISODE = "What did Hugo Lind buy from a trader?"

scores = st.lists(st.floats(0, 1), max_size=5).map(lambda s: sorted(s, reverse=True))


def taught(**params: Any) -> Any:
    memory = load_memory("all", model=MODEL, **params)
    memory.observe(STREAM)
    memory.replay()
    return memory


def asked(memory: Any, *questions: str) -> list[Recall]:
    queries = [Query(f"q{i}", text, 10) for i, text in enumerate(questions)]
    recalls: list[Recall] = memory.recall(queries)
    return recalls


def recall_of(found: Sequence[float], prefix: str) -> Recall:
    return Recall(tuple(Trace(f"{prefix}{i}", s, (f"e{i}",)) for i, s in enumerate(found)))


@pytest.mark.parametrize(("bias", "sure"), [(-800.0, 0.0), (0.0, 0.5), (800.0, 1.0)])
def test_any_score_has_a_probability(bias: float, sure: float) -> None:
    """A bias that only says never or always is no error."""
    confidence = ConfidenceParams(smpd=WorthParams(slope=0.0, bias=bias))
    assert confidence.probability(1.0, "smpd") == sure


def test_a_memory_that_is_left_no_question_is_not_asked() -> None:
    """What the map settles needs neither the graph nor the episodes, also where all are walks."""
    memory = load_memory("all", model=MODEL, encoder=ScriptedEncoder(), **{"recall.enough": 0.5})
    memory.observe(STREAM)
    memory.replay()
    [recall] = asked(memory, WALK)
    assert {trace.source for trace in recall.traces} == {"smpd"}


@pytest.mark.parametrize(
    ("question", "source", "event"),
    [(WALK, "smpd", "e0"), (FACT, "sgc_rss", "e2"), (EPISODE, "hei_nw", "e3")],
)
def test_each_question_is_led_by_its_memory(question: str, source: str, event: str) -> None:
    """On one stream of all three kinds, what is read comes from the memory made for it."""
    [recall] = asked(taught(), question)
    assert recall.traces[0].source == source
    assert event in recall.traces[0].events


@pytest.mark.parametrize(("encoder", "leads"), [(ScriptedEncoder(), True), (None, False)])
def test_with_an_encoder_the_graph_follows_a_fact_back(encoder: Any, leads: bool) -> None:
    """It is handed the encoder, as the episodes are; without it, it reads nothing in this."""
    memory = load_memory("all", model=MODEL, encoder=encoder)
    memory.observe(STREAM)
    memory.replay()
    [recall] = asked(memory, "Who is it that works for Axiom Software?")
    assert (recall.traces[0].source == "sgc_rss") == leads


@pytest.mark.parametrize("deny", [True, False])
def test_what_the_graph_denies_is_not_guessed_from_episodes(
    deny: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an entity without a fact of the relation asked for, the episodic memory is not asked."""
    memory = taught(recall={"deny": deny})
    memory.observe([Event("e6", "Ida Marsh lives in Heron Falls.", 6)])
    memory.replay()
    seen: list[str] = []

    def watch(queries: Sequence[Query]) -> list[Recall]:
        seen.extend(query.text for query in queries)
        return [Recall()] * len(queries)

    monkeypatch.setattr(memory._episodes, "recall", watch)
    missing = "Ida Marsh works for"
    asked(memory, missing, EPISODE)
    assert seen == ([EPISODE] if deny else [missing, EPISODE])


def test_actions_survive_the_merge() -> None:
    """A way walked twice becomes a macro of the map, and a walker is still offered it."""
    memory = load_memory("all", model=MODEL)
    way = [STREAM[0], STREAM[1]]
    memory.observe([Event(f"e{i}", e.text, i) for i, e in enumerate(way * 3)])
    memory.replay()
    [recall] = asked(memory, WALK)
    assert recall.traces[0].actions == ("east", "north")


def test_the_record_of_an_item_tells_who_answered() -> None:
    """The runner writes down the source of every trace, and none for a memory that is one."""
    session = generate("spatial", size=20, seed=7)
    records = evaluate(session, load_memory("all", model=MODEL), MODEL).items
    assert all(len(r.recalled_sources or ()) == len(r.recalled_texts) for r in records)
    assert "smpd" in {r.recalled_sources[0] for r in records if r.recalled_sources}
    alone = evaluate(session, load_memory("smpd", model=MODEL), MODEL).items
    assert {r.recalled_sources for r in alone} == {None}


def test_a_parameter_of_a_memory_is_set_behind_its_name() -> None:
    """`hei_nw.gate.enabled=false` lets everything into the episodes, and changes nothing else."""
    nods = [Event(f"n{i}", "ok", i) for i in range(3)]
    full = load_memory("all", model=MODEL)
    open_gate = load_memory("all", model=MODEL, **{"hei_nw.gate.enabled": False})
    for memory in (full, open_gate):
        memory.observe(nods)
    assert full.stats()["hei_nw_gate_written"] < 3
    assert open_gate.stats()["hei_nw_gate_written"] == 3


def test_the_size_of_the_store_is_that_of_the_three_together() -> None:
    """Nobody is told that three stores cost what one does."""
    stats = taught().stats()
    for total in ("store_items", "store_bytes", "prunes"):
        parts = [stats[f"{name}_{total}"] for name in ("smpd", "sgc_rss", "hei_nw")]
        assert stats[total] == sum(parts)


def test_the_traces_are_within_one_budget() -> None:
    """Three memories do not give three times as much to read."""
    [recall] = asked(taught(**{"recall.traces": 1, "recall.enough": 1.0}), EPISODE)
    assert len(recall.traces) == 1


def test_no_other_memory_is_asked_when_one_is_sure() -> None:
    """A walker's decision does not wait for its words to be linked to relations."""
    memory = taught()
    seen: list[Query] = []
    memory._memories["sgc_rss"].recall = lambda queries: seen.extend(queries) or []
    asked(memory, WALK)
    assert seen == []


@given(first=scores, second=scores, slope=st.floats(0, 20), bias=st.floats(-10, 10))
def test_a_merge_keeps_each_memorys_own_order(
    first: list[float], second: list[float], slope: float, bias: float
) -> None:
    """Weighing is monotone and the sort is stable, so nobody's second trace overtakes its first."""
    confidence = ConfidenceParams(smpd=WorthParams(slope=slope, bias=bias))
    merged = merge(
        weigh(recall_of(first, "a"), "smpd", confidence),
        weigh(recall_of(second, "b"), "hei_nw", confidence),
        traces=10,
    )
    for prefix in "ab":
        own = [trace.text for trace in merged.traces if trace.text.startswith(prefix)]
        assert own == sorted(own)
    assert all(0 <= trace.score <= 1 for trace in merged.traces)


def test_a_score_is_worth_what_the_logistic_says() -> None:
    """With slope 2 and bias -1, a score of 1 is worth 1 / (1 + e^-1) = 0.731."""
    confidence = ConfidenceParams(hei_nw=WorthParams(slope=2.0, bias=-1.0))
    [trace] = weigh(recall_of([1.0], "a"), "hei_nw", confidence).traces
    assert trace.score == pytest.approx(0.731, abs=0.0005)


def test_a_trace_that_does_not_lead_is_worth_its_share() -> None:
    """With 0.731 for the first, one of half its score is worth half of what its own score says.

    At slope 0 and bias 1 every score is worth 1 / (1 + e^-1) = 0.731; half of it is 0.366.
    """
    confidence = ConfidenceParams(hei_nw=WorthParams(slope=0.0, bias=1.0))
    first, second = weigh(recall_of([0.8, 0.4], "a"), "hei_nw", confidence).traces
    assert [first.score, second.score] == pytest.approx([0.731, 0.366], abs=0.0005)


def test_without_calibration_scores_are_compared_as_they_are() -> None:
    """`confidence.enabled=false` is what calibration is measured against."""
    [trace] = weigh(recall_of([0.7], "a"), "smpd", ConfidenceParams(enabled=False)).traces
    assert trace.score == 0.7


def test_what_two_memories_tell_alike_is_given_once() -> None:
    """The same sentence twice is no second trace; the surer one stays."""
    confidence = ConfidenceParams(enabled=False)
    first = weigh(Recall((Trace("told", 0.5, ("e1",)),)), "smpd", confidence)
    second = weigh(Recall((Trace("told", 0.6, ("e1",)),)), "hei_nw", confidence)
    [trace] = merge(first, second, traces=5).traces
    assert trace.source == "hei_nw"


@pytest.mark.parametrize(
    ("told", "merged"),
    [((0.2, 0.7), 0.7), ((0.7, 0.2), 0.7), ((None, 0.7), None), ((0.7, None), None)],
)
def test_two_memories_are_as_sure_as_the_surer(
    told: tuple[float | None, float | None], merged: float | None
) -> None:
    """Nobody knows how likely the traces of one are that does not tell, so nothing is told."""
    first, second = (
        weigh(replace(recall_of([0.5], name), confidence=one), "hei_nw", ConfidenceParams())
        for name, one in zip("ab", told, strict=True)
    )
    assert merge(first, second, traces=5).confidence == merged


def test_a_memory_without_a_trace_takes_no_confidence_away() -> None:
    """It adds nothing of which it were not known how likely it is."""
    one = replace(recall_of([0.5], "a"), confidence=0.4)
    assert merge(Recall(), one, traces=5).confidence == 0.4
    assert merge(Recall(), Recall(), traces=5).confidence is None


def test_an_episode_is_not_asked_where_a_chain_of_facts_answers() -> None:
    """Its score is worth what it says only of questions that the graph leaves open."""
    [recall] = asked(taught(), FACT)
    assert {trace.source for trace in recall.traces} == {"sgc_rss"}
    [both] = asked(taught(**{"recall.enough": 1.0}), FACT)
    assert "hei_nw" in {trace.source for trace in both.traces}


def test_remarks_stay_out_whatever_else_is_set() -> None:
    """Another parameter of the relational memory does not bring its defaults back."""
    memory = load_memory("all", model=MODEL, **{"sgc_rss.recall.traces": 2})
    assert memory.params.sgc_rss.recall.link_remarks is False


def test_the_map_answers_in_the_form_that_examples_show() -> None:
    """Examples shown to ALL reach the map: ways are written in letters."""
    memory = taught()
    memory.shown([Example(("The den is west of the pool.",), "How does one get there?", "w,s")])
    memory.observe([Event("m1", "The shed is north of the barn.", 10**6)])
    memory.replay()
    [recall] = asked(memory, "How do you go from the barn to the shed?")
    assert recall.traces[0].text.endswith("Answer: n")
