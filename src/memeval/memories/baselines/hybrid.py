"""Words and vectors together: what one of them misses the other may find."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from memeval.memories.baselines.fusion import standardised
from memeval.memories.baselines.ranking import Ranking, Scores
from memeval.memories.baselines.vector_index import VectorIndex
from memeval.memories.baselines.word_index import WordIndex, WordParams
from memeval.models import Encoder


class Hybrid(Ranking):
    """Sum of BM25 and cosines, each standardised by query over the whole stream.

    Where an event holds every word of a query that tells something, words alone decide: vectors
    would only choose among what says the same, of which the newest holds. Chosen on parts of public
    benchmarks and on calibration seeds: benchmarks/fusion.py.
    """

    needs: ClassVar[tuple[str, ...]] = ("encoder",)

    class Params(WordParams):
        """Those of BM25, and `k` traces a query."""

    def __init__(self, params: WordParams, *, seed: int, encoder: Encoder) -> None:
        self._words, self._vectors = WordIndex(params), VectorIndex(encoder)
        super().__init__(params, seed=seed, indexes=[self._words, self._vectors])

    def scores(self, queries: Sequence[str]) -> Scores:
        """Return the fused scores; every event is found, be it by little."""
        words = standardised(self._words.scores(queries))
        vectors = standardised(self._vectors.scores(queries))
        return words + np.where(self._words.covers(queries)[:, None], 0.0, vectors)
