"""Lexical retrieval: the events that share the rarest words with the query."""

from collections.abc import Iterator, Sequence

import numpy as np

from memeval.memories.baselines.ranking import Found, Ranking, likeliest
from memeval.memories.baselines.word_index import WordIndex, WordParams


class BM25(Ranking):
    """Okapi BM25 over stems, asked without stop words."""

    class Params(WordParams):
        """Those of its index, and `k` traces a query."""

    def __init__(self, params: WordParams, *, seed: int) -> None:
        super().__init__(params, seed=seed, indexes=[WordIndex(params)])

    def found(self, queries: Sequence[str]) -> Iterator[Found]:
        """Yield BM25; an event that shares no word with a query is not found."""
        [words] = self.indexes
        scores = words.scores(queries)
        return likeliest(np.where(scores > 0, scores, -np.inf), self.params.k)
