"""Opens again the data that a finished cell was measured on, for what its records only name.

Nothing is written, and what is opened is believed only where it has the digest that the cell tells.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.datasets.dataset import Built, Data, Dataset
from memeval.datasets.folder import Folder
from memeval.datasets.generated import Generated
from memeval.errors import DataError
from memeval.matrix.data import is_own_dataset, open_checked, opening, tried
from memeval.matrix.identity import digest
from memeval.outside import shown
from memeval.reader import QUESTION_ANSWERING, as_text
from memeval.registry import SUITES
from memeval.reporting.source import Retell, Source
from memeval.results import StoredCell
from memeval.scoring.intervals import Key
from memeval.suites.choosing import dataset_named
from memeval.types import Item, PromptFormat


@dataclass(frozen=True, slots=True)
class _Told:
    """What is taken of a dataset: its digest, its prompt, gold events and questions as told."""

    digest: str
    prompt: PromptFormat | None
    events: Mapping[Key, str]
    questions: Mapping[Key, str]


def reopened(cell: StoredCell) -> Source:
    """Return what a cell's dataset tells, if it is at hand and still what was measured.

    Raises:
        MemevalError: it is not.
    """
    meta = cell.meta
    dataset = _dataset(meta)
    told = _read(dataset) if _is_own(dataset) else tried(dataset, _read)
    if told.digest != meta.get("dataset_sha256"):
        raise DataError(
            f"data must still be what was measured, got another digest of suite "
            f"{shown(dataset.suite)}; restore it, or run the cell again"
        )
    form = digest(told.prompt.wording() if told.prompt else {})
    return Source(told.events, _retell(told) if form == meta.get("prompt_hash") else None)


def _dataset(meta: Mapping[str, Any]) -> Dataset:
    """Return the dataset of a cell, by its suite's name or from where its data was."""
    suite, size, seed = meta["suite"], meta["size"], meta["seed"]
    data = meta.get("data") or {}
    asked = str(data.get("asked") or "")
    options = data.get("options")
    if asked.partition(":")[0] in SUITES.names():  # and no file with code that a run may name
        return dataset_named(asked, size, seed, **options if isinstance(options, dict) else {})
    source = str(data.get("source") or meta.get("data_folder") or "")
    is_there = bool(source) and os.path.exists(source)  # noqa: PTH110 - a name of any kind
    if suite in SUITES.names():
        return dataset_named(f"{suite}:{source}" if is_there else suite, size, seed)
    if not is_there:
        raise DataError(
            f"data must lie where it was measured, got {shown(source or suite)}; put it back there"
        )
    return Folder.at(Path(source), size=size, seed=seed)


def _is_own(dataset: Dataset) -> bool:
    """Whether its class, and what generates it, come with memeval."""
    suite = SUITES.plugins().get(dataset.suite)
    return is_own_dataset(dataset) and (suite is None or suite.is_own)


def _read(dataset: Dataset) -> _Told:
    data = _data(dataset)
    events: dict[Key, str] = {}
    questions: dict[Key, str] = {}
    with opening(dataset):  # sessions may be read only now
        for session in data.sessions:
            gold = {id_ for item in session.items for id_ in item.gold_events}
            events |= {(session.id, e.id): e.told() for e in session.events if e.id in gold}
            questions |= {(session.id, item.query.id): _asked(item) for item in session.items}
    return _Told(data.digest, data.prompt, events, questions)


def _data(dataset: Dataset) -> Data:
    if isinstance(dataset, Generated):
        return dataset.peek()
    if isinstance(dataset, Built) and not dataset.is_built():
        raise DataError(
            f"data is not built for a report, got none of suite {shown(dataset.suite)}; build it"
        )
    return open_checked(dataset)


def _asked(item: Item) -> str:
    """Return a question as it is read; a walk's is that of its first decision, without a date."""
    return item.query.text if item.navigation else item.query.told()


def _retell(told: _Told) -> Retell:
    form = told.prompt or QUESTION_ANSWERING
    frame = as_text(form)

    def retell(key: Key, notes: Sequence[str]) -> str:
        lines = "".join(form.note.format(text=note) for note in notes)
        return frame.prefix + lines + frame.suffix(told.questions[key], has_notes=bool(notes))

    return retell
