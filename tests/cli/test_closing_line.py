"""How to go on, as `eval` and `report` print it: what can be pasted and opened."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval.cli.running import report_command

Run = Callable[..., Any]


def pasted(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Type a line into a shell in which nothing was set."""
    program = f'memeval() {{ {shlex.quote(sys.executable)} -m memeval "$@"; }}\n'
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MEMEVAL_")}
    return subprocess.run(
        ["sh", "-c", program + line],
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )


def test_the_printed_command_makes_the_report(
    memeval: Run, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any shell, with a folder of any name; the page that it names can be opened."""
    root = "my 'own' runs & more"
    cells.write(workplace / root / "mine", "memory/found", 8)  # a report tells of no fake model
    monkeypatch.setenv("MEMEVAL_RUNS_DIR", root)
    done = memeval("eval", "--preset", "baselines/oracle", "--model", "scripted", "--suite",
                   "episodic", "--limit", "2", "--run", "mine")  # fmt: skip
    assert done.code == 0, done.err
    [line] = re.findall(r"^report: (.*)$", done.out, re.MULTILINE)
    report = pasted(line, workplace)
    assert report.returncode == 0, report.stderr
    [page, text] = re.findall(r"\S+index\.\w+", report.stdout)
    assert (workplace / page).read_text("utf-8").startswith("<!doctype html>")
    assert (workplace / text).suffix == ".md"


@pytest.mark.parametrize(
    ("runs_dir", "told", "command"),
    [
        ("runs/mine", "", "memeval report mine"),
        ("elsewhere/mine", "", "memeval report mine --outdir elsewhere"),
        ("elsewhere/mine", "elsewhere", "memeval report mine --outdir elsewhere"),
        ("runs/mine", "elsewhere", "memeval report mine --outdir runs"),
        ("/my runs/mine", "", "memeval report mine --outdir '/my runs'"),
    ],
)
def test_the_folder_is_named_unless_every_shell_takes_it(
    monkeypatch: pytest.MonkeyPatch, runs_dir: str, told: str, command: str
) -> None:
    """`runs` goes without saying, but not where the environment says something else."""
    if told:
        monkeypatch.setenv("MEMEVAL_RUNS_DIR", told)
    assert report_command(Path(runs_dir)) == command
