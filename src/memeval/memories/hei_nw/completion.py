"""CA3: of what came up one event leads, and what belongs to it comes with it.

Retrieval is a few updates of a modern Hopfield network (Ramsauer et al. 2020, arXiv:2008.02217),
`x' = softmax(beta * patterns @ x) @ patterns`. Of unlike traces one wins; two tellings of one event
are a metastable state: both overlap with what is retrieved, and the newer of them holds.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from memeval.memories.hei_nw.keys import Floats, Ints
from memeval.memories.hei_nw.lexicon import unit_rows
from memeval.memories.hei_nw.replay import refers_back
from memeval.memories.hei_nw.store import StoredTrace

UPDATES = 4  # until a mixture of unlike traces has fallen into one of them
HELD = 0.95  # of the cue's evidence that a telling of an event holds, another holds too
REACH = 2
"""Traces apart within one episode: a question, what is said to it, and what is answered."""


def leader(
    fits: Floats, shares: Floats, patterns: Floats, times: Ints, *, beta: float, same: float
) -> int:
    """Return which of several traces leads: the newest telling of the event that fits best.

    `fits (traces,)`, falling, of which the first is above 0; `shares (traces,)` of the cue's
    evidence, as the newer telling must hold what the older does; `patterns (traces, units)`, unit
    vectors; `times (traces,)`; `same` is the overlap with what is retrieved, as a share of the
    largest, from which on a trace tells of the same event.
    """
    overlap = np.maximum(fits, 0) / fits[0]
    for _ in range(UPDATES):
        overlap = patterns @ unit_rows((_softmax(beta * overlap) @ patterns)[None])[0]
    holds = shares >= HELD * shares[overlap.argmax()]
    one_event = np.flatnonzero((overlap >= same * overlap.max()) & holds)
    return int(one_event[np.lexsort((one_event, -times[one_event]))][0])


def episodes(
    best: Sequence[StoredTrace], rest: Sequence[StoredTrace]
) -> Iterator[list[StoredTrace]]:
    """Yield the best traces as episodes, each in the order it was told, and the rest one by one.

    An episode stands where its best trace stands.
    """
    told: list[list[StoredTrace]] = []
    for trace in best:
        known = next((e for e in told if any(are_one_episode(trace, other) for other in e)), None)
        if known is None:
            told.append([trace])
        else:
            known.append(trace)
    for episode in told:
        yield sorted(episode, key=lambda trace: trace.position)
    yield from ([trace] for trace in rest)


def are_one_episode(one: StoredTrace, other: StoredTrace) -> bool:
    """Whether two traces are told as one: an exchange, one message, or a sentence and its next."""
    first, second = sorted((one, other), key=lambda trace: trace.position)
    if second.follows < 0 or second.position - first.position > REACH:
        return False
    if second.position == first.position + 1 and refers_back(second.text):
        return second.follows == first.position
    exchange = bool(first.speaker and second.speaker)
    return first.date == second.date and (exchange or first.events == second.events)


def _softmax(values: Floats) -> Floats:
    risen: Floats = np.exp(values - values.max())
    total: Floats = risen / risen.sum()
    return total
