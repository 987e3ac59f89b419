"""What the cells of the committed run took, for a plan where nothing was measured yet.

`nox -s golden` writes the rates anew from the run. They are of another machine, so they come last.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from memeval.matrix.rates import Rate, measured, pooled
from memeval.results import METRICS

FILE = Path(__file__).with_name("shipped_rates.json")
MODEL = "smollm2"
"""The only model of the committed run."""
DIGITS = 4


def shipped_rate(preset: str, model: str, suite: str) -> Rate | None:
    """Return what a preset took on the embedded model in the committed run, None of any other."""
    return _rates().get(_key(preset, suite)) if model == MODEL else None


def rates_of(run: Path) -> dict[str, Rate]:
    """Return the rates of a run's presets on the embedded model, by preset and suite."""
    files: dict[str, list[Path]] = {}
    for file in sorted(run.rglob(f"{MODEL}/*/*/{METRICS}")):
        *preset, _, suite, _, _ = file.relative_to(run).parts
        files.setdefault(_key("/".join(preset), suite), []).append(file)
    found = {key: pooled([one for file in some for one in measured(file)])
             for key, some in files.items()}  # fmt: skip
    return {key: _rounded(rate) for key, rate in found.items() if rate}


def as_json(rates: Mapping[str, Rate]) -> str:
    """Return rates as the file has them."""
    told = {
        key: {n: v for n, v in asdict(rate).items() if n != "money"} for key, rate in rates.items()
    }
    return json.dumps(told, indent=1) + "\n"


@cache
def _rates() -> dict[str, Rate]:
    return {key: Rate(**rate) for key, rate in json.loads(FILE.read_text("utf-8")).items()}


def _key(preset: str, suite: str) -> str:
    return f"{preset} {suite}"


def _rounded(rate: Rate) -> Rate:
    numbers: dict[str, Any] = {
        name: None if one is None else float(f"{one:.{DIGITS}g}")
        for name, one in asdict(rate).items()
    }
    return Rate(**numbers)
