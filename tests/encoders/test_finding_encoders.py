"""Encoders by name: registered, in a file of one's own, in a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import memeval
from memeval.encoders import check_encoder, encoder_module, encoder_name, load_encoder
from memeval.errors import ConfigError, MemevalError, ModelError, PluginError
from memeval.telemetry.code import source_files

MINE = """
import numpy as np

class Mine:
    name, width = "mine", 2
    def __init__(self, threads, cache_dir):
        self.made_with = threads, cache_dir
    def encode(self, texts, *, kind):
        return np.tile(np.float32([0.6, 0.8]), (len(texts), 1))
    def fingerprint(self):
        return FINGERPRINT
"""


@pytest.fixture
def mine(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes an encoder of one's own and gives its name."""

    def write(fingerprint: str = "'v1'", file: str = "mine.py") -> str:
        (tmp_path / file).write_text(MINE.replace("FINGERPRINT", fingerprint))
        return f"{tmp_path / file}:Mine"

    return write


def files_below(folder: Path) -> list[str]:
    """Return the names of the files of vectors."""
    return sorted(path.name for path in folder.rglob("*.sqlite"))


def test_an_encoder_is_made_with_what_it_asks_for(mine: Callable[..., str], tmp_path: Path) -> None:
    """Of the cache's folder, the device and the threads."""
    found: Any = load_encoder(mine(), cache_dir=tmp_path, threads=3)
    assert found.encoder.encoder.made_with == (3, tmp_path)


def test_vectors_are_kept_for_what_has_a_fingerprint(
    mine: Callable[..., str], tmp_path: Path
) -> None:
    """One file an encoder: other code has another, no fingerprint or no cache has none."""
    load_encoder("scripted", cache_dir=tmp_path)
    load_encoder(mine(), cache_dir=tmp_path, vector_cache=False)
    assert files_below(tmp_path) == []
    load_encoder(mine(), cache_dir=tmp_path)
    load_encoder(mine(), cache_dir=tmp_path)
    assert len(files_below(tmp_path)) == 1
    load_encoder(mine("'v1'  # the same", "other.py"), cache_dir=tmp_path)
    assert len(files_below(tmp_path)) == 2


def test_a_fingerprint_must_be_text(mine: Callable[..., str], tmp_path: Path) -> None:
    """Anything else is the encoder's fault."""
    with pytest.raises(PluginError, match="must have a fingerprint that is text, got 7 from"):
        load_encoder(mine("7"), cache_dir=tmp_path)


def test_a_folder_is_an_encoder(tiny_encoder_folder: Path, tmp_path: Path) -> None:
    """Its vectors are kept, and the second time come from there."""
    counts = []
    for _ in range(2):
        encoder = load_encoder(str(tiny_encoder_folder), cache_dir=tmp_path, device="cpu")
        vectors = encoder.encode(["a", "b"], kind="event")
        counts.append(encoder.stats()["from_cache"])
    assert counts == [0, 2]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_vectors_of_other_code_are_not_served(
    tiny_encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit of what pools a folder's vectors makes them anew, though its weights are the same."""
    for code in ("before", "after"):
        monkeypatch.setattr("memeval.encoders.finding.code_hash", lambda _, code=code: code)
        encoder = load_encoder(str(tiny_encoder_folder), cache_dir=tmp_path, device="cpu")
        encoder.encode(["a"], kind="event")
        assert encoder.stats()["from_cache"] == 0
    assert len(files_below(tmp_path)) == 2


@pytest.mark.parametrize("name", ["minilm", "a folder"])
def test_the_code_of_an_encoder_is_what_pools(name: str, tiny_encoder_folder: Path) -> None:
    """The embedded one and a folder are read by the same files."""
    module = encoder_module(name if name == "minilm" else str(tiny_encoder_folder))
    assert {"sentences.py", "sentence_folder.py"} <= {p.name for p in source_files(module)}


REFUSED: dict[str, tuple[type[MemevalError], str]] = {
    "scripte": (ConfigError, "did you mean scripted?"),
    "nowhere/at/all": (ConfigError, "must lead to a folder, got no folder 'nowhere/at/all'"),
    "sentence-transformers/all-MiniLM-L6-v2": (ConfigError, "or minilm, which is all-MiniLM-L6-v2"),
    "mine.py:Mine": (
        ConfigError,
        "an encoder of one's own must be FILE.py:NAME, got no file 'mine.py'",
    ),
    "empty": (ModelError, "hold a modules.json that can be read, got none"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_encoder_is_refused_before_anything_is_loaded(
    name: str, workplace: Path
) -> None:
    """By its name or folder alone."""
    (workplace / "empty").mkdir()
    kind, told = REFUSED[name]
    with pytest.raises(kind, match=told):
        check_encoder(name)


def test_a_folder_has_one_name(workplace: Path) -> None:
    """However its path is written; a registered name stays what it is, a folder there or not."""
    (workplace / "mine").mkdir()
    (workplace / "scripted").mkdir()
    whole = str(workplace.resolve() / "mine")
    assert {encoder_name(one) for one in ("mine", "./mine", "mine/", whole)} == {whole}
    assert encoder_name("scripted") == "scripted"


def test_the_settings_switch_the_cache_off(
    tiny_encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the environment, as everything else that is set there."""
    monkeypatch.setenv("MEMEVAL_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("MEMEVAL_VECTOR_CACHE", "false")
    memeval.load_encoder(str(tiny_encoder_folder), device="cpu")
    assert files_below(tmp_path) == []
    monkeypatch.setenv("MEMEVAL_VECTOR_CACHE", "true")
    memeval.load_encoder(str(tiny_encoder_folder), device="cpu")
    assert len(files_below(tmp_path)) == 1
