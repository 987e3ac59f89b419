"""The two streams for checking: words of their own, gold that holds, and always the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from bm25s.stopwords import STOPWORDS_EN_PLUS
from scripts import BENCHMARKS, script
from Stemmer import Stemmer

from memeval.suites.own import SUITES, generate, words
from memeval.types import Session

STREAMS = script("streams").STREAMS
SEEDS = (7, 11, 13)
WORD = re.compile(r"[a-z]+")
ORDINARY = {"anything", "day", "days", "everything", "nothing", "one"}
"""Words that are no stop words by the list, and that people cannot talk without."""


@pytest.fixture(params=STREAMS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def texts(session: Session) -> list[str]:
    """Return all that is told and asked."""
    return [one.text for one in session.events] + [one.query.text for one in session.items]


def strings(value: object) -> Iterator[str]:
    """Yield all strings of nested lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from strings(one)


def contents(told: Iterable[str]) -> set[str]:
    """Return the stems of the words of texts that tell something."""
    said = {word for text in told for word in WORD.findall(text.lower())}
    return set(Stemmer("english").stemWords(sorted(said - {*STOPWORDS_EN_PLUS} - ORDINARY)))


def phrases(told: Iterable[str]) -> set[tuple[str, ...]]:
    """Return all runs of four words that tell something."""
    spoken = [WORD.findall(text.lower()) for text in told]
    runs = {run for one in spoken for run in zip(*(one[i:] for i in range(4)), strict=False)}
    return {run for run in runs if contents(run)}


def test_no_word_is_of_the_suites(name: str) -> None:
    """What a memory knows of the words of memeval's own suites is of no use here."""
    own = [one for list_, value in vars(words).items() if list_.isupper() for one in strings(value)]
    told = [text for seed in SEEDS for text in texts(STREAMS[name](seed))]
    assert contents(told) & contents(own) == set()


def test_no_template_is_of_the_suites(name: str) -> None:
    """No four words stand in a row that a suite says or asks."""
    own = [text for suite in SUITES for text in texts(generate(suite, size=50, seed=7))]
    assert phrases(texts(STREAMS[name](7))) & phrases(own) == set()


def test_a_stream_is_the_same_again_and_another_by_another_seed(name: str) -> None:
    """A seed is all that it depends on."""
    assert STREAMS[name](7) == STREAMS[name](7) != STREAMS[name](11)


def test_evidence_tells_the_answer(name: str) -> None:
    """The last of a question's evidence, or the last but one, holds the answer; dates aside."""
    for session in map(STREAMS[name], SEEDS):
        told = {event.id: event.text.lower() for event in session.events}
        for item in session.items:
            if item.slice != "when":
                gold = " ".join(told[event] for event in item.gold_events)
                assert item.answers[0].lower() in gold, item


def test_there_are_enough_of_every_kind(name: str) -> None:
    """Each slice has at least ten questions, no two alike, over at least 300 events."""
    for session in map(STREAMS[name], SEEDS):
        kinds = Counter(item.slice for item in session.items)
        assert len(session.events) >= 300
        assert sum(kinds.values()) == 80
        assert min(kinds.values()) >= 10
        assert len({item.query.text for item in session.items}) == 80
        assert "{" not in "".join(texts(session))


def test_folders_are_datasets(memeval: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the script writes passes the checks of any dataset of one's own."""
    monkeypatch.setattr("sys.argv", ["streams", "made"])
    monkeypatch.syspath_prepend(BENCHMARKS)
    script("streams.__main__").main()
    assert [memeval("datasets", "verify", f"made/{name}").code for name in STREAMS] == [0, 0]
