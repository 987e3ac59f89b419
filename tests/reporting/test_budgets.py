"""A memory is told over baselines of its own budget of notes and tokens."""

from pathlib import Path

import cells
import pytest

from memeval.reporting import load, tables, verdict
from memeval.results import META


def budget(folder: Path, **reader: object) -> None:
    """Let a cell say how much it read."""
    cells.edit(folder / META, config={"limit": None, "reader": reader})


@pytest.mark.parametrize("other", [{"traces": 5}, {"budget_tokens": 512}, {"budget_tokens": None}])
def test_a_baseline_of_another_budget_is_not_the_best(
    tmp_path: Path, other: dict[str, object]
) -> None:
    """More notes, or more tokens of them, are another question; that none is alike is said."""
    usual = {"traces": 1, "budget_tokens": 256}
    budget(cells.write(tmp_path, "memory/x", 6), **usual)
    budget(cells.write(tmp_path, "baselines/rag", 5), **usual | other)
    rows = load.load_real(tmp_path).rows
    assert verdict.best_baseline(rows, rows[-1]) is None
    assert "baselines/rag was read under another budget: not compared (episodic 10 on tiny)." in (
        verdict.unmeasured(rows)
    )
    budget(cells.write(tmp_path, "baselines/dense", 3), **usual)
    rows = load.load_real(tmp_path).rows
    memory = next(row for row in rows if row.is_memory)
    assert getattr(verdict.best_baseline(rows, memory), "preset", "") == "baselines/dense"


def test_the_ceiling_is_told_over_a_baseline_of_any_budget(tmp_path: Path) -> None:
    """It reads all of the evidence, however much: how far above retrieval that is, is of use."""
    budget(cells.write(tmp_path, "baselines/rag", 5), traces=1)
    budget(cells.write(tmp_path, "baselines/oracle", 8), traces=None)
    rows = load.load_real(tmp_path).rows
    assert getattr(verdict.best_baseline(rows, rows[-1]), "preset", "") == "baselines/rag"


def test_cells_from_before_budgets_of_tokens_fit_any(tmp_path: Path) -> None:
    """They read one note where the others read one note."""
    budget(cells.write(tmp_path, "memory/x", 6), traces=1)
    budget(cells.write(tmp_path, "baselines/rag", 5), traces=1, budget_tokens=256)
    [told] = verdict.on_memories(load.load_real(tmp_path).rows)
    assert tables.over(told.over_best).endswith(" rag")
