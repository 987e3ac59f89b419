"""A cell over a published benchmark: its sessions are read one by one, kept, and shared."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_sessions import answers, kill_at

from memeval.matrix import Cell, Context, Step, Watch, plan, run_cells
from memeval.matrix.kept import UNFINISHED
from memeval.preset import load_preset
from memeval.results import read_cell
from memeval.suites.choosing import dataset_named

STORIES = 6


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    """Return a cell of BM25 on a made-up folder of StepGame: a session for each story."""
    folder = tmp_path / "clean"
    folder.mkdir()
    stories = {
        str(i): {
            "story": [f"{b} is above {a}.", f"{b} is left of {c}."],
            "question": f"What is the relation of the agent {a} to the agent {b}?",
            "label": "below",
        }
        for i, (a, b, c) in enumerate(("ABC", "DEF", "GHI", "JKL", "MNO", "PQR"))
    }
    (folder / "qa2_test.json").write_text(json.dumps(stories))
    dataset = dataset_named(f"stepgame:{folder}", None, None)
    [planned] = plan([load_preset("baselines/rag")], ["scripted"], [dataset])
    return planned


def test_a_killed_cell_of_a_benchmark_goes_on_where_it_was(
    cell: Cell, context: Context, ran: list[str]
) -> None:
    """Three stories are kept; the fourth, which was begun, and the rest run afterwards."""
    with pytest.raises(KeyboardInterrupt):
        run_cells([cell], context, watch=kill_at(3))
    assert len(list((context.runs_dir / UNFINISHED).glob("*/[0-9]*"))) == 3
    ran.clear()
    [outcome] = run_cells([cell], context)
    assert ran == ["2-3", "2-4", "2-5"]
    [alone] = run_cells([cell], replace(context, runs_dir=context.runs_dir.with_name("apart")))
    assert answers(outcome.folder) == answers(alone.folder)
    assert read_cell(outcome.folder).metrics["n_sessions"] == STORIES
    assert not (context.runs_dir / UNFINISHED).exists()


def test_two_workers_share_the_sessions_of_a_benchmark(cell: Cell, context: Context) -> None:
    """Both have stories of one cell, and what they find is what one finds."""
    at: set[tuple[int, int]] = set()
    watch = Watch(on_step=lambda worker, _cell, step: at.add(_place(worker, step)))
    [outcome] = run_cells([cell], context, workers=2, watch=watch)
    assert outcome.error is None
    [alone] = run_cells([cell], replace(context, runs_dir=context.runs_dir.with_name("apart")))
    assert answers(outcome.folder) == answers(alone.folder)
    assert {session for _, session in at} == set(range(STORIES))


def _place(worker: int, step: Step) -> tuple[int, int]:
    return worker, step.session
