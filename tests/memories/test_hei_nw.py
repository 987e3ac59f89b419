"""HEI-NW as a whole, on the scripted model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Never

import pytest

from memeval.encoders.scripted import ScriptedEncoder
from memeval.errors import ConfigError, DataError
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
    store = memory(**{"store.max_events": 3})
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


def test_keeping_less_never_writes_more() -> None:
    """A stricter gate writes no more, and about the share that it is told."""
    events = [Event(f"e{i}", f"{FACT} Number {i} of {i * i}.", i) for i in range(200)]
    written = []
    for keep in (1.0, 0.5, 0.25, 0.1):
        store = memory(**{"gate.keep": keep, "gate.duplicate": 1.0})
        store.observe(events)
        written.append(store.stats()["gate_written"])
    assert written == sorted(written, reverse=True)
    assert written[0] == 200
    assert written[-1] < 100


def test_a_pinned_event_passes_any_gate() -> None:
    """A pin is the user's word that this must not be forgotten."""
    store = memory(**{"gate.keep": 0.001})
    dull = [Event(f"e{i}", f"{FACT} {i}", i) for i in range(50)]
    store.observe([*dull, Event("kept", "the of and", 50, pin=True)])
    assert "kept" in store.stored_events()


def test_an_empty_event_is_rejected_and_counted() -> None:
    """There is nothing in it to remember."""
    store = memory(**{"gate.enabled": False})
    store.observe([Event("e", "   ", 0)])
    assert store.stats()["gate_rejected"] == 1
    assert store.stats()["store_items"] == 0


def test_a_very_long_event_is_stored_in_passages_with_bounded_keys() -> None:
    """12,000 words become traces of sixty, each found by the most telling of its words."""
    store = memory(**{"gate.enabled": False, "dg.winners": 16})
    store.observe([Event("long", " ".join(f"word{i}" for i in range(12_000)), 0)])
    traces = store._store.live()
    assert len(traces) == 200
    assert {len(trace.key) for trace in traces} == {16}
    [recall] = store.recall([Query("q", " ".join(traces[7].key[:3]), 1)])
    assert recall.traces[0].text == traces[7].text
    assert recall.events == ("long",)


def test_what_never_happened_is_told_with_less_confidence() -> None:
    """Words that the memory knows from elsewhere speak against the event that shares the rest."""
    store = memory(**{"gate.enabled": False})
    store.observe([Event("a", FACT, 0), Event("b", "Otto Nash lost an iron bell at Crow Pier.", 1)])
    asked = ("Where did Nora Vance buy the brass lute?", "Where did Nora Vance lose the iron bell?")
    so, never = store.recall([Query("q", text, 2) for text in asked])
    assert so.traces
    assert never.traces
    assert so.confidence is not None
    assert never.confidence is not None
    assert so.confidence > never.confidence


def test_an_empty_memory_knows_nothing() -> None:
    """It gives back nothing, and is sure of nothing."""
    [recall] = memory().recall([Query("q", FACT, 0)])
    assert not recall.traces
    assert recall.confidence == 0.0


def test_surprise_is_not_weighed_by_a_model_that_tells_none() -> None:
    """The parameter and the way out are named before anything is taught."""

    class Silent:
        window, name = None, "silent"
        tokenize = ScriptedModel().tokenize
        token_embeddings = ScriptedModel().token_embeddings

        def generate(self) -> None: ...

        def fingerprint(self) -> str:
            return "silent"

    silent: Any = Silent()
    load_memory("hei_nw", model=silent)
    with pytest.raises(ConfigError, match=r"where gate\.surprise is above 0.*gate\.surprise=0"):
        load_memory("hei_nw", model=silent, **{"gate.surprise": 0.1})


def test_without_a_model_asked_for_surprise_none_is_asked() -> None:
    """Teaching costs a pass of the model only where surprise counts."""

    class Unasked(ScriptedModel):
        def surprise(self, texts: Sequence[str]) -> Never:
            raise AssertionError(texts)

    load_memory("hei_nw", model=Unasked()).observe([Event("a", FACT, 0)])
    with pytest.raises(AssertionError):
        load_memory("hei_nw", model=Unasked(), **{"gate.surprise": 1.0}).observe(
            [Event("a", FACT, 0)]
        )


def test_the_speaker_whom_a_question_names_is_preferred() -> None:
    """Of two who say the same, the one who is asked about comes first."""
    store = memory()
    said = [("Bo", "I like rowing a lot."), ("Ann", "I like rowing a lot."), ("Bo", "Fine then.")]
    store.observe([Event(f"e{i}", text, i, speaker=who) for i, (who, text) in enumerate(said)])
    for who, first in (("Ann", "e1"), ("Bo", "e0")):
        [recall] = store.recall([Query("q", f"Does {who} like rowing?", 9)])
        assert recall.traces[0].events == (first,)


def test_the_same_words_by_another_are_another_trace() -> None:
    """Also where a name comes with half of all turns and says little; by one they are one."""
    store = memory()
    speakers = ("Ann", "Bo")
    chat = [Event(f"c{i}", f"aria{i} town{i}", i, speaker=speakers[i % 2]) for i in range(300)]
    said = ("Ann", "Bo", "Ann")
    store.observe(chat + [Event(f"e{i}", FACT, 300 + i, speaker=who) for i, who in enumerate(said)])
    assert store.stats()["store_items"] == 302
    [recall] = store.recall([Query("q", "What did Nora Vance buy?", 999)])
    assert {trace.events for trace in recall.traces[:2]} == {("e0", "e2"), ("e1",)}


def test_a_correction_stands_before_what_it_corrects() -> None:
    """The last mention wins, although the first has a word more in common with the cue."""
    others = [f"Visitor{i} sang aria{i} in town{i}." for i in range(9)]
    first = "Nora Vance bought a brass lute in Alder Mill."
    texts = (first, *others, "Correction: Nora Vance bought a brass lute at Heron Wharf.")
    found = {}
    for enabled in (True, False):
        store = memory(**{"gate.enabled": False, "hopfield.enabled": enabled})
        store.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
        [recall] = store.recall([Query("q", "Nora Vance bought a brass lute in", 99)])
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
    store = memory(**{"store.max_traces": 5})
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
        store = memory(**{"store.max_traces": 3, "gate.enabled": enabled})
        store.observe(events)
        kept[enabled] = "rare" in store.stored_events()
    assert kept == {True: True, False: False}


def test_vectors_alone_are_keys_when_dg_is_off() -> None:
    """The knob changes the scores, and both codes find a verbatim event."""
    events = [Event("a", FACT, 0), Event("b", "Otto Nash lost an iron bell at Crow Pier.", 1)]
    found = {}
    for enabled in (True, False):
        store = load_memory(
            "hei_nw", model=ScriptedModel(), encoder=ScriptedEncoder(), **{"dg.enabled": enabled}
        )
        store.observe(events)
        [found[enabled]] = store.recall([Query("q", "Nora Vance, a brass lute, Crow", 2)])
    assert found[True].traces[0].events == found[False].traces[0].events == ("a",)
    assert found[True].traces[0].score != found[False].traces[0].score


def test_without_vectors_the_words_must_be_keys() -> None:
    """A memory that could find nothing is refused."""
    with pytest.raises(ConfigError, match="needs an encoder where its sparse code is off"):
        memory(**{"dg.enabled": False})


def test_a_store_is_read_with_its_encoder_alone(tmp_path: Path) -> None:
    """Vectors of one encoder mean nothing to another, nor to none."""
    store = load_memory("hei_nw", model=ScriptedModel(), encoder=ScriptedEncoder())
    assert isinstance(store, HeiNw)
    store.observe([Event("a", FACT, 0)])
    store.save(tmp_path)
    with pytest.raises(DataError, match="with the encoder that wrote it"):
        memory().load(tmp_path)
    again = load_memory("hei_nw", model=ScriptedModel(), encoder=ScriptedEncoder())
    assert isinstance(again, HeiNw)
    again.load(tmp_path)
    query = [Query("q", "Nora Vance", 9)]
    assert again.recall(query) == store.recall(query)


def test_a_store_of_another_model_is_refused(tmp_path: Path) -> None:
    """Keys are token ids, which another model reads otherwise."""
    memory().save(tmp_path)
    with pytest.raises(DataError, match="with the model that wrote it"):
        load_memory("hei_nw", model=OtherModel()).load(tmp_path)
