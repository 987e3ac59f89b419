"""The four files of a cell."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cells
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from goldens import assert_golden

from memeval import results
from memeval.errors import DataError
from memeval.metrics import summarize
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
    assert_golden("items_schema.txt", results.schema(STANDARD).to_string() + "\n")


@pytest.mark.golden
def test_the_metrics_are_golden() -> None:
    """Names and nesting of metrics.json are a contract."""
    assert_golden("metrics.json", results.to_json(cells.cell(5).metrics))


@pytest.mark.golden
def test_the_table_of_metrics_is_golden() -> None:
    """metrics.csv says the same, a metric a line."""
    assert_golden("metrics.csv", results.to_csv(cells.cell(5).metrics))


def test_no_text_splits_a_row_of_the_table() -> None:
    """A score may be named with a bare CR, which readers of CSV take for the end of a line."""
    metrics = {"scores": {"a\rb": 0.5, "c\nd": 1.0, 'e"\r\n,f': None}, "read_as": "text\r"}
    rows = list(csv.reader(io.StringIO(results.to_csv(metrics), newline="")))
    told = [[f"scores.{name}", str(v or "")] for name, v in metrics["scores"].items()]  # type: ignore[attr-defined]
    assert rows == [["metric", "value"], *told, ["read_as", "text\r"]]
    assert '"scores.a\rb",0.5\n' in results.to_csv(metrics)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_a_formula_in_the_table(text: str) -> None:
    """Text that would be calculated stands behind an apostrophe, and a negative figure does not."""
    rows = list(csv.reader(io.StringIO(results.to_csv({"primary": text, text: -1}), newline="")))
    assert rows[1:] == [["primary", f"'{text}"], [f"'{text}", "-1"]]


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


def bad_text(table: pa.Table) -> pa.Table:
    """Put what is no UTF-8 into the questions, as a flipped bit does."""
    length = table.num_rows
    offsets = pa.array(range(length + 1), pa.int32()).buffers()[1]
    values = pa.StringArray.from_buffers(length, offsets, pa.py_buffer(b"\xff" * length))
    return table.set_column(table.column_names.index("question"), "question", values)


def scores_as_text(table: pa.Table) -> pa.Table:
    """Put words where figures belong."""
    place = table.column_names.index("exact_match")
    return table.set_column(place, "exact_match", table.column("exact_match").cast("string"))


def without_a_prediction(table: pa.Table) -> pa.Table:
    """Leave an answer empty."""
    place = table.column_names.index("prediction")
    return table.set_column(place, "prediction", pa.nulls(table.num_rows, pa.string()))


@pytest.mark.parametrize("spoil", [bad_text, scores_as_text, without_a_prediction])
def test_records_that_cannot_be_what_was_written_are_refused(
    tmp_path: Path, spoil: Callable[[pa.Table], pa.Table]
) -> None:
    """Also in a cell of before, which has no digest that would tell."""
    folder = cells.unseal(cells.write(tmp_path, "memory/x", 5))
    pq.write_table(spoil(pq.read_table(folder / "items.parquet")), folder / "items.parquet")
    with pytest.raises(DataError, match=r"items\.parquet"):
        results.read_items(folder)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("meta.json", b'"seed": 1', b'"seed": 2'),
        ("metrics.json", b'"n": 10', b'"n": 11'),
        ("metrics.csv", b"n,10", b"n,11"),
        ("items.parquet", b"parquet-cpp", b"parquet-cpq"),
    ],
)
def test_a_file_that_was_changed_is_named(
    tmp_path: Path, name: str, before: bytes, after: bytes
) -> None:
    """One character is enough, wherever it stands."""
    folder = cells.write(tmp_path, "memory/x", 5)
    content = (folder / name).read_bytes()
    assert before in content
    (folder / name).write_bytes(content.replace(before, after, 1))
    with pytest.raises(DataError, match=f"{name} is not as it was written"):
        results.read_cell(folder)


def test_a_table_that_says_something_else_is_damage_in_a_cell_of_before(tmp_path: Path) -> None:
    """It has no digest, and holds the same figures as the metrics."""
    folder = cells.unseal(cells.write(tmp_path, "memory/x", 5))
    content = (folder / "metrics.csv").read_bytes()
    (folder / "metrics.csv").write_bytes(content.replace(b"5", b"6", 1))
    with pytest.raises(DataError, match=r"metrics\.csv does not say what metrics\.json says"):
        results.read_cell(folder)


def test_pages_have_checksums(tmp_path: Path) -> None:
    """So that records are found damaged also where nobody compares digests."""
    folder = cells.write(tmp_path, "memory/x", 5)
    path = folder / "items.parquet"
    with pq.ParquetFile(path) as file:
        column = file.metadata.row_group(0).column(file.schema_arrow.names.index("question"))
    content = bytearray(path.read_bytes())
    content[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"records must be in items\.parquet"):
        results.read_items(folder)


@pytest.mark.parametrize(
    ("told", "damaged"),
    [
        ('"format": 3', '"forrmat": 3'),
        ('"format": 3', '"format": 2'),
        ('"sha256": {', '"sha257": {'),
    ],
)
def test_a_damaged_version_passes_for_no_older_cell(
    tmp_path: Path, told: str, damaged: str
) -> None:
    """Cells of before have no digests, but one that has them is held to them."""
    meta = cells.write(tmp_path, "memory/x", 5) / "meta.json"
    text = meta.read_text("utf-8")
    assert told in text
    meta.write_text(text.replace(told, damaged), "utf-8")
    with pytest.raises(DataError, match=r"meta\.json"):
        results.read_cell(meta.parent)


def test_cells_of_format_1_are_read_into_the_same_records(tmp_path: Path) -> None:
    """Right or wrong becomes 1 or 0, and exact match is the score that counts."""
    folder = cells.as_format_1(cells.write(tmp_path, "memory/x", 5))
    assert results.read_items(folder) == list(cells.cell(5).items)
    cell = results.read_cell(folder)
    assert (cell.primary, cell.score) == ("exact_match", 5 / 8)


def test_any_score_has_a_column_and_one_that_was_not_told_is_null(tmp_path: Path) -> None:
    """A scorer of one's own, with a name that has a point, which could not tell one item."""
    standard = dict.fromkeys(STANDARD, 0.0)
    told = cells.record(0, right=True, scores={**standard, "judge.v2": 0.25})
    silent = cells.record(1, right=True, scores={**standard, "judge.v2": None})
    metrics = summarized([told, silent], primary="judge.v2")
    assert metrics["scores"]["judge.v2"] == 0.25  # of the one that has it
    results.write_cell(tmp_path / "cell", results.CellResult((told, silent), metrics), {})
    assert results.read_items(tmp_path / "cell") == [told, silent]


def test_a_cell_without_items_keeps_its_columns(tmp_path: Path) -> None:
    """No record tells which scores there are; the metrics do."""
    metrics = summarized([], primary="judge")
    results.write_cell(tmp_path / "cell", results.CellResult((), metrics), {})
    columns = pq.read_schema(tmp_path / "cell" / results.ITEMS).names
    assert {*STANDARD, "scores.judge"} <= set(columns)


@pytest.mark.parametrize(("score", "right"), [(None, False), (0.49, False), (0.5, True), (1, True)])
def test_an_item_is_right_from_one_half_on(score: float | None, right: bool) -> None:
    """A graded score is cut where most of it is there."""
    assert results.is_right(score) is right


def test_results_of_two_scores_are_not_compared() -> None:
    """An F1 and an exact match are different quantities."""
    other = cells.cell(5, primary="f1")
    with pytest.raises(DataError, match="one primary score, got exact_match and f1"):
        results.shared_primary([cells.cell(5), other])


def summarized(records: Sequence[results.ItemRecord], primary: str) -> dict[str, Any]:
    """Return metrics of records without anything but scores."""
    return summarize(
        records,
        primary=primary,
        n_sessions=1,
        phases_ms={},
        peak_bytes=0,
        events=0,
        memory_stats={},
        writes={},
        read_as="text",
        kv_cache={},
    )
