"""Runs the cells of a plan in this process, one after another."""

from memeval.atomic import temporary_folder
from memeval.matrix.bench import Bench
from memeval.matrix.cells import Context, Outcome
from memeval.matrix.schedule import Schedule, Work
from memeval.matrix.teaching import Stores
from memeval.matrix.watch import Step, Watch

WORKER = 0


class Here:
    """An executor without workers; cells that another process is at come again at the end."""

    def run(self, work: Work, context: Context, *, force: bool, watch: Watch) -> list[Outcome]:
        """Return what became of every cell, in their order."""
        schedule = Schedule(work)
        with temporary_folder("memeval-stores-") as scratch:
            bench = Bench(
                context,
                Stores(work.shared, scratch),
                cells=work.cells,
                force=force,
                several_models=work.has_several_models,
                on_note=watch.on_note,
            )
            while task := schedule.next(WORKER):
                cell = work.cells[task.cell]

                def on_step(step: Step, index: int = task.cell) -> None:
                    watch.on_step(WORKER, work.cells[index], step)

                outcome = bench.run(cell, wait=task.wait, begun=task.begun, on_step=on_step)
                if ended := schedule.take(WORKER, outcome):
                    watch.on_outcome(ended)
        return [schedule.outcomes[i] for i in range(len(work.cells))]
