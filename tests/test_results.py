"""The four files of a cell."""

import json
from pathlib import Path

import cells
import pytest
from goldens import assert_golden

from memeval import results
from memeval.errors import DataError
from memeval.results.item import schema
from memeval.scoring.scorer import STANDARD


def test_records_round_trip(tmp_path: Path) -> None:
    """What is written to items.parquet is read back."""
    folder = cells.write(tmp_path, "memory/x", 5)
    assert results.read_items(folder) == list(cells.cell(5).items)


def test_metrics_round_trip(tmp_path: Path) -> None:
    """metrics.json holds what was measured."""
    folder = cells.write(tmp_path, "memory/x", 5)
    assert results.read_cell(folder).metrics == json.loads(results.to_json(cells.cell(5).metrics))


@pytest.mark.golden
def test_the_schema_of_the_items_is_golden() -> None:
    """A changed column is a changed format."""
    assert_golden("items_schema.txt", schema(STANDARD).to_string() + "\n")


@pytest.mark.golden
def test_the_metrics_are_golden() -> None:
    """Names and nesting of metrics.json are a contract."""
    assert_golden("metrics.json", results.to_json(cells.cell(5).metrics))


@pytest.mark.golden
def test_the_table_of_metrics_is_golden() -> None:
    """metrics.csv says the same, a metric a line."""
    assert_golden("metrics.csv", results.to_csv(cells.cell(5).metrics))


def test_a_figure_that_is_no_number_is_refused() -> None:
    """NaN never reaches a file: what was not measured is null."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        results.to_json({"exact_match": float("nan")})


def test_a_broken_cell_names_its_folder(tmp_path: Path) -> None:
    """A cut metrics.json is one sentence with the next step."""
    folder = cells.write(tmp_path, "memory/x", 5)
    (folder / "metrics.json").write_text('{"n": 1')
    with pytest.raises(DataError, match="run the cell again"):
        results.read_cell(folder)


def test_broken_records_name_their_folder(tmp_path: Path) -> None:
    """A cut items.parquet is one sentence with the next step."""
    folder = cells.write(tmp_path, "memory/x", 5)
    content = (folder / "items.parquet").read_bytes()
    (folder / "items.parquet").write_bytes(content[:200])
    with pytest.raises(DataError, match=r"records must be in items\.parquet"):
        results.read_items(folder)
