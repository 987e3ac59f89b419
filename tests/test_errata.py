"""Scores of a dataset some of whose golds are known to be wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from memeval import evaluate, load_results
from memeval.datasets.dataset import Data
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.results import CellResult, read_items, write_cell
from memeval.types import Event, Item, Query, Session

MODEL = ScriptedModel(lambda prompt: "Rome" if "Ann" in prompt.suffix else "Oslo")
META = {"identity": "same", "preset": "m", "suite": "s", "size": 4, "seed": 1, "config_hash": "c"}


def item(who: str, gold: str, fault: str = "", *corrected: str) -> Item:
    query = Query(f"q-{who}-{gold}", f"Where is {who}?", 1)
    return Item(query, (gold,), ("e1",), (), "s", fault=fault, corrected=corrected)


def measured(*sessions: tuple[Item, ...]) -> CellResult:
    """Return what a model finds that says Rome of Ann, and Oslo of all others."""
    told = (Event("e1", "Ann is in Rome.", 0),)
    held = [Session(f"s{i}", told, items) for i, items in enumerate(sessions)]
    data = Data(held, "", None, primary="exact_match")
    return evaluate(data, lambda: load_memory("bm25", model=MODEL), MODEL)


RIGHT, WRONG = item("Ann", "Rome"), item("Bob", "Lima")
MENDED = item("Ann", "Nice", "wrong city", "Rome")  # the answer is right if it is corrected
HOPELESS = item("Bob", "Oslo", "cites nothing")  # and here only as it was published


def test_items_with_a_fault_are_excluded_in_all_sessions() -> None:
    """Published: Rome and Oslo are right of four. Excluded: Rome is right of two."""
    scores = measured((RIGHT, MENDED), (WRONG, HOPELESS)).metrics["scores"]
    assert scores["exact_match"] == 2 / 4
    assert scores["exact_match_excluded"] == 1 / 2


def test_corrected_answers_are_what_counts_where_they_are_known() -> None:
    """Right, and right once corrected, of three: nobody knows what the fourth should be."""
    result = measured((RIGHT, MENDED), (WRONG, HOPELESS))
    assert result.metrics["scores"]["exact_match_corrected"] == pytest.approx(2 / 3)
    assert [one.scores["exact_match_corrected"] for one in result.items] == [1, 1, 0, None]


def test_nothing_is_corrected_where_no_answer_is_known() -> None:
    """The score is not there, instead of being the published one under another name."""
    scores = measured((RIGHT, HOPELESS)).metrics["scores"]
    assert "exact_match_excluded" in scores
    assert "exact_match_corrected" not in scores


def test_faults_are_counted_by_kind() -> None:
    """Each record tells its own, too."""
    result = measured((RIGHT, MENDED), (WRONG, HOPELESS))
    assert result.metrics["errata"] == {"n": 2, "kinds": {"cites nothing": 1, "wrong city": 1}}
    assert [one.fault for one in result.items] == [None, "wrong city", None, "cites nothing"]


def test_scores_of_a_dataset_without_faults_stay_as_they_are() -> None:
    """Neither scores nor counts are added; a correction of what has no fault is none."""
    metrics = measured((RIGHT, replace(WRONG, corrected=("Oslo",)))).metrics
    assert [name for name in metrics["scores"] if "exact_match_" in name] == []
    assert "errata" not in metrics


def test_scores_are_told_of_slices() -> None:
    """As every other score is."""
    slices = measured((RIGHT, MENDED)).metrics["slices"]
    assert slices["s"]["scores"]["exact_match_excluded"] == 1.0


def test_a_cell_with_faults_is_read_back(tmp_path: Path) -> None:
    """Its files agree with one another, as every reader of them checks."""
    result = measured((RIGHT, MENDED), (WRONG, HOPELESS))
    meta = META | {"model": {"name": "tiny"}, "config": {"limit": None}}
    write_cell(tmp_path / "m" / "tiny" / "s" / "4_1", result, meta)
    found = load_results(tmp_path)
    assert not found.holes
    assert found.cells["exact_match_excluded"].to_pylist() == [1 / 2]
    assert read_items(tmp_path / "m" / "tiny" / "s" / "4_1") == list(result.items)
