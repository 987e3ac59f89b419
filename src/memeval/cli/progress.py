"""What a run is at: what it has been told, and how that reads at any moment."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from memeval.matrix import Cell, Estimate, Outcome, Step, spoken
from memeval.matrix.estimate import Course, projected_s, settled

READ = "read"


@dataclass
class At:
    """What a worker is at, and since when by a clock: a cell, one of its sessions, a phase.

    `counts` are the steps of each phase of the session, `total` those that the present one has.
    """

    cell: Cell
    session: int
    sessions: int
    began: float
    phase: str = ""
    phase_began: float = 0.0
    total: int = 0
    items: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    reading_began: float | None = None
    last_answer: float = 0.0

    def take(self, step: Step, now: float) -> None:
        """Take in a step of this session."""
        if step.phase != self.phase:
            self.phase, self.phase_began = step.phase, now
        self.total = step.total
        self.counts[step.phase] += step.done
        if step.phase == READ:
            self.items = step.total
            self.reading_began = now if self.reading_began is None else self.reading_began
            self.last_answer = now if step.done else self.last_answer

    @property
    def is_read(self) -> bool:
        """Whether all questions of the session are answered."""
        return bool(self.items) and self.counts[READ] >= self.items

    def course(self, now: float) -> Course:
        """Return how far it has come; what comes before the first session is none of it."""
        if not self.sessions:
            return Course(self.cell, 0.0)
        whole_s = None
        if self.reading_began is not None and self.items:
            reading_s = self.last_answer - self.reading_began
            share = self.counts[READ] / self.items
            whole_s = projected_s(self.reading_began - self.began, reading_s, share)
        return Course(self.cell, now - self.began, whole_s, self.session, self.sessions)

    def told(self, now: float) -> str:
        """Say where in the cell it is, and for how long it has been at that."""
        where = f"session {self.session + 1}/{self.sessions} " if self.sessions > 1 else ""
        count = f" {self.counts[self.phase]}/{self.total}" if self.total else ""
        return f"{where}{self.phase}{count}, {now - self.phase_began:.0f} s"


class Board:
    """Keeps what a run tells, on the threads that tell it, for whoever draws it on another."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._estimate = Estimate()
        self._left: tuple[float | None, float] = (None, 0.0)
        self._doing, self._since = "", clock()
        self._at: dict[int, At | None] = {}
        self._waiting: list[Cell] = []
        self.total, self.done = 0, 0

    def on_doing(self, text: str) -> None:
        """Take in what the run is at while there are no workers."""
        with self._lock:
            self._doing, self._since = text, self._clock()

    def plan(self, total: int, undone: Sequence[Cell]) -> None:
        """Take in the cells of the run, and those of them that are not done."""
        with self._lock:
            self.total, self._waiting = total, list(undone)

    def on_step(self, worker: int, cell: Cell, step: Step) -> None:
        """Take in a step of a worker."""
        with self._lock:
            now, at = self._clock(), self._at.get(worker)
            if (
                at is None
                or at.cell != cell
                or (at.session, at.sessions) != (step.session, step.sessions)
            ):
                self._leave(worker)
                at = self._at[worker] = At(cell, step.session, step.sessions, now)
                self._waiting = [other for other in self._waiting if other != cell]
            at.take(step, now)

    def on_outcome(self, outcome: Outcome) -> None:
        """Count a cell that has come to its end."""
        with self._lock:
            self.done += 1
            for worker, at in self._at.items():
                if at is not None and at.cell == outcome.cell:
                    self._leave(worker)
            self._waiting = [other for other in self._waiting if other != outcome.cell]

    def _leave(self, worker: int) -> None:
        """Learn from a session that was read to its end; the worker is at nothing now."""
        at = self._at.get(worker)
        if at is not None and at.sessions and at.is_read:
            self._estimate.learn(at.cell, at.last_answer - at.began, 1 / at.sessions)
        self._at[worker] = None

    def left(self) -> str:
        """Say how long the rest will take, as far as that can be told."""
        with self._lock:
            now = self._clock()
            courses = [at.course(now) for at in self._at.values() if at is not None]
            if not courses and not self._waiting:
                return ""
            workers = max(1, len(self._at))
            fresh = self._estimate.remaining_s(self._waiting, workers, courses)
            shown, when = self._left
            self._left = (settled(shown, fresh, now - when), now)
            return "" if self._left[0] is None else f"about {spoken(self._left[0])} left"

    def lines(self) -> list[tuple[str, str]]:
        """Return what each worker is at: its cell, and where in it. Before that, what is done."""
        with self._lock:
            now = self._clock()
            if not any(self._at.values()) and self._doing and not self.done:
                return [(self._doing, f"{now - self._since:.0f} s")]
            return [(at.cell.name, at.told(now)) if at else ("", "") for at in self._at.values()]
