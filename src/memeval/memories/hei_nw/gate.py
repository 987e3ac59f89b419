"""The write gate: what is surprising, new, rewarding or pinned is worth a trace."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw.params import GateParams
from memeval.types import Event

UNJUDGED = 1.0  # salience of everything while the gate is off


def salient_surprise(nats: npt.NDArray[np.float32], top_tokens: int) -> float:
    """Return the mean surprise in nats of the most surprising tokens; 0 for no tokens.

    The mean over all tokens does not separate facts from chatter, and the sum grows with length;
    the few most surprising tokens (names, things, places) do separate, at any length.
    """
    if not len(nats):
        return 0.0
    top = min(top_tokens, len(nats))
    return float(np.partition(nats, -top)[-top:].mean())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate decided on one event, and why."""

    salience: float
    write: bool


def judge(event: Event, surprise_nats: float, novelty: float, params: GateParams) -> Verdict:
    """Score an event; it is written if the score exceeds tau, or if it is pinned.

    With the gate off nothing is judged: all is written, and all is equally salient.
    """
    if not params.enabled:
        return Verdict(UNJUDGED, write=True)
    salience = (
        params.surprise * surprise_nats
        + params.novelty * novelty
        + params.reward * event.reward
        + params.pin * event.pin
    )
    return Verdict(salience, event.pin or salience > params.tau)
