"""A damaged model's folder loads, or is one kind of error: never another, and never for ever."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz.mutating import mutated, time_limit

from memeval.errors import ModelError
from memeval.models import load_model

MUTATIONS = {
    "config.json": 100,
    "generation_config.json": 75,
    "tokenizer.json": 100,
    "tokenizer_config.json": 75,
    "model.safetensors": 150,
}


def refusal(folder: Path) -> str:
    """Return what is said against a folder; nothing if it loads."""
    try:
        load_model(str(folder), cache_dir=folder)
    except ModelError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("file", MUTATIONS)
def test_a_damaged_folder_loads_or_is_refused(
    file: str, tiny_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    """Whatever is cut, flipped, doubled or put in."""
    folder = shutil.copytree(tiny_folder("llama"), tmp_path / "model")
    whole = (folder / file).read_bytes()
    assert refusal(folder) == ""  # what it imports is not counted
    for seed in range(MUTATIONS[file]):
        (folder / file).write_bytes(mutated(whole, random.Random(seed)))
        with time_limit():
            refused = refusal(folder)
        assert "did not end" not in refused, seed  # the limit is an error as any other
