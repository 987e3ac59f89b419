"""Damaged stores: refused in one sentence, or loaded as they were saved."""

import random
from pathlib import Path

import pytest
from fuzz.mutating import mutated, time_limit

from memeval.errors import DataError
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import generate

MUTATIONS = 1_000
"""Of all memories and files together."""
MEMORIES = {"bm25": "episodic", "hei_nw": "episodic", "sgc_rss": "semantic", "smpd": "spatial"}
MODEL = ScriptedModel()


@pytest.mark.parametrize("name", MEMORIES)
def test_no_damage_of_a_store_is_taken_for_its_content(name: str, tmp_path: Path) -> None:
    """What a memory held before is still there where the store is refused."""
    taught = load_memory(name, model=MODEL)
    taught.observe(generate(MEMORIES[name], size=6, seed=7).events)
    taught.replay()
    taught.save(tmp_path)
    loaded = load_memory(name, model=MODEL)
    loaded.load(tmp_path)
    saved = taught.fingerprint()
    files = sorted(tmp_path.iterdir())
    rng = random.Random(name)
    for number in range(MUTATIONS // len(MEMORIES)):
        path = files[number % len(files)]
        content = path.read_bytes()
        path.write_bytes(mutated(content, rng))
        told = ""
        try:
            with time_limit():
                loaded.load(tmp_path)
        except DataError as error:
            told = str(error)
        assert not told or path.name in told
        if not told or number % 10 == 0:
            assert loaded.fingerprint() == saved
        path.write_bytes(content)
    assert loaded.fingerprint() == saved
