"""What a judge is worth: its controls, and its agreement with the string scores, in cells of a run.

memeval eval --preset baselines/rag --suite locomo --size 50 --seed 1 --judge NAME --run judged
python benchmarks/judge.py runs/judged
"""

import argparse
from pathlib import Path
from typing import Any

from memeval.cli import render
from memeval.judging.controls import CONTROLS
from memeval.results import METRICS, read_cell


def main() -> None:
    """Print a row for each cell that a judge has scored."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    cells = [read_cell(path.parent) for path in sorted(parser.parse_args().run.rglob(METRICS))]
    rows = [
        (
            f"{cell.meta['suite']} {cell.metrics['n']}",
            *(_accepted(cell.metrics["judge"]["controls"][name]) for name in CONTROLS),
            str(cell.metrics["judge"]["unclear"]),
            *(_kappa(cell.metrics["judge"]["kappa"][name]) for name in ("exact_match", "contains")),
        )
        for cell in cells
        if "judge" in cell.metrics
    ]
    names = tuple(name.replace("_", " ") for name in CONTROLS)
    header = ("items", *names, "unclear", "kappa em", "kappa contains")
    render.table("accepted of each control", header, rows)


def _accepted(control: dict[str, Any]) -> str:
    share = control["accepted"]
    return "-" if share is None else f"{share:.2f} of {control['n']}"


def _kappa(told: dict[str, Any]) -> str:
    return f"{'-' if told['kappa'] is None else format(told['kappa'], '.2f')} of {told['n']}"


if __name__ == "__main__":
    main()
