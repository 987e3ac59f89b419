"""Personalised PageRank over passages: to what stands beside them, and to what shares a phrase.

As HippoRAG 2 has it (Gutierrez et al. 2025, arXiv:2502.14802), walks start at the passages that fit
a question, and go on over phrases to others. In a conversation the answer often stands in the turn
behind the one that fits, and shares no word with the question.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from memeval.memories.baselines.language import language_of
from memeval.memories.baselines.ranking import Scores
from memeval.memories.baselines.terms import terms
from memeval.memories.sgc_rss.params import PprParams
from memeval.types import Event

STEPS = 8
"""Iterations: what is left out is below alpha ** 8, half a percent at alpha = 0.5."""
COMMON = 0.1
"""Share of all passages above which a word links nothing."""
Links = Any
"""A sparse matrix `(passages, passages)`: where a walk goes on from each."""


def links(placed: Sequence[tuple[int, Event]], told: Sequence[str], params: PprParams) -> Links:
    """Return where walks go on: `params.beside` of them to neighbours, the others over phrases."""
    over = _over_phrases([list(dict.fromkeys(words)) for words in _stemmed(told)])
    return params.beside * _shares(_beside(placed)) + (1 - params.beside) * over


def spread(fits: Scores, linked: Links, params: PprParams) -> Scores:
    """Return the share of visits of each passage, `(questions, passages)`.

    Walks start at a passage by the exponential of how well it fits.
    """
    start = np.exp(params.focus * (fits - fits.max(axis=1, keepdims=True)))
    start /= start.sum(axis=1, keepdims=True)
    visits = start
    for _ in range(STEPS):
        visits = (1 - params.alpha) * start + params.alpha * (linked.T @ visits.T).T
    return np.asarray(visits / visits.max(axis=1, keepdims=True), np.float64)


def _beside(placed: Sequence[tuple[int, Event]]) -> Links:
    """Return 1 for passages that came one after the other, at one time if times are told.

    Parts of one message have one place.
    """
    pairs = [
        (i, i + 1)
        for i, ((place, event), (after, behind)) in enumerate(pairwise(placed))
        if after in (place, place + 1) and event.at == behind.at
    ]
    rows = [i for pair in pairs for i in pair]
    columns = [i for pair in pairs for i in reversed(pair)]
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (len(placed), len(placed)))


def _stemmed(told: Sequence[str]) -> list[list[str]]:
    words = [terms(text) for text in told]
    language = language_of(words)
    if language is None:
        return words
    return [language.stem([w for w in some if w not in language.stop_words]) for some in words]


def _over_phrases(phrases: Sequence[Sequence[str]]) -> Links:
    """Return how likely a walk goes from one passage to another over a phrase both have."""
    told = Counter(phrase for some in phrases for phrase in some)
    most = max(2.0, COMMON * len(phrases))
    places = {phrase: i for i, phrase in enumerate(p for p in told if 2 <= told[p] <= most)}
    cells = [(i, p) for i, some in enumerate(phrases) for p in some if p in places]
    weights = [np.log(len(phrases) / told[p]) for _, p in cells]
    index = ([i for i, _ in cells], [places[p] for _, p in cells])
    matrix = sparse.csr_matrix((weights, index), (len(phrases), len(places)))
    return _shares(matrix) @ _shares(matrix.T.tocsr())


def _shares(matrix: Links) -> Links:
    """Return a matrix with rows that sum to one, but for those of zeros."""
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return sparse.diags(np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)) @ matrix
