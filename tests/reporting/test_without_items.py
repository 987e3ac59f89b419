"""Rows of which only the means are at hand: a cell of theirs has no `items.parquet`."""

from dataclasses import replace
from pathlib import Path

import cells
import pytest

from memeval.reporting import changes, faults, load, plots, tables
from memeval.reporting.gains import Gain
from memeval.results import ITEMS
from memeval.scoring.intervals import Interval


@pytest.fixture
def found(tmp_path: Path) -> load.Found:
    """Return baselines with 3 of 8 right on two seeds, and a memory with 6 and 2, one bare."""
    for preset in ("baselines/closed_book", "baselines/core", "baselines/oracle"):
        for seed in (1, 2):
            cells.write(tmp_path, preset, 3, seed=seed)
    cells.write(tmp_path, "memory/hei_nw", 6, seed=1)
    (cells.write(tmp_path, "memory/hei_nw", 2, seed=2) / ITEMS).unlink()
    return load.load_real(tmp_path)


@pytest.fixture
def memory(found: load.Found) -> load.Row:
    """Return the memory's row."""
    [row] = [row for row in found.rows if row.is_memory]
    return row


def test_the_mean_is_that_of_the_metrics(memory: load.Row) -> None:
    """6 and 2 of 8 are 0.50, over both seeds, without an interval."""
    assert memory.score() == Interval(0.5, None, None, 16)
    assert tables.interval(memory.score()) == "0.50"


def test_it_is_compared_with_nothing(found: load.Found, memory: load.Row) -> None:
    """No difference, no share of the way, and no word on what changed."""
    floor = found.rows[0]
    assert memory.against(floor) is None
    assert tables.share_of_the_way(found.rows, memory) == tables.ABSENT
    assert changes._change(Gain(memory, floor, None, None), memory, floor) == tables.ABSENT


def test_losses_are_those_of_the_metrics(found: load.Found, memory: load.Row) -> None:
    """2 and 6 wrong ones were lost; which of the right ones the floor had too is not known."""
    floor = found.rows[0]
    assert tables.lost_rows([floor, memory])[1] == ("memory/hei_nw", "-", "0", "8", "0", "-")
    bare_floor = replace(floor, records={})
    assert tables.lost_rows([bare_floor, found.rows[1]])[1][-1] == tables.ABSENT


def test_it_is_named_once(found: load.Found) -> None:
    """By what it lacks; that no other preset was asked its items is not said as well."""
    [hole] = [hole for hole in faults.faults(found) if hole.folder.startswith("memory/hei_nw:")]
    assert "only its means are told" in hole.reason
    assert found.whole == len(found.cells) - 2


def test_it_is_a_bare_point(memory: load.Row) -> None:
    """A picture shows the mean where it is, with no interval around it."""
    [point] = plots._points([memory], lambda row: row.size)
    assert (point.low, point.mean, point.high) == (0.5, 0.5, 0.5)
