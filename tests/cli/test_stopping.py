"""The line that an interrupted command leaves behind."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memeval.cli import stopping
from memeval.datasets.generated import Generated
from memeval.interruption import INTERRUPTION
from memeval.matrix import Cell, cell_folder
from memeval.matrix.kept import Kept
from memeval.preset import Preset
from memeval.results import FAILURE, META


def cell(seed: int) -> Cell:
    return Cell(Preset(name="p", memory="none"), "m", Generated("episodic", 50, seed, Path("x")))


def keep(runs: Path, one: Cell, sessions: int) -> None:
    """Keep so many sessions of a cell, as far as their names go."""
    kept = Kept(runs, cell_folder(runs, one), "0" * 16)
    for index in range(sessions):
        kept._session(index).mkdir(parents=True)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((), "2 of 5 cells are done"),
        ((4,), "2 of 5 cells are done and 4 sessions of one more are kept"),
        ((1,), "2 of 5 cells are done and 1 session of one more is kept"),
        ((1, 3), "2 of 5 cells are done and 4 sessions of 2 more are kept"),
    ],
)
def test_what_is_kept_is_counted_on_disk(
    tmp_path: Path, counts: tuple[int, ...], told: str
) -> None:
    """Cells that are done, and sessions of those that are not."""
    undone = [cell(1), cell(2), cell(3)]
    for one, count in zip(undone, counts, strict=False):
        keep(tmp_path, one, count)
    keep(tmp_path, cell(4), 7)  # which another command is at
    assert stopping.kept(5, undone, tmp_path, since=0) == told


def test_a_cell_counts_as_soon_as_it_is_written(tmp_path: Path) -> None:
    """Even if its worker did not come to tell; not one of an earlier run, nor one that failed."""
    cells = [cell(1), cell(2), cell(3)]
    for one in cells:
        folder = cell_folder(tmp_path, one)
        folder.mkdir(parents=True)
        (folder / META).touch()
    (cell_folder(tmp_path, cells[1]) / FAILURE).touch()
    os.utime(cell_folder(tmp_path, cells[2]) / META, (1, 1))
    assert stopping.kept(3, cells, tmp_path, since=100) == "1 of 3 cells is done"


def test_a_cell_that_another_will_have_is_not_done_before(
    memeval: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a memory that is swept over its own value, stopped before anything was measured."""
    lines = []

    def stopped(*_: object, **__: object) -> list[object]:
        lines.append(INTERRUPTION.words())
        return []

    monkeypatch.setattr("memeval.matrix.run_cells", stopped)
    memeval("ablate", "--preset", "memory/hei_nw", "--model", "scripted", "--size", "5",
            "--seed", "1", "--sweep", "hopfield.beta=32")  # fmt: skip
    assert lines[0].startswith("interrupted: 0 of 2 cells are done;")


def test_the_command_is_told_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quoted for a shell, fit for a terminal; --force stays, and the line says what it costs."""
    monkeypatch.setattr("sys.argv", ["/bin/x", "eval", "--suite", "my data", "\x1b[2J"])
    assert stopping.line("all") == (
        "interrupted: all; go on with the same command: memeval eval --suite 'my data' '\ufffd[2J'"
    )
    monkeypatch.setattr("sys.argv", ["/bin/x", "eval", "--force", "--matrix"])
    assert stopping.line("all").endswith(
        "; go on with the same command (with --force, what is finished is done once more): "
        "memeval eval --force --matrix"
    )
