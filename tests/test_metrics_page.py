"""docs/metrics.md explains every figure that is written."""

import json
import re
from pathlib import Path

import cells
import pytest

from memeval.memories.contract import Memory
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.results import schema
from memeval.suites.own import generate
from memeval.words import NOT_KNOWN

ROOT = Path(__file__).parents[1]


def taught(name: str) -> Memory:
    """Return a memory that has counted all that it can count."""
    memory = load_memory(name, model=ScriptedModel())
    memory.observe(generate("spatial", size=5, seed=7).events)
    memory.replay()
    return memory


PAGE = (ROOT / "docs/metrics.md").read_text("utf-8")
EXPLAINED = set(re.findall(r"`([\w@]+)`", PAGE))
METRICS = json.loads((ROOT / "tests/golden/metrics.json").read_text("utf-8"))
BY_SLICE = METRICS["slices"]["exact"].keys()
CONFIDENT = cells.cell(5, confidence=0.5).metrics["calibration"]
NAMES = {
    "calibration",
    *CONFIDENT,
    *CONFIDENT["bins"]["0.5-0.6"],
    *METRICS,
    *schema(()).names,
    *BY_SLICE,
} | {
    name
    for group, table in METRICS.items()
    if isinstance(table, dict) and group not in ("slices", "phases_ms")
    for name in table
}


def test_every_spelling_of_not_knowing_is_told() -> None:
    """The page lists what is taken for not knowing, neither more nor less."""
    [told] = re.findall(r"```text\n(unknown,.*?)```", PAGE, re.DOTALL)
    assert {one.strip().lower().replace("'", "") for one in told.split(",")} == NOT_KNOWN


COUNTERS = {
    name
    for memory in ("bm25", "hei_nw", "sgc_rss", "smpd")  # those of `all` are theirs
    for name in taught(memory).stats()
}


@pytest.mark.parametrize("name", sorted(NAMES | COUNTERS))
def test_every_figure_is_explained(name: str) -> None:
    """Whoever finds a name in a file finds it on the page; a score's column by its own name."""
    assert name.removeprefix("scores.") in EXPLAINED


def counters_told_of() -> list[tuple[str, str]]:
    """Return the memory and the name of each counter that the page gives to one memory."""
    rows = re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    return [(memory, name) for memory, names in rows for name in re.findall(r"`(\w+)`", names)]


@pytest.mark.parametrize(("memory", "name"), counters_told_of())
def test_every_counter_that_is_explained_is_counted(memory: str, name: str) -> None:
    """A counter that is gone leaves neither a row on the page nor an empty column in a report."""
    assert name in taught(memory).stats()
