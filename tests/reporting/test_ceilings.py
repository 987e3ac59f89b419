"""How far a score can go, and whose the data is that it was measured on."""

import json
from pathlib import Path
from typing import Any

import cells
import pyarrow as pa
import pyarrow.parquet as pq

from memeval.reporting import ceilings, load, markdown, origin, pages
from memeval.results import ITEMS, META, METRICS


def oracle(root: Path, right: int) -> None:
    """Write the ceiling and a memory; of eight items those with even numbers are `exact`."""
    cells.write(root, "baselines/oracle", right)
    cells.write(root, "memory/x", 2)


def test_a_slice_with_a_low_ceiling_measures_the_reader(tmp_path: Path) -> None:
    """Of the first three items 0 and 2 are of `exact`: 2 of 4; of `bound` it is 1 of 4."""
    oracle(tmp_path, 3)
    told = ceilings.of_reader(load.load_real(tmp_path).rows)
    assert "(oracle) has exact match below 0.50 on bound (0.25). This slice measures" in told
    assert told in markdown.render(pages.suite_page(load.load_real(tmp_path).rows, "episodic", "d"))


def test_a_reader_that_can_is_not_named(tmp_path: Path) -> None:
    """Nor is anything said of the slice without an answer, which has no ceiling."""
    oracle(tmp_path, 8)
    assert ceilings.of_reader(load.load_real(tmp_path).rows) == ""


def with_faults(root: Path) -> list[load.Row]:
    """Return a row where the golds of two of eight items are known to be wrong."""
    folder = cells.write(root, "memory/x", 4)
    rows = pq.read_table(folder / ITEMS).to_pylist()
    faults = ["wrong date" if i in (0, 2) else None for i in range(len(rows))]
    cells.put_column(folder, "fault", pa.array(faults, pa.string()))
    scores = json.loads((folder / METRICS).read_text())["scores"]
    more = {"exact_match_excluded": 0.4, "exact_match_corrected": None}
    cells.edit(folder / METRICS, scores=scores | more)
    return load.load_real(root).rows


def test_scores_are_told_as_published_excluded_and_corrected(tmp_path: Path) -> None:
    """What could not be corrected has a dash."""
    header, [row] = ceilings.errata_table(with_faults(tmp_path))
    assert header == ("preset", "published", "excluded", "corrected")
    assert row == ("memory/x", "0.500", "0.400", "-")


def test_a_perfect_system_has_no_more_than_right_golds(tmp_path: Path) -> None:
    """Both wrong golds are of `exact`; each slice has four items, `unknown` has no gold."""
    _, body = ceilings.perfect_table(with_faults(tmp_path))
    assert body == [("bound", "4", "0", "1.000"), ("exact", "4", "2", "0.500")]


def test_data_without_known_faults_has_no_such_tables(tmp_path: Path) -> None:
    """Its page is as it was."""
    cells.write(tmp_path, "memory/x", 4)
    rows = load.load_real(tmp_path).rows
    assert (ceilings.errata_table(rows)[1], ceilings.perfect_table(rows)[1]) == ([], [])


PUBLISHED: dict[str, Any] = {
    "source": "made.json (not a file that memeval knows, sha256 0123)",
    "licence": "CC BY-NC 4.0",
    "citation": "Nobody 2026",
    "private": True,
    "sessions": 5,
    "left_out": {"no answer": 3},
    "remarks": {"citations mended": 1200},
}


def test_a_published_suite_says_whose_it_is_and_what_was_left_out(tmp_path: Path) -> None:
    """Licence, citation, files, counts; and that no text stands there."""
    folder = cells.write(tmp_path, "memory/x", 4)
    cells.edit(folder / META, data=PUBLISHED)
    cells.edit(folder / METRICS, left_out={"gold known to be wrong": 2})
    rows = load.load_real(tmp_path).rows
    assert origin.origin_table(rows)[1] == [
        ("file", "made.json (not a file that memeval knows, sha256 0123)"),
        ("licence", "CC BY-NC 4.0"),
        ("citation", "Nobody 2026"),
        ("sessions", "5"),
        ("left out", "no answer: 3"),
        ("asked, not scored", "gold known to be wrong: 2"),
        ("remarked", "citations mended: 1,200"),
    ]
    page = markdown.render(pages.suite_page(rows, "episodic", "today"))
    assert origin.PRIVATE in page
    assert "citations mended: 1,200" in page


def test_data_of_ones_own_has_no_table_of_origin(tmp_path: Path) -> None:
    """Where it lies is nobody else's affair."""
    cells.edit(cells.write(tmp_path, "memory/x", 4) / META, data={"source": "/home/me/trips"})
    page = markdown.render(pages.suite_page(load.load_real(tmp_path).rows, "episodic", "today"))
    assert "trips" not in page
