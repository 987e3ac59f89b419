"""A memory behind HTTP: the contract, and what a server may do that it should not."""

import json
import threading
from functools import cache
from typing import Any

import pytest
from peers import Answering, Body, WordStore, serving

from memeval.errors import ConfigError, PluginError
from memeval.evaluating import evaluate
from memeval.memories.contract import Memory
from memeval.memories.loading import load_memory
from memeval.memories.peers.calls import MOST_IN_A_ROW, CallError, Calls
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import generate
from memeval.testing import MemoryContract
from memeval.types import Event, Query, Recall

EVENTS = [Event(f"e{i}", f"word{i} said often", i) for i in range(100)]


@cache
def kept() -> Answering:
    """Return a server for all tests that need one that does what it should."""
    import atexit

    held = serving(WordStore())
    atexit.register(held.__exit__, None, None, None)
    return held.__enter__()


def behind(server: Answering, **params: Any) -> Memory:
    return load_memory("http", url=server.url, **params)


def asked(memory: Memory, text: str = "word1 said") -> Recall:
    [recall] = memory.recall([Query("q", text, 200)])
    return recall


class TestHttp(MemoryContract):
    """The contract, with the calls that a server has by default."""

    name = "http"

    def empty(self, name: str) -> Memory:
        return behind(kept())


def test_results_are_ordered_by_score_and_cut_from_the_worst() -> None:
    """Of all that a server returns, the best k are kept, and the others counted."""
    memory = behind(kept(), k=3)
    memory.observe(EVENTS[:5])
    assert [trace.events for trace in asked(memory).traces] == [("e1",), ("e4",), ("e3",)]
    assert memory.stats()["results_over_k"] == 2


def test_of_equal_results_the_newer_is_first_whatever_noise_they_have() -> None:
    """A score that differs in its last digits from one search to the next changes no recall."""
    store, noise = WordStore(), iter([1e-9, -1e-9, 0.0])

    def noisy(path: str, body: Body) -> Any:
        told = store(path, body)
        for row in told.get("results", [])[:1]:
            row["score"] += next(noise)
        return told

    with serving(noisy) as server:
        memory = behind(server)
        memory.observe(EVENTS[:3])
        first, second, third = (asked(memory, "said") for _ in range(3))
    assert first == second == third
    assert first.events == ("e2", "e1", "e0")


def test_stores_that_are_open_at_once_do_not_leak() -> None:
    """Each of two memories on one server recalls what it was told itself."""
    first, second = behind(kept()), behind(kept())
    first.observe(EVENTS[:3])
    second.observe(EVENTS[3:5])
    assert set(asked(first).events) == {"e0", "e1", "e2"}
    assert set(asked(second).events) == {"e3", "e4"}


def test_a_leak_between_stores_is_an_error_of_the_item() -> None:
    """What another store was told, or nobody, is no recall: the item says what came back."""
    with serving(WordStore(leaks=True)) as server:
        first, second = behind(server), behind(server)
        first.observe(EVENTS[:3])
        second.observe(EVENTS[3:5])
        assert "what was added to this store, got the key 'memeval-" in (asked(second).error or "")


def test_events_of_one_call_come_back_together() -> None:
    """What was told in one call rests on all of its events."""
    memory = behind(kept(), events_per_add=2)
    memory.observe(EVENTS[:3])
    assert {trace.events for trace in asked(memory).traces} == {("e0", "e1"), ("e2",)}


def test_a_result_without_a_key_is_known_by_its_text() -> None:
    """A server that tells no key is measured all the same, where it gives back what was added."""

    def nameless(path: str, body: Body) -> Any:
        return {"results": [{"text": EVENTS[0].text}, {"text": "a summary"}]}

    with serving(nameless) as server:
        memory = behind(server, stats=None)
        memory.observe(EVENTS[:2])
        assert [trace.events for trace in asked(memory).traces] == [("e0",), ()]
        assert memory.stats()["results_without_events"] == 1


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (500, "must answer with 2xx, got 500"),
        (b"<html>", "must answer in JSON"),
        ({"hits": []}, "must hold a list at 'results', got {'hits'"),
        ({"results": [{"id": "x"}]}, "must have a text at 'text'"),
        ({"results": [{"id": "x", "text": "y"}]}, "must give back what was added"),
        pytest.param(b" " * (2**20 + 1), "must have at most 1,048,576 bytes", id="long"),
    ],
)
def test_a_search_without_an_answer_is_an_error_of_its_item(reply: Any, told: str) -> None:
    """The item says in a sentence what was wrong; it is no recall that found nothing."""
    store = WordStore()
    with serving(lambda path, body: reply if path == "/search" else store(path, body)) as server:
        memory = behind(server)
        memory.observe(EVENTS[:2])
        recall = asked(memory)
        assert told in (recall.error or "")
        assert not recall.ranked


def test_a_call_that_hangs_is_left_behind() -> None:
    """It fails within the time that a call has, and the next one is made."""
    calls, released = Calls(1.0, "store"), threading.Event()
    with pytest.raises(CallError, match=r"a call to search of store must return within 1 s"):
        calls.make("search", released.wait)
    assert calls.make("search", lambda: "found") == "found"
    released.set()


def test_a_long_result_is_cut_and_counted() -> None:
    """A text that no budget holds is kept in part."""
    memory = behind(kept())
    memory.observe([Event("e0", "said " + "x" * 20_000, 0)])
    assert len(asked(memory).traces[0].text) == 2**14
    assert memory.stats()["results_shortened"] == 1


def failing(every: int) -> Any:
    store, count = WordStore(), iter(range(10**6))

    def reply(path: str, body: Body) -> Any:
        is_failure = path == "/add" and not next(count) % every
        return 503 if is_failure else store(path, body)

    return reply


def test_a_few_failed_adds_are_counted() -> None:
    """Up to a fiftieth of the events may be lost on the way."""
    with serving(failing(every=60)) as server:
        memory = behind(server)
        memory.observe(EVENTS[:60])
        memory.replay()
        assert (memory.stats()["add_failures"], memory.stats()["events_failed"]) == (1, 1)


def test_too_many_failed_adds_fail_the_cell() -> None:
    """More than a fiftieth is one sentence, with what the first failure was."""
    with serving(failing(every=20)) as server:
        memory = behind(server)
        memory.observe(EVENTS[:40])
        with pytest.raises(PluginError, match=r"all but 2%, got 2 of 40 .* 2xx, got 503"):
            memory.replay()


def test_a_server_that_is_gone_is_not_asked_on() -> None:
    """Some failures in a row end the cell, whatever is left to be added."""
    with serving(failing(every=1)) as server:
        memory = behind(server)
        with pytest.raises(PluginError, match="calls in a row must not fail"):
            memory.observe(EVENTS)
        assert sum(path == "/add" for path, *_ in server.asked) == MOST_IN_A_ROW


def test_a_server_that_is_down_is_one_sentence() -> None:
    """It is told when the store is opened."""
    with serving(WordStore()) as server:
        url = server.url
    with pytest.raises(PluginError, match="a call to open of http must not fail, got Connection"):
        load_memory("http", url=url)


def test_an_address_must_be_one() -> None:
    """Without a server there is nothing to measure."""
    with pytest.raises(ConfigError, match="a server has a url that begins with http"):
        load_memory("http", url="localhost:8000")


def test_calls_are_mapped_by_parameters() -> None:
    """Paths, bodies and places in replies are those of the server; the key is the environment's."""
    sent: list[tuple[str, Body]] = []

    def other(path: str, body: Body) -> Any:
        sent.append((path, body))
        if path.endswith("/query"):
            return {"data": {"hits": [{"doc": {"body": ["a", "b"], "ref": sent[0][1]["ref"]}}]}}
        return None

    with serving(other) as server:
        memory = behind(
            server,
            reset=None,
            stats=None,
            add={"path": "/v1/{user}/put", "body": {"ref": "{id}", "doc": {"is": "told {text}"}}},
            search={"path": "/v1/query", "body": {"limit": "{k}", "q": "{query}"},
                    "results": "data.hits", "text": "doc.body", "id": "doc.ref"},
        )  # fmt: skip
        memory.observe([Event("e0", "a {k} text", 0)])
        [trace] = asked(memory).traces
    assert (trace.text, trace.events) == ("a\nb", ("e0",))
    assert sent[0][0].startswith("/v1/memeval-")
    assert sent[0][1]["doc"] == {"is": "told a {k} text"}
    assert sent[1][1] == {"limit": 32, "q": "word1 said"}


def test_words_are_searched_for_one_by_one_where_a_preset_says_so() -> None:
    """What most words find is first; a server that looks for the query as it stands can be used."""
    store = WordStore()

    def literal(path: str, body: Body) -> Any:
        rows = store.rows.get(body["user"], [])
        if path == "/search":
            return {"results": [row for row in rows if body["query"] in row["text"]]}
        return store(path, body)

    with serving(literal) as server:
        search = {"path": "/search", "body": {"user": "{user}", "query": "{query}"}}
        where = {"results": "results", "id": "id"}
        memory = behind(server, search={**search, **where, "by_word": True})
        memory.observe(EVENTS[:3])
        assert asked(memory, "Is word2 said?").events == ("e2", "e1", "e0")


def test_a_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent with every call, and stands in no preset."""
    monkeypatch.setenv("STORE_KEY", "secret")
    with serving(WordStore()) as server:
        behind(server, key_env="STORE_KEY")
        assert [key for *_, key in server.asked] == ["Bearer secret"]


def test_indexing_is_waited_for_before_questions() -> None:
    """What a server does behind an add is part of the writing."""
    with serving(WordStore()) as server:
        memory = behind(server, settle={"path": "/wait", "body": {"user": "{user}"}})
        memory.observe(EVENTS[:1])
        memory.replay()
        asked(memory)
        assert [path for path, *_ in server.asked][-2:] == ["/wait", "/search"]


def test_adds_and_searches_are_timed_apart() -> None:
    """Counters tell how many calls there were of each, and how long they took."""
    memory = behind(kept())
    memory.observe(EVENTS[:3])
    asked(memory)
    told = memory.stats()
    assert (told["add_calls"], told["search_calls"]) == (3, 1)
    assert told["add_ms_p95"] > 0
    assert told["search_ms_p95"] > 0


def test_closing_empties_the_store_on_the_server() -> None:
    """Nothing of a session is left to those that come later."""
    store = WordStore()
    with serving(store) as server:
        memory = behind(server)
        memory.observe(EVENTS[:3])
        memory.close()  # type: ignore[attr-defined]
        assert not any(store.rows.values())


def test_items_whose_search_failed_have_no_scores_and_too_many_fail_a_cell() -> None:
    """They are neither right nor wrong, and no retrieval; a fiftieth of them may be so."""
    session = generate("episodic", size=20, seed=7)
    store, bad = WordStore(), session.items[0].query.text

    def reply(path: str, body: Body) -> Any:
        return 500 if body.get("query") == bad else store(path, body)

    with serving(reply) as server:
        result = evaluate(session, behind(server), ScriptedModel(), reader="text")
    [lost] = [one for one in result.items if one.error]
    assert set(lost.scores.values()) == {None}
    assert (lost.lost, lost.reciprocal_rank, lost.budget_events) == (None, None, None)
    assert result.metrics["errors"] == 1
    assert json.loads(json.dumps(result.metrics["scores"]["exact_match"])) is not None


def test_a_cell_with_too_many_errors_fails_and_others_go_on(memeval: Any, tmp_path: Any) -> None:
    """One sentence says of how many items; the next preset is measured."""
    store = WordStore()
    with serving(lambda path, body: 500 if path == "/search" else store(path, body)) as server:
        preset = tmp_path / "broken.yaml"
        preset.write_text(f"memory: http\nparams: {{url: '{server.url}'}}\n")
        done = memeval("eval", "--preset", preset, "--preset", "baselines/rag", "--model",
                       "scripted", "--suite", "episodic", "--size", 50, "--seed", 7, "--limit", 4,
                       "--date", "t")  # fmt: skip
    assert done.code == 1
    failure = next(tmp_path.glob("runs/t/broken/**/failure.txt")).read_text()
    assert "all but 2% of a cell's items, got no answer to 4 of 4" in failure
    assert len(list(tmp_path.glob("runs/t/baselines/rag/**/metrics.json"))) == 1
