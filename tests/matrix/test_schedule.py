"""Which worker does what next, without any worker."""

from pathlib import Path

import pytest

from memeval.datasets.in_memory import InMemory
from memeval.matrix.cells import Cell, Outcome
from memeval.matrix.schedule import Schedule, Task, Work
from memeval.preset import load_preset
from memeval.types import Event, Item, Query, Session


def dataset(name: str) -> InMemory:
    """Return a dataset of one item."""
    item = Item(Query("q", "Really?", 1), ("yes",), (), (), "all")
    return InMemory(name, [Session("s", (Event("e", "Yes.", 0),), (item,))])


def cells(*told: tuple[str, str, str]) -> list[Cell]:
    """Return cells of presets, models and datasets by name."""
    return [Cell(load_preset(f"baselines/{p}"), m, dataset(d)) for p, m, d in told]


def schedule(*told: tuple[str, str, str], sessions: int = 1) -> Schedule:
    """Return a schedule of cells with so many sessions each."""
    return Schedule(Work(cells(*told), [sessions] * len(told)))


def done(of: Schedule, cell: int, **what: object) -> Outcome:
    """Return an outcome of a cell."""
    return Outcome(of.work.cells[cell], Path("x"), **what)  # type: ignore[arg-type]


def test_a_worker_keeps_to_its_model_and_dataset() -> None:
    """Cells of the model and data that a worker has at hand come before others."""
    plan = schedule(
        ("rag", "m", "a"), ("rag", "n", "a"), ("rag", "m", "b"), ("core", "m", "a"),
    )  # fmt: skip
    order = []
    while task := plan.next("w"):
        order.append(task.cell)
        plan.take("w", done(plan, task.cell))
    assert order == [0, 3, 2, 1]


def test_two_workers_keep_apart() -> None:
    """A second worker begins with a dataset that nobody is at."""
    plan = schedule(("rag", "m", "a"), ("core", "m", "a"), ("rag", "m", "b"))
    assert plan.next("v") == Task(0)
    assert plan.next("w") == Task(2)


def test_a_worker_without_a_cell_joins_one_of_many_sessions() -> None:
    """One cell of 100 sessions has room for two; one of a single session has not."""
    plan = schedule(("rag", "m", "a"), sessions=100)
    assert (plan.next("v"), plan.next("w")) == (Task(0), Task(0, begun=True))
    alone = schedule(("rag", "m", "a"))
    assert alone.next("v") == Task(0)
    assert alone.next("w") is None


def test_the_end_of_a_shared_cell_is_told_once() -> None:
    """Whoever finds all sessions taken leaves; whoever writes the cell ends it."""
    plan = schedule(("rag", "m", "a"), sessions=3)
    plan.next("v")
    plan.next("w")
    assert plan.take("w", done(plan, 0, busy=True)) is None
    assert plan.next("w") is None  # there is nothing left to take
    ended = plan.take("v", done(plan, 0, seconds=1.0))
    assert ended is not None
    assert ended.seconds == 1.0
    assert not plan.is_open


def test_what_another_process_is_at_is_awaited() -> None:
    """A cell that only a stranger works on comes back, to be waited for."""
    plan = schedule(("rag", "m", "a"), ("rag", "m", "b"))
    plan.next("w")
    assert plan.take("w", done(plan, 0, busy=True)) is None
    assert plan.next("w") == Task(1)
    plan.take("w", done(plan, 1))
    assert plan.next("w") == Task(0, wait=True, begun=True)


@pytest.mark.parametrize("others", [True, False])
def test_a_dead_worker_costs_its_cell_unless_another_is_at_it(others: bool) -> None:
    """The session that it was at is free again for the one that shares the cell."""
    plan = schedule(("rag", "m", "a"), sessions=9)
    plan.next("v")
    if others:
        plan.next("w")
    assert plan.lose("v") == (None if others else 0)


def test_nobody_is_sent_where_a_worker_died() -> None:
    """The last one at a cell that kills its workers ends it, and no other is taken along."""
    plan = schedule(("rag", "m", "a"), sessions=9)
    plan.next("v")
    plan.next("w")
    assert plan.lose("v") is None
    assert plan.next("x") is None
    assert plan.lose("w") == 0


def test_a_failure_in_a_shared_cell_waits_for_the_other() -> None:
    """It is told when the last one at the cell has failed too."""
    plan = schedule(("rag", "m", "a"), sessions=9)
    plan.next("v")
    plan.next("w")
    assert plan.take("v", done(plan, 0, error="no")) is None
    ended = plan.take("w", done(plan, 0, error="no"))
    assert ended is not None
    assert ended.error == "no"


def test_what_a_lost_machine_was_at_goes_on_elsewhere() -> None:
    """The cell is not to blame: it waits as one that was begun, unless another is at it still."""
    plan = schedule(("rag", "m", "a"), ("rag", "m", "b"))
    plan.next("v")
    plan.put_back("v")
    assert [plan.next("w"), plan.take("w", done(plan, 1))] == [Task(1), done(plan, 1)]
    assert plan.next("w") == Task(0, wait=True, begun=True)
    shared = schedule(("rag", "m", "a"), sessions=9)
    shared.next("v"), shared.next("w")
    shared.put_back("v")
    assert not shared.pending
    assert shared.next("x") == Task(0, begun=True)
