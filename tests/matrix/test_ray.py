"""Cells on a Ray cluster of two nodes, both on this machine."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memeval.datasets.in_memory import InMemory
from memeval.errors import ConfigError
from memeval.matrix import Cell, Context, Outcome, Step, Watch, plan, run_cells
from memeval.matrix.ray import Ray, rooms
from memeval.preset import load_preset
from memeval.results import FAILURE, read_items
from memeval.suites.own import generate

ray = pytest.importorskip("ray", reason="Ray is not installed; `nox -s ray` installs it")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # Ray's own
    pytest.mark.skipif("RAY_ADDRESS" in os.environ, reason="a cluster of its own is started"),
]

PRESETS = ("rag", "recent", "core", "closed_book")
SESSIONS, EACH = 100, 4
Plan = Callable[..., list[Cell]]
CRASHER = '''
import os
from memeval.memories.baselines import NoMemory

class Crasher(NoMemory):
    """One that takes its process with it."""

    def observe(self, events):
        os._exit(9)
'''


class TwoNodes:
    """A cluster whose driver stands on a node without room; a lost node can be had again."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self.cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
        self.nodes: list[Any] = []
        ray.init(address=self.cluster.address, log_to_driver=False, logging_level="ERROR")
        self.fill()

    def fill(self) -> None:
        """Have two nodes, of one CPU each."""
        self.nodes = [node for node in self.nodes if node in self.cluster.worker_nodes]
        while len(self.nodes) < 2:
            self.nodes.append(self.cluster.add_node(num_cpus=1))
        self.cluster.wait_for_nodes()

    def kill_one(self) -> None:
        """End a node as if its power had failed."""
        self.cluster.remove_node(self.nodes[0], allow_graceful=False)


@pytest.fixture(scope="module")
def started() -> Iterator[TwoNodes]:
    """Return two nodes, started once."""
    nodes = TwoNodes()
    yield nodes
    ray.shutdown()
    nodes.cluster.shutdown()


@pytest.fixture
def nodes(started: TwoNodes) -> TwoNodes:
    """Return two nodes that live."""
    started.fill()
    return started


@pytest.fixture
def many() -> Cell:
    """Return a cell of many sessions."""
    made = [
        replace(generate("episodic", size=EACH, seed=seed), id=f"s{seed:03}")
        for seed in range(SESSIONS)
    ]
    [planned] = plan([load_preset("baselines/rag")], ["scripted"], [InMemory("many", made)])
    return planned


@pytest.fixture
def study(episodic: Callable[..., Any]) -> list[Cell]:
    """Return 24 cells: four presets on three seeds and two sizes."""
    presets = [load_preset(f"baselines/{name}") for name in PRESETS]
    datasets = [*episodic(7, 11, 13), *episodic(7, 11, 13, size=20)]
    return plan(presets, ["scripted"], datasets)


def predictions(outcomes: list[Outcome]) -> list[list[tuple[str, str, str]]]:
    return [
        [(r.session, r.query_id, r.prediction) for r in read_items(outcome.folder)]
        for outcome in outcomes
    ]


def here(cells: list[Cell], context: Context, tmp_path: Path) -> list[list[tuple[str, str, str]]]:
    """Return what the same cells predict in processes of this machine."""
    return predictions(run_cells(cells, replace(context, runs_dir=tmp_path / "runs" / "here")))


def sessions_begun(seen: set[tuple[int, int]]) -> Callable[[int, Cell, Step], None]:
    """Return a watch's callback that collects which worker was at which session."""

    def on_step(worker: int, _cell: Cell, step: Step) -> None:
        if step.sessions:
            seen.add((worker, step.session))

    return on_step


def test_24_cells_predict_what_processes_of_one_machine_do(
    nodes: TwoNodes, study: list[Cell], context: Context, tmp_path: Path
) -> None:
    """Where a cell is run changes no prediction, and both nodes run some."""
    workers: set[int] = set()
    watch = Watch(on_step=lambda worker, *_: workers.add(worker))
    outcomes = run_cells(study, context, watch=watch, executor=Ray())
    assert len(study) == 24
    assert [outcome.error for outcome in outcomes] == [None] * 24
    assert workers == {0, 1}
    assert predictions(outcomes) == here(study, context, tmp_path)


def test_a_finished_cell_is_not_run_again(
    nodes: TwoNodes, study: list[Cell], context: Context
) -> None:
    """A cell that a process of this machine has measured is the same cell to a cluster."""
    run_cells(study[:2], context)
    outcomes = run_cells(study[:4], context, executor=Ray())
    assert [outcome.skipped for outcome in outcomes] == [True, True, False, False]


def test_a_node_that_dies_costs_what_it_was_at(
    nodes: TwoNodes, many: Cell, context: Context, tmp_path: Path
) -> None:
    """The cell goes on elsewhere, and of what was kept nothing is written twice."""
    written: dict[str, int] = {}

    def look() -> None:
        for path in (context.runs_dir / ".unfinished").glob("*/[0-9]*"):
            with_stamp = path.stat().st_mtime_ns
            assert written.setdefault(path.name, with_stamp) == with_stamp

    def on_step(*_: object) -> None:
        look()
        if len(written) > SESSIONS // 4 and len(nodes.cluster.worker_nodes) == 2:
            nodes.kill_one()

    [outcome] = run_cells([many], context, watch=Watch(on_step=on_step), executor=Ray())
    assert len(nodes.cluster.worker_nodes) == 1
    assert outcome.error is None
    assert len(written) > SESSIONS // 4
    assert predictions([outcome]) == here([many], context, tmp_path)


def test_an_interrupted_run_goes_on_where_it_stood(
    nodes: TwoNodes, many: Cell, context: Context, tmp_path: Path
) -> None:
    """Sessions that were kept are not computed a second time."""

    def stop(*_: object) -> None:
        if kept() > SESSIONS // 4:
            raise KeyboardInterrupt

    def kept() -> int:
        return len(list((context.runs_dir / ".unfinished").glob("*/[0-9]*")))

    with pytest.raises(KeyboardInterrupt):
        run_cells([many], context, watch=Watch(on_step=stop), executor=Ray())
    before, told = kept(), []
    [outcome] = run_cells([many], context, watch=Watch(on_note=told.append), executor=Ray())
    assert any(f": {before} of {SESSIONS} sessions" in note for note in told)
    assert predictions([outcome]) == here([many], context, tmp_path)


def test_a_memory_that_ends_its_worker_fails_its_own_cell(
    nodes: TwoNodes, small: Plan, context: Context, tmp_path: Path
) -> None:
    """It is tried on another worker, as that may have been the machine's fault, and then failed."""
    (tmp_path / "crasher.py").write_text(CRASHER, "utf-8")
    cells = small(f"{tmp_path / 'crasher.py'}:Crasher", "bm25", seeds=(1337,))
    crashed, fine = run_cells(cells, context, executor=Ray())
    assert "a worker must live until its cell is done" in str(crashed.error)
    assert (crashed.folder / FAILURE).is_file()
    assert fine.error is None


def test_a_session_that_takes_too_long_is_ended(
    nodes: TwoNodes, small: Plan, context: Context, tmp_path: Path
) -> None:
    """A time limit holds on a cluster too."""
    sleeper = CRASHER.replace("os._exit(9)", "__import__('time').sleep(60)")
    (tmp_path / "sleeper.py").write_text(sleeper, "utf-8")
    cells = small(f"{tmp_path / 'sleeper.py'}:Crasher", seeds=(1337,))
    since = time.monotonic()
    [outcome] = run_cells(cells, replace(context, timeout_s=2), executor=Ray())
    assert "within the --timeout of 2 seconds" in str(outcome.error)
    assert time.monotonic() - since < 60


def test_a_cluster_that_is_not_there_is_an_error_of_one_sentence(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is named, and what to look at."""
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setattr("ray.init", lambda **_: (_ for _ in ()).throw(ConnectionError("no")))
    with pytest.raises(ConfigError, match="ConnectionError: no; see what"):
        run_cells(small("bm25"), context, executor=Ray(address="127.0.0.1:1"))


def test_room_is_counted_on_nodes_that_live() -> None:
    """A worker of two CPUs and a GPU fits once where there are five and one; not on the dead."""
    each = {"CPU": 2.0, "GPU": 1.0}
    large, plain = {"CPU": 5.0, "GPU": 1.0}, {"CPU": 64.0}
    told = [(large, True), (plain, True), (large, False)]
    assert rooms([{"Resources": has, "Alive": alive} for has, alive in told], each) == 1
