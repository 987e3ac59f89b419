"""HEI-NW as a whole, on the scripted model."""

from pathlib import Path

import pytest

from memeval.errors import DataError
from memeval.memories.hei_nw import HeiNw
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.types import Event, Query

FACT = "Nora Vance bought a brass lute at Alder Mill."


class OtherModel(ScriptedModel):
    """A model whose tokens mean something else."""

    def fingerprint(self) -> str:
        return "another model altogether"


def memory(**params: object) -> HeiNw:
    made = load_memory("hei_nw", model=ScriptedModel(), **params)
    assert isinstance(made, HeiNw)
    return made


def test_a_cue_finds_the_event_with_its_words() -> None:
    """The event that shares the cue's rare words comes first."""
    store = memory(**{"gate.enabled": False})
    store.observe([Event("a", FACT, 0), Event("b", "Otto Nash lost an iron bell at Crow Pier.", 1)])
    [recall] = store.recall([Query("q", "Where did Nora Vance buy the brass lute?", 2)])
    assert recall.traces[0].events == ("a",)


def test_a_repeated_event_reinforces_its_trace() -> None:
    """Ten thousand identical events make one trace, which names as many as it is allowed to."""
    store = memory(**{"gate.tau": -1.0, "store.max_events": 3})
    store.observe([Event(f"e{i}", FACT, i) for i in range(10_000)])
    stats = store.stats()
    assert stats["store_items"] == 1
    assert stats["gate_written"] == 1
    assert stats["gate_reinforced"] == 9_999
    assert store.stored_events() == {"e0", "e9998", "e9999"}


def test_gate_counters_add_up_to_the_attempts() -> None:
    """Every event is written, reinforced, rejected or crowded out."""
    store = memory(**{"store.max_traces": 3})
    store.observe([Event(f"e{i}", f"{FACT} {i // 2}", i) for i in range(20)])
    stats = store.stats()
    kinds = ("gate_written", "gate_reinforced", "gate_rejected", "gate_crowded_out")
    assert stats["gate_attempts"] == 20 == sum(stats[kind] for kind in kinds)


def test_raising_tau_never_raises_the_write_rate() -> None:
    """A stricter gate writes no more."""
    events = [Event(f"e{i}", f"{FACT} Number {i} of {i * i}.", i) for i in range(40)]
    written = []
    for tau in (-1.0, 0.5, 0.8, 1.0, 1.2, 9.0):
        store = memory(**{"gate.tau": tau})
        store.observe(events)
        written.append(store.stats()["gate_written"])
    assert written == sorted(written, reverse=True)
    assert written[0] > written[-1] == 0


def test_a_pinned_event_passes_any_gate() -> None:
    """A pin is the user's word that this must not be forgotten."""
    store = memory(**{"gate.tau": 99.0})
    store.observe([Event("dull", FACT, 0), Event("kept", f"{FACT} Truly.", 1, pin=True)])
    assert store.stored_events() == {"kept"}


def test_an_empty_event_is_rejected_and_counted() -> None:
    """There is nothing in it to remember."""
    store = memory(**{"gate.enabled": False})
    store.observe([Event("e", "   ", 0)])
    assert store.stats()["gate_rejected"] == 1
    assert store.stats()["store_items"] == 0


def test_a_very_long_event_is_stored_with_a_bounded_key() -> None:
    """100,000 characters become one trace, found by the most telling of its words."""
    store = memory(**{"gate.enabled": False, "dg.winners": 16})
    store.observe([Event("long", " ".join(f"word{i}" for i in range(12_000)), 0)])
    [trace] = store._store.live()
    assert len(trace.key) == 16
    [recall] = store.recall([Query("q", " ".join(trace.key[:3]), 1)])
    assert recall.traces[0].events == ("long",)


def test_a_question_about_what_never_happened_recalls_nothing() -> None:
    """Words that the memory knows from elsewhere speak against the event that shares the rest."""
    store = memory(**{"gate.enabled": False})
    store.observe([Event("a", FACT, 0), Event("b", "Otto Nash lost an iron bell at Crow Pier.", 1)])
    never = Query("q", "Where did Nora Vance lose the iron bell?", 2)
    assert not store.recall([never])[0].traces
    lenient = memory(**{"gate.enabled": False, "hopfield.enabled": False})
    lenient.observe([Event("a", FACT, 0)])
    assert lenient.recall([never])[0].traces


def test_a_correction_stands_before_what_it_corrects() -> None:
    """The last mention wins, although the first has just the same words in common with the cue."""
    others = [f"Visitor{i} sang aria{i} in town{i}." for i in range(9)]
    texts = (FACT, *others, "Correction: Nora Vance bought a brass lute at Heron Wharf.")
    found = {}
    for enabled in (True, False):
        store = memory(**{"gate.enabled": False, "hopfield.enabled": enabled})
        store.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
        [recall] = store.recall([Query("q", "Nora Vance bought a brass lute", 99)])
        found[enabled] = recall.traces[0].events
    assert found == {True: ("e10",), False: ("e0",)}


def test_emoji_are_words_where_there_are_no_others() -> None:
    """What has no letters is stored by its characters."""
    store = memory(**{"gate.enabled": False})
    store.observe([Event("a", "🎉🎂", 0), Event("b", "🌧", 1)])
    [recall] = store.recall([Query("q", "🎂", 2)])
    assert recall.traces[0].events == ("a",)


def test_a_pinned_event_survives_any_stream() -> None:
    """However much comes after it, what was pinned is still held."""
    store = memory(**{"store.max_traces": 5, "gate.tau": -1.0})
    pin = Event("pin", FACT, 0, pin=True)
    rest = [Event(f"e{i}", f"Visitor {i} sang aria {i * i}.", i + 1) for i in range(200)]
    store.observe([pin, *rest])
    assert "pin" in store.stored_events()
    assert store.stats()["store_items"] == 5
    assert store.stats()["prunes"] == 196


def test_a_full_store_keeps_what_the_gate_finds_salient() -> None:
    """Ungated, the newest stays; gated, the most salient does."""
    dull, rare = "the and of it was to", "Zebediah Quartermain excavated obsidian"
    events = [Event("rare", rare, 0), *(Event(f"e{i}", f"{dull} {i}", i) for i in range(1, 9))]
    kept = {}
    for enabled in (True, False):
        store = memory(**{"store.max_traces": 3, "gate.tau": -1.0, "gate.enabled": enabled})
        store.observe(events)
        kept[enabled] = "rare" in store.stored_events()
    assert kept == {True: True, False: False}


def test_dense_keys_replace_sparse_ones_when_dg_is_off() -> None:
    """The knob changes the scores, and both codes find a verbatim event."""
    events = [Event("a", FACT, 0), Event("b", "Otto Nash lost an iron bell at Crow Pier.", 1)]
    found = {}
    for enabled in (True, False):
        store = memory(**{"gate.enabled": False, "dg.enabled": enabled})
        store.observe(events)
        [found[enabled]] = store.recall([Query("q", "Nora Vance at Alder Mill", 2)])
    assert found[True].traces[0].events == found[False].traces[0].events == ("a",)
    assert found[True].traces[0].score != found[False].traces[0].score


def test_a_store_of_another_model_is_refused(tmp_path: Path) -> None:
    """Keys are token ids, which another model reads otherwise."""
    memory().save(tmp_path)
    with pytest.raises(DataError, match="with the model that wrote it"):
        load_memory("hei_nw", model=OtherModel()).load(tmp_path)
