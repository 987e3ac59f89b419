"""Cells that share a taught store: taught once, answered alike, and nothing left behind."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from memeval.config import ReaderOptions
from memeval.datasets.generated import Generated
from memeval.errors import PluginError
from memeval.matrix import Cell, Context, Outcome, Watch, plan, run_cells, teaching
from memeval.matrix.schedule import Schedule, Task, Work
from memeval.matrix.teaching import Stores, teaching_of
from memeval.memories.checked import Checked
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.preset import Preset
from memeval.results import read_items
from memeval.runner import quiet
from memeval.suites.own import generate

Readers = Callable[..., list[Cell]]


@pytest.fixture
def readers(episodic: Callable[..., list[Generated]]) -> Readers:
    """Return a function that gives cells of presets that read one trace and three."""
    return partial(_readers, episodic)


def _readers(
    episodic: Callable[..., list[Generated]], *memories: str, seeds: tuple[int, ...] = (1, 2)
) -> list[Cell]:
    presets = [
        Preset(name=f"memory/{name}_{traces}", memory=name, reader=ReaderOptions(traces=traces))
        for traces in (1, 3)
        for name in memories
    ]
    return plan(presets, ["scripted"], episodic(*seeds))


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the memories that are taught from now on, by class and dataset."""
    seen: list[str] = []
    teach = teaching.teach_events

    def watch(events, memory, report):  # type: ignore[no-untyped-def]
        seen.append(f"{type(memory.memory).__name__} {hash(tuple(events))}")
        return teach(events, memory, report)

    monkeypatch.setattr(teaching, "teach_events", watch)
    return seen


def test_a_dataset_is_taught_once_to_memories_that_are_alike(
    context: Context, taught: list[str], readers: Readers
) -> None:
    """Presets that differ in the reader share a store, also with others between them."""
    run_cells(readers("bm25", "hei_nw"), context)
    assert len(taught) == 4
    assert len(set(taught)) == 4


def test_what_differs_is_not_shared(readers: Readers) -> None:
    """Another memory, dataset, model or parameter makes another store."""
    cell, _, second, *_ = readers("bm25")
    other_params = cell.preset.model_copy(update={"params": {"k": 2}})
    others = [
        replace(cell, dataset=second.dataset),
        replace(cell, model="other"),
        replace(cell, preset=other_params),
        replace(cell, preset=cell.preset.model_copy(update={"memory": "none"})),
    ]
    assert Work([cell, *others], [1] * 5).shared == frozenset()
    same = replace(cell, preset=cell.preset.model_copy(update={"params": {"k": 32}}))
    assert Work([cell, same], [1, 1]).shared == {teaching_of(cell)}  # 32 is the default


def answers(folder: Path) -> list[tuple[str, list[list[str]]]]:
    return [(record.prediction, record.recalled_events) for record in read_items(folder)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_shared_store_gives_the_answers_of_one_taught_anew(
    context: Context, workers: int, readers: Readers
) -> None:
    """The cells are those of commands that run them one at a time."""
    cells = readers("hei_nw")
    together = run_cells(cells, context, workers=workers)
    apart = replace(context, runs_dir=context.runs_dir.with_name("apart"))
    for cell, outcome in zip(cells, together, strict=True):
        [alone] = run_cells([cell], apart)
        for one, other in zip(read_items(outcome.folder), read_items(alone.folder), strict=True):
            assert (one.prediction, one.recalled_events) == (
                other.prediction,
                other.recalled_events,
            )


def test_two_workers_do_not_teach_the_same_at_once(readers: Readers) -> None:
    """A cell whose store is being taught elsewhere waits for that worker, which has it then."""
    one, other = readers("bm25", seeds=(1,))
    [third] = readers("hei_nw", seeds=(1,))[:1]
    schedule = Schedule(Work([one, other, third], [1, 1, 1]))
    assert (schedule.next("first"), schedule.next("second")) == (Task(0), Task(2))
    schedule.take("first", Outcome(one, Path("x")))
    assert schedule.next("first") == Task(1)


def test_nothing_is_left_on_disk(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readers: Readers
) -> None:
    """Stores lie in the folder for temporary files only while cells run."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    during: list[set[str]] = []
    stores = "memeval-stores-*/*"
    watch = Watch(on_outcome=lambda _: during.append({p.name for p in tmp_path.glob(stores)}))
    run_cells(readers("bm25", seeds=(1, 2)), context, watch=watch)
    assert [len(names) for names in during] == [1, 1, 1, 1]
    assert len(set().union(*during)) == 2  # the second dataset's are no longer beside the first's
    assert not list(tmp_path.glob("memeval-*"))


def test_a_store_that_does_not_load_as_it_was_is_an_error(
    monkeypatch: pytest.MonkeyPatch, readers: Readers, tmp_path: Path
) -> None:
    """A memory that forgets on the way to disk must not pass for the one that was taught."""
    cell, twin = readers("bm25", seeds=(1,))
    session = generate("episodic", size=10, seed=1)
    work = Work([cell, twin], [1, 1])
    stores = Stores(work.shared, tmp_path)
    memory = Checked(load_memory("bm25", model=ScriptedModel()))
    stores.teacher(cell, session)(session.events, memory, quiet)
    lossy = load_memory("bm25", model=ScriptedModel())
    monkeypatch.setattr(lossy, "load", lambda _: None)
    with pytest.raises(PluginError, match="must load the store that it saved"):
        stores.teacher(twin, session)(session.events, Checked(lossy), quiet)
