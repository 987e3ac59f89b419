"""The baselines show what was told, with who said it and when."""

import pytest

from memeval.memories.loading import load_memory
from memeval.types import Event, Query

EVENTS = [
    Event("e0", "I went to the lake.", 0, speaker="Caroline", at="2023-05-08T13:56"),
    Event("e1", "I stayed at home.", 1, speaker="Melanie", at="2023-05-08T13:57"),
]
TOLD = "[8 May 2023, 13:56] Caroline: I went to the lake."


@pytest.mark.parametrize("name", ["bm25", "full_context"])
def test_a_trace_is_the_text_as_it_was_told(name: str) -> None:
    """Speaker and date stand in front, where the stream tells them."""
    memory = load_memory(name)
    memory.observe(EVENTS)
    [recall] = memory.recall([Query("q", "Who went to the lake?", 2)])
    assert TOLD in [trace.text for trace in recall.traces]


def test_bm25_finds_by_who_said_it() -> None:
    """What is shown is what is indexed."""
    memory = load_memory("bm25")
    memory.observe(EVENTS)
    [recall] = memory.recall([Query("q", "Melanie", 2)])
    assert recall.events == ("e1",)


def test_bm25_finds_by_the_question_alone() -> None:
    """The date that it is asked on finds nothing: any note of that month would fit."""
    memory = load_memory("bm25")
    memory.observe(EVENTS)
    dated, plain = memory.recall([Query("q", "Who?", 2, at) for at in ("2023-05-08", "")])
    assert dated == plain


@pytest.mark.parametrize(("name", "ranked"), [("bm25", True), ("full_context", False)])
def test_only_what_fits_a_query_best_is_ranked(name: str, ranked: bool) -> None:
    """The newest of a whole stream is no better a fit than the oldest."""
    memory = load_memory(name)
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
