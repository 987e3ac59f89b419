"""The baselines show what was told, with who said it and when."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest

from memeval.encoders.scripted import ScriptedEncoder
from memeval.memories.baselines import vector_index
from memeval.memories.contract import Memory
from memeval.memories.loading import load_memory
from memeval.types import Event, Query

EVENTS = [
    Event("e0", "I went to the lake.", 0, speaker="Caroline", at="2023-05-08T13:56"),
    Event("e1", "I stayed at home.", 1, speaker="Melanie", at="2023-05-08T13:57"),
]
TOLD = "[8 May 2023, 13:56] Caroline: I went to the lake."
RANKERS = ["bm25", "dense", "hybrid"]


def taught(name: str, *texts: str, **params: object) -> Memory:
    memory = load_memory(name, encoder=ScriptedEncoder(), **params)
    memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
    return memory


def found(memory: Memory, question: str) -> tuple[str, ...]:
    [recall] = memory.recall([Query("q", question, 99)])
    return recall.events


@pytest.mark.parametrize("name", [*RANKERS, "recent", "full_context"])
def test_a_trace_is_the_text_as_it_was_told(name: str) -> None:
    """Speaker and date stand in front, where the stream tells them."""
    memory = load_memory(name, encoder=ScriptedEncoder())
    memory.observe(EVENTS)
    [recall] = memory.recall([Query("q", "Who went to the lake?", 2)])
    assert TOLD in [trace.text for trace in recall.traces]


@pytest.mark.parametrize("name", RANKERS)
@pytest.mark.parametrize(("asked", "first"), [("Melanie", "e1"), ("May 2023, 13:56", "e0")])
def test_rankers_find_by_who_said_it_and_when(name: str, asked: str, first: str) -> None:
    """What is shown is what is indexed."""
    memory = load_memory(name, encoder=ScriptedEncoder())
    memory.observe(EVENTS)
    assert found(memory, asked)[0] == first


@pytest.mark.parametrize("name", RANKERS)
def test_rankers_find_by_the_question_alone(name: str) -> None:
    """The date that it is asked on finds nothing: any note of that month would fit."""
    memory = load_memory(name, encoder=ScriptedEncoder())
    memory.observe(EVENTS)
    dated, plain = memory.recall([Query("q", "Who?", 2, at) for at in ("2023-05-08", "")])
    assert dated == plain


@pytest.mark.parametrize(
    ("name", "ranked"),
    [
        ("bm25", True),
        ("dense", True),
        ("hybrid", True),
        ("recent", True),
        ("full_context", False),
        ("none", False),
    ],
)
def test_only_what_chooses_is_ranked(name: str, ranked: bool) -> None:
    """That the newest fits best is a guess that is scored; a whole stream chooses nothing."""
    memory = load_memory(name, encoder=ScriptedEncoder())
    memory.observe(EVENTS)
    [recall] = memory.recall([Query("q", "Who went to the lake?", 2)])
    assert recall.ranked is ranked


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (["Nora plays the lute.", "Omar plays Q on Monday."], "Who plays Q?"),
        (["今天北京下雨了。", "小明住在上海市。"], "谁住在上海"),
        (["東京は雨です。", "猫は京都にいます。"], "京都の猫は"),
        (["ฝนตกที่กรุงเทพ", "แมวอยู่ที่เชียงใหม่"], "แมวอยู่ไหน"),
        (["Das Haus ist rot.", "Noras Straße ist lang."], "STRASSE"),
        (["Omar sleeps.", "Tom's cat sleeps."], "Tom"),
    ],
    ids=["one letter", "Chinese", "Japanese", "Thai", "German", "possessive"],
)
def test_bm25_reads_every_script(told: list[str], asked: str) -> None:
    """A word of one letter is a word; where no spaces part words, characters and pairs are."""
    memory = load_memory("bm25")
    memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(told)])
    [recall] = memory.recall([Query("q", asked, 9)])
    assert recall.traces[0].events == ("e1",)


def test_recent_gives_back_the_last_events_whatever_is_asked() -> None:
    """Newest best."""
    memory = taught("recent", "A lake.", "A house.", "A hill.", k=2)
    assert found(memory, "Where is a lake?") == ("e2", "e1")


@pytest.mark.parametrize("name", [*RANKERS, "recent"])
def test_notes_of_eight_tokens_fill_a_budget_of_256(name: str) -> None:
    """A reader with room for more than a few short notes gets them."""
    memory = taught(name, *[f"Nora sees the hill {i}." for i in range(40)])
    assert len(found(memory, "Who sees the hill?")) == 32


@pytest.mark.parametrize("name", RANKERS)
def test_of_equals_the_newer_is_better(name: str) -> None:
    """What was told again holds now."""
    memory = taught(name, "A tree.", "Nora sings.", "A hill.", "Nora sings.")
    assert found(memory, "Nora sings?")[:2] == ("e3", "e1")


def test_bm25_gives_back_nothing_that_shares_no_word() -> None:
    """Neither a stop word in common nor a place in the ranking makes a hit."""
    memory = taught("bm25", "The dog sleeps in the house.", "The bell rings in the night.")
    assert found(memory, "Where is the bell?") == ("e1",)


@pytest.mark.parametrize(("stems", "hits"), [(True, ("e1",)), (False, ())])
def test_forms_of_a_word_are_one_by_their_stem(stems: bool, hits: tuple[str, ...]) -> None:
    """Switched off, a word is found as it is written."""
    memory = taught(
        "bm25", "The dog is in the house.", "She was painting at the lake.", stems=stems
    )
    assert found(memory, "Who paints?") == hits


@pytest.mark.parametrize(("stop_words", "hits"), [(True, ("e1",)), (False, ("e1", "e0"))])
def test_stop_words_are_not_asked_for(stop_words: bool, hits: tuple[str, ...]) -> None:
    """Switched off, they find what holds them."""
    memory = taught("bm25", "The dog is in the house.", "A bell of hers.", stop_words=stop_words)
    assert found(memory, "Is a bell in it?") == hits


def test_a_question_of_stop_words_alone_is_asked_as_it_is() -> None:
    """There is nothing else to go by."""
    memory = taught("bm25", "The dog sleeps.", "The band is called The Who.", "A cat sleeps.")
    assert found(memory, "Who is it?")[0] == "e1"


def test_letters_may_be_names() -> None:
    """Where no other word of a question is told, they are looked for though they are stop words."""
    texts = ("I is over the A.", "The K is at the side of the F.", "The F is under the A.")
    assert found(taught("bm25", *texts), "Which relation has agent I to K?") == ("e1",)
    assert found(taught("bm25", *texts), "Which relation has agent I to A?") == ("e0", "e2")


def test_words_that_tell_nothing_have_no_vote() -> None:
    """Also where all that tell something are in no event."""
    texts = ("The dog is in the house.", "A cat sat on the mat.")
    assert found(taught("bm25", *texts), "Who is in the violin?") == ()


def test_a_query_of_other_words_than_the_stream_finds_nothing_by_words() -> None:
    """No vote of words: the hybrid ranks as vectors do."""
    texts = ("The dog sleeps.", "A cat sat on the mat.", "Rain falls.")
    assert found(taught("bm25", *texts), "Violin?") == ()
    assert found(taught("hybrid", *texts), "Violin?") == found(taught("dense", *texts), "Violin?")


def test_what_words_miss_vectors_find() -> None:
    """Both have a vote."""

    class Alike(ScriptedEncoder):
        def encode(
            self, texts: Sequence[str], *, kind: Literal["event", "query"]
        ) -> npt.NDArray[np.float32]:
            return super().encode(
                [text.replace("bought", "purchased") for text in texts], kind=kind
            )

    memory = load_memory("hybrid", encoder=Alike())
    told = ["Nora sings.", "Omar bought a lute.", "Iris sings.", "Omar sold a boat."]
    memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(told)])
    assert found(memory, "Has Omar purchased it?")[0] == "e1"


class Counting(ScriptedEncoder):
    """Counts the texts that it is handed, by their kind."""

    def __init__(self) -> None:
        self.handed = Counter[str]()

    def encode(
        self, texts: Sequence[str], *, kind: Literal["event", "query"]
    ) -> npt.NDArray[np.float32]:
        """Count, then encode."""
        self.handed[kind] += len(texts)
        return super().encode(texts, kind=kind)


@pytest.mark.parametrize("name", ["dense", "hybrid"])
def test_a_text_is_encoded_once(name: str) -> None:
    """Events when they are observed, queries when they are asked."""
    encoder = Counting()
    memory = load_memory(name, encoder=encoder)
    memory.observe(EVENTS)
    memory.recall([Query("q", "Who went to the lake?", 2), Query("r", "Who stayed?", 2)])
    memory.recall([Query("q", "Who went to the lake?", 2)])
    assert encoder.handed == {"event": 2, "query": 3}


def test_vectors_of_many_blocks_are_found_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks are filled across calls; every cosine is that of all vectors in one matrix."""
    monkeypatch.setattr(vector_index, "ROWS", 4)
    encoder = ScriptedEncoder()
    index = vector_index.VectorIndex(encoder)
    texts = [f"Text number {i} of some." for i in range(11)]
    for part in (texts[:3], [], texts[3:10], texts[10:]):
        index.add(part)
    events = encoder.encode(texts, kind="event").astype(np.float64)
    asked = encoder.encode(texts[:2], kind="query").astype(np.float64)
    np.testing.assert_allclose(index.scores(texts[:2]), asked @ events.T, atol=1e-12)
    index.clear()
    assert index.scores(texts[:2]).shape == (2, 0)
