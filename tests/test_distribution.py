"""Beside somebody else's distribution whose package is called memeval too, the command says so.

The other one is made as `memoryeval` 0.2.1 is: `memeval/__init__.py`, a `cli.py`, a folder
`metrics` where ours has a file, and a command `memeval` of its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("distribution")  # built once
ROOT = Path(__file__).parents[1]
THEIRS = {
    "memeval/__init__.py": "print('theirs')\n",
    "memeval/cli.py": "def app():\n    print('theirs')\n",
    "memeval/metrics/__init__.py": "",
}
START = {
    "memeval": "from memeval_bench import main; main()",
    "their memeval": "from memeval.cli import app; app()",
    "python -m memeval": "import runpy; runpy.run_module('memeval', run_name='__main__')",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install ours from this checkout, as a user would, to a folder."""
    site = tmp_path_factory.mktemp("ours")
    pip = ("pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    subprocess.run([sys.executable, "-m", *pip, "--target", str(site), str(ROOT)], check=True)
    return site


@pytest.fixture
def site(wheel: Path, tmp_path: Path) -> Path:
    """Return a folder of packages in which ours is installed alone."""
    return shutil.copytree(wheel, tmp_path / "site")


def put_theirs(site: Path, name: str = "memoryeval", package: str = "memeval") -> None:
    """Write the other distribution's files into a folder of packages, as pip does."""
    files = {path.replace("memeval", package, 1): text for path, text in THEIRS.items()}
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, "utf-8")
    about = site / f"{name}-0.2.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.2.1\n")
    (about / "RECORD").write_text("".join(f"{path},,\n" for path in files))


def started(code: str, *sites: Path) -> subprocess.CompletedProcess[str]:
    """Run what a console script runs, where packages lie in these folders, the first one first."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv = ['memeval', '--version']\n{code}"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sites))},
        cwd=sites[0].parent,
        capture_output=True,
        text=True,
        check=False,
    )


def is_told(done: subprocess.CompletedProcess[str], name: str = "memoryeval") -> bool:
    """Whether one sentence says whose files were found and what to do."""
    return (
        (done.returncode, done.stderr.count("\n")) == (2, 1)
        and f"must be that of memeval-bench and nothing else, got files of {name} in" in done.stderr
        and f"pip uninstall {name} && pip install --force-reinstall" in done.stderr
    )


@pytest.mark.parametrize("way", ["memeval", "python -m memeval"])
def test_alone_it_starts(site: Path, way: str) -> None:
    """From the wheel, which holds what the command starts with."""
    done = started(START[way], site)
    assert done.stdout.startswith("memeval-bench "), done.stderr
    assert {path.name for path in (site / "bin").iterdir()} == {"memeval", "memeval-bench"}


@pytest.mark.parametrize("way", START)
def test_theirs_after_ours_is_told(site: Path, way: str) -> None:
    """Their first file is over ours, and their command may be over ours too."""
    put_theirs(site)
    done = started(START[way], site)
    assert is_told(done), done.stderr
    assert way != "memeval" or not done.stdout  # nothing of theirs was run


def test_ours_after_theirs_is_told(wheel: Path, tmp_path: Path) -> None:
    """Our files are over theirs, but their folder `metrics` goes before our file of that name."""
    site = tmp_path / "site"
    put_theirs(site)
    shutil.copytree(wheel, site, dirs_exist_ok=True)
    for code in START.values():
        assert is_told(started(code, site)), code


def test_theirs_in_a_folder_before_ours_is_told(site: Path, tmp_path: Path) -> None:
    """As packages of the user go before those of the system; nothing of theirs is run."""
    put_theirs(tmp_path / "first")
    done = started(START["memeval"], tmp_path / "first", site)
    assert is_told(done), done.stderr
    assert not done.stdout


def test_another_of_an_unknown_name_is_told(site: Path, tmp_path: Path) -> None:
    """Whose it is, is looked up in what is installed."""
    put_theirs(tmp_path / "first", "somebody-elses")
    assert is_told(started(START["memeval"], tmp_path / "first", site), "somebody-elses")


def test_theirs_in_a_package_of_another_name_is_none_of_ours(site: Path) -> None:
    """`memeval` 0.0.1 holds a package `MemEval`: where case counts, both can be installed."""
    put_theirs(site, "memeval", "MemEval")
    if (site / "MemEval").samefile(site / "memeval"):
        pytest.skip("case does not count on this file system")
    assert started(START["memeval"], site).returncode == 0
