"""What replay binds, merges and re-weights, and in what order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw import HeiNw
from memeval.memories.hei_nw.replay import refers_back, spread_out
from memeval.memories.hei_nw.store import StoredTrace
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.types import Event, Query

FACT = "Nora Vance bought a brass lute at Alder Mill."
SEQUEL = "There she came across a painted coffin."
OTHER = "Otto Nash lost an iron bell at Crow Pier."


def taught(*texts: str, replayed: bool = True, **params: object) -> HeiNw:
    memory = load_memory("hei_nw", model=ScriptedModel(), **params)
    assert isinstance(memory, HeiNw)
    memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
    if replayed:
        memory.replay()
    return memory


def first(memory: HeiNw, question: str) -> tuple[str, ...]:
    [recall] = memory.recall([Query("q", question, 99)])
    return recall.traces[0].events if recall.traces else ()


def trace(position: int, *key: str) -> StoredTrace:
    return StoredTrace("", "", "", [], 0, 1.0, False, key, position, position)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (SEQUEL, True),
        ("Then he gave it to Igor Finch.", True),
        ("And she laughed.", True),
        (FACT, False),
        ("On 3 May they left.", False),  # it opens with a day
        ("", False),
    ],
)
def test_refers_back(text: str, answer: bool) -> None:
    """A sentence refers back if it opens with a word that needs the one before."""
    assert refers_back(text) is answer


def test_a_sentence_that_refers_back_is_bound_to_the_one_before() -> None:
    """A cue that names only the first sentence recalls both, as one text."""
    memory = taught(OTHER, FACT, SEQUEL)
    [recall] = memory.recall([Query("q", "What did Nora Vance come across at Alder Mill?", 99)])
    assert recall.traces[0].events == ("e1", "e2")
    assert recall.traces[0].text == f"{FACT} {SEQUEL}"
    assert memory.stats()["replay_bound"] == 2


def test_without_replay_nothing_is_bound() -> None:
    """The knob changes what is recalled."""
    memory = taught(FACT, SEQUEL, **{"replay.enabled": False})
    assert first(memory, "What did Nora Vance come across at Alder Mill?") == ("e0",)
    assert memory.stats()["replay_samples"] == 0


def test_a_chain_of_sentences_is_one_episode() -> None:
    """Whatever the order of replay, sentence after sentence joins the first."""
    memory = taught(FACT, SEQUEL, "Then she left it there.", OTHER)
    assert first(memory, "Who was at Alder Mill with Nora Vance?") == ("e0", "e1", "e2")


def test_days_are_not_bound() -> None:
    """What was told on another day is no neighbour, whatever stands beside it."""
    memory = load_memory("hei_nw", model=ScriptedModel())
    days = ("2026-01-01", "2026-01-01", "2026-01-02")
    texts = (FACT, OTHER, "Igor Finch found a pewter spoon at Teal Gate.")
    memory.observe([Event(f"e{i}", texts[i], i, at=day) for i, day in enumerate(days)])
    memory.replay()
    assert memory.stats()["replay_bound"] == 1


def test_a_question_hands_its_fit_to_the_answer() -> None:
    """What is said to a question comes up with it, without a word in common with the cue."""
    memory = load_memory("hei_nw", model=ScriptedModel())
    chatter = [("Ann", f"Lovely weather for the geese number{i}.") for i in range(9)]
    asked = [("Ann", "Which instrument did your uncle buy?"), ("Bo", "A brass lute.")]
    told = [*asked, *chatter]
    memory.observe([Event(f"e{i}", text, i, speaker=who) for i, (who, text) in enumerate(told)])
    query = [Query("q", "instrument of your uncle", 9)]
    before = memory.recall(query)[0].events
    memory.replay()
    [recall] = memory.recall(query)
    assert recall.traces[0].events == ("e0", "e1")
    assert recall.traces[0].text == "Ann: Which instrument did your uncle buy? Bo: A brass lute."
    assert before[:2] != ("e0", "e1")


def test_the_same_words_in_another_episode_are_not_merged() -> None:
    """A sentence that refers back tells something else wherever it stands."""
    memory = taught(FACT, SEQUEL, OTHER, SEQUEL)
    assert first(memory, "What did Otto Nash come across at Crow Pier?") == ("e2", "e3")
    assert first(memory, "What did Nora Vance come across at Alder Mill?") == ("e0", "e1")


def test_near_duplicates_are_merged() -> None:
    """With the gate off doubles are written, and replay makes one trace of them."""
    memory = taught(FACT, FACT, OTHER, **{"gate.enabled": False})
    assert memory.stats()["replay_merged"] == 1
    assert memory.stats()["store_items"] == 2
    assert memory.stored_events() == {"e0", "e1", "e2"}


def test_what_merges_names_no_more_events_than_allowed() -> None:
    """Replay keeps to the bound that reinforcing keeps to: two of four equal events."""
    memory = taught(FACT, FACT, FACT, FACT, **{"gate.enabled": False, "store.max_events": 2})
    assert memory.stats()["replay_merged"] == 3
    assert len(first(memory, "What did Nora Vance buy at Alder Mill?")) == 2


def test_what_matters_is_strengthened_and_the_rest_decays() -> None:
    """Salience rises by up to `rate` a cycle for the first in line, and falls so for the last."""
    ranks = {"replay.salience": 0.0, "replay.recency": 1.0, "replay.diversity": 0.0}
    texts = (FACT, OTHER, "Igor Finch found a pewter spoon at Teal Gate.")
    before = {t.position: t.salience for t in taught(*texts, replayed=False)._store.live()}
    after = {t.position: t.salience for t in taught(*texts, **ranks)._store.live()}
    # ranks by recency: 0, 1/2 and 1, so 1 - rate, 1 and 1 + rate
    assert [after[i] / before[i] for i in range(3)] == pytest.approx([0.9, 1.0, 1.1])


def test_cycles_repeat_it() -> None:
    """Three cycles replay every trace three times."""
    assert taught(FACT, OTHER, **{"replay.cycles": 3}).stats()["replay_samples"] == 6


@given(st.lists(st.sets(st.sampled_from("abcdef")), max_size=12), st.integers(1, 5))
def test_every_trace_is_replayed_once(keys: list[set[str]], window: int) -> None:
    """The order is a permutation, and with a window of 1 that of the priorities."""
    traces = [trace(i, *sorted(key)) for i, key in enumerate(keys)]
    priorities = [float(-i) for i in range(len(keys))]
    order = spread_out(traces, priorities, window)
    assert sorted(order) == list(range(len(keys)))
    if window == 1:
        assert order == list(range(len(keys)))


def test_successive_traces_share_little() -> None:
    """Of the next in line the one least like the last is taken."""
    traces = [trace(0, "a", "b"), trace(1, "a", "b"), trace(2, "c")]
    assert spread_out(traces, [3.0, 2.0, 1.0], 2) == [0, 2, 1]
