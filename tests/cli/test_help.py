"""The help of every command: whole words on 80 columns, and a way in for whoever types nothing."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from memeval.cli.app import app
from memeval.preset import preset_names
from memeval.registry import MODELS, SUITES

Run = Callable[..., Any]


def groups_and_commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, the whole program's among them."""
    yield words
    for name, inner in getattr(command, "commands", {}).items():
        yield from groups_and_commands(inner, (*words, name))


EVERY = list(groups_and_commands(typer.main.get_command(app)))
WIDTH = 80


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be 80 columns wide."""
    monkeypatch.setenv("COLUMNS", str(WIDTH))


def texts(words: tuple[str, ...]) -> Iterator[str]:
    """Yield what the help of a command has to tell: of it, its options and its commands."""
    command: Any = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]
    yield from (parameter.help or "" for parameter in command.params)
    for inner in getattr(command, "commands", {}).values():
        yield re.split(r"\.\s", inner.help)[0].rstrip(".")


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_help_fits_80_columns(memeval: Run, terminal: None, words: tuple[str, ...]) -> None:
    """No line is longer, and every word of every text is there, whole and in its order."""
    done = memeval(*words, "-h")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= WIDTH
    shown = " ".join(done.out.split())
    assert [text for text in texts(words) if " ".join(text.split()) not in shown] == []


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_help_names_values_in_capitals(memeval: Run, words: tuple[str, ...]) -> None:
    """No type of Python's, as `<list[str]>`, and no bracket twice."""
    assert re.findall(r"<\w.*?>|\{.*?\}|\[\[|\]\.*\]", memeval(*words, "-h").out) == []


def test_options_stand_in_groups(memeval: Run) -> None:
    """What to run, where, how: nobody has to read twenty options to find one."""
    out = memeval("eval", "-h").out
    places = [out.index(f"\n{group}:\n") for group in ("What to run", "Where", "How")]
    assert places == sorted(places)


def test_memeval_alone_shows_the_way_in(memeval: Run, terminal: None) -> None:
    """What it is, the commands that a newcomer types in their order, then all commands."""
    done = memeval()
    assert done.code == 0
    parts = ("Measure whether", "memeval list", "memeval eval", "memeval report", "Commands:")
    places = [done.out.index(part) for part in parts]
    assert places == sorted(places)


def test_a_misspelt_kind_of_names_is_answered_in_one_sentence(memeval: Run) -> None:
    """By the near one, as every other unknown name is."""
    told = memeval("list", "suite").err.strip()
    assert told.endswith("what to list must be a known name, got 'suite'; did you mean suites?")
    assert "\n" not in told


def test_the_way_in_can_be_gone(memeval: Run, workplace: Path) -> None:
    """Its commands run as they stand: here on the fake model, planned only."""
    shown = memeval().out.replace("\\\n", "")
    ways = [shlex.split(line) for line in shown.splitlines() if line.startswith("    memeval")]
    assert [way[1] for way in ways] == ["list", "eval", "report"]
    assert memeval(*ways[0][1:]).code == 0
    planned = memeval(*ways[1][1:], "--model", "scripted", "--dry-run")
    assert planned.code == 0, planned.err
    assert ways[2][-1] == ways[1][-1]


def test_the_version_is_told_without_loading_torch() -> None:
    """The distribution, Python and torch, from what is installed."""
    code = (
        "import sys\nsys.argv = ['memeval', '--version']\nfrom memeval.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n"
        "    assert not ended.code and 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("memeval-bench ")
    assert f"Python {sys.version.split()[0]}, torch " in done.stdout


def completed(shell: str, line: str) -> list[str]:
    """Return what a shell is offered behind a line, as its script asks for it."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_TYPER_COMPLETE_ARGS": line}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['memeval']\n"
         "from memeval.cli.app import main\nmain()"],
        capture_output=True, text=True, check=False,
        env=os.environ | words | {"_MEMEVAL_COMPLETE": f"complete_{shell}"},
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_installed(memeval: Run, shell: str) -> None:
    """The script for a shell asks this command."""
    done = memeval("--show-completion", shell)
    assert done.code == 0
    assert "_MEMEVAL_COMPLETE" in done.out


@pytest.mark.parametrize(
    ("option", "begin", "names"),
    [("--preset", "mem", preset_names()), ("--suite", "", SUITES.names()),
     ("--model", "s", MODELS.names())],
)  # fmt: skip
def test_names_are_completed(option: str, begin: str, names: list[str]) -> None:
    """Behind --preset, --suite and --model stand the names that are installed."""
    offered = completed("bash", f"memeval eval {option} {begin}")
    wanted = [name for name in names if name.startswith(begin)]
    assert wanted
    assert set(wanted) <= set(offered)
