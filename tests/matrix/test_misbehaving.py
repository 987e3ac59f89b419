"""Plugins that end, hang or disturb their process: failed cells that name them, and no more."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from memeval.datasets.in_memory import InMemory
from memeval.interruption import INTERRUPTION
from memeval.matrix import Cell, Context, Outcome, endings, plan, run_cells
from memeval.matrix.failures import failed
from memeval.matrix.kept import UNFINISHED
from memeval.matrix.run import executor_for, is_foreign
from memeval.matrix.schedule import Work
from memeval.preset import Preset, load_preset
from memeval.results import FAILURE
from memeval.suites.own import generate

PLUGINS = """
import os, signal, subprocess, sys, time
from pathlib import Path
from memeval import Generation, TextModel
from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams
from memeval.types import Recall

class Fine(EventStore):
    class Params(MemoryParams):
        pass
    def recall(self, queries):
        self.act()
        return [Recall()] * len(queries)
    def act(self):
        pass

class Exits(Fine):
    def act(self):
        sys.exit(0)

class Interrupts(Fine):
    def act(self):
        raise KeyboardInterrupt

class Ends(Fine):
    def act(self):
        os._exit(0)

class Crashes(Fine):
    def act(self):
        signal.raise_signal(signal.SIGSEGV)

class Killed(Fine):
    def act(self):
        signal.raise_signal(signal.SIGKILL)

class Forks(Fine):
    def act(self):
        if not os.fork():
            time.sleep(600)
        os._exit(3)

class Closes(Fine):
    def act(self):
        os.closerange(0, 3)
        os.chdir("/")

class Hangs(Fine):
    def recall(self, queries):
        if any("hang" in query.text for query in queries):
            Path("pid").write_text(str(os.getpid()))
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                time.sleep(60)
        return super().recall(queries)

class Deadly(TextModel):
    def generate(self, prompts, *, max_new_tokens, stop, on_done=lambda _: None):
        os._exit(5)
"""
pytestmark = pytest.mark.xdist_group("misbehaving")  # those that end their process are run once
DEAD = ("Exits", "Interrupts", "Ends", "Crashes", "Killed", "Forks")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the plugins."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "bad.py").write_text(PLUGINS)
    return folder


@pytest.fixture(scope="module")
def dataset() -> InMemory:
    """Return a session of five items."""
    return InMemory("one", [replace(generate("episodic", size=5, seed=1), id="s")])


@pytest.fixture(scope="module")
def cells(site: Path, dataset: InMemory) -> Callable[..., list[Cell]]:
    """Return a function that plans the plugins' memories."""

    def make(*names: str, model: str = "scripted") -> list[Cell]:
        presets = [Preset(name=name, memory=f"{site}/bad.py:{name}") for name in names]
        return plan(presets, [model], [dataset])

    return make


@pytest.fixture(scope="module")
def ended(
    site: Path, cells: Callable[..., list[Cell]], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Outcome]:
    """Run all that end their process, and some that only disturb it, and return what became."""
    context = Context(runs_dir=tmp_path_factory.mktemp("runs"), cache_dir=site)
    planned = [*cells(*DEAD, "Closes", "Fine"), *cells("Fine", model=f"{site}/bad.py:Deadly")]
    planned[-1] = replace(planned[-1], preset=planned[-1].preset.model_copy(update={"name": "M"}))
    return {o.cell.preset.name: o for o in run_cells(planned, context)}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Exits", "a memory must not raise, got SystemExit: 0 from memory"),
        ("Interrupts", "ended with 130 as its exit code in recall of memory"),
        ("Ends", "ended with 0 as its exit code in recall of memory"),
        ("Crashes", r"ended with signal 11 \(SIGSEGV\) in recall of memory"),
        ("Killed", r"signal 9 \(SIGKILL\), as where memory runs out, in recall of memory"),
        ("Forks", "ended with 3 as its exit code in recall of memory"),
        ("M", "ended with 5 as its exit code in read of model"),
    ],
)
def test_what_ends_its_process_fails_its_cell(
    ended: Mapping[str, Outcome], name: str, told: str
) -> None:
    """The sentence names the plugin, the call and how it ended; one worker is enough for that."""
    assert re.search(told, str(ended[name].error))
    assert "bad.py:" in str(ended[name].error)
    assert (ended[name].folder / FAILURE).is_file()


def test_the_cells_beside_them_are_whole(ended: Mapping[str, Outcome]) -> None:
    """Closed streams and another working directory hurt nobody either."""
    assert [ended[name].error for name in ("Closes", "Fine")] == [None, None]


def test_what_a_plugin_has_started_ends_with_it(ended: Mapping[str, Outcome]) -> None:
    """A fork that goes on would keep the output open, and a terminal waiting."""
    mine = psutil.Process().children(recursive=True)
    assert not [process for process in mine if "run_worker" in " ".join(process.cmdline())]
    assert not [process for process in mine if "spawn_main" in " ".join(process.cmdline())]


@pytest.mark.parametrize(
    ("exitcode", "advice"),
    [
        (-signal.SIGKILL, "free some memory, give a smaller --batch-size, or take fewer --workers"),
        (-signal.SIGABRT, "mend it"),
        (0, "mend it"),
        (None, "mend it"),
    ],
)
def test_the_advice_fits_how_a_worker_ended(exitcode: int | None, advice: str) -> None:
    """Where the system kills, memory is short; all else is the plugin's own doing."""
    assert f"; {advice}" in endings.died(exitcode, "recall of memory 'm'")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_session_that_takes_too_long_is_ended(
    cells: Callable[..., list[Cell]],
    context: Context,
    workplace: Path,
    workers: int,
) -> None:
    """Its cell names the phase and the option; sessions before it are kept, other cells run."""
    parts = [replace(generate("episodic", size=5, seed=seed), id=f"s{seed}") for seed in (1, 2)]
    last = parts[1].items[0]
    named = replace(last, query=replace(last.query, text="Will you hang?"))
    parts[1] = replace(parts[1], items=(named, *parts[1].items[1:]))
    two = InMemory("two", parts)
    planned = [replace(cell, dataset=two) for cell in cells("Hangs", "Fine")]
    late, fine = run_cells(planned, replace(context, timeout_s=5), workers=workers)
    assert "a session must end within the --timeout of 5 seconds" in str(late.error)
    assert "still in recall of memory" in str(late.error)
    assert str(late.error).endswith("raise --timeout, or mend it")
    assert fine.error is None
    assert [path.name for path in (context.runs_dir / UNFINISHED).glob("*/[0-9]*")] == ["00000"]


def test_what_comes_with_memeval_runs_in_this_process(
    dataset: InMemory, context: Context, cells: Callable[..., list[Cell]]
) -> None:
    """A worker is for somebody else's code, for company, or for a time limit."""
    own = plan([load_preset("baselines/rag")], ["scripted"], [dataset])
    assert not is_foreign(own, context, ["f1"])
    assert is_foreign(cells("Fine"), context, ["f1"])
    kinds = [type(executor_for(Work(own, [1]), 1, is_apart=apart)) for apart in (False, True)]
    assert [kind.__name__ for kind in kinds] == ["Here", "Processes"]


def test_what_is_wished_to_end_has_not_failed(
    cells: Callable[..., list[Cell]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a plugin has made of Ctrl-C, no failure is written for it."""
    monkeypatch.setattr(INTERRUPTION, "is_wished", True)
    with pytest.raises(KeyboardInterrupt):
        failed(cells("Fine")[0], tmp_path, "RuntimeError: something else")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("signals", [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM,)])
def test_an_end_that_is_wished_for_leaves_no_worker(
    site: Path, workplace: Path, signals: tuple[signal.Signals, ...]
) -> None:
    """A second Ctrl-C ends what the first one waits for, and SIGTERM is heard as well."""
    lines = [
        '{"id": "e9", "text": "Nora is in Rome."}\n',
        '{"id": "q9", "question": "Where is Nora, and will you hang?", "answers": ["Rome"]}\n',
    ]
    (workplace / "own").mkdir()
    for name, line in zip(("events", "items"), lines, strict=True):
        (workplace / f"own/{name}.jsonl").write_text(line)
    command = [sys.executable, "-m", "memeval", "eval", "--preset", f"{site}/bad.py:Hangs",
               "--suite", "own", "--model", "scripted", "--date", "d"]  # fmt: skip
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    pid = workplace / "pid"
    while process.poll() is None and not (pid.is_file() and pid.read_text()):
        time.sleep(0.05)
    for one in signals:
        os.kill(process.pid, one)
        time.sleep(0.3)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output
    assert "Traceback" not in output
    assert "leaked" not in output
    words = "interrupted: 0 of 1 cells are done; go on with the same command: memeval eval --preset"
    assert output.splitlines()[-1].startswith(words)
    assert not list((workplace / "runs/d").rglob(".*-*"))
    assert not list((workplace / "runs/d").rglob(FAILURE))
    assert not psutil.pid_exists(int(pid.read_text()))
