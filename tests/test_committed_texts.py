"""What is committed of data that may not be passed on: ids, scores, counts and times, no text."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cells
import pyarrow.parquet as pq
import pytest

from memeval.matrix.texts import CODE
from memeval.results import (
    ITEMS,
    META,
    METRICS,
    cell_folders,
    read_cell,
    read_items,
    without_texts,
    write_cell,
)
from memeval.results.cell import CellResult

ROOT = Path(__file__).parents[1]
COMMITTED = re.findall(r"^!(runs/[^/]+)/", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE)
"""Runs whose records git does not ignore."""
TEXTS = ("question", "answers", "prediction", "recalled_texts", "prompt")
WORDED = ("slice", "fault", "lost")
"""Columns of what memeval itself calls things, in a few words."""
OURS = {"command", "data", "machine"}
"""What a cell tells in words: how it was run and on what, but nothing of what that says."""


def is_private(folder: Path) -> bool:
    data = json.loads((folder / META).read_text("utf-8")).get("data") or {}
    return bool(data.get("private"))


def strings(content: Any) -> Iterator[str]:
    """Yield all texts of what JSON can hold, other than names and empty ones."""
    if isinstance(content, str):
        yield from [content] if content else []
    elif isinstance(content, Mapping):
        yield from (text for value in content.values() for text in strings(value))
    elif isinstance(content, list):
        yield from (text for value in content for text in strings(value))


def free_texts(folder: Path) -> list[str]:
    """Return what a cell's files hold that is neither an id nor a name of memeval's own."""
    meta, metrics = (json.loads((folder / name).read_text("utf-8")) for name in (META, METRICS))
    columns = pq.read_table(folder / ITEMS).to_pydict()
    names = [*metrics["slices"], *strings([columns.get(name) for name in WORDED])]
    codes = [metrics, {name: told for name, told in meta.items() if name not in OURS}]
    codes += [told for name, told in columns.items() if name not in (*TEXTS, *WORDED)]
    return [
        *strings([columns[name] for name in TEXTS]),
        *(code for code in strings(codes) if not CODE.fullmatch(code)),
        *(name for name in names if len(name) > 40),
    ]


@pytest.mark.parametrize("run", COMMITTED)
def test_no_committed_cell_holds_texts_of_others(run: str) -> None:
    """Each has the records of its items, so that a report of it can be made from a clone."""
    private = [folder for folder in cell_folders(ROOT / run) if is_private(folder)]
    assert [folder for folder in private if not (folder / ITEMS).is_file()] == []
    assert {str(folder): found for folder in private if (found := free_texts(folder))} == {}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return the folder of a cell without texts."""
    folder = cells.write(tmp_path, "memory/a", 3)
    stored = read_cell(folder)
    result = CellResult(tuple(read_items(folder)), stored.metrics)
    write_cell(folder, without_texts(result), stored.meta)
    return folder


def test_a_cell_without_texts_passes(bare: Path) -> None:
    """Its ids, slices and settings are no texts."""
    assert free_texts(bare) == []


@pytest.mark.parametrize("column", TEXTS)
def test_a_word_of_the_data_is_found(bare: Path, column: str) -> None:
    """In every column that holds words of the data elsewhere."""
    first, *rest = pq.read_table(bare / ITEMS).to_pylist()
    told = ["quokka"] if isinstance(first[column], list) else "quokka"
    cells.put_rows(bare, [first | {column: told}, *rest])
    assert free_texts(bare) == ["quokka"]


def test_a_sentence_is_found_where_ids_are(bare: Path) -> None:
    """A question as its own id would be passed on with it."""
    first, *rest = pq.read_table(bare / ITEMS).to_pylist()
    cells.put_rows(bare, [first | {"gold_events": ["She saw it."]}, *rest])
    assert free_texts(bare) == ["She saw it."]
