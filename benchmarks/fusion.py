"""The other way to make one ranking of words and vectors: a sum of ranks, not of scores.

python benchmarks/evidence.py --memory benchmarks/fusion.py:Ranks

tells it beside `hybrid`, which was chosen.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from memeval.memories.baselines import Hybrid
from memeval.memories.baselines.ranking import Found, likely


class Ranks(Hybrid):
    """Reciprocal rank fusion (Cormack et al. 2009), k = 60; no rank where no word is shared."""

    def found(self, queries: Sequence[str]) -> Iterator[Found]:
        """Yield the sum of reciprocal ranks."""
        words, vectors = self._words.scores(queries), self._vectors.scores(queries)
        shared: npt.NDArray[np.float64] = np.where(words > 0, reciprocal(words), 0.0)
        for row in shared + reciprocal(vectors):
            places = likely(row, self.params.k, 0.0)
            yield Found(places, row[places])


def reciprocal(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return 1 / (60 + rank) of every score in its row."""
    ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    return 1 / (61.0 + ranks)
