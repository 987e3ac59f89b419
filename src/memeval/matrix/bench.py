"""Where one process runs cells, one after another: with a model, a dataset, and a lock a cell."""

import gc
import hashlib
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from memeval.atomic import check_writable, write_text
from memeval.errors import MemevalError, ModelError, OutputError
from memeval.matrix.cells import Cell, Context, Outcome, cell_folder
from memeval.matrix.data import Datasets
from memeval.matrix.identity import compared, describe
from memeval.matrix.teaching import Stores
from memeval.memories.base import load_memory
from memeval.models import Chats, Message, Stitches, TextModel, load_model
from memeval.results import FAILURE, META, write_cell
from memeval.runner import Report, examine
from memeval.types import Session

LOCKS = ".locks"


class Bench:
    """Keeps the model, the data and shared stores of earlier cells for the next one.

    With `several_models`, one that cannot be loaded fails its own cells; otherwise it is raised.
    """

    def __init__(
        self,
        context: Context,
        stores: Stores,
        *,
        force: bool = False,
        several_models: bool = False,
        on_note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._context = context
        self._force = force
        self._several_models = several_models
        self._on_note = on_note
        self._datasets = Datasets(context)
        self._stores = stores
        self._model: TextModel | None = None
        self._model_name: str | None = None
        self._unusable: dict[str, ModelError] = {}
        self._noted: set[str] = set()

    def run(self, cell: Cell, *, wait: bool, report: Report) -> Outcome:
        """Run a cell and write its four files, unless the same cell is already there.

        An error that is the cell's own is kept in `failure.txt` and returned. An error that would
        hit every cell (a place that cannot be written, data that changed) is raised. A cell that
        another process is at is awaited if `wait`, and otherwise returned as busy.
        """
        folder = cell_folder(self._context.runs_dir, cell)
        data = self._datasets.load(cell)
        try:
            model = self._model_for(cell)
        except ModelError as error:
            if not self._several_models:
                raise
            return _without_model(cell, folder, error)
        lock = FileLock(_lock_file(self._context.runs_dir, folder))
        start = time.perf_counter()
        try:
            with lock.acquire(timeout=-1 if wait else 0):
                outcome = self._run_locked(cell, data, model, report)
        except Timeout:
            return Outcome(cell, folder, busy=True)
        seconds = time.perf_counter() - start
        return Outcome(cell, folder, outcome.error, outcome.skipped, seconds=seconds)

    def _run_locked(
        self,
        cell: Cell,
        data: tuple[Session, str],
        model: TextModel,
        report: Report,
    ) -> Outcome:
        folder = cell_folder(self._context.runs_dir, cell)
        session, data_hash = data
        meta = describe(cell, self._context, (data_hash, session.prompt), model)
        if not self._force and is_done(folder, meta):
            return Outcome(cell, folder, skipped=True)
        try:
            memory = load_memory(
                cell.preset.memory, model=model, seed=cell.seed, **cell.preset.params
            )
            taught = self._stores.teach(cell, session, memory, report=report)
            reader = cell.preset.reader
            result = examine(session, memory, taught, model, reader=reader, report=report)
            finished = datetime.now(UTC).isoformat(timespec="seconds")
            write_cell(folder, result, {**meta, "finished": finished})
        except OutputError:
            raise
        except Exception as error:  # the cell boundary: one failure must not stop the others
            return failed(cell, folder, traceback.format_exc(), error)
        return Outcome(cell, folder)

    def _model_for(self, cell: Cell) -> TextModel:
        """Return the cell's model; it is loaded once, and so is one that cannot be.

        Raises:
            ModelError: it cannot be loaded, or cannot tell the cell's prompts.
        """
        if cell.model in self._unusable:
            raise self._unusable[cell.model]
        if self._model is None or self._model_name != cell.model:
            self._model = None
            gc.collect()  # two models at once may not fit
            context = self._context
            try:
                self._model = load_model(
                    cell.model,
                    cache_dir=context.cache_dir,
                    device=context.device,
                    batch_size=context.batch_size,
                    threads=context.threads,
                )
            except ModelError as error:
                self._unusable[cell.model] = error
                raise
            self._model_name = cell.model
        self._check_reader(cell, self._model)
        return self._model

    def _check_reader(self, cell: Cell, model: TextModel) -> None:
        """Refuse a style that the model cannot tell; say how it reads notes if not as asked."""
        if cell.preset.reader.style == "chat":
            if not isinstance(model, Chats):
                raise ModelError(
                    f"a reader in chat style needs a model that can chat, got {model.name!r} "
                    "without it; take --prompt-style completion"
                )
            model.render_chat([Message("user", "Are you there?")])
        if not isinstance(model, Stitches) and cell.preset.reader.kind == "kv":
            self._note(
                f"{model.name} reads notes as text: its keys cannot be moved to another place "
                "exactly"
            )

    def _note(self, text: str) -> None:
        """Tell the user something, once."""
        if text not in self._noted:
            self._on_note(text)
        self._noted.add(text)


def is_done(folder: Path, meta: dict[str, object]) -> bool:
    """Whether the folder holds this very cell.

    Raises:
        ConfigError: it holds the cell with other overrides.
    """
    if not (folder / META).is_file() or (folder / FAILURE).is_file():
        return False
    parts, changed = meta["identity_parts"], meta["overrides"]
    assert isinstance(parts, dict)
    assert isinstance(changed, dict)
    return compared(folder, parts, changed).kind == "done"


def _without_model(cell: Cell, folder: Path, error: ModelError) -> Outcome:
    """Return a failure; a result of the time when there was a model stays as it is."""
    if (folder / META).is_file():
        return Outcome(cell, folder, error=_first_line(error))
    return failed(cell, folder, "".join(traceback.format_exception(error)), error)


def failed(cell: Cell, folder: Path, text: str, error: Exception | None = None) -> Outcome:
    """Keep why a cell failed and return it as an outcome; without an error, the last line tells."""
    write_text(folder / FAILURE, text)
    line = _first_line(error) if error else text.strip().split("\n")[-1]
    return Outcome(cell, folder, error=line)


def _first_line(error: Exception) -> str:
    text = str(error).strip().split("\n")[0]
    return text if isinstance(error, MemevalError) else f"{type(error).__name__}: {text}"


def _lock_file(runs_dir: Path, folder: Path) -> Path:
    """Return a cell's lock. It lies apart and stays: one that is deleted can be held twice."""
    check_writable(runs_dir)
    locks = runs_dir / LOCKS
    locks.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(folder.relative_to(runs_dir)).encode()).hexdigest()[:16]
    return locks / f"{name}.lock"
