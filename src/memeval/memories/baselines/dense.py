"""Dense retrieval: the events whose vectors lie closest to the query's."""

from collections.abc import Sequence
from typing import ClassVar

from memeval.memories.baselines.ranking import Ranking, RankingParams, Scores
from memeval.memories.baselines.vector_index import VectorIndex
from memeval.models import Encoder


class Dense(Ranking):
    """Cosines of an encoder's vectors, which are made once, when an event is observed."""

    needs: ClassVar[tuple[str, ...]] = ("encoder",)

    def __init__(self, params: RankingParams, *, seed: int, encoder: Encoder) -> None:
        super().__init__(params, seed=seed, indexes=[VectorIndex(encoder)])

    def scores(self, queries: Sequence[str]) -> Scores:
        """Return cosines; every event is found, be it by little."""
        [vectors] = self.indexes
        return vectors.scores(queries)
