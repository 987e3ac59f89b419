"""The files of a report, with pictures and without."""

import json
from pathlib import Path
from typing import Any

import cells
import pyarrow.parquet as pq
import pytest

from memeval.errors import DataError
from memeval.reporting import load, plots
from memeval.reporting.write import CELLS, write_report
from memeval.results import ITEMS, META


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Return a date with a baseline and a memory."""
    for preset, right in (("baselines/core", 3), ("memory/hei_nw", 6)):
        cells.write(tmp_path / "runs", preset, right)
    return tmp_path / "runs"


def report(runs: Path) -> Path:
    """Write the report beside the runs; return its folder."""
    return write_report(load.load_real(runs), runs.parent / "report", "today").parent


def test_a_report_is_these_files(runs: Path) -> None:
    """Pages, a page for each suite, and pictures under names that are safe for any model."""
    pytest.importorskip("matplotlib")
    folder = report(runs)
    files = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    assert [name for name in files if not name.startswith("assets")] == [
        "cells.json",
        "episodic/summary.md",
        "index.html",
        "index.md",
        "smoke.md",
    ]
    pictures = [name for name in files if name.startswith("assets")]
    assert [name.partition("-")[0] for name in pictures] == ["assets/cost", "assets/slices"]
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in pictures)


def test_a_poorer_report_does_not_take_the_place_of_a_richer_one(runs: Path) -> None:
    """Two cells were reported; where the records of one are gone the pages stay as they are."""
    folder = report(runs)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (runs / "memory/hei_nw/tiny/episodic/10_1" / ITEMS).unlink()
    with pytest.raises(DataError, match=r"got 1 that can be read where .* has 2; run the"):
        report(runs)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    (folder / CELLS).unlink()
    assert "only its means are told" in (report(runs) / "index.md").read_text()


def test_what_somebody_put_beside_the_pictures_stays(runs: Path) -> None:
    """Old pictures are replaced, a drawing of one's own is not."""
    own = report(runs) / "assets" / "mine.png"
    own.write_text("my own")
    report(runs)
    assert own.read_text() == "my own"


def test_as_many_cells_or_more_are_reported_again(runs: Path) -> None:
    """The usual case: a run goes on, and its report is written anew."""
    assert json.loads((report(runs) / CELLS).read_text()) == {"run": "today", "cells": 2}
    cells.write(runs, "baselines/rag", 4)
    assert json.loads((report(runs) / CELLS).read_text()) == {"run": "today", "cells": 3}
    report(runs)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"cells": "many"}', '{"cells": null}', '{"cells": 1e999}', "[" * 100_000]
)
def test_a_broken_count_is_told(runs: Path, content: str) -> None:
    """Nobody can say whether the report that is there is richer, so it stays."""
    (report(runs) / CELLS).write_text(content)
    with pytest.raises(DataError, match=r"cells\.json' must say of how many cells"):
        report(runs)


def test_a_poorer_report_is_a_data_error(memeval: Any, runs: Path) -> None:
    """Exit code 2 with the next step; elsewhere it can be written."""
    (runs / "a").mkdir()
    for name in ("baselines", "memory"):
        (runs / name).rename(runs / "a" / name)
    assert memeval("report", "a").code == 0
    (runs / "a/memory/hei_nw/tiny/episodic/10_1" / ITEMS).unlink()
    refused = memeval("report", "a")
    assert refused.code == 2
    assert "write elsewhere with MEMEVAL_REPORTS_DIR=FOLDER" in " ".join(refused.err.split())


def test_every_link_and_picture_of_the_index_is_there(runs: Path) -> None:
    """What the page points to lies beside it."""
    folder = report(runs)
    targets = [part.partition(")")[0] for part in (folder / "index.md").read_text().split("](")[1:]]
    files = [target for target in targets if not target.startswith("#")]
    assert len(files) >= 3
    assert all((folder / file).is_file() for file in files)


def test_without_matplotlib_the_report_says_so(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables are all there, and old pictures are gone rather than stale."""
    report(runs)
    monkeypatch.setattr(plots.importlib.util, "find_spec", lambda _: None)
    folder = report(runs)
    assert list((folder / "assets").iterdir()) == []
    for name in ("index.md", "index.html"):
        page = (folder / name).read_text()
        assert "matplotlib is not installed" in page
        assert "memory/hei_nw" in page


def test_several_sizes_have_a_picture_of_interference(runs: Path) -> None:
    """The picture and the table compare sizes as soon as there are two."""
    pytest.importorskip("matplotlib")
    folder = cells.write(runs, "memory/hei_nw", 2, config_hash="c0ffee", session="episodic-20-1")
    target = folder.with_name("20_1")
    folder.rename(target)
    cells.edit(target / META, size=20)
    cells.write(runs, "memory/hei_nw", 6)
    found = report(runs)
    assert list((found / "assets").glob("size-*.png"))
    assert "| 10 items " in (found / "index.md").read_text()


@pytest.mark.parametrize("name", ["../../outside", "a/../../b", "$x^2$", "nul\x00l", "ü" * 300])
def test_names_never_leave_the_folder(runs: Path, name: str) -> None:
    """A model may be called anything: its pictures have names of letters, digits and dashes."""
    path = runs / "memory/hei_nw/tiny/episodic/10_1" / META
    cells.edit(path, model={"name": name})
    before = {p for p in runs.parent.rglob("*") if "report" not in p.parts}
    folder = report(runs)
    assert {p for p in runs.parent.rglob("*") if "report" not in p.parts} == before
    for picture in (folder / "assets").iterdir():
        assert picture.stem.replace("-", "").isalnum()
        assert picture.stem.isascii()


def test_a_suite_that_would_leave_the_folder_is_a_hole(runs: Path) -> None:
    """A suite's page is named for it, so its name must be that of a folder that is there."""
    path = runs / "memory/hei_nw/tiny/episodic/10_1" / META
    cells.edit(path, suite="../../outside")
    found = load.load_real(runs)
    assert [row.preset for row in found.rows] == ["baselines/core"]
    assert "must lie where its meta.json says" in found.holes[0].reason


@pytest.mark.parametrize("column", ["question", "recalled_texts"])
def test_damage_in_texts_is_a_hole_and_the_report_goes_on(runs: Path, column: str) -> None:
    """No score needs these columns, so that only the page of items would stumble over them."""
    folder = cells.unseal(runs / "memory/hei_nw/tiny/episodic/10_1")
    path = folder / ITEMS
    with pq.ParquetFile(path) as file:
        [chunk] = [
            file.metadata.row_group(0).column(i)
            for i in range(file.metadata.num_columns)
            if file.metadata.row_group(0).column(i).path_in_schema.split(".")[0] == column
        ]
    content = bytearray(path.read_bytes())
    start = chunk.dictionary_page_offset
    content[start + 8 : start + chunk.total_compressed_size] = b"\xff" * (
        chunk.total_compressed_size - 8
    )
    path.write_bytes(content)
    page = (report(runs) / "index.md").read_text()
    assert "items.parquet cannot be read" in page.replace("\\", "")
    assert "baselines/core" in page


def test_cells_that_are_all_broken_are_told_in_the_error(tmp_path: Path) -> None:
    """A date of broken cells is no empty date: the first reason is given."""
    (cells.write(tmp_path, "baselines/core", 3) / META).write_text("{")
    with pytest.raises(DataError, match=r"that can be used \(baselines/core/tiny/episodic/10_1:"):
        load.load_real(tmp_path)
