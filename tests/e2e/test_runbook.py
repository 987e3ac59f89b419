"""The runbook's commands for a GPU, on tiny random models of the same architectures."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "runbook.md"
ARCHITECTURES = {
    "meta-llama/Llama-3.2-3B": "llama",
    "microsoft/Phi-3-mini-4k-instruct": "phi3",
    "Qwen/Qwen2-1.5B": "qwen2",
}
SMALLER = (("--size", "2"), ("--seed", "7"), ("--device", "cpu"))


def commands() -> list[list[str]]:
    """Return the words of each command of the section on GPUs."""
    section = PAGE.read_text("utf-8").partition("## On a GPU")[2]
    [block] = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    return [shlex.split(line)[1:] for line in block.splitlines()]


@pytest.fixture
def smaller(tiny_folder: Callable[[str], Path]) -> Callable[[list[str]], list[str]]:
    """Return a function that makes a command small: its models, sizes, seeds and device."""

    def change(words: list[str]) -> list[str]:
        given = zip(words[1::2], words[2::2], strict=True)
        kept = [(option, value) for option, value in given if option not in dict(SMALLER)]
        names = {name: str(tiny_folder(kind)) for name, kind in ARCHITECTURES.items()}
        changed = [(option, names.get(value, value)) for option, value in kept]
        return [words[0], *(word for pair in (*changed, *SMALLER) for word in pair)]

    return change


def test_every_command_runs(
    memeval: Callable[..., Any], workplace: Path, smaller: Callable[[list[str]], list[str]]
) -> None:
    """Every cell of every model is measured, and the gate names no more than the sizes left out."""
    *measuring, report = commands()
    for words in measuring:
        done = memeval(*smaller(words))
        assert done.code == 0, done.err
    done = memeval(*report)
    assert done.code == 1
    assert (workplace / "reports/gpu/index.md").is_file()
    models = {
        path.parents[2].name for path in workplace.glob("runs/gpu/memory/all/*/*/*/meta.json")
    }
    assert len(models) == len(ARCHITECTURES)
