"""Running a plan: failures kept apart, models loaded once, workers that die, cells in use."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from plugins import install

from memeval.errors import DataError, ModelError, OutputError
from memeval.matrix import (
    Cell,
    Context,
    Outcome,
    Watch,
    cell_folder,
    check_plan,
    companions,
    run_cells,
)
from memeval.matrix.kept import LOCKS, lock_file
from memeval.models.scripted import ScriptedModel
from memeval.results import FAILURE, cell_folders, read_cell, read_items
from memeval.telemetry.code import code_hash

Plan = Callable[..., list[Cell]]


@pytest.fixture(autouse=True)
def plugged(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a third party's memories."""
    folder = tmp_path_factory.mktemp("site")
    install(folder)
    monkeypatch.syspath_prepend(folder)


def predictions(context: Context) -> dict[str, list[str]]:
    return {
        str(folder.relative_to(context.runs_dir)): [r.prediction for r in read_items(folder)]
        for folder in cell_folders(context.runs_dir)
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failed_cell_is_kept_and_the_others_run(
    small: Plan, context: Context, workers: int
) -> None:
    """The traceback lies where the cell would, and the cells beside it are whole."""
    outcomes = run_cells(small("broken"), context, workers=workers)
    assert [bool(outcome.error) for outcome in outcomes] == [False, True, False]
    assert "got RuntimeError: upside down from memory 'broken'" in str(outcomes[1].error)
    assert "Traceback" in (outcomes[1].folder / FAILURE).read_text()
    assert all((o.folder / "meta.json").is_file() != bool(o.error) for o in outcomes)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_recall_that_breaks_the_contract_fails_its_cell_alone(
    small: Plan, context: Context, workers: int
) -> None:
    """A memory whose event ids are numbers does not end the matrix, and the reason is kept."""
    outcomes = run_cells(small("odd"), context, workers=workers)
    assert [bool(outcome.error) for outcome in outcomes] == [False, True, False]
    assert "events are a tuple of str, got (7,)" in (outcomes[1].folder / FAILURE).read_text()


def test_a_worker_that_dies_costs_its_cell_alone(small: Plan, context: Context) -> None:
    """The cell it was at is a failure that tells how the worker ended; another takes its place."""
    outcomes = run_cells(small("deadly", "silent"), context, workers=2)
    failures = [outcome for outcome in outcomes if outcome.error]
    assert [(o.cell.preset.memory, o.cell.seed) for o in failures] == [("deadly", 2025)]
    assert "got one that ended with 7" in (failures[0].folder / FAILURE).read_text()
    assert len(outcomes) == 6


def test_workers_find_what_one_process_finds(small: Plan, context: Context) -> None:
    """The number of processes changes no prediction."""
    alone = replace(context, runs_dir=context.runs_dir.with_name("alone"))
    run_cells(small("bm25", "passage"), alone)
    run_cells(small("bm25", "passage"), context, workers=3)
    assert predictions(context) == predictions(alone)
    assert len(predictions(context)) == 6


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the models loaded; one named "absent" cannot be."""
    loaded = []

    def load(name: str, **_: object) -> ScriptedModel:
        loaded.append(name)
        if name == "absent":
            raise ModelError("a model must be there, got 'absent'; fetch it")
        return ScriptedModel()

    monkeypatch.setattr(companions, "load_model", load)
    return loaded


def test_a_model_is_loaded_once(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six cells of one model share it, and six of the next share that."""
    loaded = counting(monkeypatch)
    cells = small("bm25", "passage")
    run_cells([*cells, *(replace(cell, model="second") for cell in cells)], context)
    assert loaded == ["scripted", "second"]


def test_a_model_among_several_that_cannot_be_loaded_fails_its_own_cells(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried once, and the other model's cells run."""
    loaded = counting(monkeypatch)
    cells = small("bm25")
    absent = [replace(cell, model="absent") for cell in cells]
    outcomes = run_cells([*absent, *cells], context)
    assert [bool(o.error) for o in outcomes] == [True] * 3 + [False] * 3
    assert "a model must be there, got 'absent'" in str(outcomes[0].error)
    assert loaded == ["absent", "scripted"]


def test_a_result_outlives_its_model(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that cannot be loaded today is told, and what it did yesterday stays a result."""
    cells = small("bm25", seeds=(1,))
    [outcome] = run_cells(cells, context)
    counting(monkeypatch)
    folder = cell_folder(context.runs_dir, replace(cells[0], model="absent"))
    folder.parent.parent.mkdir(parents=True)
    outcome.folder.parent.parent.rename(folder.parent.parent)
    again = run_cells([replace(cells[0], model="absent"), *cells], context)
    assert [bool(o.error) for o in again] == [True, False]
    assert not (folder / FAILURE).exists()


def test_the_only_model_that_cannot_be_loaded_is_an_error(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to go on with, so nothing is written."""
    counting(monkeypatch)
    with pytest.raises(ModelError, match="got 'absent'"):
        run_cells([replace(cell, model="absent") for cell in small("bm25")], context)
    assert not context.runs_dir.exists()


def test_an_error_for_every_cell_reaches_the_user_from_a_worker(
    small: Plan, context: Context
) -> None:
    """A place that cannot be written is the same sentence with two workers as with one."""
    context.runs_dir.parent.write_text("here first")
    with pytest.raises(OutputError, match="output must go to a folder with permission to write"):
        run_cells(small("bm25"), context, workers=2)


def test_a_changed_dataset_is_found_before_any_cell_runs(
    small: Plan, context: Context, data_dir: Path
) -> None:
    """The last dataset of the plan is broken, and the first is not measured either."""
    cells = small("bm25", seeds=(1, 2))
    run_cells(cells[1:], replace(context, runs_dir=context.runs_dir.with_name("other")))
    file = data_dir / "episodic/10_2/events.jsonl"
    file.write_bytes(file.read_bytes().replace(b"e00000", b"e99999", 1))
    with pytest.raises(DataError, match="episodic/10_2"):
        run_cells(cells, context)
    assert not context.runs_dir.exists()


def test_a_cell_that_another_process_is_at_comes_last(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is passed over while its lock is held, and awaited once nothing else is left."""
    cells = small("bm25")
    (context.runs_dir / LOCKS).mkdir(parents=True)
    held = lock_file(context.runs_dir, cell_folder(context.runs_dir, cells[0]), "0")
    lock = FileLock(held)
    lock.acquire()
    order = []

    def on_outcome(outcome: Outcome) -> None:
        order.append(outcome.cell.seed)
        if len(order) == 2:
            lock.release()

    outcomes = run_cells(cells, context, watch=Watch(on_outcome=on_outcome))
    assert order == [2025, 4242, 1337]
    assert [outcome.cell for outcome in outcomes] == cells


def test_what_another_process_has_done_meanwhile_is_not_done_again(
    small: Plan, context: Context
) -> None:
    """Whether a cell is done is asked once its lock is held, not when the plan is made."""
    cells = small("bm25", seeds=(1, 2))

    def run_the_second(outcome: Outcome) -> None:
        if outcome.cell.seed == 1:
            run_cells(cells[1:], context)

    outcomes = run_cells(cells, context, watch=Watch(on_outcome=run_the_second))
    assert [outcome.skipped for outcome in outcomes] == [False, True]


def test_a_cell_pays_for_its_own_notes(
    small: Plan, context: Context, tiny_folder: Callable[[str], Path]
) -> None:
    """The second of two like variants reads as many notes as the first, so that times compare."""
    [cell] = small("bm25", seeds=(1,))
    cell = replace(cell, model=str(tiny_folder("llama")))
    reader = cell.preset.reader.model_copy(update={"kv_cache_mb": 512})  # answers are the same
    changes = {"name": "memory/twin", "reader": reader}
    twin = replace(cell, preset=cell.preset.model_copy(update=changes))
    first, second = (read_cell(o.folder) for o in run_cells([cell, twin], context))
    assert first.metrics["read_as"] == "kv"
    assert first.metrics["kv_cache"]["misses"] > 0
    assert first.metrics["kv_cache"] == second.metrics["kv_cache"]


def test_locks_lie_apart_from_results(small: Plan, context: Context, tmp_path: Path) -> None:
    """A cell's folder holds the four files and its parents nothing beside the cells."""
    [outcome] = run_cells(small("bm25", seeds=(1,)), context)
    assert [path.name for path in outcome.folder.parent.iterdir()] == [outcome.folder.name]
    assert cell_folders(context.runs_dir) == [outcome.folder]


def test_a_cell_runs_again_when_its_memory_changed_and_not_when_another_did(
    small: Plan, context: Context, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Of two memories in two modules one is edited."""
    cells = [*small("silent", seeds=(1,)), *small("bm25", seeds=(1,))]
    run_cells(cells, context)
    assert [state.kind for state in check_plan(cells, context)] == ["done", "done"]
    source = Path(sys.modules["plugged"].__file__ or "")
    source.write_text(source.read_text() + "\n# edited\n")
    code_hash.cache_clear()
    changed, same = check_plan(cells, context)
    assert (changed.kind, changed.why) == ("again", "memory's code changed")
    assert same.kind == "done"
