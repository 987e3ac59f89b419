"""Random models of four architectures run the whole road, from command to files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_models import ARCHITECTURES


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
                   "--size", "12", "--seed", "7")  # fmt: skip
    assert done.code == 0, done.err
    found = [json.loads(path.read_text()) for path in workplace.rglob("metrics.json")]
    assert len(found) == len(names)
    for metrics in found:
        assert metrics["n"] == 12
        assert metrics["tokens"]["prompt"] > metrics["tokens"]["reused"] > 0
        assert metrics["rss_mb"] > 0
        assert metrics["latency_ms_p50"] > 0
