"""A matrix that is killed, interrupted, or run twice at once: what is done stays done."""

import math
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from memeval.results import META, cell_folders, read_cell, read_items

pytestmark = pytest.mark.xdist_group("killed_matrix")  # the undisturbed one is run once
KILLS = 4
COMMAND = [sys.executable, "-m", "memeval", "eval", "--preset", "baselines/rag", "--preset",
           "baselines/core", "--preset", "memory/hei_nw", "--model", "scripted", "--seed", "1337",
           "--seed", "2025", "--size", "10", "--date", "d", "--workers", "2"]  # fmt: skip
CELLS = 3 * 3 * 2  # presets, suites, seeds


def start(root: Path, outdir: str, *, data: str = "") -> "subprocess.Popen[str]":
    """Run the matrix on data of its own, or on what another run has built."""
    return subprocess.Popen(
        [*COMMAND, "--outdir", outdir],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - one thread runs here, and only a signal is set
        env=os.environ | {"COLUMNS": "200", "MEMEVAL_DATA_DIR": f"data-{data or outdir}"},
    )


def _hear_ctrl_c() -> None:
    """Undo what a shell does to jobs in its background: they are started deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def finished_folders(runs: Path) -> list[Path]:
    """Return the folders of finished cells; what is still hidden is not finished."""
    return [folder for folder in cell_folders(runs) if (folder / META).is_file()]


def done(runs: Path) -> dict[str, int]:
    """Return when each finished cell was written, in ns; every file of each can be read."""
    found = {}
    for folder in finished_folders(runs):
        read_cell(folder)
        read_items(folder)
        found[str(folder.relative_to(runs))] = (folder / META).stat().st_mtime_ns
    return found


def predictions(runs: Path) -> dict[str, list[str]]:
    return {
        str(folder.relative_to(runs)): [record.prediction for record in read_items(folder)]
        for folder in cell_folders(runs)
    }


def wait_for_cells(
    process: "subprocess.Popen[str]", runs: Path, more_than: int, at_most: float = math.inf
) -> None:
    """Return once there are more cells than so many, the process has ended, or the time is over."""
    end = time.monotonic() + at_most
    while (
        process.poll() is None
        and len(finished_folders(runs)) <= more_than
        and time.monotonic() < end
    ):
        time.sleep(0.01)


class Undisturbed(NamedTuple):
    """Where the matrix was run in peace, and the seconds to its first cell and for each of all."""

    root: Path
    start_s: float
    cell_s: float

    @property
    def predictions(self) -> dict[str, list[str]]:
        return predictions(self.root / "calm/d")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Run the matrix in peace."""
    root = tmp_path_factory.mktemp("matrix")
    began = time.time()
    process = start(root, "calm")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    times = sorted(time_ns / 1e9 for time_ns in done(root / "calm/d").values())
    assert len(times) == CELLS
    return Undisturbed(root, times[0] - began, (times[-1] - times[0]) / CELLS)


def test_a_matrix_killed_four_times_ends_as_if_undisturbed(undisturbed: Undisturbed) -> None:
    """The same predictions, no finished cell written again, and no file that cannot be read.

    The command alone is killed, its workers see to themselves. Half of the kills come at any moment
    before the next cell, while the datasets are built above all, the others within a cell's time
    after one more cell, so that the matrix gets on but has not ended after four.
    """
    root, start_s, cell_s = undisturbed
    runs = root / "killed/d"
    rng = random.Random(8)
    finished: dict[str, int] = {}
    for round_ in range(KILLS):
        process = start(root, "killed")
        if round_ % 2:
            wait_for_cells(process, runs, len(finished))
            time.sleep(rng.uniform(0, cell_s))
        else:
            wait_for_cells(process, runs, len(finished), at_most=rng.uniform(0, start_s))
        process.kill()
        process.communicate()  # until the last worker has let go of the output as well
        assert process.returncode == -signal.SIGKILL
        before, finished = finished, done(runs)
        assert before.items() <= finished.items()
    assert KILLS // 2 <= len(finished) < CELLS
    process = start(root, "killed")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert finished.items() <= done(runs).items()
    assert predictions(runs) == undisturbed.predictions


def test_two_runs_into_one_folder_share_the_work(undisturbed: Undisturbed) -> None:
    """Every cell is computed by one of them and found done by the other, and all are whole."""
    both = [start(undisturbed.root, "shared") for _ in range(2)]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    skipped = [int(n) for text in outputs for n in re.findall(r"(\d+) cells? w\w+ already", text)]
    assert sum(skipped) == CELLS
    assert predictions(undisturbed.root / "shared/d") == undisturbed.predictions


def test_ctrl_c_exits_130_and_keeps_what_is_done(undisturbed: Undisturbed) -> None:
    """Cells in flight are lost and leave nothing behind; the rest of the plan is run later."""
    runs = undisturbed.root / "interrupted/d"
    process = start(undisturbed.root, "interrupted", data="calm")
    wait_for_cells(process, runs, 2)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate()
    assert process.returncode == 130, output
    finished = done(runs)
    assert 3 <= len(finished) < CELLS
    assert not list(runs.rglob(".*-*"))
    assert not list(runs.rglob("failure.txt"))
    assert "Traceback" not in output
    last = output.splitlines()[-1]
    assert f"interrupted: {len(finished)} of {CELLS} cells are done" in last
    assert " go on with the same command: memeval eval --preset baselines/rag" in last
    process = start(undisturbed.root, "interrupted", data="calm")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert finished.items() <= done(runs).items()
