"""Taught stores that several cells share: presets that differ only in how the model reads."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from memeval.errors import PluginError
from memeval.matrix.cells import Cell, resolved_params
from memeval.memories.checked import Checked
from memeval.runner import Report, Taught, Teach, stages, teach_events
from memeval.types import Event, Session


def teaching_of(cell: Cell) -> tuple[object, ...]:
    """Return what decides a taught store; cells that share it differ in how the model reads."""
    params = json.dumps(resolved_params(cell.preset), sort_keys=True)
    return (cell.model, cell.dataset, cell.preset.memory, params)


class Stores:
    """Keeps the shared stores of a dataset on disk, and fills memories of later cells with them.

    A later cell gets a memory of its own: what one that was asked before holds in its caches would
    make the answers come faster. What lies in `scratch` is left to whoever gave that folder.
    """

    def __init__(self, shared: frozenset[object], scratch: Path) -> None:
        self._shared = shared
        self._dataset: object = None
        self._kept: dict[object, tuple[Path, Taught]] = {}
        self._scratch = scratch

    def teacher(self, cell: Cell, session: Session) -> Teach:
        """Return what teaches a memory a session: its stream, or the store of an earlier cell.

        A session that is asked questions before its stream ends is taught every time.
        """
        teaching = teaching_of(cell)
        if teaching not in self._shared or len(stages(session)) > 1:
            return teach_events
        if self._dataset != cell.dataset:
            self._empty(cell.dataset)

        def teach(events: Sequence[Event], memory: Checked, report: Report) -> Taught:
            if not memory.is_shareable:
                return teach_events(events, memory, report)
            key = (teaching, session.id)
            if key in self._kept:
                return _loaded(memory, *self._kept[key], cell)
            taught = teach_events(events, memory, report)
            self._keep(key, memory, taught)
            return taught

        return teach

    def _keep(self, key: object, memory: Checked, taught: Taught) -> None:
        folder = Path(mkdtemp(dir=self._scratch), "store")
        memory.save(folder)
        self._kept[key] = (folder, taught)

    def _empty(self, dataset: object) -> None:
        for folder, _ in self._kept.values():
            shutil.rmtree(folder.parent, ignore_errors=True)
        self._dataset = dataset
        self._kept.clear()


def _loaded(memory: Checked, folder: Path, taught: Taught, cell: Cell) -> Taught:
    """Fill a memory with a store that another one saved.

    Raises:
        PluginError: it is another store then.
    """
    memory.load(folder)
    if memory.fingerprint() != taught.fingerprint:
        raise PluginError(
            f"a memory must load the store that it saved, got another fingerprint from "
            f"{cell.preset.memory}; mend its save or load"
        )
    return taught
