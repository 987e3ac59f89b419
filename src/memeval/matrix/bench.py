"""Where one process works on cells, session by session, with a model and the data at hand."""

import gc
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from memeval.datasets.dataset import Data
from memeval.encoders import is_own_encoder
from memeval.errors import MemevalError, OutputError, PluginError
from memeval.golds import out_of_reach, with_room_for_golds
from memeval.matrix.cells import Cell, Context, Outcome, cell_folder
from memeval.matrix.companions import Companions, model_named
from memeval.matrix.data import Datasets
from memeval.matrix.failures import check_answered, failed, without_model
from memeval.matrix.identity import State, compared, describe, holds_texts
from memeval.matrix.judged import with_controls
from memeval.matrix.kept import Kept
from memeval.matrix.sessions import Parts, run_one
from memeval.matrix.teaching import Stores
from memeval.matrix.texts import told_without_text, wanted_texts
from memeval.matrix.twins import Twins, taken_over
from memeval.matrix.watch import Step
from memeval.memories.contract import requirements
from memeval.memories.kinds import memory_class
from memeval.models import Stitches, TextModel, is_own_model
from memeval.models.served.model import ServedModel
from memeval.reader import QUESTION_ANSWERING, Reader
from memeval.results import FAILURE, META, StoredCell, copy_cell, without_texts, write_cell
from memeval.runner import Report
from memeval.scoring.scorer import load_scorers
from memeval.session_result import SessionResult, pool

OnStep = Callable[[Step], None]
Stamp = tuple[int, int] | None
WHOLE = "whole"
NAMED = 5
"""Items that a note names."""


class Bench:
    """Keeps the model, the data and shared stores of earlier cells for the next one.

    With `several_models`, one that cannot be loaded fails its own cells; otherwise it is raised.
    What the same cell has found under another name, in the run or among `cells`, is taken over,
    unless all are to run again with `force`. What should end in time, a session or the loading of
    somebody else's model or encoder, runs in `timed`.
    """

    def __init__(
        self,
        context: Context,
        stores: Stores,
        *,
        cells: Sequence[Cell] = (),
        force: bool = False,
        several_models: bool = False,
        on_note: Callable[[str], None] = lambda _: None,
        timed: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._context = context
        self._force = force
        self._several_models = several_models
        self._on_note = on_note
        self._timed = timed
        self._datasets = Datasets(context)
        self._stores = stores
        self._twins = Twins(context.runs_dir, cells)
        self._model: TextModel | None = None
        self._model_name: str | None = None
        self._unusable: dict[str, MemevalError] = {}
        self._companions = Companions(context)
        self._noted: set[str] = set()

    def run(
        self, cell: Cell, *, wait: bool, begun: bool = False, on_step: OnStep = lambda _: None
    ) -> Outcome:
        """Work on a cell, unless the same cell is already there, and write it once it is whole.

        An error that is the cell's own is kept in `failure.txt` and returned. An error that would
        hit every cell (a place that cannot be written, data that changed) is raised. A cell of
        which other processes are at what is left is awaited if `wait`, and otherwise returned as
        busy. A cell that was `begun` may be done by now, even where all cells are to run again.
        """
        folder = cell_folder(self._context.runs_dir, cell)
        on_step(Step("opening data"))
        data = self._datasets.open(cell)
        needs = requirements(memory_class(cell.preset.memory)).parts
        try:
            with nullcontext() if self._is_own(cell, needs) else self._timed():
                model = self._model_for(cell, on_step)
                companions = self._companions.identity(needs, model)
                meta = describe(cell, self._context, data, model, companions)
        except MemevalError as error:
            if not self._several_models:
                raise
            return without_model(cell, folder, error)
        start, wanted = time.perf_counter(), wanted_texts(data, self._context)
        if begun or not self._force:
            state = state_in(folder, meta, wanted)
            if state.kind == "done":
                return Outcome(cell, folder, skipped=True)
            if state.is_damaged:
                self._note(f"{cell.name} runs again, as {state.why}")
        kept = Kept(self._context.runs_dir, folder, str(meta["identity"]))
        before = _stamp(folder)
        has_texts = bool(meta["text_kept"])
        try:
            if not self._force and (twin := self._twins.find(folder, _is_same(meta, wanted))):
                return self._take_over(cell, meta, twin, kept, before)
            parts = self._parts(cell, data, model, needs, has_texts=has_texts)
            self._note_resumed(cell, kept, 0 if begun else len(data.sessions))
            if self._work(parts, kept, before, wait=wait, on_step=on_step):
                outcome = self._write(parts, meta, kept, before)
            else:
                outcome = Outcome(cell, folder, busy=True)
        except (OutputError, KeyboardInterrupt):
            raise
        except BaseException as error:  # the cell boundary: one failure must not stop the others
            text = traceback.format_exc() if has_texts else told_without_text(error)
            return failed(cell, folder, text, error)
        return replace(outcome, seconds=time.perf_counter() - start)

    def _is_own(self, cell: Cell, needs: tuple[str, ...]) -> bool:
        """Whether all that is loaded for a cell comes with memeval, which needs no time limit."""
        writer, encoder = self._context.writer, self._context.encoder
        judge, reads = self._context.judge, self._context.memory_model
        return (
            is_own_model(cell.model)
            and not ("model" in needs and reads and not is_own_model(reads))
            and not ("writer" in needs and writer and not is_own_model(writer))
            and (judge is None or is_own_model(judge))
            and not ("encoder" in needs and encoder and not is_own_encoder(encoder))
        )

    def _parts(
        self,
        cell: Cell,
        data: Data,
        model: TextModel,
        needs: tuple[str, ...],
        *,
        has_texts: bool,
    ) -> Parts:
        """Return what all sessions of a cell are measured with."""
        writer = self._companions.writer(model) if "writer" in needs else None
        encoder = self._companions.encoder() if "encoder" in needs else None
        data = self._with_room_for_golds(data, model)
        scorers, judge = load_scorers(data.scorers), self._companions.judge()
        if judge is not None and data.judged:
            data = replace(data, primary=data.judged)
        reads = self._companions.memory_model(model) if "model" in needs else model
        return Parts(
            cell, data, model, reads, writer, encoder, scorers, self._stores, has_texts, judge
        )

    def _with_room_for_golds(self, data: Data, model: TextModel) -> Data:
        """Let answers be as long as the golds; name the golds that are longer all the same."""
        prompt = with_room_for_golds(data.prompt or QUESTION_ANSWERING, data.sessions, model)
        if ids := out_of_reach(prompt, data.sessions, model):
            shorten = "" if data.private else "shorten them, or "  # what others published stays
            more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
            self._note(
                f"an answer of {model.name} may have {prompt.max_new_tokens} tokens, too few for "
                f"the golds of {', '.join(ids[:NAMED])}{more}; {shorten}take a prompt that "
                "gives more or a model with a longer window"
            )
        return replace(data, prompt=prompt)

    def _note_resumed(self, cell: Cell, kept: Kept, sessions: int) -> None:
        """Say how many sessions of a cell are there from before, and are not run again."""
        if before := sum(kept.has(index) for index in range(sessions)):
            self._note(
                f"{cell.name} goes on: {before} of {sessions} sessions are there from before"
            )

    def _work(
        self, parts: Parts, kept: Kept, before: Stamp, *, wait: bool, on_step: OnStep
    ) -> bool:
        """Run every session that is neither kept nor being run; return whether all are done."""
        sessions = parts.data.sessions
        folder = cell_folder(self._context.runs_dir, parts.cell)
        for index in range(len(sessions)):
            if kept.has(index):
                continue
            with kept.lock(str(index), wait=wait) as is_ours:
                if _stamp(folder) != before:  # the others have written the cell meanwhile
                    return True
                if is_ours and not kept.has(index):
                    if why := kept.damage(index):
                        self._note(f"{parts.cell.name}: a kept session runs again, as {why}")
                    report = _reporting(on_step, index, len(sessions))
                    with self._timed():
                        result = run_one(parts, sessions[index], report)
                    kept.write(index, result)
        return all(kept.has(index) for index in range(len(sessions)))

    def _write(self, parts: Parts, meta: dict[str, object], kept: Kept, before: Stamp) -> Outcome:
        """Write the four files of a cell whose sessions are all kept; the first to come does."""
        cell, data = parts.cell, parts.data
        folder = cell_folder(self._context.runs_dir, cell)
        with kept.lock(WHOLE, wait=True):
            if _stamp(folder) != before:
                return Outcome(cell, folder, skipped=True)
            found = [kept.read(index) for index in range(len(data.sessions))]
            _check_answered(kept, found)
            result = pool(found, primary=data.primary)
            if parts.judge is not None:
                self._on_note(f"{cell.name}: controls of the judge are asked")
                result = with_controls(result, parts.judge, data)
            result = result if parts.has_texts else without_texts(result)
            finished = datetime.now(UTC).isoformat(timespec="seconds")
            write_cell(folder, result, {**meta, "finished": finished})
            kept.clear()
        return Outcome(cell, folder)

    def _take_over(
        self, cell: Cell, meta: dict[str, object], twin: StoredCell, kept: Kept, before: Stamp
    ) -> Outcome:
        """Write a cell from the files of the same cell under another name."""
        folder = cell_folder(self._context.runs_dir, cell)
        with kept.lock(WHOLE, wait=True):
            if _stamp(folder) == before:
                copy_cell(twin.folder, folder, taken_over(meta, twin.meta))
                kept.clear()
                self._note(f"{cell.preset.name} takes over what {twin.meta['preset']} has found")
        return Outcome(cell, folder, skipped=True, reused=True)

    def _model_for(self, cell: Cell, on_step: OnStep) -> TextModel:
        """Return the cell's model; it is loaded once, and so is one that cannot be.

        Raises:
            ModelError: it cannot be loaded, or cannot tell the cell's prompts.
        """
        if cell.model in self._unusable:
            raise self._unusable[cell.model]
        if self._model is None or self._model_name != cell.model:
            if self._model is not None:
                self._model = None
                gc.collect()  # two models at once may not fit
            on_step(Step(f"loading model {cell.model}"))
            try:
                self._model = model_named(cell.model, self._context)
            except MemevalError as error:
                self._unusable[cell.model] = error
                raise
            self._model_name = cell.model
            if isinstance(self._model, ServedModel) and self._model.unscored:
                self._note(f"{cell.model} tells no log-probabilities: {self._model.unscored}")
        self._check_reader(cell, self._model)
        return self._model

    def _check_reader(self, cell: Cell, model: TextModel) -> None:
        """Refuse a style that the model cannot tell; say how it reads notes if not as asked."""
        Reader(model, None, cell.preset.reader)
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


def _check_answered(kept: Kept, found: Sequence[SessionResult]) -> None:
    """Refuse a cell with too many errors; its sessions that have some will run again.

    Raises:
        PluginError: there are too many.
    """
    try:
        check_answered(found)
    except PluginError:
        for index, session in enumerate(found):
            if any(record.error for record in session.records):
                kept.drop(index)
        raise


def _is_same(
    meta: Mapping[str, object], texts: bool | None
) -> Callable[[Mapping[str, object]], bool]:
    return lambda other: other.get("identity") == meta["identity"] and holds_texts(other, texts)


def _stamp(folder: Path) -> Stamp:
    """Return what changes when a cell is written."""
    try:
        told = (folder / META).stat()
    except OSError:
        return None
    return (told.st_mtime_ns, told.st_ino)


def _reporting(on_step: OnStep, index: int, count: int) -> Report:
    return lambda phase, done, total: on_step(Step(phase, done, total, index, count))


def state_in(folder: Path, meta: dict[str, object], texts: bool | None) -> State:
    """Tell whether a folder holds this very cell.

    Raises:
        ConfigError: it holds the cell with other overrides.
    """
    if not (folder / META).is_file() or (folder / FAILURE).is_file():
        return State("run")
    parts, changed = meta["identity_parts"], meta["overrides"]
    assert isinstance(parts, dict)
    assert isinstance(changed, dict)
    return compared(folder, parts, changed, texts)
