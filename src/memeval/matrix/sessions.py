"""One session of a cell: its memory made, measured, and closed."""

from dataclasses import dataclass, replace

from memeval.datasets.dataset import Data
from memeval.encoders import CachedEncoder
from memeval.evaluating import measure_session
from memeval.judging import Judge
from memeval.matrix.cells import Cell
from memeval.matrix.teaching import Stores
from memeval.matrix.texts import check_codes
from memeval.memories.checked import Checked
from memeval.memories.loading import load_memory
from memeval.models import TextModel
from memeval.runner import Report
from memeval.scoring.scorer import Scorer
from memeval.session_result import SessionResult
from memeval.types import Session


@dataclass(frozen=True, slots=True)
class Parts:
    """What all sessions of a cell are measured with."""

    cell: Cell
    data: Data
    model: TextModel
    memory_model: TextModel
    writer: TextModel | None
    encoder: CachedEncoder | None
    scorers: tuple[Scorer, ...]
    stores: Stores
    has_texts: bool
    judge: Judge | None = None


def run_one(parts: Parts, session: Session, report: Report) -> SessionResult:
    """Measure a session with an empty memory of the cell's preset.

    Raises:
        DataError: an id could hold text, and the cell is to hold none.
    """
    cell = parts.cell
    if not parts.has_texts:
        check_codes(session)
    before = parts.encoder.stats() if parts.encoder else {}
    memory = load_memory(
        cell.preset.memory,
        model=parts.memory_model,
        encoder=parts.encoder,
        writer=parts.writer,
        seed=cell.seed,
        **cell.preset.params,
    )
    result = measure_session(
        session,
        Checked(memory, cell.preset.memory),
        parts.model,
        prompt=parts.data.prompt,
        options=cell.preset.reader,
        scorers=parts.scorers,
        primary=parts.data.primary,
        teach=parts.stores.teacher(cell, session),
        judge=parts.judge,
        report=report,
    )
    after = parts.encoder.stats() if parts.encoder else {}
    encoded = {name: count - before[name] for name, count in after.items()}
    return replace(result, tally=replace(result.tally, encoder=encoded))
