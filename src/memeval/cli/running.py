"""What the commands that run cells share: settings, plan, progress, and how they end."""

import os
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date as calendar
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from memeval.cli import stopping
from memeval.interruption import INTERRUPTION

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from memeval.matrix import Cell, Context, Outcome, Step

SOME_FAILED = 1
LAST_PHASE = "read"
SETTLED = ("done", "reuse")
"""The states of cells on which no time is spent."""
QUIET_TRACKER = "ignore:resource_tracker:UserWarning"

Key = tuple[str, str, int]
"""Model, cell and session of a bar."""


def pin_threads(threads: int) -> None:
    """Set what numerical libraries read when they are first imported; workers inherit it.

    What `multiprocessing` removes after a worker that died, it removes without a word.
    """
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(threads)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    filters = [one for one in os.environ.get("PYTHONWARNINGS", "").split(",") if one]
    os.environ["PYTHONWARNINGS"] = ",".join(dict.fromkeys([*filters, QUIET_TRACKER]))


def context(
    *,
    date: str,
    outdir: Path | None,
    device: str,
    batch_size: int | None,
    limit: int | None,
    threads: int,
    encoder: str | None = None,
    writer: str | None = None,
    timeout_s: float | None = None,
) -> "Context":
    """Return what all cells of the command share.

    Raises:
        ConfigError: a date that leaves the folder.
        OutputError: a folder that cannot be written.
    """
    from memeval.atomic import check_writable
    from memeval.config import Settings, dated
    from memeval.matrix import Context
    from memeval.models import model_name
    from memeval.outside import encodable

    settings = Settings()
    runs_dir = dated(outdir or settings.runs_dir, date or calendar.today().isoformat())
    check_writable(runs_dir)
    return Context(
        runs_dir=runs_dir,
        cache_dir=settings.cache_dir,
        device=device,
        batch_size=batch_size,
        limit=limit,
        threads=threads,
        encoder=encoder,
        writer=model_name(writer) if writer else None,
        timeout_s=timeout_s,
        command=encodable(shlex.join(["memeval", *sys.argv[1:]])),
    )


def show_plan(cells: "Sequence[Cell]", context: "Context", *, force: bool) -> None:
    """Print every cell and what would become of it."""
    from memeval.cli import render
    from memeval.matrix import check_plan

    states = check_plan(cells, context, force=force)
    several = len({cell.model for cell in cells}) > 1
    header = ("preset", *(("model",) if several else ()), "suite", "size", "seed", "plan")
    rows = [
        (
            cell.preset.name,
            *((cell.model,) if several else ()),
            cell.suite,
            str(cell.size),
            str(cell.seed),
            f"{state.kind}: {state.why}" if state.why else state.kind,
        )
        for cell, state in zip(cells, states, strict=True)
    ]
    done = sum(state.kind == "done" for state in states)
    reused = sum(state.kind == "reuse" for state in states)
    counts = (
        f"{len(cells) - done - reused} to run, {f'{reused} to reuse, ' * bool(reused)}{done} done"
    )
    render.table(f"{len(cells)} cells: {counts}", header, rows)
    if done:
        render.note("the weights of a model are compared when its cells are run")


def run(
    cells: "Sequence[Cell]", context: "Context", *, workers: int, force: bool
) -> "list[Outcome]":
    """Run the cells under progress bars: one of all cells, one of each at work."""
    from memeval.cli import render
    from memeval.matrix import Watch, check_plan, run_cells

    states = check_plan(cells, context, force=force)
    changed = Counter(s.why for s in states if s.kind == "again" and not s.is_damaged)
    for why, count in changed.items():
        render.note(f"{count} {'cell runs' if count == 1 else 'cells run'} again: {why}")
    pending = [c for c, state in zip(cells, states, strict=True) if state.kind not in SETTLED]
    INTERRUPTION.hear()
    with render.progress("{task.fields[left]}") as display:
        shown = _Progress(display, len(cells), pending, workers)
        INTERRUPTION.words = lambda: stopping.line(
            stopping.kept(len(cells), shown._pending, context.runs_dir)
        )
        watch = Watch(shown.on_step, shown.on_outcome, render.note)
        return run_cells(cells, context, workers=workers, force=force, watch=watch)


class _Progress:
    """Draws the bars, and says after each cell how long the rest will take."""

    def __init__(
        self, display: "Progress", total: int, pending: "list[Cell]", workers: int
    ) -> None:
        from memeval.matrix import Estimate

        self._display = display
        self._pending = pending
        self._workers = workers
        self._estimate = Estimate()
        self._total, self._done = total, 0
        self._whole = display.add_task("cells", total=total, left="")
        self._bars: dict[Key, tuple[str, TaskID]] = {}

    def on_step(self, cell: "Cell", step: "Step") -> None:
        """Draw the phase of a session at work; of a cell of one session nothing else is said."""
        key = (cell.model, cell.name, step.session)
        if key not in self._bars or self._bars[key][0] != step.phase:
            self._remove(key)
            which = f"session {step.session + 1} of {step.sessions}, " if step.sessions > 1 else ""
            text = f"{cell.name}: {which}{step.phase}"
            self._bars[key] = (step.phase, self._display.add_task(text, total=step.total, left=""))
        bar = self._bars[key][1]
        self._display.advance(bar, step.done)
        is_over = any(task.id == bar and task.finished for task in self._display.tasks)
        if step.phase == LAST_PHASE and is_over:
            self._remove(key)

    def on_outcome(self, outcome: "Outcome") -> None:
        """Count a cell, and learn from how long it took."""
        cell = outcome.cell
        for key in [key for key in self._bars if key[:2] == (cell.model, cell.name)]:
            self._remove(key)
        self._pending = [other for other in self._pending if other != cell]
        if not outcome.skipped and not outcome.error:
            self._estimate.learn(cell, outcome.seconds)
        self._done += 1
        self._tell(outcome)

    def _tell(self, outcome: "Outcome") -> None:
        from memeval.cli import render
        from memeval.matrix import spoken

        seconds = self._estimate.remaining_s(self._pending, self._workers)
        left = f"about {spoken(seconds)} left" if seconds is not None and self._pending else ""
        self._display.update(self._whole, advance=1, left=left)
        if self._total > 1 and not outcome.skipped:
            state = "failed" if outcome.error else spoken(outcome.seconds)
            end = f", {left}" if left else ""
            render.told(f"{self._done}/{self._total} {outcome.cell.name}: {state}{end}")

    def _remove(self, key: Key) -> None:
        if key in self._bars:
            self._display.remove_task(self._bars.pop(key)[1])


def finish(outcomes: "Sequence[Outcome]", context: "Context") -> None:
    """Say what was skipped and what failed, and where the results are; exit 1 on a failure."""
    from memeval.cli import render
    from memeval.results import FAILURE

    skipped = sum(outcome.skipped for outcome in outcomes)
    if skipped:
        render.line(f"{skipped} cells were already done; --force runs them again")
    for outcome in outcomes:
        if outcome.error:
            render.line(f"failed: {outcome.cell.name}: {outcome.error}")
            if (outcome.folder / FAILURE).is_file():
                render.line(f"  traceback in {outcome.folder / FAILURE}")
    render.line(f"results in {context.runs_dir}")
    render.line(f"report: {report_command(context.runs_dir)}")
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(SOME_FAILED)


def report_command(runs_dir: Path) -> str:
    """Return what to type for the report of a run, wherever runs were told to lie."""
    from memeval.config import Settings

    root = runs_dir.parent
    usual = {Settings.model_fields["runs_dir"].default, Settings().runs_dir}
    where = [] if usual == {root} else ["--outdir", str(root)]
    return shlex.join(["memeval", "report", runs_dir.name, *where])
