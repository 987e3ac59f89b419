"""The shared cases, inputs that once went wrong, each run as its `cmd` says.

They lie outside the repository: in `../shared/cases`, or where `MEMEVAL_CASES_DIR` says. Where one
names no model, one that costs nothing reads; `nox -s cases` lets the embedded model read.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from beside import CASES

from memeval import load_results

HERE = Path(__file__).parent
EMBEDDED = "MEMEVAL_CASES_EMBEDDED"
"""Set where the embedded model is to read."""
COMMAND = """#!/bin/sh
case " $* " in
*" --model "* | *" datasets "*) ;;
*" eval "*) set -- "$@" {model} ;;
esac
exec {python} -m memeval "$@"
"""

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"needs the shared cases in {CASES}")


class Seen:
    """What a case printed, and what its cells hold."""

    def __init__(self, folder: Path, out: Path, done: subprocess.CompletedProcess[str]) -> None:
        self.folder, self.out = folder, out
        self.text = done.stdout + done.stderr
        self.rc = done.returncode

    def items(self, preset: str = "") -> list[dict[str, Any]]:
        """Return the rows of all cells, or of a preset's."""
        files = sorted(self.out.rglob(f"{preset}/**/items.parquet" if preset else "items.parquet"))
        return [row for file in files for row in pq.read_table(file).to_pylist()]

    def cells(self) -> list[dict[str, Any]]:
        """Return the cells."""
        rows: list[dict[str, Any]] = load_results(self.out).cells.to_pylist()
        return rows


def signs(seen: Seen) -> None:
    assert [row["exact_match"] for row in seen.items()] == [0.0] * 5
    assert not any(row["contains"] for row in seen.items())


def unicode_forms(seen: Seen) -> None:
    assert [row["exact_match"] for row in seen.items()][:2] == [1.0, 1.0]


def unknown(seen: Seen) -> None:
    closed = next(cell for cell in seen.cells() if cell["preset"].endswith("closed_book"))
    assert (closed["n_answerable"], closed["exact_match"], closed["abstention"]) == (1, 0.0, 1.0)


def lima(seen: Seen) -> None:
    assert [(row["prediction"], row["exact_match"]) for row in seen.items()] == [("Lima", 1.0)]


def long_answer(seen: Seen) -> None:
    assert seen.items()[1]["generated_tokens"] > 16


def window(seen: Seen) -> None:
    for preset in ("baselines/core", "baselines/longctx"):
        [row] = seen.items(preset)
        assert row["traces_read"] >= 1
        assert row["exact_match"] == 1.0
    assert re.search(r"notes .*(left out|read in part)", seen.text)


def histories(seen: Seen) -> None:
    whole = seen.folder / "whole"
    for part in ("history-1", "history-2", "history-3"):
        shutil.copytree(seen.folder / part, whole / part)
    args = ["--suite", str(whole), "--preset", "baselines/oracle", "--model", "scripted"]
    seen.text = run(["memeval", "eval", *args, "--date", "d", "--outdir", str(seen.out)], seen)
    [cell] = [cell for cell in seen.cells() if "whole" in cell["suite"]]
    assert (cell["n"], cell["n_sessions"]) == (3, 3)


def times(seen: Seen) -> None:
    assert "same-time: ok" in seen.text
    assert "whole number" in seen.text or "integer" in seen.text


def asked_again(seen: Seen) -> None:
    assert all(row["recalled_events"][0] == ["e1"] for row in seen.items())
    assert "data: ok" in seen.text


def dated(seen: Seen) -> None:
    assert "same prompt: True" in seen.text


def upgraded(seen: Seen) -> None:
    assert [row["exact_match"] for row in seen.items()] == [0.0]
    assert "wordlib 1.0 to 2.0" in seen.text


def one_item(seen: Seen) -> None:
    assert seen.text.count("indistinguishable") == 2


def own_prefix(seen: Seen) -> None:
    match = re.search(r"reads (\d+) tokens; the tokenizer itself writes (\d+)", seen.text)
    assert match
    assert match[1] == match[2]


def chinese(seen: Seen) -> None:
    assert [row["recalled_events"][0] for row in seen.items()] == [["e1"], ["e3"]]


def gone(seen: Seen) -> None:
    assert seen.text.count("rc=2") == 3
    assert "Traceback" not in seen.text
    assert not list(seen.out.rglob("metrics.json"))


def pieces(seen: Seen) -> None:
    asked, read = (re.search(rf"{name}:\s+('.*')\n", seen.text) for name in ("asked", "read"))
    assert asked
    assert read
    assert asked[1][-60:] == read[1][-60:]
    assert "equal: True" in seen.text


CHECKS: dict[str, Callable[[Seen], None]] = {
    "01": signs,
    "03": unicode_forms,
    "04": unknown,
    "05": lima,
    "06": lima,
    "07": long_answer,
    "08": window,
    "10": histories,
    "11": times,
    "12": asked_again,
    "13": dated,
    "15": upgraded,
    "16": one_item,
    "18": own_prefix,
    "19": chinese,
    "22": gone,
    "25": pieces,
}
RIGHT_ALREADY = ("14", "21", "23", "26")  # they have no `cmd`


def environment(folder: Path, out: Path) -> dict[str, str]:
    """Return an environment whose `memeval` reads with the model for cases."""
    python = Path(sys.executable)
    told = [] if os.environ.get(EMBEDDED) else ["--model", f"{HERE}/cases/told.py:Told"]
    bin_ = folder.parent / "bin"
    bin_.mkdir(exist_ok=True)
    command = bin_ / "memeval"
    command.write_text(COMMAND.format(model=" ".join(told), python=python), "utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    path = f"{bin_}:{python.parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "OUT": str(out), "COLUMNS": "80"}


def run(command: list[str], seen: Seen) -> str:
    """Run one more command in a case's folder; return what it printed."""
    done = subprocess.run(
        command,
        cwd=seen.folder,
        env=environment(seen.folder, seen.out),
        capture_output=True,
        text=True,
        check=False,
    )
    seen.rc = done.returncode
    return done.stdout + done.stderr


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Seen:
    """Copy a case, with what lies beside them all, and run what its `cmd` says."""
    [source] = CASES.glob(f"{request.param}-*")
    for beside in CASES.glob("*.py"):
        shutil.copy(beside, tmp_path)
    folder = tmp_path / source.name
    shutil.copytree(source, folder)
    out = tmp_path / "out"
    out.mkdir()
    seen = Seen(folder, out, subprocess.CompletedProcess([], 0, "", ""))
    if (folder / "cmd").is_file():
        seen.text = run(["bash", "./cmd"], seen)
    return seen


@pytest.mark.parametrize("case", CHECKS, indirect=True)
def test_a_case_shows_what_is_expected(case: Seen, request: pytest.FixtureRequest) -> None:
    """What its `expected.txt` says must be seen is seen."""
    check = CHECKS[request.node.callspec.params["case"]]
    try:
        check(case)
    except AssertionError as error:
        expected = (case.folder / "expected.txt").read_text("utf-8")
        raise AssertionError(f"{expected}\nprinted:\n{case.text}") from error


def test_every_case_is_run() -> None:
    """A case that is added has a check."""
    numbers = {
        path.name[:2] for path in CASES.iterdir() if path.is_dir() and path.name[:2].isdigit()
    }
    assert numbers == {*CHECKS, *RIGHT_ALREADY}


@pytest.mark.parametrize("case", ["14"], indirect=True)
def test_a_text_begins_once_where_a_template_begins_it(case: Seen) -> None:
    """A template that writes the token which begins a text, and knows no system role."""
    from memeval import load_model
    from memeval.config import ReaderOptions
    from memeval.models import Prompt
    from memeval.reader import Reader

    model: Any = load_model(str(case.folder / "gemma-like"))
    frame = Reader(model, None, ReaderOptions(kind="text", style="chat")).frame
    tokens = model._encode(Prompt(frame.prefix, (), "")).prefix
    assert tokens.count(model._tokenizer.bos_token_id) == 1


@pytest.mark.parametrize("case", ["21"], indirect=True)
def test_files_of_any_editor_are_read_or_refused(case: Seen) -> None:
    """Line ends of any kind are read; what is no UTF-8 or no record is refused in one sentence."""
    good = {"data", "no-newline", "null-and-dup"}
    for folder in sorted(path.name for path in case.folder.iterdir()):
        said = run(["memeval", "datasets", "verify", folder], case)
        assert case.rc == (0 if folder in good else 2), said
        assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("case", ["23"], indirect=True)
def test_folders_of_one_name_are_two_models(case: Seen) -> None:
    """Each model has cells of its own, under a name that any file system takes."""
    models = [
        arg for name in ("north/bird", "south/bird", "qwen:v1") for arg in ("--model", f"./{name}")
    ]
    args = ["--suite", "./data", "--preset", "baselines/oracle", *models]
    run(["memeval", "eval", *args, "--date", "d", "--outdir", str(case.out)], case)
    scores = {cell["model"]: cell["exact_match"] for cell in case.cells()}
    assert len(scores) == 3
    assert sorted(scores.values()) == [0.0, 1.0, 1.0]
    assert not [path for path in case.out.rglob("*") if ":" in path.name]


@pytest.mark.parametrize("case", ["26"], indirect=True)
def test_edited_data_is_run_again(case: Seen) -> None:
    """A cell of the data as it was before does not count as done."""
    args = ["--suite", "./data", "--preset", "baselines/oracle", "--model", "scripted"]
    command = ["memeval", "eval", *args, "--date", "d", "--outdir", str(case.out)]
    run(command, case)
    items = case.folder / "data/items.jsonl"
    items.write_text(items.read_text("utf-8").replace("fig", "figs"), "utf-8")
    assert "already done" not in run(command, case)
    assert case.items()[0]["answers"] == ["figs"]
