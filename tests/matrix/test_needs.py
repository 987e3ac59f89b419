"""What a command names beside the model is checked before anything runs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memeval.errors import ConfigError
from memeval.matrix import Context, check_plan, plan
from memeval.preset import Preset
from memeval.suites.choosing import datasets_named

WRITES = """
from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams

class Writes(EventStore):
    needs = ("writer",)
    class Params(MemoryParams):
        pass
    def __init__(self, params, *, seed, writer):
        super().__init__(params, seed=seed)
    def recall(self, queries):
        return []
"""
REFUSED = {
    ("--writer", "scripted"): "got 'scripted' and no such memory; leave --writer out",
    ("--encoder", "foo"): "must be a known name, got 'foo'",
}


@pytest.mark.parametrize("named", REFUSED)
def test_a_part_that_nothing_would_load_is_refused(
    memeval: Callable[..., Any], workplace: Path, named: tuple[str, str]
) -> None:
    """As no cell would come upon its name; by a dry run too."""
    cell = ("--preset", "baselines/closed_book", "--suite", "episodic", "--limit", "1")
    done = memeval("eval", *cell, "--model", "scripted", *named, "--dry-run")
    assert done.code == 2
    assert REFUSED[named] in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_no_encoder_leaves_words_alone_to_what_can_do_without(
    memeval: Callable[..., Any], workplace: Path
) -> None:
    """`--encoder none`: a memory that uses one is planned, one that needs one is refused."""
    cell = ("--suite", "episodic", "--limit", "1", "--model", "scripted", "--encoder", "none")
    assert memeval("eval", "--preset", "memory/hei_nw", *cell, "--dry-run").code == 0
    done = memeval("eval", "--preset", "baselines/dense", *cell, "--dry-run")
    assert done.code == 2
    assert "needs an encoder, got none; give --encoder NAME" in done.err


def test_a_writer_is_taken_where_a_memory_needs_one(context: Context, tmp_path: Path) -> None:
    """Be it one of several; its name is that of a model, which is checked as such."""
    (tmp_path / "mine.py").write_text(WRITES)
    needs = Preset(name="mine", memory=f"{tmp_path}/mine.py:Writes")
    other = Preset(name="baselines/closed_book", memory="none")
    cells = plan([other, needs], ["scripted"], datasets_named("episodic"))
    assert check_plan(cells, replace(context, writer="scripted"), force=True)
    with pytest.raises(ConfigError, match="leave --writer out"):
        check_plan(cells[:1], replace(context, writer="scripted"), force=True)
