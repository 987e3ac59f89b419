"""Memories of a third party, installed for a test as a package would be, workers included."""

from pathlib import Path

MEMORIES = '''
import os
from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams
from memeval.types import Recall, Trace

class Silent(EventStore):
    """Keeps everything and recalls nothing."""
    class Params(MemoryParams):
        loud: bool = False
    def recall(self, queries):
        return [Recall()] * len(queries)

class Broken(Silent):
    """Fails at seed 2025, and nowhere else."""
    def recall(self, queries):
        if self.seed == 2025:
            raise RuntimeError("upside down")
        return super().recall(queries)

class Odd(Broken):
    """Names its events at seed 2025 as no file can hold them."""
    def recall(self, queries):
        names = (7,) if self.seed == 2025 else ("e",)
        return [Recall((Trace("Something.", 1.0, names),))] * len(queries)

class Deadly(Broken):
    """Takes its process with it at seed 2025."""
    def recall(self, queries):
        if self.seed == 2025:
            os._exit(7)
        return super().recall(queries)
'''
POINTS = """\
[memeval.memories]
silent = plugged:Silent
broken = plugged:Broken
deadly = plugged:Deadly
odd = plugged:Odd
"""


def install(folder: Path) -> None:
    """Write the package and what an installer would have written beside it."""
    (folder / "plugged.py").write_text(MEMORIES)
    info = folder / "plugged-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
