"""The plan: which cells, in which order, and what is to be done about each."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from memeval.datasets.generated import Generated
from memeval.datasets.in_memory import InMemory
from memeval.errors import ConfigError
from memeval.matrix import Cell, Context, Watch, cell_folder, check_plan, plan, run_cells
from memeval.preset import Preset, load_preset
from memeval.results import FAILURE, ITEMS
from memeval.suites.choosing import datasets_named, suite_names
from memeval.suites.own import generate

Plan = Callable[..., list[Cell]]
Datasets = Callable[..., list[Generated]]


def states(cells: list[Cell], context: Context) -> list[str]:
    return [
        f"{state.kind}: {state.why}" if state.why else state.kind
        for state in check_plan(cells, context)
    ]


def test_a_plan_is_every_combination() -> None:
    """Two presets, two models, and every suite, size and seed: 2 * 2 * 3 * 3 * 3 cells."""
    presets = [load_preset(name) for name in ("baselines/core", "baselines/rag")]
    whole = [d for name in suite_names(["all"]) for d in datasets_named(name, is_matrix=True)]
    cells = plan(presets, ["scripted", "other"], whole)
    assert len({cell_folder(Path("runs"), cell) for cell in cells}) == len(cells) == 108


def test_cells_of_a_model_and_of_a_dataset_stand_together(episodic: Datasets) -> None:
    """Each model is loaded once and each dataset read once for all presets."""
    presets = [load_preset(name) for name in ("baselines/core", "baselines/rag")]
    cells = plan(presets, ["one", "two"], [*episodic(1, 2), *episodic(1, 2, size=20)])
    keys = [(cell.model, cell.dataset) for cell in cells]
    changes = sum(before != after for before, after in pairwise(keys))
    assert changes + 1 == len(set(keys)) == 2 * 4


def test_models_whose_cells_would_share_a_folder_are_refused(episodic: Datasets) -> None:
    """Two names that make one folder name never overwrite one another."""
    with pytest.raises(ConfigError, match=r"every model .* got 'a--b' twice"):
        plan([load_preset("baselines/core")], ["a/b", "a--b"], episodic(1))


def test_a_preset_whose_cells_would_lie_in_those_of_another_is_refused(
    episodic: Datasets,
) -> None:
    """Replacing the outer cell would touch the inner one."""
    presets = [Preset(name=f"own{inner}", memory="bm25") for inner in ("", "/one/episodic/10_1")]
    with pytest.raises(ConfigError, match=r"folder of its own, got 'own/one/.*' inside 'own/one/"):
        plan(presets, ["one"], episodic(1))


@pytest.mark.parametrize("name", ["../outside", "a/b", ".hidden", ""])
def test_a_suite_that_no_folder_can_be_named_for_is_refused(name: str) -> None:
    """Its cells would lie elsewhere, or be read by nobody."""
    dataset = InMemory(name, [generate("episodic", size=5, seed=1)])
    with pytest.raises(ConfigError, match=r"a suite must have a name that a folder can have"):
        plan([load_preset("baselines/core")], ["one"], [dataset])


def test_a_cell_inside_one_that_is_there_is_refused(small: Plan, context: Context) -> None:
    """Also where the outer cell is of an earlier command."""
    [outer] = small("bm25", seeds=(1,))
    run_cells([outer], context)
    name = f"{outer.preset.name}/scripted/episodic/10_1"
    inner = replace(outer, preset=outer.preset.model_copy(update={"name": name}))
    with pytest.raises(ConfigError, match=r"inside the cell .*10_1'; rename the preset"):
        check_plan([inner], context)


def test_a_note_in_a_cell_is_there_when_it_has_run_again(small: Plan, context: Context) -> None:
    """What the run did not write it does not take away."""
    [cell] = small("bm25", seeds=(1,))
    run_cells([cell], context)
    folder = cell_folder(context.runs_dir, cell)
    (folder / "note.md").write_text("odd answers: look at q3")
    run_cells([cell], context, force=True)
    assert (folder / "note.md").read_text() == "odd answers: look at q3"
    assert states([cell], context) == ["done"]


@pytest.mark.parametrize("name", ["meta.json", "metrics.json", "metrics.csv", ITEMS])
def test_a_damaged_cell_runs_again_and_says_why(small: Plan, context: Context, name: str) -> None:
    """Whichever of its files lost its end, the cell is not done, and the run tells which."""
    [cell] = small("bm25", seeds=(1,))
    run_cells([cell], context)
    path = cell_folder(context.runs_dir, cell) / name
    path.write_bytes(path.read_bytes()[:-20])
    told: list[str] = []
    [outcome] = run_cells([cell], context, watch=Watch(on_note=told.append))
    assert not outcome.skipped
    [why] = [note for note in told if "runs again" in note]
    assert f"its files are broken: {name}" in why
    assert states([cell], context) == ["done"]


def test_a_check_writes_nothing(small: Plan, context: Context, tmp_path: Path) -> None:
    """Cells that were never run are to be run; no dataset is built to say so."""
    assert states(small("bm25"), context) == ["run", "run", "run"]
    assert list(tmp_path.iterdir()) == []


def test_what_was_run_is_done(small: Plan, context: Context) -> None:
    """Only the new seed is left."""
    run_cells(small("bm25", seeds=(1337,)), context)
    assert states(small("bm25", seeds=(1337, 2025)), context) == ["done", "run"]


def test_a_cell_that_would_run_again_says_why(small: Plan, context: Context) -> None:
    """Other threads and another configuration are named."""
    cells = small("bm25", seeds=(1,))
    run_cells(cells, context)
    assert states(cells, replace(context, threads=2)) == ["again: threads 1 to 2"]
    changed = Preset(name="memory/bm25", memory="bm25", params={"k": 2})
    assert states([replace(cells[0], preset=changed)], context) == ["again: configuration changed"]


def test_a_cell_without_its_items_runs_again(small: Plan, context: Context) -> None:
    """A clone may hold the small files alone, of which no report can be made."""
    cells = small("bm25", seeds=(1337,))
    run_cells(cells, context)
    (cell_folder(context.runs_dir, cells[0]) / ITEMS).unlink()
    assert states(cells, context) == ["again: it has no items.parquet"]
    run_cells(cells, context)
    assert states(cells, context) == ["done"]


def test_a_failed_or_broken_cell_runs_again(small: Plan, context: Context) -> None:
    """A failure is not a result, and neither is half a file."""
    cells = small("bm25", seeds=(1, 2))
    run_cells(cells, context)
    (cell_folder(context.runs_dir, cells[0]) / FAILURE).write_text("it went wrong")
    (cell_folder(context.runs_dir, cells[1]) / "meta.json").write_text("{")
    failed, broken = states(cells, context)
    assert failed == "again: it failed"
    assert broken.startswith("again: its files are broken: meta.json cannot be read: Expecting")


def test_other_overrides_are_refused_before_anything_runs(small: Plan, context: Context) -> None:
    """A plan of which one cell answers another question runs no cell at all."""
    run_cells(small("bm25", seeds=(1,)), context)
    with pytest.raises(ConfigError, match="a run must keep to one set of overrides"):
        check_plan(small("bm25", seeds=(1, 2)), replace(context, limit=3))
