"""The table of README's first screen."""

from pathlib import Path

import cells
import pytest
import scripts
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
answer = scripts.script("answer")


def printed(*arguments: str) -> list[str]:
    """Return the lines that the script prints."""
    app = answer.typer.Typer()
    app.command()(answer.main)
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout.splitlines()


def test_it_is_made_from_the_committed_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the letter, by the command that stands above it."""
    monkeypatch.chdir(ROOT)
    command, _, *told = (ROOT / "benchmarks/results/answer.txt").read_text("utf-8").splitlines()
    runs = command.partition("answer.py ")[2].partition(" --plot")[0].split()
    assert runs
    assert printed(*runs) == told


def test_memories_of_others_stand_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column is one of ours, a row a suite; below the best baseline a gain is negative."""
    for preset, right in (("baselines/rag", 4), ("memory/smpd", 2), ("memory/theirs", 8)):
        cells.write(tmp_path / "one", preset, right)
    monkeypatch.setenv("MEMEVAL_RUNS_DIR", str(tmp_path))
    header, _, row = printed("one")
    told = dict(zip(header.split(" | "), row.split(" | "), strict=True))
    assert told["smpd"].startswith("-0.25 [")
    assert told["best baseline"].startswith("rag 0.")
    assert "theirs" not in header
