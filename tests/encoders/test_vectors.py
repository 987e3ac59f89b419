"""Vectors on disk: given back as they were, and never another text's, encoder's or file's."""

import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from memeval.encoders.cached import CachedEncoder
from memeval.encoders.checked import CheckedEncoder
from memeval.encoders.scripted import ScriptedEncoder
from memeval.encoders.vectors import KeptVectors, key_of

WIDTH = ScriptedEncoder.width
TEXTS = ["the cat sat", "a dog", "far away"]


class Counting(ScriptedEncoder):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], *, kind: Any) -> npt.NDArray[np.float32]:
        self.asked += texts
        return super().encode(texts, kind=kind)


def cached(file: Path, identity: str = "one") -> tuple[CachedEncoder, Counting]:
    """Return an encoder with vectors in a file, and the one behind it."""
    inner = Counting()
    kept = KeptVectors(file, identity, WIDTH)
    return CachedEncoder(CheckedEncoder(inner, "encoder 'mine'"), kept), inner


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file that holds the vectors of three texts."""
    encoder, _ = cached(tmp_path / "vectors.sqlite")
    encoder.encode(TEXTS, kind="event")
    return tmp_path / "vectors.sqlite"


def assert_right(encoder: CachedEncoder) -> None:
    """Compare with what an encoder without a cache gives."""
    expected = ScriptedEncoder().encode([*TEXTS, "new"], kind="event")
    assert np.array_equal(encoder.encode([*TEXTS, "new"], kind="event"), expected)


def test_a_text_is_encoded_once(file: Path) -> None:
    """Bit for bit what it was, by whoever opens the file; of twice the same text, one is asked."""
    encoder, inner = cached(file)
    assert_right(encoder)
    encoder.encode(["new", "newer", "newer"], kind="event")
    assert inner.asked == ["new", "newer"]
    assert encoder.stats() == {"texts": 7, "from_cache": 4}


def test_a_query_is_another_text_than_an_event(file: Path) -> None:
    """Encoders may tell the two with prompts of their own."""
    encoder, inner = cached(file)
    encoder.encode(TEXTS[:1], kind="query")
    assert inner.asked == TEXTS[:1]


def test_more_texts_than_a_query_can_ask_for_are_found(tmp_path: Path) -> None:
    """SQLite takes so many at once, and each its own."""
    texts = [str(i) for i in range(1200)]
    for expected in (0, len(texts)):
        encoder, _ = cached(tmp_path / "many.sqlite")
        found = encoder.encode(texts, kind="event")
        assert encoder.stats()["from_cache"] == expected
        assert np.array_equal(found, ScriptedEncoder().encode(texts, kind="event"))


def damaged_row(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE vectors SET vector = zeroblob(length(vector))")
    database.close()


def swapped_rows(file: Path) -> None:
    with sqlite3.connect(file) as database:
        [(vector,)] = database.execute(
            "SELECT vector FROM vectors WHERE key = ?", [key_of(TEXTS[0], "event")]
        )
        database.execute("UPDATE vectors SET vector = ?", [vector])
    database.close()


def another_database(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE notes (text)")
    database.close()


def half_made(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("DELETE FROM made_by")
    database.close()


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "no database": lambda file: file.write_text("once upon a time " * 500),
    "empty": lambda file: file.write_bytes(b""),
    "cut short": lambda file: os.truncate(file, file.stat().st_size // 2),
    "noise inside": lambda file: file.write_bytes(
        file.read_bytes()[:4096] + os.urandom(4096) + file.read_bytes()[8192:]
    ),
    "rows of zeros": damaged_row,
    "rows of other texts": swapped_rows,
    "another database": another_database,
    "half made": half_made,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_gives_no_wrong_vector(file: Path, damage: str) -> None:
    """What cannot be trusted is made anew, and is kept again by the second time."""
    DAMAGE[damage](file)
    for _ in range(3):
        encoder, inner = cached(file)
        assert_right(encoder)
    assert inner.asked in ([], ["new"])


def test_a_file_that_breaks_while_it_is_open_is_left_aside(file: Path) -> None:
    """The command goes on."""
    encoder, _ = cached(file)
    file.write_bytes(os.urandom(20_000))
    assert_right(encoder)
    assert_right(encoder)


def test_vectors_of_another_encoder_are_not_given(file: Path) -> None:
    """Be they in the file that this one would take."""
    encoder, inner = cached(file, "two")
    assert_right(encoder)
    assert inner.asked == [*TEXTS, "new"]


def test_a_file_that_cannot_be_used_is_left_aside(tmp_path: Path) -> None:
    """A folder in its place, or a file where its folder should be."""
    (tmp_path / "folder.sqlite").mkdir()
    (tmp_path / "plain").write_text("")
    for file in (tmp_path / "folder.sqlite", tmp_path / "plain" / "vectors.sqlite"):
        encoder, _ = cached(file)
        assert_right(encoder)
        assert encoder.stats() == {"texts": 4, "from_cache": 0}


def encode_some(file: Path, first: int) -> None:
    """Encode overlapping texts one by one, as a process of its own does."""
    encoder, _ = cached(file)
    for i in range(first, first + 40):
        encoder.encode([f"text {i}"], kind="event")


def test_several_processes_share_a_file(tmp_path: Path) -> None:
    """What any of them has encoded is there for all, and right."""
    file = tmp_path / "shared.sqlite"
    start = multiprocessing.get_context("spawn")
    workers = [start.Process(target=encode_some, args=(file, first)) for first in (0, 20, 40)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    texts = [f"text {i}" for i in range(80)]
    encoder, inner = cached(file)
    found = encoder.encode(texts, kind="event")
    assert inner.asked == []
    assert np.array_equal(found, ScriptedEncoder().encode(texts, kind="event"))
