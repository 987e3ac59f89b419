"""An import that ends its process, or holds it up, is refused before anything runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from memeval import trial
from memeval.errors import ConfigError, PluginError
from memeval.registry import MEMORIES
from memeval.suites.choosing import dataset_named
from memeval.trial import TRIAL


@pytest.fixture(autouse=True)
def tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try imports first, as a command does."""
    monkeypatch.setattr(TRIAL, "is_wanted", True)


def refused(folder: Path, code: str) -> str:
    """Return what is said of a memory's file whose import is refused."""
    (folder / "mine.py").write_text(code)
    with pytest.raises(PluginError) as caught:
        MEMORIES.load(f"{folder}/mine.py:Mine")
    assert f"from memory '{folder}/mine.py:Mine'; mend the file" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import os; os._exit(0)", "importable, got one that ended its process with 0 from"),
        ("import os; os.abort()", "importable, got one that ended its process with -6 from"),
        ("import sys; sys.exit(3)", "importable, got SystemExit: 3 from"),
        ("import no_such_module_of_mine", "importable, got ModuleNotFoundError: No module"),
    ],
)
def test_an_import_that_ends_its_process_names_the_plugin(
    tmp_path: Path, code: str, told: str
) -> None:
    """What only raises is told as it is."""
    assert told in refused(tmp_path, code)


def test_an_import_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where no exception could be raised in it; one that is only slow may have more time."""
    monkeypatch.setenv(trial.LIMIT, "1")
    told = refused(tmp_path, "while True: pass")
    assert "has not ended after 1 seconds" in told
    assert told.endswith("; mend the file, or raise MEMEVAL_TRIAL_S")


@pytest.mark.parametrize("limit", ["soon", "0", "-1", "nan", "inf", "1e300"])
def test_a_limit_is_a_number_of_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Anything else is refused, with an example."""
    monkeypatch.setenv(trial.LIMIT, limit)
    (tmp_path / "mine.py").touch()
    with pytest.raises(ConfigError, match=f"MEMEVAL_TRIAL_S must be .*, got '{limit}'; for"):
        MEMORIES.load(f"{tmp_path}/mine.py:Mine")


def test_a_good_import_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is imported already needs no trial."""
    (tmp_path / "good.py").write_text("class Good: pass\n")
    name = f"{tmp_path}/good.py:Good"
    kind = MEMORIES.load(name)
    monkeypatch.setattr(subprocess, "run", None)
    assert MEMORIES.load(name) is kind


def test_a_command_tries_first(tmp_path: Path) -> None:
    """Otherwise an import that exits with 0 would look like success."""
    (tmp_path / "mine.py").write_text("import os; os._exit(0)")
    done = subprocess.run(
        [sys.executable, "-m", "memeval", "eval", "--preset", "mine.py:Mine", "--suite",
         "episodic", "--model", "scripted", "--dry-run"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert "ended its process with 0 from memory 'mine.py:Mine'" in done.stderr


SUITE = """
import os, time
from memeval import Event, InMemory, Item, Query, Session

class Opens:
    suite, size, seed, act = "mine", 1, 0, "{act}"
    def open(self):
        {act}
        item = Item(Query("q", "What?", 1), ("red",), ("e",), ("e",), "all")
        return InMemory("mine", [Session("s", (Event("e", "It is red.", 0),), (item,))]).open()

class Mine:
    prompt, primary = None, "exact_match"
    def dataset(self, **options):
        return Opens()

class Given(Mine):
    def dataset(self, **options):
        os._exit(0)

class Made(Mine):
    def __init__(self):
        os._exit(0)
"""


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("os._exit(0)", "got one that ended its process with 0 from the dataset of suite 'mine'"),
        ("time.sleep(600)", "got one that has not ended after 8 seconds from the dataset of suite"),
        ("pass", ""),
    ],
)
def test_a_dataset_is_opened_in_a_process_of_its_own_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, told: str
) -> None:
    """Otherwise one that exits with 0 would look like success, and one that hangs like work."""
    monkeypatch.setenv(trial.LIMIT, "8")
    (tmp_path / "mine.py").write_text(SUITE.replace("{act}", act))
    done = subprocess.run(
        [sys.executable, "-m", "memeval", "eval", "--preset", "baselines/closed_book", "--suite",
         "mine.py:Mine", "--model", "scripted", "--date", "d"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == (2 if told else 0), done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["Given", "Made"])
def test_a_suite_is_asked_in_a_process_of_its_own_first(tmp_path: Path, name: str) -> None:
    """Its constructor and its datasets may end their process as well."""
    (tmp_path / "mine.py").write_text(SUITE.replace("{act}", "pass"))
    suite = f"{tmp_path}/mine.py:{name}"
    told = f"got one that ended its process with 0 from suite '{suite}'; mend the suite"
    with pytest.raises(PluginError, match=re.escape(told)):
        dataset_named(suite)


def test_a_file_that_is_gone_lets_no_call_through_untried(tmp_path: Path) -> None:
    """What the call is not made of has no say in how it ends."""
    found = TRIAL.verdict_of_call({"gone": tmp_path / "gone.py"}, os._exit, 3)
    assert found is not None
    assert found.got == "one that ended its process with 3"
