"""Long messages cut into passages."""

from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.passages import SLACK, WORDS, passages

TEXTS = st.lists(
    st.lists(st.sampled_from(["word", "other", "end.", "why?", "line\n"]), min_size=1, max_size=99)
    .map(" ".join),
    max_size=6,
).map(" ".join)  # fmt: skip


@given(TEXTS)
def test_no_word_is_lost_and_no_passage_is_long(text: str) -> None:
    """All words come in their order, and no passage has more than fit one."""
    found = passages(text)
    assert " ".join(found).split() == text.split()
    assert all(len(one.split()) <= SLACK * WORDS for one in found)


def test_a_text_of_usual_length_is_left_as_it_is() -> None:
    """Up to half more than a passage is not worth a cut; its line ends stay."""
    text = "A line.\nAnother one. " * 22
    assert passages(text) == [text]


def test_sentences_stay_whole() -> None:
    """A cut falls between sentences where they are shorter than a passage."""
    sentence = "This one has just as many words as ten have."
    found = passages(" ".join([sentence] * 30))
    assert len(found) > 1
    assert all(one.startswith("This") and one.endswith("have.") for one in found)
