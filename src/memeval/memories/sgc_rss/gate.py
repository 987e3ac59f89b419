"""The relational gate: what is written at once, what is counted again, what waits for replay."""

from dataclasses import dataclass
from math import log1p
from typing import Literal

from memeval.memories.sgc_rss.params import GateParams

Verdict = Literal["insert", "aggregate", "route"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the gate knows of a fact: numbers from 0 to 1, and what the graph holds.

    `age` is how far its event lies behind the latest one, in ticks of time.
    """

    confidence: float
    fit: float
    age: int
    degree: int
    is_told: bool


def score(evidence: Evidence, params: GateParams) -> float:
    """Return `conf + schema fit + recency - degree penalty`, each by its weight.

    Recency halves with every half-life, and is 1 for a stream in order of time: facts are judged as
    they come. The penalty grows with the logarithm of the larger degree
    of the two entities, so that a hub does not draw in every weak fact that names it.
    """
    recency: float = 0.5 ** (max(0, evidence.age) / params.half_life)
    penalty = min(1.0, log1p(evidence.degree) / log1p(params.hub_degree))
    return (
        params.conf * evidence.confidence
        + params.schema_fit * evidence.fit
        + params.recency * recency
        - params.hub * penalty
    )


def judge(evidence: Evidence, params: GateParams) -> Verdict:
    """Decide on one fact. Nothing is dropped: what is routed waits in the episodic buffer."""
    if evidence.is_told:
        return "aggregate"
    return "insert" if score(evidence, params) >= params.tau else "route"
