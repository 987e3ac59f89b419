"""However damaged a benchmark's file is, what is read of it is sound, or it is refused at once."""

import random
from importlib import import_module
from pathlib import Path

import pytest
from fuzz.mutating import mutated, time_limit

from memeval.datasets.dataset import Verifiable
from memeval.errors import MemevalError
from memeval.suites.choosing import dataset_named

NAMES = sorted(path.stem.removeprefix("made_") for path in Path(__file__).parent.glob("made_*.py"))
STRANGE = (b"", b"{}", b"[]", b"null", b"7", b'"text"', b"[[]]", b"[{}]", b'{"a": {}}', b"\xff\xfe",
           b"1 Olga ran.\n", b"[" * 100_000, b'[{"a": 1}, {"a"')  # fmt: skip
"""What the file of another benchmark holds, or one that was cut short."""
TRIES = 40
"""Of each file."""
LONGEST = 1_000


def files_of(name: str, folder: Path) -> list[Path]:
    """Return the made-up files of a benchmark, which its module writes below a folder."""
    folder.mkdir()
    module = import_module(f"made_{name}")
    getattr(module, module.__name__)(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def told(name: str, folder: Path) -> str:
    """Return in which words a benchmark is refused; nothing where it is read and is sound."""
    try:
        with time_limit():
            dataset = dataset_named(f"{name}:{folder}")
            assert isinstance(dataset, Verifiable)
            assert dataset.faults() == []
    except MemevalError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_read_or_refused(name: str, tmp_path: Path) -> None:
    """Without a traceback, without a hang, and in one sentence."""
    rng = random.Random(name)
    for path in files_of(name, tmp_path / name):
        sound = path.read_bytes()
        for _ in range(TRIES):
            path.write_bytes(mutated(sound, rng))
            said = told(name, tmp_path / name)
            assert "\n" not in said
            assert len(said) < LONGEST
        path.write_bytes(sound)
    assert told(name, tmp_path / name) == ""


@pytest.mark.parametrize("name", NAMES)
def test_another_file_is_refused(name: str, tmp_path: Path) -> None:
    """By its path, in one sentence."""
    path = files_of(name, tmp_path / name)[0]
    for content in STRANGE:
        path.write_bytes(content)
        said = told(name, path)
        assert str(path) in said, content
        assert "\n" not in said
