"""What makes a cell another cell."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from memeval.matrix import Cell, Context, cell_folder, check_plan, run_cells
from memeval.telemetry.dependencies import dependency_versions

Plan = Callable[..., list[Cell]]


def test_a_plugins_library_is_part_of_its_cells(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of what a memory's package needs is named, and its cell runs again."""
    from memeval.matrix import identity

    told = {"wordlib": "1.0"}
    monkeypatch.setattr(identity, "dependency_versions", lambda _: dict(told))
    cells = small("bm25", seeds=(1,))
    run_cells(cells, context)
    assert [state.kind for state in check_plan(cells, context)] == ["done"]
    told["wordlib"] = "2.0"
    [state] = check_plan(cells, context)
    assert (state.kind, state.why) == ("again", "wordlib 1.0 to 2.0")


def test_the_meta_tells_what_results_rest_on(small: Plan, context: Context) -> None:
    """Every package that may round, split or rank otherwise, and where data is from."""
    [outcome] = run_cells(small("bm25", seeds=(1,)), context)
    meta = json.loads((outcome.folder / "meta.json").read_text())
    packages = meta["identity_parts"]["packages"]
    assert {"torch", "transformers", "tokenizers", "numpy", "bm25s"} <= packages.keys()
    assert dependency_versions("memeval") == {}
    assert meta["data"]["sessions"] == 1
    assert meta["format"] == 3


def test_a_model_that_answers_otherwise_is_another_model(
    small: Plan, context: Context, tiny_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    """A changed generation config of a model's folder runs its cells again."""
    import shutil
    from dataclasses import replace

    folder = tmp_path / "tiny"
    shutil.copytree(tiny_folder("llama"), folder)
    cells = [replace(cell, model=str(folder)) for cell in small("bm25", seeds=(1,))]
    run_cells(cells, context)
    before = (cell_folder(context.runs_dir, cells[0]) / "meta.json").read_text()
    assert [outcome.skipped for outcome in run_cells(cells, context)] == [True]
    config = json.loads((folder / "config.json").read_text())
    config["rope_parameters"] = {"rope_type": "default", "rope_theta": 12345.0}
    (folder / "config.json").write_text(json.dumps(config))
    assert [outcome.skipped for outcome in run_cells(cells, context)] == [False]
    assert (cell_folder(context.runs_dir, cells[0]) / "meta.json").read_text() != before
