"""What must end in time is timed for as long as it lasts, and nothing after it."""

import time
from multiprocessing import get_context
from typing import Any, cast

import pytest

from memeval.datasets.in_memory import InMemory
from memeval.matrix import Cell, Context, Outcome
from memeval.matrix.processes import Crew, Worker
from memeval.matrix.schedule import Schedule, Task, Work
from memeval.matrix.watch import Watch
from memeval.matrix.worker import Clock, End, Message, timed
from memeval.preset import Preset
from memeval.suites.own import generate


def test_a_failed_session_stops_its_clock() -> None:
    """Its cell is over; the time of the next one has not begun."""
    told: list[Message] = []
    with pytest.raises(ZeroDivisionError), timed(told.append):
        raise ZeroDivisionError
    assert told == [Clock(is_running=True), Clock(is_running=False)]


def test_the_end_of_a_cell_lifts_its_limit(context: Context) -> None:
    """A healthy cell is never ended for the time of the one before it."""
    ours, theirs = get_context("spawn").Pipe()
    dataset = InMemory("one", [generate("episodic", size=5, seed=1)])
    cell = Cell(Preset(name="p", memory="bm25"), "scripted", dataset)
    ended: list[Outcome] = []
    crew = Crew(
        Schedule(Work([cell], [1])), context, cast(Any, None), Watch(on_outcome=ended.append)
    )
    worker = Worker(0, cast(Any, None), ours, cast(Any, None), deadline=time.monotonic() - 1)
    crew.workers.append(worker)
    crew.assign(worker)
    assert isinstance(theirs.recv(), Task)
    theirs.send(End(error="it failed", skipped=False, reused=False, busy=False, seconds=1.0))
    crew.listen()
    assert [outcome.error for outcome in ended] == ["it failed"]
    assert worker.deadline is None
