"""Lexical retrieval: the events that share the rarest words with the query."""

from collections.abc import Iterator, Sequence

import numpy as np

from memeval.memories.baselines.ranking import Found, Ranking, likely
from memeval.memories.baselines.word_index import WordIndex, WordParams


class BM25(Ranking):
    """Okapi BM25 over stems, asked without stop words."""

    class Params(WordParams):
        """Those of its index, and `k` traces a query."""

    def __init__(self, params: WordParams, *, seed: int) -> None:
        super().__init__(params, seed=seed, indexes=[WordIndex(params)])

    def found(self, queries: Sequence[str]) -> Iterator[Found]:
        """Yield BM25 of those that share a word with a query; no other event is found."""
        [words] = self.indexes
        for row in words.scores(queries):
            places = np.flatnonzero(row > 0)
            among = likely(row[places], self.params.k, 0.0)
            yield Found(places[among], row[places[among]])
