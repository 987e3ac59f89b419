"""Damaged cells: found and named, or read as they were; never a traceback, a hang or a loss."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import cells
import pytest
from fuzz.mutating import mutated, time_limit

from memeval import loading
from memeval.errors import DataError
from memeval.matrix.identity import State, compared
from memeval.reporting import load
from memeval.results import ITEMS, META, METRICS, read_cell, read_items
from memeval.results.files import TABLE
from memeval.sealing import SEAL

MUTATIONS = 1_000
OF_BEFORE = 400
"""Of a cell without digests, which takes longer to read."""
PARTS = {"code": "of the test"}
WHOLE_ROAD = 25
"""Every so many mutations go through the report's and the library's loading as well."""


@pytest.fixture
def cell(tmp_path: Path) -> Path:
    """Return a cell beside one that stays whole."""
    cells.write(tmp_path, "baselines/core", 3)
    folder = cells.write(tmp_path, "memory/hei_nw", 6)
    cells.edit(folder / META, identity_parts=PARTS)
    return folder


def damages(path: Path, count: int = MUTATIONS) -> Iterator[int]:
    """Damage a file in one way after the other, and give the number of each."""
    content = path.read_bytes()
    rng = random.Random(path.name)
    for number in range(count):
        damaged = mutated(content, rng)
        if damaged != content:
            path.write_bytes(damaged)
            yield number
    path.write_bytes(content)


def found(read: Callable[[], object], original: object) -> bool:
    """Whether damage was told; what is read all the same must be what was written."""
    try:
        with time_limit():
            read_now = read()
    except DataError:
        return True
    assert read_now == original
    return False


@pytest.mark.parametrize("name", [META, METRICS, TABLE, ITEMS])
def test_no_damage_of_a_cell_is_taken_for_its_content(cell: Path, name: str) -> None:
    """Whoever reads it says so, it is not done, and the other cells are reported."""

    def content() -> object:
        stored = read_cell(cell)
        kept = {key: value for key, value in stored.meta.items() if key != SEAL}
        return kept, stored.metrics, read_items(cell)

    original = content()
    assert compared(cell, PARTS, {}) == State("done")
    for number in damages(cell / name):
        is_found = found(content, original)
        assert compared(cell, PARTS, {}).is_damaged == is_found
        if number % WHOLE_ROAD == 0:
            assert_the_others_are_read(cell, is_found)


def assert_the_others_are_read(cell: Path, is_found: bool) -> None:
    """Read the date as reports and notebooks do."""
    runs = cell.parents[4]
    with time_limit():
        told, results = load.load_real(runs), loading.load_results(runs)
    assert len(told.holes) == len(results.holes) == is_found
    assert len(told.cells) == results.cells.num_rows == 2 - is_found


def test_of_a_cell_without_digests_no_score_is_damaged_unseen(cell: Path) -> None:
    """Cells of before are read through, and their means are compared with their items.

    A change too small for a mean to show changes no verdict either.
    """
    cells.unseal(cell)
    runs = cell.parents[4]
    before = load.load_real(runs).rows[1].scores()
    for _ in damages(cell / ITEMS, OF_BEFORE):
        with time_limit():
            told = load.load_real(runs)
        assert [hole.folder for hole in told.holes] in ([], [str(cell.relative_to(runs))])
        assert told.holes or told.rows[1].scores() == pytest.approx(before, abs=1e-12)
