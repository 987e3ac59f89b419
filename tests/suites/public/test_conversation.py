"""The prompt for conversations tells nothing of what it is used on."""

import re

import pytest
from beside import BENCHMARKS

from memeval.suites.public.conversation import CONVERSATION

WORD = re.compile(r"[^\W\d_]+")
FORM = frozenset(
    # function words
    "a again all and are as at be been before did had has have her his i in it me my now of right "
    "s the too was we what when where who will with would you "
    # dates, and how a day is told by another
    "ago april august days december july june march may november october september tomorrow two "
    "yesterday "
    # forms of answers and notes
    "likely picture shares unknown yes".split()
)
"""Words that say nothing by themselves."""


def words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))


def test_no_example_has_a_word_of_substance_of_a_benchmark() -> None:
    """Worked examples teach the form of an answer, and nothing that is asked for."""
    files = [path for path in BENCHMARKS.rglob("*") if path.suffix in {".json", ".txt"}]
    if not files:
        pytest.skip(f"no files of public benchmarks in {BENCHMARKS}")
    told = {
        word
        for one in CONVERSATION.examples
        for text in (*one.notes, one.question, one.answer)
        for word in words(text)
    }
    found = {word for path in files for word in words(path.read_text("utf-8", "replace"))}
    assert len(told - FORM) > len(CONVERSATION.examples)
    assert (told - FORM) & found == set()
