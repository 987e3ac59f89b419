"""Cells that a judge has scored too."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from memeval.models import Generation, Prompt
from memeval.models.scripted import ScriptedModel

CELL = ("eval", "--preset", "baselines/oracle", "--suite", "episodic", "--seed", "7", "--run", "r")
TOLD = (*CELL, "--limit", "6", "--model", "scripted")


@pytest.fixture
def judged(
    memeval: Callable[..., Any], workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, dict[str, Any], Any]:
    """Return what a judge that says yes to everything leaves of a cell."""

    def agree(_: ScriptedModel, prompts: Sequence[Prompt], **__: Any) -> list[Generation]:
        return [Generation("yes", 5, 0, 1) for _ in prompts]

    monkeypatch.setattr(ScriptedModel, "generate", agree)
    done = memeval(*TOLD, "--judge", "scripted")
    [path] = (workplace / "runs" / "r").rglob("metrics.json")
    meta = json.loads(path.with_name("meta.json").read_text())
    return done, json.loads(path.read_text()), meta


def test_a_judged_cell_tells_scores_controls_and_cost(
    judged: tuple[Any, dict[str, Any], Any],
) -> None:
    """Verdicts are scores, controls and agreement stand beside them, calls are the judge's own."""
    done, metrics, meta = judged
    assert done.code == 0
    assert metrics["scores"]["judge"] == 1.0
    controls = metrics["judge"]["controls"]
    assert {n for n, row in controls.items() if row["failed"]} == {
        "other_gold",
        "vague",
        "wrong_value",
    }
    asked = 6 + sum(row["n"] for row in controls.values())
    assert metrics["usage"]["judge"]["calls"] == asked
    assert metrics["judge"]["kappa"]["contains"]["n"] > 0
    assert meta["judge"]["model"] == "scripted"
    assert len(meta["judge"]["prompts"]) == 64


def test_another_judge_is_another_cell(
    judged: object, memeval: Callable[..., Any], workplace: Path
) -> None:
    """A cell is done for the judge that it had, and runs again for none."""
    assert "already done" in memeval(*TOLD, "--judge", "scripted").out
    assert "configuration changed" in " ".join(memeval(*TOLD, "--dry-run").out.split())


def test_a_judge_that_is_not_there_is_said_before_anything_runs(
    memeval: Callable[..., Any], workplace: Path
) -> None:
    """By a plan, too."""
    done = memeval(*TOLD, "--judge", "./none.gguf", "--dry-run")
    assert done.code == 2
    assert "got no such file: './none.gguf'" in done.err


def test_a_report_says_first_that_a_judge_fails() -> None:
    """Before any score of its own, and with the shares that it accepted."""
    from cells import cell

    from memeval.reporting import judges
    from memeval.reporting.markdown import render
    from memeval.reporting.row import Row
    from memeval.results import StoredCell

    controls = {
        "gold": {"accepted": 1.0, "n": 5, "failed": 0},
        "vague": {"accepted": 0.6, "n": 5, "failed": 1},
    }
    told = {"controls": controls, "kappa": {}}
    metrics = {**cell(5).metrics, "judge": told}
    meta = {"judge": {"model": "big"}, "config": {}, "seed": 1, "preset": "memory/x"}
    row = Row("memory/x", "tiny", "s", 10, (StoredCell(Path(), meta, metrics),), {})
    assert "The judge big fails its controls (vague)" in render(judges.warning([row]))
    assert "0.60" in render(judges.section([row]))
