"""What a plan will about take, from what is on disk."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from memeval.matrix import shipped
from memeval.matrix.forecast import Basis, Forecast, basis_in, forecast, told
from memeval.matrix.rates import Measured, Rate, measured, pooled

Run = Callable[..., Any]
RUN = Path(__file__).parents[2] / "runs/2026-11-23"
RATE = Rate(teach_ms=10.0, ask_ms=100.0, prompt_tokens=500.0)


def cell(preset: str = "memory/mine", *, size: int = 50, suite: str = "tales") -> Any:
    """Return what a forecast looks at."""
    return SimpleNamespace(
        preset=SimpleNamespace(name=preset), model="scripted", suite=suite, size=size
    )


def put(root: Path, place: str, **changes: Any) -> Path:
    """Write the metrics of a finished cell of 10 items."""
    folder = root / place
    folder.mkdir(parents=True)
    content = {
        "n": 10,
        "tokens": {"prompt": 5000},
        "phases_ms": {"teach": 800.0, "replay": 200.0, "recall": 100.0, "read": 900.0},
    }
    (folder / "metrics.json").write_text(json.dumps(content | changes))
    return folder / "metrics.json"


def test_teaching_grows_with_the_size_and_asking_with_the_items() -> None:
    """Of 200 items of which 20 are asked: 200 x 10 ms + 20 x 100 ms, and 20 x 500 tokens."""
    expected = forecast([cell(size=200)], 20, lambda _: Basis(RATE, is_same=True))
    assert expected == Forecast(seconds=4.0, prompt_tokens=10_000, same=1, near=0, without=0)


def test_a_cell_without_a_basis_adds_nothing_and_is_counted() -> None:
    """Whoever reads the sum knows what is not in it."""
    bases = {50: Basis(RATE, is_same=False), 60: None}
    expected = forecast([cell(size=50), cell(size=60)], None, lambda one: bases[one.size])
    assert expected == Forecast(seconds=5.5, prompt_tokens=25_000, same=0, near=1, without=1)


def test_a_rate_is_pooled_over_all_items() -> None:
    """Two cells of 10 and 30 items: (100 + 300) / 40 = 10 ms, not the mean of two means."""
    cells = [Measured(10, 10, 100.0, 100.0, 50), Measured(30, 30, 300.0, 700.0, 150)]
    assert pooled(cells) == Rate(teach_ms=10.0, ask_ms=20.0, prompt_tokens=5.0)
    assert pooled([]) is None


def test_tokens_that_a_model_does_not_count_are_unknown() -> None:
    """Never 0, and never those of the others alone."""
    cells = [Measured(10, 10, 1.0, 1.0, None), Measured(10, 10, 1.0, 1.0, 50)]
    rate = pooled(cells)
    assert rate is not None
    assert rate.prompt_tokens is None
    expected = forecast([cell()], None, lambda _: Basis(rate, is_same=True))
    assert "an unknown number of prompt tokens" in told(expected, 1)[0]


def test_the_basis_is_the_same_cell_in_any_run_else_others_beside_it(tmp_path: Path) -> None:
    """Preset, model and suite first, in any size and seed; else any preset on model and suite."""
    put(tmp_path, "one/memory/mine/scripted/tales/10_1")
    put(tmp_path, "two/memory/mine/scripted/tales/20_2", n=20, tokens={"prompt": 1000})
    put(tmp_path, "two/baselines/core/scripted/tales/10_1", tokens={"prompt": 90_000})
    find = basis_in(tmp_path)
    same, near = find(cell()), find(cell("memory/yours"))
    assert same is not None
    assert near is not None
    assert same.is_same
    assert same.rate.prompt_tokens == 6000 / 30
    assert not near.is_same
    assert near.rate.prompt_tokens == 96_000 / 40
    assert find(cell(suite="songs")) is None


@pytest.mark.parametrize(
    "changes", [{"n": None}, {"tokens": 3}, {"phases_ms": {}}, {"phases_ms": {"teach": "long"}}]
)
def test_metrics_that_tell_nothing_are_passed_over(tmp_path: Path, changes: Any) -> None:
    """A plan is not stopped by a cell of somebody else's, or a damaged one."""
    assert list(measured(put(tmp_path, "10_1", **changes))) == []
    (tmp_path / "20_1").mkdir()
    (tmp_path / "20_1/metrics.json").write_text("{")
    assert list(measured(tmp_path / "20_1/metrics.json")) == []


@pytest.mark.parametrize(
    ("expected", "workers", "line"),
    [
        (Forecast(840, 1_234_000, 9, 0, 3), 1,
         "about 14 min and 1.2 million prompt tokens; 3 of 12 cells without a basis"),
        (Forecast(840, 12_345, 9, 3, 0), 2, "about 7 min and 12,000 prompt tokens"),
        (Forecast(0, 0, 0, 0, 3), 1,
         "how long it takes is unknown: no cell of these models and suites was run before"),
    ],
)  # fmt: skip
def test_a_forecast_is_told_in_words(expected: Forecast, workers: int, line: str) -> None:
    """Round numbers with "about", what is missing, and nothing where nothing is known."""
    assert told(expected, workers)[0] == line


def test_the_basis_is_told() -> None:
    """How many cells by what."""
    assert told(Forecast(1, 1, 9, 3, 0), 1)[1].endswith(
        ": 9 by the same preset, model and suite, 3 by other presets on the same model and suite"
    )


@pytest.mark.golden
def test_the_shipped_rates_are_those_of_the_committed_run() -> None:
    """`nox -s golden` writes them anew."""
    text = shipped.as_json(shipped.rates_of(RUN))
    if os.environ.get("MEMEVAL_REGENERATE_GOLDEN"):
        shipped.FILE.write_text(text, "utf-8")
    assert shipped.FILE.read_text("utf-8") == text


def test_the_committed_run_is_the_last_basis(memeval: Run, workplace: Path) -> None:
    """In an empty folder it says about how long, and whose machine that is of."""
    plan = ("eval", "--suite", "episodic", "--run", "x", "--dry-run", "--preset", "baselines/rag")
    done = memeval(*plan)
    assert done.code == 0, done.err
    assert "prompt tokens" in done.out
    told_by = "loading apart: 1 by the same preset on the machine of the committed run"
    assert told_by in " ".join(done.out.split())
    put(workplace / "runs", "before/baselines/core/smollm2/episodic/10_1")
    assert "1 by other presets on the same model and suite" in " ".join(memeval(*plan).out.split())


def test_dry_run_tells_minutes_tokens_and_models(memeval: Run, workplace: Path) -> None:
    """From a run of before under the same folder; no model is loaded and nothing is written."""
    put(workplace / "runs", "before/baselines/core/scripted/episodic/10_1")
    plan = ("eval", "--suite", "episodic", "--run", "x", "--dry-run", "--model", "scripted")
    done = memeval(*plan, "--preset", "baselines/core", "--preset", "baselines/rag")
    assert done.code == 0, done.err
    assert "model scripted: registered" in done.out
    assert "about 20 s and 50,000 prompt tokens" in done.out  # 2 x 50 x (100 + 100) ms, 2 x 25,000
    assert not (workplace / "runs/x").exists()
    assert "how long it takes is unknown" in memeval(*plan, "--preset", "baselines/core",
                                                     "--outdir", "other").out  # fmt: skip


def test_dry_run_refuses_a_model_that_is_not_there(memeval: Run) -> None:
    """As the run itself would, and before any data is built."""
    done = memeval("eval", "--preset", "baselines/core", "--model", "./nothing", "--dry-run")
    assert done.code == 2
    assert "no such folder: './nothing'" in done.err


def test_a_path_has_one_cell_however_it_is_written(
    memeval: Run, workplace: Path, tiny_folder: Run
) -> None:
    """What was measured as `./tiny` is done as `tiny/`."""
    (workplace / "tiny").symlink_to(tiny_folder("llama"))
    words = ("eval", "--preset", "baselines/closed_book", "--suite", "episodic", "--limit", "2",
             "--run", "x", "--model")  # fmt: skip
    assert memeval(*words, "./tiny").code == 0
    done = memeval(*words, "tiny/", "--dry-run")
    assert "1 cell: 0 to run, 1 done" in done.out
    assert "model tiny: a folder, weights not read" in done.out
