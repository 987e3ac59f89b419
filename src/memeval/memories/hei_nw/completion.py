"""CA3 and CA1: a cue is completed to a whole episode, and what came up is compared with the cue.

Retrieval is a few updates of a modern Hopfield network (Ramsauer et al. 2020, arXiv:2008.02217),
`x' = softmax(beta * patterns @ x) @ patterns`. A pattern is a whole episode, so what the cue does
not say comes with what it does. Of unlike episodes one wins; two tellings of one event are a
metastable state: both overlap with what is retrieved, and the newer of them holds.

The comparison follows the view of CA1 as a detector of mismatch (Lisman and Grace 2005,
doi:10.1016/j.neuron.2005.05.002): a word of the cue that the memory knows, but that the episode
which came up does not hold, speaks against that episode.
"""

from dataclasses import dataclass

import numpy as np

from memeval.memories.hei_nw.evidence import Evidence, Floats, Ints
from memeval.memories.hei_nw.lexicon import unit_rows

UPDATES = 4  # until a mixture of unlike episodes has fallen into one of them


@dataclass(frozen=True, slots=True)
class Completion:
    """Episodes by how well they fit a cue, best first.

    `episodes (n,) int64`; `scores (n,)`, the share of the cue's evidence, falling; `mismatch`, the
    share of the cue's evidence that is known and missing from the first.
    """

    episodes: Ints
    scores: Floats
    mismatch: float


def complete(
    evidence: Evidence, *, episodes: Ints, times: Ints, beta: float, same: float
) -> Completion:
    """Complete a cue from candidates with the given episodes and times, `(candidates,)` each.

    `same` is the overlap with the retrieved pattern, as a share of the largest, from which on an
    episode tells of the same event.
    """
    names, member_of = np.unique(episodes, return_inverse=True)
    matches = np.zeros((len(names), len(evidence.gains)), np.float32)
    np.maximum.at(matches, member_of, evidence.matches.T)
    patterns = np.zeros((len(names), evidence.keys.shape[1]), np.float32)
    np.add.at(patterns, member_of, evidence.keys)
    patterns = unit_rows(patterns)
    newest = np.full(len(names), np.iinfo(np.int64).min)
    np.maximum.at(newest, member_of, times)

    shares = np.zeros(len(names), np.float32)
    np.maximum.at(shares, member_of, evidence.share())
    overlap = shares
    for _ in range(UPDATES):
        overlap = patterns @ unit_rows((_softmax(beta * overlap) @ patterns)[None])[0]
    one_event = np.flatnonzero(overlap >= same * overlap.max())
    leader = one_event[np.lexsort((-shares[one_event], -newest[one_event]))][0]

    others = np.argsort(-shares, kind="stable")
    order = np.array([leader, *(i for i in others.tolist() if i != leader)])
    scores = shares[order]
    scores[0] = shares.max()
    missing = evidence.gains * evidence.known * (1 - matches[leader])
    return Completion(names[order], scores, float(missing.sum()) / evidence.possible)


def _softmax(values: Floats) -> Floats:
    risen: Floats = np.exp(values - values.max())
    total: Floats = risen / risen.sum()
    return total
