"""The tables of `load_results`."""

import re
import runpy
from pathlib import Path

import cells
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import memeval
from memeval.errors import ConfigError, DataError
from memeval.reporting import load
from memeval.scoring.scorer import STANDARD


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Return a run of a baseline, in format 1, and a memory on two seeds, one judged besides."""
    cells.as_format_1(cells.write(tmp_path, "baselines/core", 2))
    cells.write(tmp_path, "memory/x", 6, seed=1)
    scores = {**dict.fromkeys(STANDARD, 1.0), "judge": 0.25}
    cells.write(tmp_path, "memory/x", 4, seed=2, scores=scores, session="other")
    return tmp_path


def test_the_plain_mean_of_the_items_is_the_figure_of_the_report(runs: Path) -> None:
    """Although two of ten items are not answerable: their scores are null."""
    items = memeval.load_results(runs).items
    for row in load.load_real(runs).rows:
        mine = items.filter(pc.equal(items["preset"], row.preset))
        assert pc.mean(mine["score"]).as_py() == row.score().mean
        assert pc.mean(mine["exact_match"]).as_py() == row.score().mean
    asked = items.filter(pc.invert(items["answerable"]))
    assert asked.num_rows == 3 * cells.UNANSWERABLE
    assert asked["score"].null_count == asked.num_rows


def test_every_row_says_what_it_was_measured_on(runs: Path) -> None:
    """No join is needed to tell whose item it is."""
    items = memeval.load_results(runs).items.to_pylist()
    places = {tuple(i[name] for name in ("preset", "model", "suite", "size")) for i in items}
    assert places == {(name, "tiny", "episodic", 10) for name in ("baselines/core", "memory/x")}
    assert {i["seed"] for i in items} == {1, 2}


def test_the_cells_hold_their_metrics_by_name(runs: Path) -> None:
    """The primary score, its name, every other score, and the rest as metrics.csv calls it."""
    core, memory, judged = memeval.load_results(runs).cells.to_pylist()
    assert (core["preset"], core["primary"], core["n_sessions"]) == (
        "baselines/core",
        "exact_match",
        1,
    )
    assert core["score"] == core["exact_match"] == 2 / 8
    assert (memory["n"], memory["n_answerable"], memory["judge"]) == (10, 8, None)
    assert judged["judge"] == 0.25
    assert (memory["latency_ms_mean"], memory["tokens.prompt"], memory["rss_mb"]) == (
        20.5,
        1000,
        512.0,
    )


def test_a_score_that_only_some_cells_have_is_null_in_the_others(runs: Path) -> None:
    """A judge that ran on one seed says nothing of the other."""
    items = memeval.load_results(runs).items
    assert items["judge"].null_count == items.num_rows - cells.ANSWERABLE


def test_a_cell_of_before_has_nulls_where_it_has_no_column(tmp_path: Path) -> None:
    """What was not kept is not known; all that was is read."""
    folder = cells.unseal(cells.write(tmp_path, "memory/x", 6))
    table = pq.read_table(folder / "items.parquet")
    pq.write_table(table.drop_columns(["prompt", "thought_tokens"]), folder / "items.parquet")
    found = memeval.load_results(tmp_path)
    assert found.holes == ()
    assert found.items["thought_tokens"].to_pylist() == [None] * 10
    assert "prompt" not in found.items.column_names


@pytest.mark.parametrize("depth", [0, 1, -1])
def test_a_run_a_folder_of_runs_and_a_cell_are_all_taken(tmp_path: Path, depth: int) -> None:
    """What lies below is read."""
    folder = cells.write(tmp_path / "runs" / "today", "memory/x", 6)
    path = {0: tmp_path / "runs" / "today", 1: tmp_path / "runs", -1: folder}[depth]
    found = memeval.load_results(path)
    assert (found.cells.num_rows, found.items.num_rows) == (1, 10)


def test_what_is_broken_is_told_and_the_rest_is_read(runs: Path) -> None:
    """A cell whose metrics are not those of its items is in neither table."""
    folder = runs / "memory/x/tiny/episodic/10_1"
    (folder / "metrics.json").write_text("{}")
    found = memeval.load_results(runs)
    assert [hole.folder for hole in found.holes] == ["memory/x/tiny/episodic/10_1"]
    assert found.cells.num_rows == 2


def test_a_cell_without_records_is_a_row_of_cells_alone(runs: Path) -> None:
    """As in a clone, and it is said."""
    (runs / "memory/x/tiny/episodic/10_1/items.parquet").unlink()
    found = memeval.load_results(runs)
    assert (found.cells.num_rows, found.items.num_rows) == (3, 20)
    assert "has no items.parquet" in found.holes[0].reason


def test_a_folder_without_cells_is_refused(tmp_path: Path) -> None:
    """An empty table would look like a result."""
    with pytest.raises(DataError, match="need finished cells, got none below"):
        memeval.load_results(tmp_path)


def test_without_pandas_the_next_step_is_told(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no dependency of memeval."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match="data frames need pandas"):
        memeval.load_results(runs).to_pandas()


@pytest.mark.usefixtures("pandas")
def test_data_frames_give_the_same_figures(runs: Path) -> None:
    """pandas leaves nulls out of a mean."""
    items = memeval.load_results(runs).to_pandas()[1]
    means = items.groupby("preset")["score"].mean()
    assert means["baselines/core"] == 2 / 8


def test_a_row_says_of_which_run_it_is(tmp_path: Path) -> None:
    """From the folder of runs, the run's own or the cell's."""
    for run in ("first", "second"):
        cell = cells.write(tmp_path / run, "memory/x", 6)
    cells.write(tmp_path / "first", "mine", 6)
    both = memeval.load_results(tmp_path)
    assert both.cells["run"].to_pylist() == ["first", "first", "second"]
    assert pc.unique(both.items["run"]).to_pylist() == ["first", "second"]
    assert memeval.load_results(tmp_path / "first").cells["run"].to_pylist() == ["first", "first"]
    assert memeval.load_results(cell).cells["run"].to_pylist() == ["second"]


def test_results_are_shown_by_their_counts(runs: Path) -> None:
    """In a notebook the tables would fill the screen."""
    assert repr(memeval.load_results(runs)) == "<Results: 1 run, 3 cells, 30 items, 0 holes>"


@pytest.mark.usefixtures("pandas")
def test_the_readmes_example_leaves_ablations_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs as it stands: 6 of 8 on one seed and 4 of 8 on another are 5/8."""
    cells.write(tmp_path / "runs/first", "memory/x", 6, seed=1)
    cells.write(tmp_path / "runs/first", "memory/x", 4, seed=2, session="other")
    cells.write(tmp_path / "runs/first", "ablations/x/full", 6, seed=1)
    page = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    [example] = re.findall(r"```python\n([^`]*?load_results.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("example.py").write_text(example, "utf-8")
    assert runpy.run_path("example.py")["scores"]["episodic"][10].to_dict() == {"memory/x": 5 / 8}
