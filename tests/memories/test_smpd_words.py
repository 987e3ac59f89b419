"""How words and phrases of a language are found in texts, and that no text breaks the map."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from taught_maps import asking

from memeval.memories.loading import load_memory
from memeval.memories.smpd.lexicon import load_lexicon
from memeval.memories.smpd.words import Tokens, Words
from memeval.types import Event

VOCABULARY = [*sorted(load_lexicon("en").roles), "A", "Room 2", "Ana", "'s", "12:30", "0", "\u00b2"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Go to X", ["Go to", "X"]),
        ("Go tomorrow", ["Go", "tomorrow"]),
        ("it\u2019s on top of each other", ["it", "\u2019s", "on top of each other"]),
        ("on top of the box", ["on top", "of", "the", "box"]),
    ],
)
def test_the_longest_phrase_is_one_token(text: str, tokens: list[str]) -> None:
    """What stands together in a lexicon is one token where all of it stands in a text."""
    assert Tokens(["go to", "on top", "on top of each other"]).of(text) == tokens


@pytest.mark.parametrize(
    ("text", "are_in"),
    [
        ("The way is Closed.", True),
        ("She can\u2019t pass.", True),
        ("It is over!", True),
        ("It costs $5.", True),
        ("Disclosed, overly, can, is.", False),
    ],
)
def test_words_are_found_whole(text: str, *, are_in: bool) -> None:
    """A word is found in any case, and not as a part of another."""
    assert Words(["closed", "can't", "is over", "$"]).are_in(text) is are_in


texts = st.text(max_size=60) | st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)


@settings(max_examples=20, deadline=None)
@given(st.lists(texts, max_size=4), texts)
@example(["Bo is north of the"], "Where is the")
def test_any_text_is_read_and_asked(told: list[str], question: str) -> None:
    """No event and no question breaks the map, whatever stands in it."""
    memory = load_memory("smpd")
    memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(told)])
    memory.replay()
    [recall] = memory.recall([asking(question)])
    assert all(0 <= trace.score <= 1 for trace in recall.traces)
