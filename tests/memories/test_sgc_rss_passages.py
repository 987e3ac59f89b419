"""What yields no fact is a passage: kept, and found by PageRank."""

from pathlib import Path

import numpy as np
import pytest

from memeval.encoders.scripted import ScriptedEncoder
from memeval.memories.loading import load_memory
from memeval.memories.sgc_rss import SgcRss
from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.passages import Passages
from memeval.memories.sgc_rss.speakers import Speakers
from memeval.memories.sgc_rss.spreading import links, spread
from memeval.models.scripted import ScriptedModel
from memeval.types import Event, Query, Recall

TALK = (
    ("Mel", "What did you do with the old piano in the end?"),
    ("Caro", "Gave it away to the school."),
    ("Mel", "And how is the garden?"),
    ("Caro", "Full of snails, since the rain."),
)


def memory(**params: object) -> SgcRss:
    encoder = ScriptedEncoder()
    made = load_memory(
        "sgc_rss", model=ScriptedModel(), encoder=encoder, **{"schema.join": False} | params
    )
    assert isinstance(made, SgcRss)
    return made


def heard(**params: object) -> SgcRss:
    """Listen to a conversation, and replay."""
    store = memory(**params)
    store.observe([Event(f"e{i}", text, i, speaker=who) for i, (who, text) in enumerate(TALK)])
    store.replay()
    return store


def ask(store: SgcRss, text: str) -> Recall:
    [recall] = store.recall([Query("q", text, 10**6)])
    return recall


def test_a_conversation_without_facts_is_recalled_as_it_was_told() -> None:
    """With its speaker."""
    recall = ask(heard(), "Where are snails since the rain?")
    assert recall.traces[0].text == "Caro: Full of snails, since the rain."
    assert recall.traces[0].events == ("e3",)


def test_what_stands_behind_the_turn_that_fits_is_next() -> None:
    """The answer shares no word with the question, but the turn before it does."""
    question = "What became of the old piano?"
    assert {e for t in ask(heard(), question).traces[:2] for e in t.events} == {"e0", "e1"}


def test_of_a_long_message_the_part_that_fits_is_recalled() -> None:
    """A reader's budget would hold little else than the message."""
    text = (
        "The weather was fine again today. " * 40 + "Snails ate the lettuce. " + "We slept. " * 80
    )
    store = memory()
    store.observe([Event("e0", text, 0, speaker="Caro"), Event("e1", "Good night.", 1)])
    store.replay()
    first = ask(store, "What did the snails eat?").traces[0]
    assert "lettuce" in first.text
    assert len(first.text) < len(text) / 2
    assert first.events == ("e0",)


@pytest.mark.parametrize(("speaker", "first"), [(0.0, "e1"), (2.0, "e0")])
def test_what_a_named_speaker_said_counts(speaker: float, first: str) -> None:
    """The other's words are nearer to the question, and lead where nobody's name counts."""
    kept = Passages(None, PprParams(speaker=speaker, enabled=False), 9)
    told = [("Mel", "I love the sea."), ("Caro", "I love to swim in the salty sea."), ("Al", "Oh.")]
    for i, (who, text) in enumerate(told):
        kept.add(Event(f"e{i}", text, i, speaker=who))
    [found] = kept.find(["Does Mel swim in the salty sea?"], 3)
    assert found[0].event.id == first


def test_of_two_tellings_the_newer_leads() -> None:
    """It has all the words of the question that the older one has, and is as near to it.

    A third has fewer, and a fourth is about much else.
    """
    store = memory()
    told = (
        "Edith's blue padlock is kept in drawer 7.",
        "Edith's blue padlock is kept in drawer 9 now.",
        "Otto's blue gong is kept in drawer 4.",
        "Of all that hangs, lies or is kept in our drawer by the stairs nothing rusts so soon as "
        "Edith's blue padlock, which her uncle gave her when she left for the sea.",
    )
    store.observe([Event(f"e{i}", text, i) for i, text in enumerate(told)])
    traces = ask(store, "In which drawer is Edith's blue padlock kept?").traces
    assert traces[0].events == ("e1",)


def test_the_newer_telling_is_the_later_one_even_where_it_came_first() -> None:
    """Time decides, not the order of the lines."""
    store = memory()
    told = (("e0", "Edith's blue padlock is kept in drawer 9 now.", 8),
            ("e1", "Edith's blue padlock is kept in drawer 7.", 3))  # fmt: skip
    store.observe([Event(id_, text, time) for id_, text, time in told])
    store.replay()
    traces = ask(store, "In which drawer is Edith's blue padlock kept?").traces
    assert traces[0].events == ("e0",)
    scores = [trace.score for trace in traces]
    assert scores == sorted(scores, reverse=True)


def test_passages_need_not_be_recalled() -> None:
    """A memory of facts alone is silent on them."""
    assert ask(heard(**{"recall.passages": 0}), "Where are snails since the rain?") == Recall()


def test_a_fact_is_found_as_it_was_told_where_no_chain_leads() -> None:
    """A question that no relation is like is about a fact all the same."""
    names = ("Ada Moor", "Otto Brand", "Ivo Lind", "Nora Vance", "Cora Reed")
    store = memory()
    store.observe([Event(n, f"{n} works for Axiom Software.", i) for i, n in enumerate(names)])
    store.replay()
    assert store.stats()["edges"] == store.stats()["passages"] == len(names)
    assert ask(store, "Has anybody heard of Cora Reed?").traces[0].events == ("Cora Reed",)


def test_where_no_passage_may_be_told_none_is_kept() -> None:
    """As beside the other memories, who keep what was told themselves."""
    assert heard(**{"recall.passages": 0}).stats()["passages"] == 0


def test_a_full_store_forgets_the_oldest_passage_and_says_so() -> None:
    """Two of four turns are kept."""
    store = heard(**{"store.max_passages": 2})
    assert [event.id for event in store._passages.events] == ["e2", "e3"]
    assert store.stats()["prunes"] == 2


def test_an_index_that_grew_finds_what_one_made_at_once_does() -> None:
    """Asked after every turn, or once behind the last one; and after a turn is gone."""
    told = [Event(f"e{i}", text, i, speaker=who) for i, (who, text) in enumerate(TALK)]
    grown, whole = (Passages(ScriptedEncoder(), PprParams(), 3) for _ in range(2))
    for event in told:
        grown.add(event)
        found = grown.find(["Where are snails?"], 9)
    for event in told:
        whole.add(event)
    assert [one.event.id for one in found[0]]
    assert found == whole.find(["Where are snails?"], 9)
    assert "e0" not in {one.event.id for one in found[0]}


def test_passages_are_saved_with_their_places(tmp_path: Path) -> None:
    """A loaded store finds what stands beside what fits."""
    heard().save(tmp_path)
    store = memory()
    store.load(tmp_path)
    question = "What became of the old piano?"
    assert ask(store, question) == ask(heard(), question)
    assert store.fingerprint() == heard().fingerprint()


def test_i_and_you_are_the_speakers() -> None:
    """Whoever spoke before is spoken to."""
    speakers = Speakers()
    assert speakers.resolve("Hi, I'm back.", "Mel") == "Hi, Mel is back."
    assert (
        speakers.resolve("I missed you and your dog.", "Caro") == "Caro missed Mel and Mel's dog."
    )
    assert speakers.resolve("I have my dog.", "") == "I have my dog."


def test_walks_by_hand() -> None:
    """Three passages in a row, of which the first fits alone; alpha is 1/2, all goes to neighbours.

    pi = r / 2 + P^T pi / 2 with P: 0 to 1; 1 to 0 and 2, half each; 2 to 1. That is pi1 = (pi0 +
    pi2) / 2, pi0 = 1/2 + pi1 / 4, pi2 = pi1 / 4, so that pi0 = 7/12, pi1 = 1/3 and pi2 = 1/12.
    """
    params = PprParams(alpha=0.5, beside=1.0, focus=100.0)
    told = ["some words", "other things", "nothing alike"]
    linked = links([(i, Event(f"e{i}", text, i)) for i, text in enumerate(told)], told, params)
    shares = spread(np.array([[1.0, 0.0, 0.0]]), linked, params)
    np.testing.assert_allclose(shares, [[1.0, 4 / 7, 1 / 7]], atol=0.01)


def test_phrases_link_what_does_not_stand_side_by_side() -> None:
    """Only two of the passages tell of snails; walks over phrases go from one to the other."""
    told = ["snails again", "old piano", "blue hour", "fine snails", "long road"]
    placed = [(2 * i, Event(f"e{i}", text, i)) for i, text in enumerate(told)]
    linked = links(placed, told, PprParams(beside=0.5)).toarray()
    assert linked[0, 3] > 0
    assert linked[0, 1] == linked[0, 2] == linked[0, 4] == 0


def test_no_passage_is_looked_for_where_none_is_wanted() -> None:
    """Nothing is encoded for it either."""
    passages = Passages(None, PprParams(), 10)
    passages.add(Event("e", "some words", 0))
    assert passages.find(["words"], 0) == [[]]
    [[found]] = passages.find(["words"], 1)
    assert found.event.id == "e"


def test_nothing_is_near_and_still_a_passage_leads() -> None:
    """Every cosine is below 0, so no share of the first's can be reached."""

    class Contrary:
        name, width = "contrary", 2

        def encode(self, texts: list[str], *, kind: str) -> "np.ndarray":  # type: ignore[type-arg]
            return np.array([[1.0 if kind == "event" else -1.0, 0.0]] * len(texts), np.float32)

    kept = Passages(Contrary(), PprParams(), 9)
    kept.add(Event("e0", "Edith's blue padlock is kept in drawer 7.", 0))
    [found] = kept.find(["In which drawer is Edith's blue padlock kept?"], 3)
    assert [one.event.id for one in found] == ["e0"]
