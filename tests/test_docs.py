"""The pages: their links lead somewhere, and the commands they show exist."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import browser
import pytest
import typer

from memeval.cli.app import app
from memeval.datasets import folder
from memeval.datasets.store import EVENTS, ITEMS
from memeval.preset import preset_names
from memeval.study import study_names

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
COMMANDS = [
    (page, line.strip())
    for page in PAGES
    for block in re.findall(r"```.*?\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    for line in block.splitlines()
    if line.strip().startswith("memeval ")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and every picture names a file of the repository."""
    for target in re.findall(r"""(?:\]\(|src=")([^)#"]+)""", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=lambda v: v if isinstance(v, str) else "")
def test_commands_parse(page: Path, line: str) -> None:
    """Every command has the options it is shown with; its presets and studies exist.

    Or the page shows them: by a file, or by the entry point of the memory that they stand for.
    """
    command: Any = typer.main.get_command(app)
    words = shlex.split(line, comments=True)[1:]
    while hasattr(command, "commands"):
        assert words[0] in command.commands, words[0]
        command, words = command.commands[words[0]], words[1:]
    parsed = command.make_context("memeval", list(words)).params
    text = page.read_text("utf-8")
    shown = re.findall(r"`(\S+\.yaml)`", text) + re.findall(r'(?m)^(\w+) = "\w+:\w+"$', text)
    presets = parsed.get("preset") or ()
    named = {presets} if isinstance(presets, str) else {*presets}
    assert named <= {*preset_names(), *shown}
    if study := parsed.get("study"):
        assert study in study_names() or (ROOT / study).is_file()


def test_a_command_with_an_option_that_is_not_there_is_found() -> None:
    """The check above can fail."""
    with pytest.raises(Exception, match=r"(?i)no such option"):
        test_commands_parse(ROOT / "README.md", "memeval eval --no-such-option")


def test_the_example_of_ones_own_data_is_sound(tmp_path: Path) -> None:
    """The two files that are shown verify as they stand."""
    files = re.findall(r"```json\n(.*?)```", (ROOT / "docs/data.md").read_text("utf-8"), re.DOTALL)
    for name, content in zip((EVENTS, ITEMS), files, strict=True):
        (tmp_path / name).write_text(content, "utf-8")
    assert folder.verify(tmp_path) == []


def test_the_pages_show_commands() -> None:
    """The check above has something to check."""
    assert len(COMMANDS) >= 5


def test_ci_knows_the_browsers_that_the_tests_find(tmp_path: Path) -> None:
    """One of another name is not passed over, to install Chromium beside it; nor is a named one."""
    script = (ROOT / ".ci/run").read_text("utf-8")
    asked = script[script.index("has_browser()") : script.index("{ has_browser ||")] + "has_browser"

    def has_browser(**env: str) -> bool:
        path = {"PATH": str(tmp_path)}
        return not subprocess.run(
            ["/bin/bash", "-c", asked], env=path | env, check=False
        ).returncode

    assert not has_browser()
    assert has_browser(MEMEVAL_BROWSER="/opt/browser")
    for name in browser.NAMES:
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        assert has_browser(), name
        program.unlink()


def test_ci_calls_the_readmes_test_command() -> None:
    """What a user is told to type is what CI runs."""
    script = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    [command] = [line for line in script if line.endswith("/nox")]
    assert command in (ROOT / "README.md").read_text("utf-8").splitlines()
