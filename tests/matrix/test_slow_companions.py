"""A reader that comes with memeval does not lift the limit from what is loaded beside it."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from memeval.datasets.in_memory import InMemory
from memeval.matrix import Context, plan, run_cells
from memeval.preset import Preset
from memeval.suites.own import generate

PLUGINS = """
import time
from memeval import TextModel
from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams
from memeval.types import Recall

class Needs(EventStore):
    needs = ("model", "writer", "encoder")
    class Params(MemoryParams):
        pass
    def __init__(self, params, *, seed, model, writer, encoder):
        super().__init__(params, seed=seed)
    def recall(self, queries):
        return [Recall()] * len(queries)

class Encoder:
    def __init__(self):
        time.sleep(600)

class Writer(TextModel):
    def __init__(self):
        time.sleep(600)
    def generate(self, prompts, *, max_new_tokens, stop, on_done=lambda _: None):
        return []
"""


@pytest.mark.parametrize(
    ("part", "told"), [("Encoder", "construction of encoder"), ("Writer", "model")]
)
def test_an_encoder_or_writer_that_never_loads_is_ended(
    context: Context, tmp_path: Path, part: str, told: str
) -> None:
    """It is named, although the model that answers is no plugin."""
    (tmp_path / "slow.py").write_text(PLUGINS)
    named = {"encoder": "scripted", part.lower(): f"{tmp_path}/slow.py:{part}"}
    dataset = InMemory("one", [generate("episodic", size=5, seed=1)])
    preset = Preset(name="needs", memory=f"{tmp_path}/slow.py:Needs")
    cells = plan([preset], ["scripted"], [dataset])
    start = time.monotonic()
    [late] = run_cells(cells, replace(context, timeout_s=1, **named))
    assert time.monotonic() - start < 60
    assert "a session must end within the --timeout of 1 seconds" in str(late.error)
    assert told in str(late.error)
    assert f"slow.py:{part}" in str(late.error)
