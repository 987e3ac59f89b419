"""LoCoMo and LongMemEval as they are published: what their parts that are at hand hold."""

from collections import Counter
from pathlib import Path

import pytest
from beside import BENCHMARKS

from memeval.datasets.dataset import Data
from memeval.suites.choosing import dataset_named

LOCOMO, LONGMEMEVAL = BENCHMARKS / "locomo", BENCHMARKS / "longmemeval"
AUDIT = LOCOMO / "errata_first5.json"

with_locomo = pytest.mark.skipif(
    not (LOCOMO / "locomo_first5.json").is_file(), reason=f"no first part of LoCoMo in {LOCOMO}"
)
with_longmemeval = pytest.mark.skipif(
    not (LONGMEMEVAL / "longmemeval_shape_first8.json").is_file(),
    reason=f"no first part of LongMemEval in {LONGMEMEVAL}",
)


def opened(name: str, path: Path, **options: str) -> Data:
    return dataset_named(f"{name}:{path}", **options).open()


def totals(data: Data) -> tuple[int, int, int]:
    """Return the numbers of sessions, events and items."""
    return (
        len(data.sessions),
        sum(len(session.events) for session in data.sessions),
        sum(len(session.items) for session in data.sessions),
    )


@with_locomo
def test_locomo_is_read_whole() -> None:
    """Every turn is told and every question asked; what is mended or wrong is counted."""
    data = opened("locomo", LOCOMO)
    assert "dev part" in data.source
    assert (totals(data), data.left_out) == ((5, 2760, 999), {})
    assert Counter(item.slice for session in data.sessions for item in session.items) == {
        "multi-hop": 142, "temporal": 156, "open-domain": 46, "single-hop": 418, "adversarial": 237
    }  # fmt: skip
    assert data.remarks == {
        "sessions with a date and no turns": 16,
        "citations that name a turn": 1103,
        "citations mended": 2,
        "citations that name no turn": 2,
        "questions that cite nothing": 2,
        "answers that are numbers, read as text": 6,
        "adversarial questions with an answer, which no score asks for": 2,
        "citations known to be wrong": 34,
    }


@with_locomo
def test_the_audit_names_what_is_shipped() -> None:
    """Its file has the ids and kinds that stand in the package, each with an answer."""
    shipped, audited = opened("locomo", LOCOMO), opened("locomo", LOCOMO, audit=str(AUDIT))
    for one, other in zip(shipped.sessions, audited.sessions, strict=True):
        assert [item.fault for item in one.items] == [item.fault for item in other.items]
        assert all(bool(item.corrected) == bool(item.fault) for item in other.items)


@with_locomo
def test_corrected_evidence_resolves() -> None:
    """What the audit cites names turns, each as it stands."""
    remarks = opened("locomo", LOCOMO, errata="corrected", audit=str(AUDIT)).remarks
    assert "citations that name no turn" not in remarks
    assert remarks["citations that name a turn"] == 1130


@with_longmemeval
def test_longmemeval_is_read_whole() -> None:
    """Every message is told, every question asked, and every chat with an answer is found."""
    data = opened("longmemeval", LONGMEMEVAL)
    assert "dev part" in data.source
    assert (totals(data), data.left_out) == ((8, 4896, 8), {})
    assert Counter(session.items[0].slice for session in data.sessions) == {
        "single-session-user": 4, "multi-session": 4
    }  # fmt: skip
    # 82 chats a question, of which two have no message
    assert [len(set(session.parts.values())) for session in data.sessions] == [80] * 8
    unmarked = "questions whose messages are not marked: evidence is all of their answer chats"
    assert data.remarks == {
        "chats without a message": 16,
        "answer chats found": 18,
        unmarked: 8,
        "questions dated before the end of their haystack": 8,
        "answers that are numbers, read as text": 2,
    }
