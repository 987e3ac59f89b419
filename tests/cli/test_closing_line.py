"""How to go on, as `eval` and `report` print it: what can be pasted and opened."""

import json
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


def test_no_report_is_offered_of_the_fake_model_alone(memeval: Run) -> None:
    """It would hold nothing."""
    done = memeval("eval", "--preset", "baselines/oracle", "--model", "scripted", "--suite",
                   "episodic", "--limit", "2", "--run", "mine")  # fmt: skip
    assert "\nreport: " not in done.out
    assert "no report: it would leave out the cells of the fake model scripted" in done.out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "no texts were kept of 1 cell, as they may not be passed on and git sees runs/t;"),
        (("--keep-text",), "warning: texts that may not be passed on lie in runs/t, where git"),
        (("--no-keep-text",), ""),
        (("--outdir", "elsewhere"), ""),
    ],
)
def test_a_run_says_what_git_has_to_do_with_its_texts(
    memeval: Run, workplace: Path, options: tuple[str, ...], told: str
) -> None:
    """In one line at its end, of data that may not be passed on."""
    subprocess.run(["git", "init", "-q", str(workplace)], check=True)
    (workplace / ".gitignore").write_text("elsewhere\n")
    story = {"1": {"story": ["A is above B."], "question": "A to B?", "label": "above"}}
    (workplace / "qa1_test.json").write_text(json.dumps(story))
    done = memeval("eval", "--preset", "baselines/oracle", "--model", "scripted", "--run", "t",
                   "--suite", f"stepgame:{workplace / 'qa1_test.json'}", *options)  # fmt: skip
    assert done.code == 0, done.err
    out = " ".join(done.out.split())
    assert told in out
    assert ("git" in out) == bool(told)
