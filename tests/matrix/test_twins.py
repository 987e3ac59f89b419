"""What a run has measured is not measured again under another name."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memeval.matrix import Cell, Context, Outcome, Watch, bench, cell_folder, check_plan, run_cells
from memeval.matrix.twins import Twins
from memeval.preset import with_variant
from memeval.results import FAILURE, ITEMS, META, read_cell, read_items

Plan = Callable[..., list[Cell]]


def named(cell: Cell, name: str) -> Cell:
    """Return the same cell under another name."""
    return replace(cell, preset=cell.preset.model_copy(update={"name": name}))


def meta_of(outcome: Outcome) -> dict[str, Any]:
    return dict(json.loads((outcome.folder / META).read_text()))


@pytest.fixture
def cell(small: Plan) -> Cell:
    """Return a cell of ten questions."""
    [cell] = small("bm25", seeds=(1,))
    return cell


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the presets whose memories were taught and asked, as they are."""
    names = []
    run_one = bench.run_one

    def counting(parts: Any, *rest: Any) -> Any:
        names.append(parts.cell.preset.name)
        return run_one(parts, *rest)

    monkeypatch.setattr(bench, "run_one", counting)
    return names


def test_the_same_cell_under_another_name_is_taken_over(
    cell: Cell, context: Context, measured: list[str]
) -> None:
    """Figures and records are those of the first, the meta names both, and all is sealed."""
    [first] = run_cells([cell], context)
    told: list[str] = []
    watch = Watch(on_note=told.append)
    [second] = run_cells([named(cell, "ablations/bm25/full")], context, watch=watch)
    assert measured == ["memory/bm25"]
    assert "ablations/bm25/full takes over what memory/bm25 has found" in told
    assert read_cell(second.folder).metrics == read_cell(first.folder).metrics
    assert read_items(second.folder) == read_items(first.folder)
    ours, theirs = meta_of(second), meta_of(first)
    differing = {name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)}
    assert differing == {"preset", "reused_from", "sha256"}
    assert (ours["preset"], ours["reused_from"]) == ("ablations/bm25/full", "memory/bm25")


def test_a_meta_tells_when_and_where_its_figures_were_taken(cell: Cell, context: Context) -> None:
    """Not when and where they were taken over."""
    run_cells([cell], context)
    [again] = run_cells([named(cell, "other")], context)
    first = json.loads((cell_folder(context.runs_dir, cell) / META).read_text())
    assert {meta_of(again)[name] == first[name] for name in ("finished", "machine", "git")} == {
        True
    }


def test_in_one_plan_the_first_measures_for_both(
    cell: Cell, context: Context, measured: list[str]
) -> None:
    """Also where nothing is there before, and for whoever takes over in turn."""
    cells = [cell, named(cell, "ablations/bm25/full")]
    assert [f"{s.kind} {s.why}" for s in check_plan(cells, context)] == [
        "run ",
        "reuse memory/bm25 will have it",
    ]
    run_cells(cells, context)
    run_cells([named(cell, "third")], context)
    assert measured == ["memory/bm25"]
    third = json.loads((context.runs_dir / "third/scripted/episodic/10_1" / META).read_text())
    assert third["reused_from"] == "memory/bm25"


def test_workers_take_over_too(cell: Cell, context: Context) -> None:
    """They look among the cells of the run as one process does."""
    run_cells([cell], context)
    twins = [named(cell, "one"), named(cell, "two")]
    outcomes = run_cells(twins, context, workers=2)
    assert [meta_of(outcome)["reused_from"] for outcome in outcomes] == ["memory/bm25"] * 2


def test_a_plan_says_what_is_reused_and_then_that_it_is_done(cell: Cell, context: Context) -> None:
    """What has been taken over is a finished cell like any other."""
    run_cells([cell], context)
    other = named(cell, "other")
    [state] = check_plan([other], context)
    assert (state.kind, state.why) == ("reuse", "memory/bm25 has it")
    run_cells([other], context)
    assert [state.kind for state in check_plan([other], context)] == ["done"]


def test_force_measures_all_the_same(cell: Cell, context: Context, measured: list[str]) -> None:
    """Who wants every cell run again means every cell."""
    cells = [cell, named(cell, "other")]
    assert [state.kind for state in check_plan(cells, context, force=True)] == ["run", "run"]
    run_cells(cells, context, force=True)
    assert measured == ["memory/bm25", "other"]


@pytest.mark.parametrize("change", ["params", "threads", "limit", "code", "failed", "damaged",
                                    "bare"])  # fmt: skip
def test_what_is_not_the_same_or_not_whole_is_not_taken_over(
    cell: Cell,
    context: Context,
    measured: list[str],
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    """Another parameter, thread or limit, other code, and a cell that is no result."""
    from memeval.matrix import identity

    [first] = run_cells([cell], context)
    other = named(cell, "other")
    if change == "params":
        other = replace(other, preset=other.preset.model_copy(update={"params": {"k": 2}}))
    elif change in ("threads", "limit"):
        context = replace(context, **{change: 2})
    elif change == "code":
        monkeypatch.setattr(identity, "code_hash", lambda *names: f"another {names}")
    elif change == "failed":
        (first.folder / FAILURE).write_text("it went wrong")
    elif change == "bare":
        (first.folder / ITEMS).unlink()
    else:
        (first.folder / ITEMS).write_bytes(b"nothing")
    assert [state.kind for state in check_plan([other], context)] == ["run"]
    run_cells([other], context)
    assert measured == ["memory/bm25", "other"]


def test_a_named_configuration_takes_over_what_the_plain_one_found(
    cell: Cell, context: Context, measured: list[str]
) -> None:
    """An override that says what holds anyway makes another name and the same cell."""
    run_cells([cell], context)
    preset = with_variant(cell.preset, "same").model_copy(update={"overrides": {"k": 5}})
    [same] = run_cells([replace(cell, preset=preset)], context)
    assert measured == ["memory/bm25"]
    assert (meta_of(same)["variant"], meta_of(same)["overrides"]) == ("same", {"k": 5})


def test_only_cells_at_the_same_place_are_read(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of another seed are not, so that a large run is looked through at once."""
    from memeval.matrix import twins

    cells = small("bm25", seeds=(1, 2, 3))
    run_cells(cells, context)
    looked: list[Path] = []
    head = twins.read_head
    monkeypatch.setattr(twins, "read_head", lambda path: looked.append(path) or head(path))
    folder = cell_folder(context.runs_dir, named(cells[0], "other"))
    Twins(context.runs_dir, []).find(folder, lambda _: False)
    assert looked == [cell_folder(context.runs_dir, cells[0]) / META]
