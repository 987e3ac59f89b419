"""The core names no suite, memory or preset: whoever brings one finds no door of another's size."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import memeval
from memeval.registry import MEMORIES, SUITES

PACKAGE = Path(memeval.__file__).parent
ROOMS = ("suites/own", "suites/public", "memories")
"""Where suites and memories live, and may name themselves and one another."""
FILES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if not str(path.relative_to(PACKAGE)).startswith(tuple(f"{room}/" for room in ROOMS))
)
PRESET = re.compile(r"(baselines|memory)/[a-z]\w*")
WORDS = {"all", "none", "gold", "shuffled", "passage", "http"}
"""Names of memories that are words besides: `all` stands for every suite, `http` for a scheme."""
ALLOWED = {}
"""Files that still name something, and why."""


def names(path: Path) -> Iterator[str]:
    """Yield the strings of a file that name a suite, a memory or a preset; not its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    registered = {*SUITES.names(), *MEMORIES.names()} - WORDS
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in told else None
        if isinstance(text, str) and (text in registered or PRESET.search(text)):
            yield text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_names_no_suite_memory_or_preset(path: Path) -> None:
    """None of its strings is a registered name; a file that has an excuse has something to it."""
    excused = str(path.relative_to(PACKAGE)) in ALLOWED
    assert bool([*names(path)]) == excused


def test_a_name_is_found(tmp_path: Path) -> None:
    """The check above can fail: by a value and by a part of a message, but not by a docstring."""
    path = tmp_path / "one.py"
    path.write_text(
        '"""As episodic does."""\nSUITE = "episodic"\nHINT = f"run memory/mine {SUITE}"'
    )
    assert list(names(path)) == ["episodic", "run memory/mine "]


def test_every_excuse_is_of_a_file() -> None:
    """An excuse goes with the file that had it."""
    assert all((PACKAGE / name).is_file() for name in ALLOWED)
