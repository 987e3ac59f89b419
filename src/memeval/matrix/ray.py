"""Runs cells on a Ray cluster: actors that keep a model each, on nodes that share the run's folder.

Ray finds a place for every worker. Which cell it works on is the schedule's doing, and which
session of it the locks' in the run's folder, as between processes of one machine.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from memeval.atomic import remove_leftovers
from memeval.errors import ConfigError, first_line
from memeval.interruption import INTERRUPTION
from memeval.matrix import crew, endings
from memeval.matrix.cells import Context, Outcome
from memeval.matrix.ray_worker import News, Place, RayWorker, own_code
from memeval.matrix.schedule import Schedule, Task, Work
from memeval.matrix.watch import Watch
from memeval.matrix.worker import Message, order_for
from memeval.models.served.address import is_served

LOOK_S = 1.0
PATIENCE_S = 20.0  # for a place on the cluster, before it is said that there is none yet
CLOSING_S = 1.0  # for workers to remove what they keep on their nodes
GONE_S = 15.0  # for Ray to notice that a node is gone whose worker is
LIVES = 2
"""Workers that one cell may take with it, on nodes that live on, before it has failed."""
STILLBORN = 3
"""Workers in a row that may end before they are at work."""
WATCHING = "watching"
PASSED_ON = (
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TOKENIZERS_PARALLELISM"),
    *("HF_HOME", "HF_HUB_OFFLINE"),
    *("MEMEVAL_DATA_DIR", "MEMEVAL_CACHE_DIR", "MEMEVAL_BENCHMARKS_DIR"),
)
"""What workers find in their environment as it is here; keys of served models are not among it."""


@dataclass(eq=False)
class Worker:
    """An actor, what is awaited of it, and what is known of it."""

    number: int
    actor: Any
    ready: Any
    hired: float
    end: Any = None
    news: Any = None
    node: str | None = None
    call: str = ""
    task: Task | None = None
    deadline: float | None = None

    @property
    def awaited(self) -> list[Any]:
        """Return what the worker is still to answer."""
        return [one for one in (self.ready, self.end, self.news) if one is not None]

    def kill(self) -> None:
        """End the actor, wherever it is."""
        with suppress(Exception):  # its node is gone, or Ray itself
            import_module("ray").kill(self.actor)


@dataclass(frozen=True, slots=True)
class Ray:
    """An executor on the cluster at `address`, or on one of this machine alone.

    Each of its workers, as many as the cluster has room for unless told, takes as many CPUs as a
    cell has threads, and so many `gpus`: one unless told, where the cluster has any, and models are
    neither to run on the CPU nor all served elsewhere.
    """

    workers: int | None = None
    address: str | None = None
    gpus: float | None = None

    def run(self, work: Work, context: Context, *, force: bool, watch: Watch) -> list[Outcome]:
        """Return what became of every cell, in their order.

        Raises:
            ConfigError: Ray is not installed or not reached, or a node lacks what a worker needs.
        """
        check_installed()
        # Workers keep stores on their own node, so that nothing of this machine is told them.
        order = order_for(work, context, Path(), force=force)
        with connected(self.address) as ray, shown_folder(context.runs_dir) as token:
            each = self._each(ray, work, context)
            room = rooms(ray.nodes(), each)
            staff = Crew(Schedule(work), context, order, watch, ray=ray, each=each, token=token)
            wanted = max(1, min(self.workers or room, sum(work.sessions)))
            if room < wanted:
                watch.on_note(f"the cluster has room for {room} of {wanted} workers now")
            with INTERRUPTION.put_away(staff.dismiss):
                staff.workers += [staff.hire(number) for number in range(wanted)]
                while staff.schedule.is_open:
                    staff.listen()
        return [staff.schedule.outcomes[i] for i in range(len(work.cells))]

    def _each(self, ray: Any, work: Work, context: Context) -> dict[str, float]:
        """Return what every worker asks of its node."""
        gpus = self.gpus
        if gpus is None:
            has_any = bool(ray.cluster_resources().get("GPU"))
            is_local = not all(is_served(cell.model) for cell in work.cells)
            wanted = has_any and is_local if context.device == "auto" else context.device != "cpu"
            gpus = float(wanted)
        return {"CPU": context.threads, "GPU": gpus}


@dataclass
class Crew(crew.Crew[Worker]):
    """The actors of a run. None has a task before it is alive, so that none waits for a place."""

    ray: Any = None
    each: dict[str, float] = field(default_factory=dict)
    token: Path = Path()
    deaths: Counter[int] = field(default_factory=Counter)
    stillborn: int = 0

    def hire(self, number: int) -> Worker:
        """Ask the cluster for a place for a worker."""
        kind = self.ray.remote(
            num_cpus=self.each["CPU"],
            num_gpus=self.each["GPU"],
            max_restarts=0,
            concurrency_groups={WATCHING: 1},
            runtime_env={"env_vars": {k: os.environ[k] for k in PASSED_ON if k in os.environ}},
        )(RayWorker)
        actor = kind.remote(self.order, self.token, str(Path.cwd()))
        return Worker(number, actor, actor.place.remote(), time.monotonic())

    def send(self, worker: Worker, task: Task) -> None:
        """Hand a task to an actor, and ask for news of it."""
        worker.end = worker.actor.run.remote(task)
        self._ask(worker)

    def assign(self, worker: Worker) -> None:
        """Hand out the next task to a worker that is alive."""
        if worker.ready is None:
            super().assign(worker)

    def call_of(self, worker: Worker) -> str:
        """Return what the last news told."""
        return worker.call

    def listen(self) -> None:
        """Take in what workers say, which of them have died, and whose time is over."""
        awaited = {ref: worker for worker in self.workers for ref in worker.awaited}
        heard, _ = self.ray.wait(list(awaited), num_returns=1, timeout=LOOK_S)
        for ref in heard:
            if awaited[ref] in self.workers:
                self._hear(awaited[ref], ref)
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.deadline is not None and worker.deadline <= now:
                assert self.context.timeout_s is not None
                self.replace(worker, endings.late(self.context.timeout_s, self.whereabouts(worker)))
        if all(w.ready is not None and w.hired + PATIENCE_S < now for w in self.workers):
            self._tell_no_place()

    def dismiss(self) -> None:
        """End all actors, whatever they are at; a session half done is not kept."""
        alive = [worker.actor for worker in self.workers if worker.ready is None]
        with suppress(Exception):  # some may be gone
            watching = {"concurrency_group": WATCHING}
            closing = [actor.close.options(**watching).remote() for actor in alive]
            self.ray.wait(closing, num_returns=len(closing), timeout=CLOSING_S)
        for worker in self.workers:
            worker.kill()
        remove_leftovers(self.context.runs_dir)

    def assign_idle(self, first: Worker) -> None:
        """Give work to whoever has none; one that is new is among the workers from now on."""
        if first not in self.workers:
            self.workers.append(first)
        super().assign_idle(first)

    def _hear(self, worker: Worker, ref: Any) -> None:
        """Take in one answer of a worker, or its death."""
        try:
            said = self.ray.get(ref)
        except self.ray.exceptions.RayActorError as error:
            self._lose(worker, error)
            return
        if ref == worker.ready:
            self._welcome(worker, said)
        elif ref == worker.news:
            self._take_news(worker, said)
        else:
            worker.end = worker.news = None
            self._take_all(worker, said)

    def _welcome(self, worker: Worker, place: Place) -> None:
        """Give a worker that has come to life its first task.

        Raises:
            ConfigError: it lives where cells cannot be run as they are here.
        """
        check_place(place, self.context.runs_dir)
        worker.ready, worker.node, self.stillborn = None, place.node, 0
        self.assign(worker)

    def _take_news(self, worker: Worker, news: News) -> None:
        worker.call = news.call
        self._ask(worker)
        self._take_all(worker, news.messages)

    def _take_all(self, worker: Worker, messages: tuple[Message, ...]) -> None:
        for message in messages:
            self.take(worker, message)

    def _ask(self, worker: Worker) -> None:
        worker.news = worker.actor.news.options(concurrency_group=WATCHING).remote()

    def _lose(self, worker: Worker, error: Exception) -> None:
        """Go on without a worker that has died; its cell too, unless it takes workers with it.

        Raises:
            ConfigError: none comes to life.
        """
        if worker.ready is not None:
            self._count_stillborn(error)
        reason = endings.died(None, self.whereabouts(worker)) if worker.task else ""
        if worker.task and not self._is_node_gone(worker.node):
            self.deaths[worker.task.cell] += 1
        if worker.task is None or self.deaths[worker.task.cell] < LIVES:
            self.schedule.put_back(worker)
        self.replace(worker, reason)

    def _count_stillborn(self, error: Exception) -> None:
        self.stillborn += 1
        if self.stillborn >= STILLBORN:
            raise ConfigError(
                "every node of the cluster must have this Python, memeval and your plugins, got a "
                f"worker that does not come to life: {first_line(error)}; install the same on all"
            ) from error

    def _is_node_gone(self, node: str | None) -> bool:
        """Whether a worker's node is gone; Ray may notice that later than the worker's death."""
        until = time.monotonic() + GONE_S
        while node in {one["NodeID"] for one in self.ray.nodes() if one["Alive"]}:
            if time.monotonic() > until:
                return False
            time.sleep(0.5)
        return True

    def _tell_no_place(self) -> None:
        text = ", ".join(f"{count:g} {name}" for name, count in self.each.items() if count)
        note = f"no node of the cluster has {text} free for a worker; it waits for one"
        if note not in self.told:
            self.watch.on_note(note)
        self.told.add(note)


def check_installed() -> None:
    """Raise `ConfigError` where there is no Ray."""
    if find_spec("ray") is None:
        raise ConfigError(
            "--engine ray must have Ray beside it, got an environment without; "
            "pip install 'memeval-bench[ray]', or leave --engine out"
        )


def check_place(place: Place, runs_dir: Path) -> None:
    """Refuse a node on which a cell would be another, or its results be lost.

    Raises:
        ConfigError: its memeval is another one, or it does not see the run's folder.
    """
    if place.code != own_code():
        raise ConfigError(
            "every node of the cluster must have the same memeval, got another one on node "
            f"{place.node}; install this version there"
        )
    if not place.sees_run:
        raise ConfigError(
            "every node of the cluster must see the folder of the run, got one that does not: "
            f"{place.node}; name a shared folder in place of {str(runs_dir)!r} by --outdir"
        )


def rooms(nodes: list[dict[str, Any]], each: dict[str, float]) -> int:
    """Return how many workers the living nodes have room for, as long as nobody else is there."""
    living = [node["Resources"] for node in nodes if node["Alive"]]
    wanted = {name: count for name, count in each.items() if count}
    return sum(
        int(min(node.get(name, 0) // count for name, count in wanted.items())) for node in living
    )


@contextmanager
def connected(address: str | None) -> Iterator[Any]:
    """Give Ray, connected to a cluster; one that was connected before stays so.

    Raises:
        ConfigError: the cluster is not reached.
    """
    ray: Any = import_module("ray")
    if ray.is_initialized():
        yield ray
        return
    is_alone = address is None and "RAY_ADDRESS" not in os.environ
    more = {"include_dashboard": False} if is_alone else {}
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", **more)
    except Exception as error:
        raise ConfigError(
            f"--address must name a Ray cluster that can be reached, got {address!r} and "
            f"{type(error).__name__}: {first_line(error)}; see what `ray status` tells"
        ) from error
    INTERRUPTION.hear()
    with INTERRUPTION.put_away(ray.shutdown):
        yield ray


@contextmanager
def shown_folder(runs_dir: Path) -> Iterator[Path]:
    """Give a file in the run's folder, by which a node tells whether it sees that folder."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(prefix=".ray-", dir=runs_dir) as file:
        yield Path(file.name).absolute()
