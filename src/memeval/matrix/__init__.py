"""Many cells: plan them, skip what is done, run the rest, keep failures apart."""

from memeval.matrix.cells import Cell, Context, Outcome, cell_folder, plan
from memeval.matrix.estimate import Estimate, spoken
from memeval.matrix.executor import Executor
from memeval.matrix.forecast import basis_in, forecast, told
from memeval.matrix.identity import State, state_of
from memeval.matrix.run import check_plan, run_cells
from memeval.matrix.verify import Verdict, check_reference, verify
from memeval.matrix.watch import Step, Watch

__all__ = [
    "Cell",
    "Context",
    "Estimate",
    "Executor",
    "Outcome",
    "State",
    "Step",
    "Verdict",
    "Watch",
    "basis_in",
    "cell_folder",
    "check_plan",
    "check_reference",
    "forecast",
    "plan",
    "run_cells",
    "spoken",
    "state_of",
    "told",
    "verify",
]
