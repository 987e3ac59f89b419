"""A model that judges answers, and is itself measured by answers that are known right or wrong."""

from memeval.judging.controls import CONTROLS, measure_controls
from memeval.judging.judge import JUDGE, RUBRIC, Judge, Verdict
from memeval.judging.prompts import prompts_digest

__all__ = [
    "CONTROLS",
    "JUDGE",
    "RUBRIC",
    "Judge",
    "Verdict",
    "measure_controls",
    "prompts_digest",
]
