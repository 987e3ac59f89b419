"""docs/cli.md says what the real help says."""

import inspect
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from memeval.cli.app import app

PAGE = Path(__file__).parents[1] / "docs/cli.md"
BEGIN, END = "<!-- options of {} -->", "<!-- end -->"


def commands(command: Any, name: str = "memeval") -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with its full name."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for part, inner in command.commands.items():
        yield from commands(inner, f"{name} {part}")


COMMANDS = dict(commands(typer.main.get_command(app)))


def table(command: Any) -> str:
    """Render a command's arguments and options as the page shows them."""
    rows = ["| option | meaning | default |", "|---|---|---|"]
    for parameter in command.params:
        names = [*parameter.opts, *parameter.secondary_opts]
        if parameter.param_type_name == "argument":
            names = [name.upper() for name in names]
        default = parameter.default
        if isinstance(default, list):
            default = " ".join(default)
        shown = "" if default in {None, False, ""} or callable(default) else f"`{default}`"
        text = inspect.cleandoc(getattr(parameter, "help", "") or "").replace("|", "\\|")
        spelt = ", ".join(f"`{name}`" for name in names)
        rows.append(f"| {spelt} | {' '.join(text.split())} | {shown} |")
    return "\n".join(rows)


@pytest.mark.golden
@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_shows_the_real_options(name: str) -> None:
    """Each command's table is that of its help; `nox -s golden` writes it anew."""
    begin = BEGIN.format(name)
    pattern = re.compile(re.escape(begin) + r"\n.*?" + re.escape(END), re.DOTALL)
    block = f"{begin}\n{table(COMMANDS[name])}\n{END}"
    text = PAGE.read_text("utf-8")
    if os.environ.get("MEMEVAL_REGENERATE_GOLDEN"):
        text = pattern.sub(lambda _: block, text)
        PAGE.write_text(text, "utf-8")
    assert block in text
