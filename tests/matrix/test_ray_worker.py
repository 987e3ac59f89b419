"""A worker of a cluster, without a cluster."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memeval.errors import CALLS, ConfigError
from memeval.matrix import Cell, Context, Step
from memeval.matrix.ray_worker import Place, RayWorker, own_code
from memeval.matrix.schedule import Task, Work
from memeval.matrix.worker import End, Note, order_for


@pytest.fixture
def worker(
    small: Callable[..., list[Cell]], context: Context, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RayWorker]:
    """Return a worker with one cell, in this process."""
    monkeypatch.setattr(CALLS, "on_change", CALLS.on_change)
    monkeypatch.setattr("memeval.matrix.ray_worker.NEWS_S", 0)
    work = Work(small("bm25", seeds=(1337,)), [1])
    order = order_for(work, context, Path(), force=False)
    made = RayWorker(order, Path("nowhere"), str(Path.cwd()))
    yield made
    made.close()


def test_a_task_ends_with_what_became_of_it(worker: RayWorker) -> None:
    """The cell is done, and its files are there."""
    [*_, end] = worker.run(Task(0))
    assert isinstance(end, End)
    assert (end.error, end.skipped) == (None, False)
    [*_, again] = worker.run(Task(0))
    assert isinstance(again, End)
    assert again.skipped


def test_news_are_the_newest_step_and_every_note(worker: RayWorker) -> None:
    """Steps come faster than they are asked for; a note must not be lost."""
    for message in (Step("a"), Note("one"), Step("b"), Note("two"), Step("c")):
        worker._tell(message)
    assert worker.news().messages == (Note("one"), Note("two"), Step("c"))
    assert worker.news().messages == ()


def test_news_tell_which_call_a_worker_is_at(worker: RayWorker) -> None:
    """Of a worker that does not come back it must be said whose code it is in."""
    CALLS.change("observe of memory 'slow'")
    assert worker.news().call == "observe of memory 'slow'"
    CALLS.change("")


def test_a_node_that_does_not_see_the_run_is_refused() -> None:
    """What it found would be lost; a node with another memeval would make other cells."""
    from memeval.matrix.ray import check_place

    check_place(Place("n", own_code(), sees_run=True), Path("runs"))
    with pytest.raises(ConfigError, match="must see the folder of the run"):
        check_place(Place("n", own_code(), sees_run=False), Path("runs"))
    with pytest.raises(ConfigError, match="must have the same memeval"):
        check_place(Place("n", "other", sees_run=True), Path("runs"))


def test_what_is_left_by_another_machine_is_left_alone(tmp_path: Path) -> None:
    """A process id of another machine says nothing here: its process may be at work."""
    from memeval.atomic import remove_leftovers

    dead = 2**22 + 1
    theirs = tmp_path / f".a.txt-00c0ffee.{dead}-abcdefg1"
    ours = tmp_path / f".a.txt-{dead}-abcdefg1"
    theirs.touch(), ours.touch()
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [theirs.name]
    assert os.getpid() != dead
