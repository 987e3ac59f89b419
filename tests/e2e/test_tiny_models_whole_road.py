"""Random models of four architectures run the whole road, from command to files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_models import ARCHITECTURES

from memeval.suites.own import SUITES


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_runs_eval(
    architecture: str,
    memeval: Callable[..., Any],
    workplace: Path,
    tiny_folder: Callable[[str], Path],
) -> None:
    """closed book, core and a memory are measured on a local folder of any architecture."""
    names = ("baselines/closed_book", "baselines/core", "memory/hei_nw")
    presets = [word for name in names for word in ("--preset", name)]
    done = memeval("eval", *presets, "--model", tiny_folder(architecture), "--date", "t",
                   "--size", "2", "--seed", "7")  # fmt: skip
    assert done.code == 0, done.err
    found = [json.loads(path.read_text()) for path in workplace.rglob("metrics.json")]
    assert len(found) == len(names) * len(SUITES)
    for metrics in found:
        assert metrics["n"] == 2
        assert metrics["tokens"]["prompt"] > metrics["tokens"]["reused"] > 0
        assert metrics["rss_mb"] > 0
        assert metrics["latency_ms_p50"] > 0


CHAT = ("--prompt-style", "chat", "--date", "t", "--size", "5", "--suite", "episodic")


def test_a_chat_is_measured(
    memeval: Callable[..., Any], workplace: Path, tiny_folder: Callable[[str], Path]
) -> None:
    """The style is part of what the cell was configured with."""
    done = memeval("eval", "--preset", "baselines/oracle", "--model", tiny_folder("qwen2"), *CHAT)
    assert done.code == 0, done.err
    [meta] = workplace.rglob("meta.json")
    assert json.loads(meta.read_text())["config"]["reader"]["style"] == "chat"


def test_a_model_without_a_chat_template_cannot_chat(
    memeval: Callable[..., Any], workplace: Path, tiny_folder: Callable[[str], Path]
) -> None:
    """One sentence and exit code 2, and no cell is begun."""
    done = memeval("eval", "--preset", "baselines/oracle", "--model", tiny_folder("gpt2"), *CHAT)
    assert done.code == 2
    assert "must have a chat template, got none" in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert not (workplace / "runs").exists()
