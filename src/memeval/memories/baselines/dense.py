"""Dense retrieval: the events whose vectors lie closest to the query's."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from memeval.memories.baselines.approximate import ApproximateParams
from memeval.memories.baselines.ranking import Found, Ranking, RankingParams, likely
from memeval.memories.baselines.vector_index import VectorIndex
from memeval.models import Encoder


class Dense(Ranking):
    """Cosines of an encoder's vectors, which are made once, when an event is observed."""

    needs: ClassVar[tuple[str, ...]] = ("encoder",)

    class Params(RankingParams):
        """`k` traces a query, and how long streams are searched."""

        approximate: ApproximateParams = ApproximateParams()

        def digests_of_files(self) -> Mapping[str, str]:
            """Return what searches long streams, if anything does."""
            return self.approximate.digests_of_files()

    def __init__(self, params: Params, *, seed: int, encoder: Encoder) -> None:
        self._vectors = VectorIndex(encoder, params.approximate)
        super().__init__(params, seed=seed, indexes=[self._vectors])

    def found(self, queries: Sequence[str]) -> Iterator[Found]:
        """Yield cosines of the nearest; every event is found, be it by little."""
        vectors = self._vectors
        asked = vectors.asked(queries)
        if vectors.is_long:
            likeliest = (vectors.nearest(one) for one in asked)
        else:
            k, slack = self.params.k, vectors.slack
            likeliest = (likely(row, k, slack) for row in vectors.near(asked))
        for one, places in zip(asked, likeliest, strict=True):
            yield Found(places, vectors.exact(one, places))
