"""The parts of BEAM and FactConsolidation that were published: what is in them, as numbers."""

from collections import Counter

import pytest
from beside import BENCHMARKS

from memeval.datasets.dataset import Data
from memeval.scoring.ordering import SLICE, kendall_tau_b
from memeval.suites.choosing import dataset_named
from memeval.suites.public.fact_chains import Facts


def opened(name: str, folder: str) -> Data:
    path = BENCHMARKS / folder
    if not path.is_dir():
        pytest.skip(f"the published files are not at hand: no {path}")
    return dataset_named(f"{name}:{path}").open()


def test_six_chats_of_beam() -> None:
    """Every citation names a message, and every ability has two questions a chat."""
    data = opened("beam", "beam")
    assert [len(session.events) for session in data.sessions] == [188, 200, 194, 212, 238, 258]
    assert set(Counter(i.slice for s in data.sessions for i in s.items).values()) == {12}
    assert sum(bool(i.gold_events) for s in data.sessions for i in s.items) == 120 - 12
    assert data.left_out == {}
    assert data.remarks == {
        "citations that name a message": 356,
        "answers that say how to answer, which takes a judge to score": 24,
    }


def test_the_ideal_answers_of_beam_are_in_order() -> None:
    """They number what they name, so that words tell which event each entry is."""
    items = [item for session in opened("beam", "beam").sessions for item in session.items]
    asked = [item for item in items if item.slice == SLICE]
    assert [kendall_tau_b(item, item.answers[0])["kendall_tau_b"] for item in asked] == [1] * 12


def test_four_lists_of_factconsolidation() -> None:
    """380 of 400 answers rest on facts that follow; two are replaced by a later one."""
    data = opened("factconsolidation", "memoryagentbench")
    assert [len(session.events) for session in data.sessions] == [455, 2310, 455, 2310]
    found = Counter(i.slice for s in data.sessions for i in s.items if i.gold_events)
    assert found == {"mh_6k": 96, "mh_32k": 86, "sh_6k": 100, "sh_32k": 98}
    assert [i.corrected for s in data.sessions for i in s.items if i.fault] == [
        ("Washington, D.C.",),
        ("Watertown",),
    ]
    assert data.left_out == {}
    assert data.remarks["questions with gold events, found by memeval: the file names none"] == 380


def test_hardly_another_answer_is_led_to() -> None:
    """A chain of facts is no accident: fewer than one wrong answer in fifty has one."""
    for session in opened("factconsolidation", "memoryagentbench").sessions[:2]:
        facts = Facts(event.text.partition(". ")[2] for event in session.events)
        asked = [(item.query.text, item.answers[0]) for item in session.items]
        wrong = [
            facts.leading(question, answer)
            for place, (question, right) in enumerate(asked)
            for _, answer in asked[place - 5 : place]
            if answer != right
        ]
        assert len(wrong) > 400
        assert sum(map(bool, wrong)) < len(wrong) / 50
