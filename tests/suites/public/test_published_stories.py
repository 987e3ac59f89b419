"""The parts of bAbI, CogEval and StepGame that lie beside the checkout, by their counts."""

from collections import Counter

import pytest
from beside import BENCHMARKS

from memeval.datasets.dataset import Data, Verifiable
from memeval.suites.choosing import dataset_named
from memeval.suites.public.babi import PIPES
from memeval.suites.public.cogeval import NO_ANSWER, UNTOLD


def opened(name: str) -> Data:
    """Open a benchmark that is at hand, once no rule is found broken."""
    if not (BENCHMARKS / name).is_dir():
        pytest.skip(f"no published part of {name} in {BENCHMARKS}")
    dataset = dataset_named(f"{name}:{BENCHMARKS / name}")
    assert isinstance(dataset, Verifiable)
    assert dataset.faults() == []
    return dataset.open()


def counts(data: Data) -> tuple[int, int, int, int, int]:
    """Return how many sessions, events, items, labelled items and gold events there are."""
    items = [item for session in data.sessions for item in session.items]
    events = sum(len(session.events) for session in data.sessions)
    gold = [len(item.gold_events) for item in items if item.gold_events]
    return len(data.sessions), events, len(items), len(gold), sum(gold)


def test_babi() -> None:
    """Every question has its supporting lines; the file of task 1 has pipes for tabs."""
    data = opened("babi")
    assert counts(data) == (996, 13_581, 4_750, 4_750, 7_752)
    assert (data.left_out, data.remarks) == ({}, {PIPES: 250})


def test_cogeval() -> None:
    """The map that is to be drawn is not asked; five answers are of another world."""
    data = opened("cogeval")
    assert counts(data) == (132, 2_051, 132, 0, 0)
    assert (data.left_out, data.remarks) == (
        {NO_ANSWER: 1},
        {UNTOLD: 5, "sessions without a question, which are not told": 1},
    )


def test_stepgame() -> None:
    """Of each number of relations 150, and nothing to mend."""
    data = opened("stepgame")
    assert counts(data) == (900, 3_150, 900, 0, 0)
    slices = Counter(item.slice for session in data.sessions for item in session.items)
    assert slices == {f"k={k}": 150 for k in range(1, 7)}
    assert (data.left_out, data.remarks) == ({}, {})


@pytest.mark.parametrize("name", ["babi", "cogeval", "stepgame"])
def test_the_files_are_known(name: str) -> None:
    """By their sha256; of several the first is named."""
    assert "not a file that memeval knows" not in opened(name).source
