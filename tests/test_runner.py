"""One cell from teaching to metrics, on the scripted model."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from memeval import ReaderOptions, compare, evaluate
from memeval.errors import ConfigError, DataError, MemevalError
from memeval.memories.baselines import FullContext
from memeval.memories.event_store import EventStore
from memeval.memories.loading import load_memory
from memeval.models import Prompt
from memeval.models.scripted import ScriptedModel
from memeval.results import CellResult
from memeval.runner import StoreChangedError
from memeval.suites.own import generate
from memeval.types import Event, Example, Query, Recall, Trace

SESSION = generate("episodic", size=40, seed=7)
MODEL = ScriptedModel(reply=lambda prompt: replies().get(question_of(prompt.suffix), "unknown"))


def question_of(suffix: str) -> str:
    return suffix.removeprefix("Question: ").split("\n")[0]


def replies() -> dict[str, str]:
    """Answer the first half of the items rightly."""
    return {i.query.text: i.answers[0] for i in SESSION.items[: len(SESSION.items) // 2]}


def run(name: str, session=SESSION, **params: object):  # type: ignore[no-untyped-def]
    memory = load_memory(name, model=MODEL, **params)
    return evaluate(session, memory, MODEL, reader=ReaderOptions(traces=None))


class Forgetful(FullContext):
    """Drops an event whenever it is asked."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        found = super().recall(queries)
        self.events.pop()
        return found


class Curious(EventStore):
    """Keeps what it was shown."""

    seen: list[object]

    def observe(self, events: Sequence[Event]) -> None:
        super().observe(events)
        self.seen = [*getattr(self, "seen", []), *events]

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        self.seen += queries
        return [Recall()] * len(queries)


def test_exact_match_counts_answerable_items_only() -> None:
    """The headline is right answers over answerable items; `unknown` items stand beside it."""
    result = run("none")
    half = SESSION.items[:20]
    right = sum(item.answerable for item in half)
    answerable = sum(item.answerable for item in SESSION.items)
    assert result.exact_match == pytest.approx(right / answerable)
    assert result.metrics["n_answerable"] == answerable
    # the scripted model says `unknown` to everything it does not know
    assert result.metrics["abstention"] == 1.0
    assert result.metrics["false_abstention"] == pytest.approx((answerable - right) / answerable)


def test_losses_name_every_wrong_answer_once() -> None:
    """Nothing stored is lost at writing; gold that was read and not used is lost at reading."""
    nothing, gold = run("none").metrics, run("gold").metrics
    wrong = nothing["n_answerable"] - round(nothing["exact_match"] * nothing["n_answerable"])
    assert nothing["lost"] == {"not_stored": wrong, "not_retrieved": 0, "not_used": 0}
    assert gold["lost"] == {"not_stored": 0, "not_retrieved": 0, "not_used": wrong}
    assert run("shuffled").metrics["lost"]["not_retrieved"] == wrong


class Silent(EventStore):
    """Holds everything, and recalls nothing."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        return [Recall()] * len(queries)


def test_a_memory_that_never_recalls_anything_has_found_nothing() -> None:
    """Its silence is a retrieval that failed: 0 over all items with gold, and not null."""
    found = evaluate(SESSION, Silent(EventStore.Params(), seed=0), MODEL).metrics["retrieval"]
    other = run("bm25").metrics["retrieval"]
    names = ("hit@1", "recall@5", "ndcg@10", "mrr", "any@256t", "all@256t")
    assert [found[name] for name in names] == [0.0] * len(names)
    assert (found["n"], found["n@256t"]) == (other["n"], other["n@256t"])


class Doubtful(EventStore):
    """Recalls the newest events, and is sure of them where it is asked where."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        traces = tuple(Trace(e.text, 0.5, (e.id,)) for e in self.events[::-1])
        return [
            Recall(traces, confidence=0.75 if "where" in q.text.lower() else 0.25) for q in queries
        ]


def doubtful(unknown_below: float) -> CellResult:
    memory = Doubtful(EventStore.Params(), seed=0)
    options = ReaderOptions(traces=None, unknown_below=unknown_below)
    return evaluate(SESSION, memory, MODEL, reader=options)


def test_what_is_not_believed_counts_for_retrieval_all_the_same() -> None:
    """Evidence is measured of the recall; what is read of an unsure one is nothing."""
    usual, strict = doubtful(0.0), doubtful(0.5)
    assert strict.metrics["retrieval"] == usual.metrics["retrieval"]
    assert strict.metrics["calibration"] == usual.metrics["calibration"]
    for one, other in zip(strict.items, usual.items, strict=True):
        is_read = not (one.prompt or "").endswith("\nNothing known.\nAnswer:")
        assert (one.traces_read > 0) == is_read == (one.confidence == 0.75)
        assert one.notes_left_out == other.notes_left_out
    assert {one.confidence for one in strict.items} == {0.25, 0.75}


def test_evidence_that_is_not_believed_was_lost_to_the_reader() -> None:
    """It was retrieved, and not used."""
    usual, strict = doubtful(0.0), doubtful(1.0)
    assert [one.lost for one in strict.items] == [one.lost for one in usual.items]
    assert strict.metrics["lost"]["not_used"] > 0


def test_retrieval_is_null_where_nothing_is_looked_up() -> None:
    """A floor has no hit rate, not a hit rate of 0."""
    assert run("none").metrics["retrieval"]["hit@1"] is None
    assert run("gold").metrics["retrieval"]["hit@1"] is None  # a control ranks nothing
    assert run("bm25").metrics["retrieval"]["hit@1"] > 0


def test_evidence_within_a_budget_is_told_of_what_does_not_rank() -> None:
    """The oracle has all of it, the newest events some, and what looks nothing up none to tell."""
    found = {name: run(name).metrics["retrieval"] for name in ("gold", "full_context", "none")}
    assert found["gold"]["all@256t"] == 1.0
    assert 0 < found["full_context"]["any@256t"] < 1
    assert found["none"]["any@256t"] is None
    assert [one["n@256t"] for one in found.values()] == [found["gold"]["n@256t"]] * 2 + [0]


def test_evidence_within_a_budget_does_not_rest_on_what_is_read() -> None:
    """The recall is measured, whatever the reader's options leave of it."""
    memory = load_memory("full_context", model=MODEL)
    result = evaluate(SESSION, memory, MODEL, reader=ReaderOptions(traces=1, budget_tokens=20))
    assert result.metrics["traces_read_mean"] == 1
    assert result.metrics["retrieval"] == run("full_context").metrics["retrieval"]
    assert all(len(record.budget_events or ()) > 5 for record in result.items)


def test_context_is_the_tokens_of_the_notes_in_the_prompt() -> None:
    """It is what the notes that were read take of the prompt, each with its dash and line's end."""
    memory = load_memory("bm25", model=MODEL)
    result = evaluate(SESSION, memory, MODEL, reader=ReaderOptions(traces=2))
    for record in result.items:
        notes = [f"- {text}\n" for text in record.recalled_texts[: record.traces_read]]
        assert record.context_tokens == sum(map(len, MODEL.tokenize(notes)))
    assert result.metrics["context_tokens_mean"] > 0


def test_every_event_has_its_share_of_the_time_of_adding() -> None:
    """Times of adding are told of a stream that was added."""
    metrics = run("bm25").metrics
    assert 0 < metrics["teach_ms_p50"] <= metrics["teach_ms_p95"] <= metrics["teach_ms_p99"]


def test_parts_are_those_of_gold_and_recalled_events() -> None:
    """Each part is named once, of what was recalled the best first."""
    parts = {event.id: f"day {i % 3}" for i, event in enumerate(SESSION.events)}
    for record in run("bm25", replace(SESSION, parts=parts)).items:
        events = [event for trace in record.recalled_events for event in trace]
        assert record.recalled_parts == list(dict.fromkeys(parts[event] for event in events))
        assert record.gold_parts == list(dict.fromkeys(map(parts.get, record.gold_events)))
    assert {record.gold_parts for record in run("bm25").items} == {None}


def test_a_memory_that_does_not_rank_has_no_hit_rate() -> None:
    """The whole stream, newest first, says nothing of which event fits a question."""
    assert run("full_context").metrics["retrieval"]["hit@1"] is None


def test_what_the_window_cuts_was_not_read() -> None:
    """Counts and losses are of the notes that stood in the prompt, not of what was recalled."""
    prompts = []
    model = ScriptedModel(lambda prompt: prompts.append(prompt) or "wrong", window=1200)
    memory = load_memory("full_context", model=model)
    everything = ReaderOptions(traces=None, budget_tokens=None)
    result = evaluate(SESSION, memory, model, reader=everything)
    assert result.metrics["traces_read_mean"] == len(prompts[0].memory) < len(SESSION.events)
    texts = {event.id: event.text for event in SESSION.events}
    for record, prompt in zip(result.items, prompts, strict=True):
        read = "".join(prompt.memory)
        was_read = all(texts[event] in read for event in record.gold_events)
        if record.answerable:
            assert record.lost == ("not_used" if was_read else "not_retrieved")
    assert result.metrics["lost"]["not_used"] > 0
    assert result.metrics["lost"]["not_retrieved"] > 0


class Counting(EventStore):
    """Keeps everything, recalls nothing, and counts what it is told to."""

    counter: object = 0

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        return [Recall()] * len(queries)

    def stats(self) -> dict[str, object]:
        return {"steps": self.counter}


@pytest.mark.parametrize("counter", [np.int64(3), np.float32(3), 3])
def test_counters_may_be_of_numpy(counter: object) -> None:
    """They become plain numbers, which can be written as JSON."""
    memory = Counting(Counting.Params(), seed=0)
    memory.counter = counter
    counted = evaluate(SESSION, memory, MODEL).metrics["memory"]["steps"]
    assert counted == 3
    assert type(counted) in (int, float)


@pytest.mark.parametrize("counter", [math.nan, math.inf, None, "many"])
def test_a_counter_that_is_no_number_is_refused(counter: object) -> None:
    """It is named, before the questions are asked."""
    memory = Counting(Counting.Params(), seed=0)
    memory.counter = counter
    with pytest.raises(MemevalError, match=r"finite numbers, got .* for 'steps'"):
        evaluate(SESSION, memory, MODEL)


def test_a_run_that_answers_an_item_twice_cannot_be_compared() -> None:
    """Of two answers to one item, neither is dropped silently."""
    once = run("none")
    with pytest.raises(DataError, match="of different items, got 72 answers to 36 items"):
        compare([once, once], [once])


@pytest.mark.parametrize("style", ["completion", "chat"])
def test_records_keep_the_prompt_that_the_model_read(style: Literal["completion", "chat"]) -> None:
    """To the letter, whatever was cut of notes and question on the way."""
    read: list[str] = []

    def reply(prompt: Prompt) -> str:
        read.append(prompt.text)
        return "unknown"

    model = ScriptedModel(reply, window=1200)
    memory = load_memory("full_context", model=model)
    found = evaluate(SESSION, memory, model, reader=ReaderOptions(traces=None, style=style))
    assert [one.prompt for one in found.items] == read
    assert any(one.notes_left_out for one in found.items)


def test_an_unknown_reader_is_refused() -> None:
    """The near or known names are told."""
    with pytest.raises(ConfigError, match="a reader must be a known name, got 'txt'"):
        evaluate(SESSION, load_memory("none", model=ScriptedModel()), ScriptedModel(), reader="txt")


def test_write_scores_compare_the_store_with_what_was_worth_it() -> None:
    """Keeping everything has full recall and the precision of the stream itself."""
    writes = run("full_context").metrics["writes"]
    assert SESSION.worth is not None
    precision = len(SESSION.worth) / len(SESSION.events)
    assert writes == {"precision": precision, "recall": 1.0, "auprc": None}


def test_a_session_without_labels_has_no_write_scores() -> None:
    """What nobody labelled is not measured."""
    unlabelled = run("full_context", replace(SESSION, worth=None))
    assert unlabelled.metrics["writes"] == {"precision": None, "recall": None, "auprc": None}


def test_a_store_that_changes_while_questioned_fails_the_cell() -> None:
    """The fingerprint before and after the questions must agree."""
    memory = Forgetful(FullContext.Params(), seed=0)
    with pytest.raises(StoreChangedError, match="must not change after teaching"):
        evaluate(SESSION, memory, MODEL)


def test_a_memory_sees_events_and_queries_and_nothing_else() -> None:
    """No item, answer or label reaches a memory, and no query before the teaching is over."""
    memory = Curious(Curious.Params(), seed=0)
    evaluate(SESSION, memory, MODEL)
    kinds = [type(thing) for thing in memory.seen]
    assert kinds == [Event] * len(SESSION.events) + [Query] * len(SESSION.items)
    assert not hasattr(memory, "_recalls")


class Imitator(FullContext):
    """Keeps the worked examples that it is shown."""

    def shown(self, examples: Sequence[Example]) -> None:
        self.examples = examples


def test_a_memory_that_asks_for_them_is_shown_the_worked_examples() -> None:
    """Those of the session's prompt, before it is asked anything."""
    memory = Imitator(Imitator.Params(), seed=0)
    evaluate(SESSION, memory, MODEL)
    assert SESSION.prompt
    assert memory.examples == SESSION.prompt.examples


def test_a_memory_that_returns_too_few_recalls_is_refused() -> None:
    """One recall a query is the contract."""

    class Short(EventStore):
        def recall(self, queries: Sequence[Query]) -> list[Recall]:
            return []

    with pytest.raises(MemevalError, match="one recall per query, got 0 for 40"):
        evaluate(SESSION, Short(Short.Params(), seed=0), MODEL)


def test_progress_covers_events_and_items() -> None:
    """Teaching reports every event, reading every item; what is not counted, that it begins."""
    steps: dict[str, int] = {}

    def report(phase: str, done: int, _total: int) -> None:
        steps[phase] = steps.get(phase, 0) + done

    evaluate(SESSION, load_memory("none", model=MODEL), MODEL, report=report)
    whole = {"teach": len(SESSION.events), "replay": 0, "recall": 0, "read": len(SESSION.items)}
    assert steps == whole


def test_progress_covers_a_model_that_tells_none() -> None:
    """What it has answered is reported when it has answered all."""

    class Silent(ScriptedModel):
        def generate(self, prompts: Any, *, on_done: Any = None, **told: Any) -> Any:
            return super().generate(prompts, **told)

    done: list[int] = []

    def report(phase: str, steps: int, _total: int) -> None:
        done.append(steps * (phase == "read"))

    model = Silent()
    evaluate(SESSION, load_memory("none", model=model), model, report=report)
    assert sum(done) == len(SESSION.items)


def test_an_empty_memory_equals_closed_book() -> None:
    """A memory that has nothing to say changes no prediction."""
    closed = run("none")
    silent = run("smpd")
    assert [r.prediction for r in silent.items] == [r.prediction for r in closed.items]


def test_comparison_is_paired_on_items() -> None:
    """Two runs of the same answers differ by exactly nothing."""
    comparison = compare(run("none"), run("gold"))
    assert comparison.difference.mean == 0.0
    assert comparison.finding == "indistinguishable"


def test_a_session_without_items_measures_nothing() -> None:
    """Every mean over nothing is null, never 0."""
    metrics = run("full_context", replace(SESSION, items=())).metrics
    assert metrics["exact_match"] is None
    assert metrics["latency_ms_mean"] is None
    assert metrics["time_ms_per_100"] is None
