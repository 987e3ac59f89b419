"""What `--gate` asks for, and what it says is missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval.reporting import completeness, load
from memeval.results import META, write_cell


def write(runs_dir: Path, preset: str, suite: str, size: int, seed: int) -> None:
    """Write a cell of ten made-up items under the name of any suite and size."""
    *above, variant = preset.split("/") if preset.startswith("ablations/") else ("",)
    folder = runs_dir / preset / "tiny" / suite / f"{size}_{seed}"
    meta = {
        "identity": "same",
        "preset": f"memory/{above[1]}" if above else preset,
        "model": {"name": "tiny"},
        "suite": suite,
        "size": size,
        "seed": seed,
        "config": {"limit": None},
        "config_hash": variant or preset,
        "overrides": {variant: False} if above and variant != "full" else {},
    }
    session = f"{suite}-{size}-{seed}"
    write_cell(folder, cells.cell(5, seed, session=session), meta)


def whole() -> Iterator[tuple[str, str, int, int]]:
    """Yield the cells of a complete date, as the runbook asks for them."""
    for seed in completeness.SEEDS:
        for suite in completeness.SUITES:
            for size in (50, 200):
                for preset in ("baselines/core", "memory/hei_nw", "memory/smpd"):
                    yield preset, suite, size, seed
            yield "memory/all", suite, 200, seed
        for memory, knobs in completeness.KNOBS.items():
            for variant in ("full", *knobs):
                name = f"ablations/{memory.removeprefix('memory/')}/{variant}"
                yield name, "episodic", 200, seed


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a complete date `runs/done` and a manifest."""
    root = tmp_path_factory.mktemp("complete")
    for cell in whole():
        write(root / "runs" / "done", *cell)
    (root / "data").mkdir()
    manifest = {"format": 1, "files": {"episodic/50_1337/items.jsonl": {"items": 50}}}
    (root / "data" / "MANIFEST.json").write_text(json.dumps(manifest))
    return root


def missing(root: Path, *, drop: str = "") -> list[str]:
    """Return what the gate misses once the cells whose place holds `drop` are out of sight."""
    found = load.load(root / "runs" / "done", lambda _: True)
    rows, ablations = (
        [row for row in part if not drop or drop not in f"{row.preset} {row.variant} {row.place}"]
        for part in (found.rows, found.ablations)
    )
    return completeness.missing(load.Found(rows, [], ablations), root / "data")


def test_a_complete_date_misses_nothing(complete: Path) -> None:
    """Core and two memories at both sizes, `memory/all` and the ablations at 200, and the data."""
    assert missing(complete) == []


@pytest.mark.parametrize(
    ("drop", "said"),
    [
        ("baselines/core None spatial 50", "baselines/core spatial 50: seeds 1337, 2025, 4242"),
        ("memory/all None semantic", "memory/all semantic 200: seeds 1337, 2025, 4242"),
        ("memory/smpd None semantic 200", "memory/smpd semantic 200: seeds 1337, 2025, 4242"),
        ("ppr.enabled", "memory/sgc_rss episodic 200: ppr.enabled off, all seeds"),
        ("dg.enabled", "memory/hei_nw episodic 200: dg.enabled off, all seeds"),
    ],
)
def test_each_part_is_asked_for(complete: Path, drop: str, said: str) -> None:
    """Whatever is taken away is the one thing that is missing."""
    [line] = missing(complete, drop=drop)
    assert said in line


@pytest.mark.parametrize("content", [None, "", "[]", '{"files": {}}'])
def test_the_manifest_is_asked_for(complete: Path, tmp_path: Path, content: str | None) -> None:
    """A manifest that is not there, broken or empty is missing."""
    if content is not None:
        (tmp_path / "MANIFEST.json").write_text(content)
    found = load.load(complete / "runs" / "done", lambda _: True)
    [line] = completeness.missing(found, tmp_path)
    assert "MANIFEST.json" in line


def test_a_limited_cell_does_not_count(tmp_path: Path) -> None:
    """Ten items of two hundred are not the preset at 200."""
    write(tmp_path, "baselines/core", "episodic", 200, 1337)
    path = tmp_path / "baselines/core/tiny/episodic/200_1337" / META
    path.write_text(json.dumps(json.loads(path.read_text()) | {"config": {"limit": 10}}))
    found = load.load(tmp_path, lambda _: True)
    lines = completeness.missing(found, tmp_path)
    assert "baselines/core episodic 200: seeds 1337, 2025, 4242 on tiny" in lines


def test_means_alone_do_not_pass(complete: Path) -> None:
    """What the gate asks for must have its records; of what it does not ask for means will do."""
    found = load.load(complete / "runs" / "done", lambda _: True)

    def without(preset: str, suite: str) -> list[str]:
        rows = [
            replace(row, records={}) if (row.preset, row.suite) == (preset, suite) else row
            for row in (*found.rows, replace(found.rows[0], preset="baselines/rag"))
        ]
        return completeness.missing(load.Found(rows, [], found.ablations), complete / "data")

    assert without("baselines/rag", found.rows[0].suite) == []
    [line] = without("memory/all", "semantic")
    assert "memory/all semantic 200: items.parquet of all its cells; give its command" in line
    bare = [replace(row, records={}) for row in found.ablations]
    lines = completeness.missing(load.Found(found.rows, [], bare), complete / "data")
    assert len(lines) == len(found.ablations)


def test_a_failed_cell_does_not_pass(complete: Path) -> None:
    """A hole is missing by its name and reason, whichever preset it is of."""
    found = load.load(complete / "runs" / "done", lambda _: True)
    hole = load.Hole("memory/mine/tiny/episodic/50_1", "failed: \x1b[2JValueError")
    lines = completeness.missing(load.Found(found.rows, [hole], found.ablations), complete / "data")
    assert lines == ["memory/mine/tiny/episodic/50_1: failed: \ufffd[2JValueError"]


def test_the_gate_says_once_what_many_cells_lack(complete: Path) -> None:
    """Holes of one reason are one line."""
    found = load.load(complete / "runs" / "done", lambda _: True)
    holes = [load.Hole(f"cell {i}", "no records") for i in range(5)]
    lines = completeness.missing(load.Found(found.rows, holes, found.ablations), complete / "data")
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
