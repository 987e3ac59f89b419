"""Prompts tell nothing of what they are used on."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from beside import BENCHMARKS

from memeval.errors import DataError
from memeval.suites.public import (
    babi,
    beam,
    cogeval,
    factconsolidation,
    locomo,
    longmemeval,
    stepgame,
)
from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.conversation import CONVERSATION
from memeval.types import PromptFormat

READERS = (babi, beam, cogeval, factconsolidation, locomo, longmemeval, stepgame)
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
OTHER_FORM = FORM.union(
    "about between by do does don from get go how is many no one t that them there to were which "
    # relations and ways, which are the answers
    "above below left overlap south upper w west "
    # forms of answers, of what asks for them, and of notes
    "ask clusters commas made order user".split()
)
"""Those of the prompts that benchmarks have for themselves."""


def words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))


def told(prompt: PromptFormat | None) -> set[str]:
    """Return the words of a prompt's examples."""
    examples = prompt.examples if prompt else ()
    texts = (text for one in examples for text in (*one.notes, one.question, one.answer))
    return {word for text in texts for word in words(text)}


def found(paths: Iterable[Path]) -> set[str]:
    """Return the words of the files among paths."""
    files = [path for path in paths if path.suffix in {".json", ".txt"}]
    if not files:
        pytest.skip(f"no files of public benchmarks in {BENCHMARKS}")
    return {word for path in files for word in words(path.read_text("utf-8", "replace"))}


def test_no_example_has_a_word_of_substance_of_a_benchmark() -> None:
    """Worked examples teach the form of an answer, and nothing that is asked for."""
    told_words = told(CONVERSATION)
    assert len(told_words - FORM) > len(CONVERSATION.examples)
    assert (told_words - FORM) & found(BENCHMARKS.rglob("*")) == set()


@pytest.mark.parametrize("suite", [one.SUITE for one in READERS], ids=lambda suite: suite.name)
def test_no_example_has_a_word_of_substance_of_its_own_benchmark(suite: Benchmark) -> None:
    """Nor do those of the others, in all that lies beside the files that are read."""
    try:
        folders = {path.parent for path in suite.found(BENCHMARKS)}
    except DataError:
        pytest.skip(f"no files of {suite.name} in {BENCHMARKS}")
    beside = found(path for folder in folders for path in folder.iterdir())
    assert (told(suite.prompt) - OTHER_FORM) & beside == set()
