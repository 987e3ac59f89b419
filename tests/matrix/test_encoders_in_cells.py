"""Encoders in cells: the embedded one by default, told apart by fingerprint, counted."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memeval.datasets.in_memory import InMemory
from memeval.matrix import Cell, Context, plan, run_cells
from memeval.preset import Preset
from memeval.results import read_cell
from memeval.suites.own import generate
from memeval.telemetry.code import code_hash

NEEDS = """
from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams
from memeval.types import Recall

class Needs(EventStore):
    needs = ("encoder",)
    class Params(MemoryParams):
        pass
    def __init__(self, params, *, seed, encoder):
        super().__init__(params, seed=seed)
        self.encoder = encoder
    def observe(self, events):
        super().observe(events)
        self.encoder.encode([event.text for event in events], kind="event")
    def recall(self, queries):
        self.encoder.encode([query.text for query in queries], kind="query")
        return [Recall()] * len(queries)

class Mine:
    name, width = "mine", 2
    def __init__(self):
        import numpy as np
        self.row = np.float32([[0.6, 0.8]])
    def encode(self, texts, *, kind):
        return self.row.repeat(len(texts), axis=0)
    def fingerprint(self):
        return open(FINGERPRINT).read()
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """Return the file of a memory and an encoder of one's own, whose fingerprint is in a file."""
    (tmp_path / "fingerprint").write_text("one")
    told = NEEDS.replace("FINGERPRINT", repr(str(tmp_path / "fingerprint")))
    (tmp_path / "mine.py").write_text(told)
    return f"{tmp_path}/mine.py"


@pytest.fixture
def cells(mine: str) -> list[Cell]:
    """Return a cell of two sessions whose memory needs an encoder."""
    sessions = [generate("episodic", size=5, seed=seed) for seed in (1, 2)]
    preset = Preset(name="needs", memory=f"{mine}:Needs")
    return plan([preset], ["scripted"], [InMemory("two", sessions)])


def test_what_was_encoded_is_counted_over_sessions(
    context: Context, cells: list[Cell], mine: str
) -> None:
    """All texts, and those that came from disk: none at first, every one the second time."""
    context = replace(context, encoder=f"{mine}:Mine")
    sessions = [generate("episodic", size=5, seed=seed) for seed in (1, 2)]
    events = [event.text for session in sessions for event in session.events]
    counted = []
    for _ in range(2):
        [outcome] = run_cells(cells, context, force=True)
        assert outcome.error is None
        counted.append(read_cell(outcome.folder).metrics["encoder"])
    first, second = counted
    assert first["texts"] == second["texts"] >= len(events) + 10
    assert first["from_cache"] < second["from_cache"] == second["texts"]


def test_a_cell_is_another_with_another_encoder(
    context: Context, cells: list[Cell], mine: str, tmp_path: Path
) -> None:
    """By its fingerprint, which is the same name's."""
    context = replace(context, encoder=f"{mine}:Mine")
    [first] = run_cells(cells, context)
    [same] = run_cells(cells, context)
    (tmp_path / "fingerprint").write_text("two")
    [other] = run_cells(cells, context)
    assert (first.skipped, same.skipped, other.skipped) == (False, True, False)
    assert read_cell(other.folder).meta["identity_parts"]["encoder"] == "two"


def test_the_code_of_a_folders_encoder_tells_cells_apart(
    context: Context, cells: list[Cell], tiny_encoder_folder: Path
) -> None:
    """It is memeval's own, and as much a part of the vectors as the weights are."""
    [outcome] = run_cells(cells, replace(context, encoder=str(tiny_encoder_folder)))
    parts = read_cell(outcome.folder).meta["identity_parts"]
    assert parts["encoder's code"] == code_hash("memeval.models.local.sentences")


def test_a_memory_without_an_encoder_counts_nothing(context: Context, mine: str) -> None:
    """Nor does what `--encoder` names tell its cells apart."""
    preset = Preset(name="none", memory="none")
    data = InMemory("one", [generate("episodic", size=5, seed=1)])
    cells = plan([preset], ["scripted"], [data])
    run_cells(cells, context)
    [again] = run_cells(cells, replace(context, encoder="scripted"))
    assert again.skipped
    assert read_cell(again.folder).metrics["encoder"] == {}


def test_the_embedded_encoder_is_the_default(
    memeval: Callable[..., Any], workplace: Path, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command without --encoder gives a memory what it needs; here a fake stands in for it."""
    monkeypatch.setattr("memeval.cli.options.DEFAULT_ENCODER", "scripted")
    monkeypatch.setenv("MEMEVAL_RUNS_DIR", "runs")
    done = memeval(
        *("eval", "--preset", f"{mine}:Needs", "--suite", "episodic", "--size", "5"),
        *("--model", "scripted", "--run", "r"),
    )
    assert done.code == 0, done.err
    [metrics] = workplace.rglob("metrics.json")
    assert json.loads(metrics.read_text())["encoder"]["texts"] > 5
    [meta] = workplace.rglob("meta.json")
    assert json.loads(meta.read_text())["config"]["encoder"] == "scripted"
