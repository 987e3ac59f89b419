"""docs/metrics.md explains every figure that is written."""

import json
import re
from pathlib import Path

import pytest

from memeval.results import SCHEMA

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/metrics.md").read_text("utf-8")
EXPLAINED = set(re.findall(r"`([\w@]+)`", PAGE))
METRICS = json.loads((ROOT / "tests/golden/metrics.json").read_text("utf-8"))
BY_SLICE = METRICS["slices"]["exact"].keys()
NAMES = {*METRICS, *SCHEMA.names, *BY_SLICE} | {
    name
    for group, table in METRICS.items()
    if isinstance(table, dict) and group not in ("slices", "phases_ms")
    for name in table
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_figure_is_explained(name: str) -> None:
    """Whoever finds a name in a file finds it on the page."""
    assert name in EXPLAINED
