"""Measures a memory on one session, or on all of a dataset, without files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from memeval.config import ReaderOptions, reader_options
from memeval.datasets.dataset import PRIMARY, Data
from memeval.errors import ConfigError
from memeval.golds import with_room_for_golds
from memeval.judging import JUDGE, Judge, Verdict
from memeval.memories.checked import Checked
from memeval.memories.contract import Memory
from memeval.models import TextModel
from memeval.reader import QUESTION_ANSWERING, Reader
from memeval.results import CellResult
from memeval.runner import Report, SessionRun, Teach, quiet, run_session
from memeval.scoring.scorer import Scorer, load_scorers
from memeval.session_result import SessionResult, pool, score_session
from memeval.types import PromptFormat, Session


def evaluate(
    data: Session | Data,
    memory: Memory | Callable[[], Memory],
    model: TextModel,
    *,
    reader: str | ReaderOptions = "kv",
    report: Report = quiet,
) -> CellResult:
    """Measure an empty memory on a session, or one after another on the sessions of a dataset.

    The memory is taught the events, replays, and is then asked every question. Its store must be
    the same before and after the questions. For a dataset `memory` makes an empty one each time.

    Raises:
        ConfigError: no such reader, or one memory for several sessions.
        StoreChangedError: the store changed while it was questioned.
    """
    options = reader_options(reader) if isinstance(reader, str) else reader
    if isinstance(data, Session):
        data = Data([data], "", data.prompt, primary=PRIMARY)
    if isinstance(memory, Memory) and len(data.sessions) > 1:
        raise ConfigError(
            f"each session must have a memory of its own, got one for {len(data.sessions)}; give a "
            "function that makes one, as in lambda: load_memory(NAME, model=model)"
        )
    scorers = load_scorers(data.scorers)
    prompt = with_room_for_golds(data.prompt or QUESTION_ANSWERING, data.sessions, model)
    results = [
        measure_session(
            session,
            Checked(memory if isinstance(memory, Memory) else memory()),
            model,
            prompt=prompt,
            options=options,
            scorers=scorers,
            primary=data.primary,
            report=report,
        )
        for session in data.sessions
    ]
    return pool(results, primary=data.primary)


def measure_session(
    session: Session,
    memory: Checked,
    model: TextModel,
    *,
    prompt: PromptFormat | None,
    options: ReaderOptions,
    scorers: Sequence[Scorer],
    primary: str,
    teach: Teach | None = None,
    judge: Judge | None = None,
    report: Report = quiet,
) -> SessionResult:
    """Run and score one session with an empty memory, which is closed at the end.

    A `judge` gives scores of its own beside those of the scorers.

    Raises:
        StoreChangedError: the store changed while it was questioned.
        PluginError: memory, model or scorer broke its contract.
    """
    reader = Reader(model, prompt, options)
    try:
        run = run_session(session, memory, reader, teach=teach, report=report)
    finally:
        memory.close()
    verdicts, judging = _judged(run, judge) if judge else (None, {})
    run = replace(run, usage={**run.usage, **judging})
    return score_session(
        run,
        verdicts=verdicts,
        scorers=scorers,
        primary=primary,
        read_as="kv" if reader.stitched else "text",
        kv_cache=reader.cache_stats(),
    )


def _judged(
    run: SessionRun, judge: Judge
) -> tuple[list[Verdict], dict[str, Mapping[str, float | int | None]]]:
    """Return a verdict on each item that was asked, and what they cost."""
    reached = [one.reached for one in run.asked]
    answers = [None if one.generation.error else one.generation.text for one in reached]
    verdicts = judge.judge([one.item for one in reached], answers)
    used = judge.take_usage()
    return verdicts, {JUDGE: used} if used else {}
