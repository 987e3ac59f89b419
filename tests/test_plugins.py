"""What somebody else's package brings: found by name, run together, and refused in one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("plugins")  # installed once
OUTSIDE = Path(__file__).parent / "outside/colours"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install the package as a user would, to a folder of its own that Python then looks into."""
    site = tmp_path_factory.mktemp("site")
    pip = ("pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    subprocess.run([sys.executable, "-m", *pip, "--target", str(site), str(OUTSIDE)], check=True)
    return os.environ | {"PYTHONPATH": str(site)}


def memeval(
    environment: dict[str, str], folder: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line with the package installed."""
    command = [sys.executable, "-m", "memeval", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment
    )


def eval_(
    environment: dict[str, str], folder: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    """Measure something on the suite."""
    return memeval(environment, folder, "eval", "--suite", "colours", "--date", "t", *words)


def test_the_suite_is_one_short_file() -> None:
    """At most 60 lines, docstring included."""
    assert len((OUTSIDE / "colours/suite.py").read_text("utf-8").splitlines()) <= 60


def test_all_four_run_together(environment: dict[str, str], tmp_path: Path) -> None:
    """Memory, model and suite make a cell of two sessions, scored by the suite's own score."""
    told = ("--preset", "last_words", "--preset", "baselines/closed_book", "--model", "parrot")
    done = eval_(environment, tmp_path, *told)
    assert done.returncode == 0, done.stderr
    assert "first letter" in done.stdout
    metrics = json.loads(
        (tmp_path / "runs/t/last_words/parrot/colours/4_0/metrics.json").read_text()
    )
    assert metrics["primary"] == "first_letter"
    assert (metrics["n"], metrics["n_sessions"]) == (4, 2)
    assert metrics["scores"]["first_letter"] == 0.75
    assert metrics["exact_match"] == 0.0
    assert metrics["latency_ms_mean"] is None  # the model measures no time of its own
    report = memeval(environment, tmp_path, "report", "t")
    assert report.returncode == 0, report.stderr
    page = (tmp_path / "reports/t/index.md").read_text("utf-8")
    assert "first letter [95 %]" in page
    assert "0.75" in page


def test_they_are_listed(environment: dict[str, str], tmp_path: Path) -> None:
    """`memeval list` names each with its package; one that cannot be imported stops nothing."""
    done = memeval(environment, tmp_path, "list")
    assert done.returncode == 0, done.stderr
    for name in ("colours", "first_letter", "parrot", "last_words", "absent"):
        assert name in done.stdout


def test_a_size_cannot_be_asked_of_a_model_without_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """A model with generate alone is refused a memory that wants more, which is named."""
    done = eval_(environment, tmp_path, "--preset", "memory/hei_nw", "--model", "parrot")
    assert done.returncode == 2
    assert "hei_nw" in done.stderr
    assert "word_vectors" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--preset", "absent"), 2, ("absent", "colours.no_such_module:Absent", "importable")),
        (("--preset", "sleeper"), 2, ("sleeper", "colours.rest:Sleeper", "async")),
        (("--preset", "last_words", "--model", "mute"), 1, ("mute", "list of Generation")),
    ],
    ids=["no module", "async", "no answers"],
)
def test_a_broken_plugin_is_named(
    environment: dict[str, str],
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    told: tuple[str, ...],
) -> None:
    """One sentence with the plugin, its entry point and the rule; no traceback on the screen."""
    model = () if "--model" in words else ("--model", "parrot")
    done = eval_(environment, tmp_path, *words, *model)
    assert done.returncode == code, done.stdout + done.stderr
    [line] = [one for one in (done.stdout + done.stderr).splitlines() if told[-1] in one]
    assert all(word in line for word in told)
    assert "Traceback" not in done.stdout + done.stderr


def test_a_scorer_that_returns_text_fails_its_cell_alone(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """The scorer is named with its entry point; cells of other suites go on."""
    own = tmp_path / "wordy.py"
    own.write_text(
        "from colours.suite import Colours\n\n\nclass Wordy(Colours):\n"
        "    def dataset(self, **options):\n"
        "        return super().dataset(scorers=('talkative',), **options)\n",
        "utf-8",
    )
    done = memeval(
        environment, tmp_path, "eval", "--suite", "wordy.py:Wordy", "--date", "t",
        "--preset", "last_words", "--model", "parrot",
    )  # fmt: skip
    assert done.returncode == 1
    assert "talkative" in done.stdout
    assert "colours.rest:talkative" in done.stdout
    assert "Traceback" not in done.stdout
