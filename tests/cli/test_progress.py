"""What is said while a run goes on: what each worker is at, and how long the rest will take."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from memeval.cli import render
from memeval.cli.progress import Board
from memeval.cli.showing import drawn, shown
from memeval.datasets.generated import Generated
from memeval.matrix import Cell, Outcome, Step
from memeval.preset import Preset

Tell = Callable[..., None]


def cell(seed: int = 1, name: str = "memory/slow", size: int = 100) -> Cell:
    return Cell(Preset(name=name, memory="none"), "m", Generated("episodic", size, seed, Path("x")))


class Clock:
    """A time that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board(clock: Clock) -> Board:
    """Return a board of three cells, none of them done."""
    made = Board(clock=clock)
    made.plan(3, [cell(1), cell(2), cell(3)])
    return made


@pytest.fixture
def tell(board: Board, clock: Clock) -> Tell:
    """Return a function that tells a step of a session at a time."""

    def step(now: float, phase: str, done: int = 0, total: int = 0, *, seed: int = 1,
             worker: int = 0, session: int = 0, sessions: int = 1) -> None:  # fmt: skip
        clock.now = now
        board.on_step(worker, cell(seed), Step(phase, done, total, session, sessions))

    return step


def test_what_is_not_counted_has_a_time_that_goes_on(
    board: Board, tell: Tell, clock: Clock
) -> None:
    """A replay, or the loading of a model, says nothing until it ends."""
    tell(10, "replay")
    clock.now = 22
    assert board.lines() == [(cell().name, "replay, 12 s")]


def test_steps_add_up_within_a_phase(board: Board, tell: Tell) -> None:
    """Also where it is left for another one and comes again, as with questions in between."""
    tell(0, "teach", 5, 20)
    tell(1, "read", 3, 9)
    tell(2, "teach", 5, 20)
    assert board.lines() == [(cell().name, "teach 10/20, 0 s")]
    tell(3, "read", 1, 9)
    assert board.lines() == [(cell().name, "read 4/9, 0 s")]


def test_each_worker_keeps_its_line(board: Board, tell: Tell) -> None:
    """Whatever they are at, in whatever order they tell: the lines neither grow nor change places.

    Of a cell of many sessions the line says at which the worker is.
    """
    tell(0, "starting", worker=0, sessions=0)
    tell(0, "starting", worker=1, seed=2, sessions=0)
    tell(1, "teach", 0, 5, worker=1, seed=2, session=4, sessions=10)
    tell(2, "teach", 0, 5, worker=0, session=2, sessions=3)
    board.on_outcome(Outcome(cell(2), Path("x")))
    assert board.lines() == [(cell(1).name, "session 3/3 teach 0/5, 0 s"), ("", "")]
    tell(3, "read", 2, 5, worker=1, seed=3)
    assert [name for name, _ in board.lines()] == [cell(1).name, cell(3).name]


def test_the_time_left_falls_while_the_first_cell_is_read(
    board: Board, tell: Tell, clock: Clock
) -> None:
    """From the first answers on there is a basis, and waiting for the next adds nothing.

    A session teaches for 10 s and reads 100 questions, 20 in each 20 s: 110 s, two more likewise.
    """
    tell(0, "teach", 0, 50)
    assert board.left() == ""
    tell(10, "read", 0, 100)
    told = []
    for now in range(30, 111, 20):
        tell(now, "read", 20, 100)
        clock.now = now + 10
        told.append(board.left())
    assert told[0] == f"about {round((330 - 40) / 60)} min left"
    minutes = [float(re.findall(r"\d+", text)[0]) for text in told]
    assert minutes == sorted(minutes, reverse=True)


def test_a_cell_that_was_done_before_teaches_nothing(board: Board) -> None:
    """A skipped cell took no time, which says nothing of the others."""
    board.on_outcome(Outcome(cell(1), Path("x"), skipped=True))
    assert board.left() == ""


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(board: Board, tell: Tell, width: int) -> None:
    """A long name is cut, what it is at is not; all cells have one line, and each worker."""
    board.plan(3, [cell(1, "ablations/hei_nw/gate.enabled=false" * 2)])
    tell(0, "read", 5, 100, session=11, sessions=100)
    board.on_step(1, cell(1, "ablations/hei_nw/gate.enabled=false" * 2), Step("replay"))
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    console.print(drawn(board))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("cells")
    assert lines[1].endswith("session 12/100 read 5/100, 0 s")


def test_a_log_gets_a_line_an_interval(
    board: Board, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what is done, what each worker is at, and what is left; colours make no terminal."""
    said: list[str] = []
    monkeypatch.setattr(render, "told", said.append)
    monkeypatch.setattr(render, "errors", Console(stderr=True, force_terminal=True))
    tell(0, "read", 0, 100)
    tell(10, "read", 10, 100)
    with shown(board, interval_s=0.01):
        while len(said) < 2:
            time.sleep(0.01)
    assert said[:2] == [f"0/3 done, {cell().name}: read 10/100, 10 s; about 5 min left"] * 2
