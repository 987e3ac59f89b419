"""A cell of many sessions: kept one by one, shared by workers, and pooled to one figure."""

from dataclasses import replace
from pathlib import Path

import pytest

from memeval.datasets.in_memory import InMemory
from memeval.matrix import Cell, Context, Outcome, Step, Watch, bench, plan, run_cells
from memeval.matrix.kept import LOCKS, UNFINISHED
from memeval.preset import load_preset
from memeval.results import FAILURE, read_cell, read_items
from memeval.runner import Report
from memeval.session_result import RECORDS, TALLY, SessionResult
from memeval.suites.own import generate
from memeval.types import Session

SESSIONS, EACH = 20, 5


@pytest.fixture(scope="module")
def dataset() -> InMemory:
    """Return sessions of one generator, each of another seed."""
    made = [
        replace(generate("episodic", size=EACH, seed=seed), id=f"s{seed:03}")
        for seed in range(SESSIONS)
    ]
    return InMemory("many", made)


@pytest.fixture
def cell(dataset: InMemory) -> Cell:
    """Return a cell of BM25 on them."""
    [planned] = plan([load_preset("baselines/rag")], ["scripted"], [dataset])
    return planned


def kill_at(session: int) -> Watch:
    """Return a watch that ends the run as a user would, in the middle of a session."""

    def on_step(_worker: int, _cell: Cell, step: Step) -> None:
        if step.session == session and step.phase == "read":
            raise KeyboardInterrupt

    return Watch(on_step=on_step)


def answers(folder: Path) -> list[tuple[str, str, str]]:
    return [(r.session, r.query_id, r.prediction) for r in read_items(folder)]


def test_many_sessions_are_one_cell(cell: Cell, context: Context) -> None:
    """One figure over all items, which know their session; times add up over sessions."""
    [outcome] = run_cells([cell], context)
    stored = read_cell(outcome.folder)
    assert outcome.folder.name == f"{SESSIONS * EACH}_0"
    assert stored.metrics["n"] == SESSIONS * EACH
    assert stored.metrics["n_sessions"] == SESSIONS
    records = read_items(outcome.folder)
    scores = [r.scores["exact_match"] for r in records if r.answerable]
    assert stored.metrics["exact_match"] == pytest.approx(
        sum(score or 0 for score in scores) / len(scores)
    )
    assert [r.session for r in records] == sorted(r.session for r in records)


def test_a_kill_loses_the_session_at_work_alone(
    cell: Cell, context: Context, ran: list[str]
) -> None:
    """Run again, what was finished is not repeated, and the cell is as if nothing had happened."""
    with pytest.raises(KeyboardInterrupt):
        run_cells([cell], context, watch=kill_at(7))
    assert ran == [f"s{i:03}" for i in range(8)]
    ran.clear()
    told: list[str] = []
    [outcome] = run_cells([cell], context, watch=Watch(on_note=told.append))
    assert ran == [f"s{i:03}" for i in range(7, SESSIONS)]
    assert told[-1:] == [f"{cell.name} goes on: 7 of {SESSIONS} sessions are there from before"]
    apart = replace(context, runs_dir=context.runs_dir.with_name("apart"))
    [whole] = run_cells([cell], apart)
    assert answers(outcome.folder) == answers(whole.folder)
    assert not (context.runs_dir / UNFINISHED).exists()


def test_sessions_of_another_configuration_are_not_taken(
    cell: Cell, context: Context, ran: list[str]
) -> None:
    """What was kept under other parameters is run anew."""
    with pytest.raises(KeyboardInterrupt):
        run_cells([cell], context, watch=kill_at(7))
    ran.clear()
    preset = cell.preset.model_copy(update={"params": {"k": 2}})
    run_cells([replace(cell, preset=preset)], context)
    assert len(ran) == SESSIONS


@pytest.mark.parametrize("name", [RECORDS, TALLY])
def test_a_kept_session_that_is_damaged_is_run_again(
    cell: Cell, context: Context, ran: list[str], name: str
) -> None:
    """It is not pooled with the others, and does not fail them; the run says so."""
    with pytest.raises(KeyboardInterrupt):
        run_cells([cell], context, watch=kill_at(7))
    [path] = (context.runs_dir / UNFINISHED).glob(f"*/00003/{name}")
    path.write_bytes(path.read_bytes().replace(b"e", b"f", 1))
    ran.clear()
    told: list[str] = []
    [outcome] = run_cells([cell], context, watch=Watch(on_note=told.append))
    assert outcome.error is None
    assert ran == ["s003", *(f"s{i:03}" for i in range(7, SESSIONS))]
    assert any(f"a kept session runs again, as {name}" in note for note in told)


def test_a_failure_keeps_the_sessions_before_it(
    cell: Cell, context: Context, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cell is failed, and its next run begins where it failed."""
    run_one = bench.run_one

    def failing(parts: object, session: Session, report: Report) -> SessionResult:
        if session.id == "s003":
            raise RuntimeError("no room")
        return run_one(parts, session, report)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(bench, "run_one", failing)
        [outcome] = run_cells([cell], context)
    assert outcome.error == "RuntimeError: no room"
    assert (outcome.folder / FAILURE).is_file()
    ran.clear()
    [again] = run_cells([cell], context)
    assert again.error is None
    assert ran == [f"s{i:03}" for i in range(3, SESSIONS)]


def test_two_workers_share_a_cell(cell: Cell, context: Context) -> None:
    """Each takes sessions that the other is not at; the answers are those of one process."""
    at: set[tuple[int, str]] = set()
    watch = Watch(on_step=lambda _worker, _cell, step: at.add((step.session, step.phase)))
    [outcome] = run_cells([cell], context, workers=2, watch=watch)
    assert outcome.error is None
    apart = replace(context, runs_dir=context.runs_dir.with_name("apart"))
    [alone] = run_cells([cell], apart)
    assert answers(outcome.folder) == answers(alone.folder)
    assert {session for session, _ in at} == set(range(SESSIONS))


def test_a_session_that_another_process_is_at_is_awaited(
    cell: Cell, context: Context, ran: list[str]
) -> None:
    """A second command takes what is free, and the first finds all of it kept."""
    second: list[Outcome] = []

    def on_step(_worker: int, _cell: Cell, step: Step) -> None:
        if step.session == 2 and step.phase == "read" and not second:
            kept = {path.name for path in (context.runs_dir / UNFINISHED).glob("*/[0-9]*")}
            assert kept == {"00000", "00001"}
            second.append(Outcome(cell, Path("x")))
            _take_the_rest(cell, context)

    [outcome] = run_cells([cell], context, watch=Watch(on_step=on_step))
    assert outcome.error is None
    assert sorted(ran) == [f"s{i:03}" for i in range(SESSIONS)]
    assert len(list((context.runs_dir / LOCKS).iterdir())) >= SESSIONS


def _take_the_rest(cell: Cell, context: Context) -> None:
    """Work as another process would on what is free, without waiting for the rest."""
    from memeval.matrix.teaching import Stores

    stores = Stores(frozenset(), context.runs_dir)
    assert bench.Bench(context, stores).run(cell, wait=False).busy


def test_the_interval_is_clustered_by_session(cell: Cell, context: Context) -> None:
    """Sessions, not items, are what a report resamples first."""
    from memeval.reporting.load import load

    run_cells([cell], context)
    [row] = load(context.runs_dir, lambda _: True).rows
    assert len({session for session, _ in row.records}) == SESSIONS
