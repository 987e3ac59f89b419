"""Words and vectors together: what one of them misses the other may find."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from memeval.memories.baselines.fusion import standardised
from memeval.memories.baselines.ranking import Ranking, Scores, best
from memeval.memories.baselines.vector_index import VectorIndex
from memeval.memories.baselines.word_index import WordIndex, WordParams
from memeval.memories.params import MemoryParams
from memeval.models import Encoder


class RerankParams(MemoryParams):
    """A cross-encoder's folder, without which nothing is read again."""

    model: str = Field(
        default="", description="folder of a cross-encoder that reads the best again"
    )
    depth: int = Field(default=32, ge=1, description="events that it reads a query")


class Hybrid(Ranking):
    """Sum of BM25 and cosines, each standardised by query over the whole stream.

    Chosen on parts of public benchmarks and on calibration seeds: benchmarks/fusion.py.
    """

    needs: ClassVar[tuple[str, ...]] = ("encoder",)

    class Params(WordParams):
        """Those of BM25, `k` traces a query, and what reads the best again."""

        rerank: RerankParams = RerankParams()

        def digests_of_files(self) -> Mapping[str, str]:
            """Return that of the cross-encoder's folder.

            Raises:
                ModelError: there is no such folder, or it holds no model.
            """
            if not self.rerank.model:
                return {}
            from memeval.models.local.reranker_folder import digest_of

            return {"rerank.model": digest_of(self.rerank.model)}

    def __init__(self, params: Params, *, seed: int, encoder: Encoder) -> None:
        self._words, self._vectors = WordIndex(params), VectorIndex(encoder)
        super().__init__(params, seed=seed, indexes=[self._words, self._vectors])
        self._depth = params.rerank.depth
        self._reader = None
        if params.rerank.model:
            from memeval.models.local import reranking

            self._reader = reranking.load(params.rerank.model)

    def scores(self, queries: Sequence[str]) -> Scores:
        """Return the fused scores; every event is found, be it by little."""
        words, vectors = self._words.scores(queries), self._vectors.scores(queries)
        fused: Scores = standardised(words) + standardised(vectors)
        if self._reader:
            for query, row in zip(queries, fused, strict=True):
                places = best(row, self._depth)
                read = self._reader.scores(query, [self.events[i].told() for i in places])
                row[places] = row.max() + 1 + read - read.min()  # above all that is not read again
        return fused
