"""What changes a local model's answers changes its fingerprint, and nothing else does."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memeval.models import load_model


@pytest.fixture
def folder(tiny_folder: Callable[[str], Path], tmp_path: Path) -> Path:
    """Return a folder with a model that a test may change."""
    return shutil.copytree(tiny_folder("llama"), tmp_path / "model")


def fingerprint(folder: Path) -> str:
    return load_model(str(folder), cache_dir=Path("unused")).fingerprint()


def edit(file: Path, change: Callable[[Any], None]) -> None:
    content = json.loads(file.read_text("utf-8"))
    change(content)
    file.write_text(json.dumps(content), "utf-8")


def longer_waves(config: Any) -> None:
    config["rope_parameters"]["rope_theta"] = 1_000_000.0


def shorter_window(config: Any) -> None:
    config["max_position_embeddings"] = 2048


def another_end(config: Any) -> None:
    config["eos_token_id"] = 258


def lower_case(tokenizer: Any) -> None:
    tokenizer["normalizer"] = {"type": "Lowercase"}


def no_beginning(tokenizer: Any) -> None:
    tokenizer["post_processor"] = None


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("config.json", longer_waves),
        ("config.json", shorter_window),
        ("generation_config.json", another_end),
        ("tokenizer.json", lower_case),
        ("tokenizer.json", no_beginning),
    ],
)
def test_what_changes_answers_is_another_model(
    folder: Path, file: str, change: Callable[[Any], None]
) -> None:
    """Weights and vocabulary stay, and yet it is told apart."""
    before = fingerprint(folder)
    edit(folder / file, change)
    assert fingerprint(folder) != before


def test_where_a_model_lies_does_not_change_it(folder: Path, tmp_path: Path) -> None:
    """Nor does the library that saved it."""
    elsewhere = shutil.copytree(folder, tmp_path / "elsewhere")
    for file in ("config.json", "generation_config.json"):
        edit(elsewhere / file, lambda config: config.update(transformers_version="5.99"))
    assert fingerprint(elsewhere) == fingerprint(folder)


def test_reading_does_not_change_a_fingerprint(folder: Path) -> None:
    """It is the same before and after the tokenizer was used."""
    model: Any = load_model(str(folder), cache_dir=Path("unused"))
    before = model.fingerprint()
    model.tokenize(["Some text.", "Some more."])
    model._encoding.tokenizer(["Some", "padded text"], padding=True, truncation=True, max_length=5)
    del model._fixed
    assert model.fingerprint() == before
