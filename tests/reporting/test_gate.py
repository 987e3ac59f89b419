"""What `--gate` asks for, and what it says is missing."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval.reporting import completeness, load
from memeval.results import write_cell
from memeval.study import NAME, Gate, Place, Study, as_text, places

STUDY = Study.model_validate(
    {
        "models": ["tiny"],
        "seeds": [1, 2],
        "measure": [
            {"presets": ["baselines/core", "memory/mine"], "suites": ["x", "y"], "sizes": [50]},
            {"presets": ["baselines/core"], "suites": ["x"], "sizes": [200], "set": {"k": 3}},
        ],
        "ablate": [
            {
                "presets": ["memory/mine"],
                "suites": ["x"],
                "sizes": [50],
                "knobs": ["a.enabled", ["a.enabled", "b"]],
            }
        ],
        "gate": {"items_at": [50]},
    }
)


def write(runs_dir: Path, place: Place, **meta: Any) -> Path:
    """Write a cell of ten made-up items where a planned one lies."""
    folder = runs_dir / place.preset / place.model / place.suite / f"{place.size}_{place.seed}"
    told = {
        "identity": "same",
        "preset": place.preset,
        "model": {"name": place.model},
        "suite": place.suite,
        "size": place.size,
        "seed": place.seed,
        "config": {"limit": None},
        "config_hash": place.preset,
        "overrides": place.overrides,
    }
    session = f"{place.suite}-{place.size}-{place.seed}"
    write_cell(folder, cells.cell(5, place.seed, session=session), told | meta)
    return folder


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a complete date `runs/done` and a manifest."""
    root = tmp_path_factory.mktemp("complete")
    for place in places(STUDY):
        write(root / "runs" / "done", place)
    (root / "runs" / "done" / NAME).write_text(as_text(STUDY))
    (root / "data").mkdir()
    manifest = {"format": 1, "files": {"x/50_1/items.jsonl": {"items": 50}}}
    (root / "data" / "MANIFEST.json").write_text(json.dumps(manifest))
    return root


def read(root: Path) -> load.Found:
    return load.load(root / "runs" / "done", lambda _: True)


def missing(root: Path, *, drop: str = "") -> list[str]:
    """Return what the gate misses once the cells whose place holds `drop` are out of sight."""
    found = read(root)
    rows, ablations = (
        [row for row in part if not drop or drop not in f"{row.preset} {row.variant} {row.place}"]
        for part in (found.rows, found.ablations)
    )
    return completeness.missing(load.Found(rows, [], ablations), STUDY, root / "data")


def test_a_complete_date_misses_nothing(complete: Path) -> None:
    """Every planned cell is there; the study plans 4 + 1 places and 3 variants, on two seeds."""
    assert len(places(STUDY)) == 16
    assert missing(complete) == []


@pytest.mark.parametrize(
    ("drop", "said"),
    [
        ("baselines/core None y 50", "baselines/core y 50: seeds 1, 2 on tiny"),
        ("baselines/core None x 200", "baselines/core x 200: seeds 1, 2 on tiny"),
        ("memory/mine None x", "memory/mine x 50: seeds 1, 2 on tiny"),
        ("full", "ablations/mine/full x 50: seeds 1, 2 on tiny"),
        ("no_a-b", "ablations/mine/no_a-b x 50: seeds 1, 2 on tiny"),
    ],
)
def test_each_part_is_asked_for(complete: Path, drop: str, said: str) -> None:
    """Whatever is taken away is the one thing that is missing."""
    assert missing(complete, drop=drop) == [said]


def test_every_model_is_asked_for(complete: Path) -> None:
    """Cells of one model do not stand for another's."""
    both = STUDY.model_copy(update={"models": ("tiny", "other")})
    lines = completeness.missing(read(complete), both, complete / "data")
    assert len(lines) == 8
    assert all(line.endswith(": seeds 1, 2 on other") for line in lines)


@pytest.mark.parametrize("content", [None, "", "[]", '{"files": {}}', "[" * 100_000])
def test_the_manifest_is_asked_for(complete: Path, tmp_path: Path, content: str | None) -> None:
    """A manifest that is not there, broken or empty is missing."""
    if content is not None:
        (tmp_path / "MANIFEST.json").write_text(content)
    [line] = completeness.missing(read(complete), STUDY, tmp_path)
    assert "MANIFEST.json" in line


def test_data_of_ones_own_needs_no_manifest(tmp_path: Path) -> None:
    """Nothing was generated, so that nothing has to be listed."""
    for place in places(STUDY):
        write(tmp_path, place, data_folder="/mine")
    found = load.load(tmp_path, lambda _: True)
    assert completeness.missing(found, STUDY, tmp_path / "nowhere") == []


@pytest.mark.parametrize("meta", [{"config": {"limit": 10}}, {"overrides": {"k": 4}}])
def test_a_cell_that_was_run_otherwise_does_not_count(
    complete: Path, tmp_path: Path, meta: dict[str, Any]
) -> None:
    """Ten items of fifty, or another parameter, are not what the study plans."""
    for place in places(STUDY):
        changed = meta if (place.preset, place.suite) == ("memory/mine", "y") else {}
        write(tmp_path, place, **changed)
    found = load.load(tmp_path, lambda _: True)
    lines = completeness.missing(found, STUDY, complete / "data")
    assert lines == ["memory/mine y 50: seeds 1, 2 on tiny"]


def test_means_alone_do_not_pass_where_items_are_asked_for(complete: Path) -> None:
    """At 50 the gate wants the records, at 200 the means will do; without `items_at` nowhere."""
    found = read(complete)
    bare = load.Found([replace(row, records={}) for row in found.rows], [], found.ablations)
    lines = completeness.missing(bare, STUDY, complete / "data")
    assert len(lines) == 4
    assert all(" 50: items.parquet of all its cells; give its command" in line for line in lines)
    everywhere = STUDY.model_copy(update={"gate": Gate()})
    assert len(completeness.missing(bare, everywhere, complete / "data")) == 5


def test_a_failed_cell_does_not_pass(complete: Path) -> None:
    """A hole is missing by its name and reason, whichever preset it is of."""
    found = read(complete)
    hole = load.Hole("memory/mine/tiny/episodic/50_1", "failed: \x1b[2JValueError")
    lines = completeness.missing(
        load.Found(found.rows, [hole], found.ablations), STUDY, complete / "data"
    )
    assert lines == ["memory/mine/tiny/episodic/50_1: failed: \ufffd[2JValueError"]


def test_the_gate_says_once_what_many_cells_lack(complete: Path) -> None:
    """Holes of one reason are one line."""
    found = read(complete)
    holes = [load.Hole(f"cell {i}", "no records") for i in range(5)]
    lines = completeness.missing(
        load.Found(found.rows, holes, found.ablations), STUDY, complete / "data"
    )
    assert lines == ["5 in all: cell 0; cell 1; cell 2; and 2 more: no records"]


def test_the_gate_is_an_exit_code(
    complete: Path, memeval: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 when complete; 1 with a list of what is missing, the report being written all the same."""
    monkeypatch.setenv("MEMEVAL_RUNS_DIR", str(complete / "runs"))
    monkeypatch.setenv("MEMEVAL_DATA_DIR", str(complete / "data"))
    assert memeval("report", "done", "--gate").code == 0
    monkeypatch.setenv("MEMEVAL_DATA_DIR", str(complete / "nowhere"))
    refused = memeval("report", "done", "--gate")
    assert refused.code == 1
    assert "missing: " in refused.out
    assert Path("reports/done/index.html").is_file()


def test_a_gate_without_a_study_says_so(memeval: Any, workplace: Path) -> None:
    """One sentence, and no report; without the gate there is one."""
    write(workplace / "runs" / "bare", places(STUDY)[0])
    refused = memeval("report", "bare", "--gate")
    assert refused.code == 2
    assert refused.err.count("\n") == 1
    assert "a gate needs the study of its run, got no study.yaml in 'runs/bare'" in refused.err
    assert not Path("reports/bare").exists()
    assert memeval("report", "bare").code == 0


def test_a_broken_study_is_told_and_fails_the_gate_alone(memeval: Any, workplace: Path) -> None:
    """The report names it among what is missing."""
    write(workplace / "runs" / "bare", places(STUDY)[0])
    (workplace / "runs" / "bare" / NAME).write_text("modles: [tiny]\n")
    assert memeval("report", "bare", "--gate").code == 2
    assert memeval("report", "bare").code == 0
    assert "did you mean models" in Path("reports/bare/index.md").read_text()
