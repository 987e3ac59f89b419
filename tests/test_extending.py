"""The memory that docs/extending.md shows: installed as a package, and measured by its name."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("extending")  # installed once
ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/extending.md").read_text("utf-8")


def block(language: str) -> str:
    """Return the first block of the page in a language."""
    [first, *_] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(first)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install the package as a user would, to a folder of its own that Python then looks into."""
    package = tmp_path_factory.mktemp("word_match")
    (package / "pyproject.toml").write_text(block("toml"), "utf-8")
    (package / "word_match.py").write_text(block("python"), "utf-8")
    site = tmp_path_factory.mktemp("site")
    # the network is not needed: memeval is here, and so is what builds the package
    pip = ("pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    installed = run(sys.executable, "-m", *pip, "--target", site, package)
    assert installed.returncode == 0, installed.stderr
    return os.environ | {"PYTHONPATH": str(site)}


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_it_is_short() -> None:
    """The module is under 60 lines as it stands, and with its package if only code is counted."""
    module, package = block("python").splitlines(), block("toml").splitlines()
    assert len(module) < 60
    assert len([line for line in module + package if line.strip()]) < 60


def measured(preset: str, folder: Path, environment: dict[str, str], *more: str) -> dict[str, Any]:
    """Run a small cell of a preset, and return its metrics."""
    cell = ("--suite", "episodic", "--size", "20", "--seed", "7", "--date", "t", *more)
    done = run(
        sys.executable, "-m", "memeval", "eval", "--preset", preset, "--model", "scripted", *cell,
        cwd=folder, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [metrics] = folder.glob("runs/t/*/scripted/episodic/20_7/metrics.json")
    return dict(json.loads(metrics.read_text()))


def test_it_is_measured_by_name(environment: dict[str, str], tmp_path: Path) -> None:
    """A preset that names it runs from events to metrics, with a parameter set on the way."""
    (tmp_path / "mine.yaml").write_text(block("yaml"), "utf-8")
    metrics = measured("mine.yaml", tmp_path, environment, "--set", "capacity=40")
    assert metrics["n"] == 20
    # 3 events an item, of which the newest 40 are kept
    assert metrics["memory"]["store_items"] == 40
    assert metrics["lost"]["not_stored"] > 0
    assert metrics["retrieval"]["hit@5"] > 0


def test_it_needs_no_preset(environment: dict[str, str], tmp_path: Path) -> None:
    """Its name alone stands for its defaults."""
    metrics = measured("word_match", tmp_path, environment)
    assert metrics["memory"]["store_items"] == 60  # 3 events an item, all of them kept
    assert (tmp_path / "runs/t/word_match").is_dir()


def test_it_need_not_be_installed(tmp_path: Path) -> None:
    """A preset names the file that lies beside it, wherever memeval is run."""
    below = tmp_path / "presets"
    below.mkdir()
    (below / "word_match.py").write_text(block("python"), "utf-8")
    (below / "mine.yaml").write_text("memory: word_match.py:WordMatch\n")
    metrics = measured("presets/mine.yaml", tmp_path, dict(os.environ))
    assert metrics["memory"]["store_items"] == 60  # 3 events an item, all of them kept


def test_it_keeps_the_contract(environment: dict[str, str], tmp_path: Path) -> None:
    """The shipped tests take along whatever is installed, far from any checkout; so do one's own.

    The page shows the class that runs them on a file of one's own.
    """
    (tmp_path / "word_match.py").write_text(block("python"), "utf-8")
    [own] = re.findall(r"```python\n(from memeval.testing.*?)```", PAGE, re.DOTALL)
    (tmp_path / "test_mine.py").write_text(own, "utf-8")
    pytest_ = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    for words in (("--pyargs", "memeval.testing", "-k", "word_match"), ("test_mine.py",)):
        tested = run(*pytest_, *words, cwd=tmp_path, env=environment)
        assert tested.returncode == 0, tested.stdout
        assert int(re.findall(r"(\d+) passed", tested.stdout)[0]) >= 10
