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


def written_over(name: str, folder: Path, content: bytes) -> Path:
    """Return the first of the made-up files of a benchmark, which holds something else now."""
    path = files_of(name, folder / name)[0]
    path.write_bytes(content)
    return path


ARRAYS = ("factconsolidation", "locomo", "longmemeval")
"""Benchmarks whose file is one array of records."""
every_array = pytest.mark.parametrize("name", ARRAYS)


@pytest.mark.parametrize("name", NAMES)
def test_bytes_that_are_no_text_are_told_alike(name: str, tmp_path: Path) -> None:
    """In one sentence, whichever reader it is."""
    path = written_over(name, tmp_path, b"\xff\xfe[]")
    assert told(name, path) == (
        f"{path}: a benchmark's file must be UTF-8 text, got other bytes; check that it is this "
        "benchmark's file as it was published"
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name != "babi"])
def test_deep_nesting_is_told_alike(name: str, tmp_path: Path) -> None:
    """In words of the file, not of the parser."""
    deep = b'{"a":' * 50_000 if name in {"cogeval", "stepgame"} else b"[" * 100_000
    assert "(it is nested too deeply)" in told(name, written_over(name, tmp_path, deep))


@pytest.mark.parametrize("name", NAMES)
def test_a_byte_order_mark_is_read(name: str, tmp_path: Path) -> None:
    """As some editors put one in front of a file."""
    for path in files_of(name, tmp_path / name):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert told(name, tmp_path / name) == ""


@every_array
@pytest.mark.parametrize("behind", [b" []", b"]", b"garbage"])
def test_what_follows_an_array_is_refused(name: str, behind: bytes, tmp_path: Path) -> None:
    """By file and byte: two files that were joined would count as one."""
    path = files_of(name, tmp_path / name)[-1]
    sound = path.read_bytes()
    path.write_bytes(sound + behind)
    byte = len(sound) + len(behind) - len(behind.lstrip())
    assert told(name, path).startswith(f"{path}, byte {byte}: a benchmark's file must be one JSON")


@every_array
def test_json_of_another_shape_is_not_called_broken(name: str, tmp_path: Path) -> None:
    """It is the file of something else."""
    path = written_over(name, tmp_path, b'{"a": 1}')
    assert told(name, path) == (
        f"{path}: it must be an array of records, got a table; check that it is the file of this "
        "benchmark"
    )


@every_array
def test_a_cut_file_says_in_which_record(name: str, tmp_path: Path) -> None:
    """Once, and without another place that would contradict it."""
    path = written_over(name, tmp_path, b'[{"a": 1}, {"a": 1}, {"a": "')
    assert told(name, path) == (
        f"{path}, record 3: a benchmark's file must be whole JSON, got something else "
        "(Unterminated string starting at); fetch it again"
    )


@every_array
def test_a_huge_number_is_told_without_settings(name: str, tmp_path: Path) -> None:
    """Who reads a benchmark has no use for those of Python."""
    path = written_over(name, tmp_path, b"[" + b"1" * 5_000 + b"]")
    assert "record 1: " in told(name, path)
    assert "(it holds a number of 5,000 digits)" in told(name, path)
