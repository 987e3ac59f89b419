"""The data of a finished cell, opened again for what its records only name."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval import reopening, trial
from memeval.errors import DataError, PluginError
from memeval.reopening import reopened
from memeval.reporting import items, load
from memeval.reporting.source import Source
from memeval.results import StoredCell, cell_folders, read_cell, read_items
from memeval.suites.choosing import dataset_named
from memeval.suites.own import generate
from memeval.trial import TRIAL

Run = Callable[..., Any]
MINE = """
import os, time
from memeval import Event, InMemory, Item, Query, Session

class Opens:
    suite, size, seed = "mine", 1, 0
    def open(self):
        {act}

class Mine:
    prompt, primary = None, "exact_match"
    def dataset(self, **options):
        return Opens()
"""


def measured(memeval: Run, *words: str) -> StoredCell:
    """Measure something on the fake model, and return the cell."""
    done = memeval("eval", "--model", "scripted", "--date", "t", *words)
    assert done.code == 0, done.err
    [folder] = cell_folders(Path("runs/t"))
    return read_cell(folder)


@pytest.fixture
def spatial(memeval: Run) -> StoredCell:
    """Return a cell of questions and walks."""
    return measured(memeval, "--suite", "spatial", "--size", "20", "--preset", "baselines/rag")


def test_prompts_told_again_are_those_that_were_read(spatial: StoredCell) -> None:
    """To the letter, walks' first decisions among them."""
    retell = reopened(spatial).retell
    assert retell is not None
    records = read_items(spatial.folder)
    again = [
        retell((one.session, one.query_id), one.recalled_texts[: one.traces_read][::-1])
        for one in records
    ]
    assert again == [one.prompt for one in records]
    assert any(one.steps for one in records)


def test_gold_events_have_their_texts(spatial: StoredCell) -> None:
    """Each as it was told, by the session and the id that the records name."""
    texts = {event.id: event.text for event in generate("spatial", size=20, seed=1337).events}
    events = reopened(spatial).events
    golds = [(one.session, id_) for one in read_items(spatial.folder) for id_ in one.gold_events]
    assert golds
    assert [events[key] for key in golds] == [texts[id_] for _, id_ in golds]


def test_nothing_is_written(spatial: StoredCell) -> None:
    """What is generated and not there is made in memory, and has the same digest."""
    shutil.rmtree("data")
    assert reopened(spatial).events
    assert not Path("data").exists()


def test_data_of_ones_own_is_found_where_it_was(memeval: Run, workplace: Path) -> None:
    """A folder that was moved away, or changed, is told as such."""
    own = workplace / "own"
    own.mkdir()
    (own / "events.jsonl").write_text('{"id": "e1", "text": "Here.", "speaker": "Nora"}\n')
    item = '{"question": "Where?", "answers": ["here"], "gold_events": ["e1"]}\n'
    (own / "items.jsonl").write_text(item)
    cell = measured(memeval, "--suite", "./own", "--preset", "baselines/core")
    assert list(reopened(cell).events.values()) == ["Nora: Here."]
    (own / "items.jsonl").write_text(item.replace("Where", "Who"))
    with pytest.raises(DataError, match="still be what was measured, got another digest"):
        reopened(cell)
    own.rename(workplace / "away")
    with pytest.raises(DataError, match=r"must lie where it was measured, got '.*own'"):
        reopened(cell)


def test_another_form_of_prompts_is_not_taken_for_that_which_was_read(spatial: StoredCell) -> None:
    """The texts of events are the data's all the same."""
    changed = StoredCell(spatial.folder, {**spatial.meta, "prompt_hash": "other"}, {})
    assert reopened(changed).retell is None
    assert reopened(changed).events


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("os._exit(0)", "ended its process with 0"),
        ("time.sleep(600)", "has not ended after 8 seconds"),
        ("raise SystemExit", "got SystemExit"),
    ],
)
def test_data_of_others_can_neither_end_nor_hold_up_a_report(
    spatial: StoredCell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, told: str
) -> None:
    """It is opened in a process of its own first."""
    monkeypatch.undo()
    monkeypatch.setattr(TRIAL, "is_wanted", True)
    monkeypatch.setenv(trial.LIMIT, "8")
    (tmp_path / "mine.py").write_text(MINE.replace("{act}", act))
    mine = dataset_named(f"{tmp_path}/mine.py:Mine")
    monkeypatch.setattr(reopening, "dataset_named", lambda *_: mine)
    with pytest.raises(PluginError, match=told):
        reopened(StoredCell(tmp_path, spatial.meta, {}))


def test_a_report_says_once_why_gold_events_have_no_texts(tmp_path: Path) -> None:
    """Whatever is raised, both presets are browsed, by the ids of their gold events."""

    def broken(_cell: StoredCell) -> Source:
        raise RuntimeError("no \x1b[31mdata")

    for preset in ("baselines/core", "memory/x"):
        cells.write(tmp_path, preset, 3)
    browsed = items.collect(load.load_real(tmp_path).rows, broken)
    assert browsed.note.count("told by their ids alone: no \ufffd[31mdata.") == 1
    texts, [first, *_] = browsed.content["texts"], browsed.content["questions"]
    assert [(texts[id_], text) for id_, text in first[-1]] == [("e0", None)]
