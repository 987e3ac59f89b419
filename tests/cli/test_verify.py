"""`memeval eval --verify-against`: a second machine repeats a cell and is told whether it did."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cells
import pyarrow.parquet as pq
import pytest

Run = Callable[..., Any]
CELL = "baselines/rag/scripted/episodic/20_1"


@pytest.fixture
def repeat(memeval: Run) -> Callable[..., Any]:
    """Return a function that runs the cell of the earlier run `first` again."""

    def run(date: str, *arguments: object) -> Any:
        cell = ["--preset", "baselines/rag", "--suite", "episodic", "--size", 20, "--seed", 1]
        return memeval("eval", *cell, "--model", "scripted", "--date", date, *arguments)

    assert run("first").code == 0
    return run


def test_a_repeated_cell_is_said_to_agree(repeat: Run) -> None:
    """All predictions are those of the earlier run."""
    done = repeat("second", "--verify-against", "runs/first")
    assert done.code == 0, done.err
    assert "1 of 1 cells repeat the predictions of runs/first" in done.out
    assert "20 of 20" in done.out


def test_another_prediction_is_counted_and_exits_1(repeat: Run, workplace: Path) -> None:
    """One answer that differs is one too many; what differs in the setting is named."""
    folder = workplace / "runs/first" / CELL
    rows = pq.read_table(folder / "items.parquet").to_pylist()
    cells.put_rows(folder, [rows[0] | {"prediction": "something else"}, *rows[1:]])
    parts = json.loads((folder / "meta.json").read_text())["identity_parts"]
    parts["packages"]["torch"] = "1.0"
    cells.edit(folder / "meta.json", identity_parts=parts)
    done = repeat("second", "--verify-against", "runs/first")
    assert done.code == 1
    assert "0 of 1 cells repeat" in done.out
    assert "19 of 20" in done.out
    assert re.search(r"torch 1\.0 to \d", done.out)


def test_items_that_the_earlier_run_lacks_are_not_repeated(repeat: Run) -> None:
    """A run of the first ten questions says nothing of the other ten."""
    repeat("short", "--limit", "10")
    done = repeat("second", "--verify-against", "runs/short")
    assert done.code == 1
    assert "10 of 20" in done.out


def test_a_cell_without_records_cannot_be_verified(repeat: Run, workplace: Path) -> None:
    """A run that was committed without its records says so, and does not pass."""
    (workplace / "runs/first" / CELL / "items.parquet").unlink()
    done = repeat("second", "--verify-against", "runs/first")
    assert done.code == 1
    assert "no items.parquet" in " ".join(done.out.split())


def test_a_wrong_folder_is_refused_before_anything_runs(repeat: Run, workplace: Path) -> None:
    """A folder that is not there, and the run's own, which would agree with itself."""
    shutil.copytree(workplace / "runs/first", workplace / "runs/copy")
    for date, folder in (("second", "runs/none"), ("copy", "runs/copy")):
        done = repeat(date, "--verify-against", folder)
        assert done.code == 2
        assert "--verify-against must name the folder of an earlier run" in done.err
    assert not (workplace / "runs/second").exists()
