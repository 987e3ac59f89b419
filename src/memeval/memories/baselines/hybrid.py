"""Words and vectors together: what one of them misses the other may find."""

from collections.abc import Sequence
from typing import ClassVar

from memeval.memories.baselines.fusion import fused
from memeval.memories.baselines.ranking import Ranking, Scores
from memeval.memories.baselines.vector_index import VectorIndex
from memeval.memories.baselines.word_index import WordIndex, WordParams
from memeval.models import Encoder


class Hybrid(Ranking):
    """Fusion of BM25 and cosines."""

    needs: ClassVar[tuple[str, ...]] = ("encoder",)

    class Params(WordParams):
        """Those of BM25, and `k` traces a query."""

    def __init__(self, params: WordParams, *, seed: int, encoder: Encoder) -> None:
        words, vectors = WordIndex(params), VectorIndex(encoder)
        super().__init__(params, seed=seed, indexes=[words, vectors])

    def scores(self, queries: Sequence[str]) -> Scores:
        """Return the fused scores; every event is found, be it by little."""
        return fused([index.scores(queries) for index in self.indexes])
