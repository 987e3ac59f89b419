"""Words and vectors together: what one of them misses the other may find."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from memeval.memories.baselines.approximate import ApproximateParams, Vectors
from memeval.memories.baselines.fusion import Standard
from memeval.memories.baselines.ranking import Found, Ranking, Scores, best, likely
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

        approximate: ApproximateParams = ApproximateParams()
        rerank: RerankParams = RerankParams()

        def digests_of_files(self) -> Mapping[str, str]:
            """Return that of the cross-encoder's folder, and what searches long streams.

            Raises:
                ModelError: there is no such folder, or it holds no model.
            """
            found = dict(self.approximate.digests_of_files())
            if self.rerank.model:
                from memeval.models.local.reranker_folder import digest_of

                found["rerank.model"] = digest_of(self.rerank.model)
            return found

    def __init__(self, params: Params, *, seed: int, encoder: Encoder) -> None:
        self._words, self._vectors = WordIndex(params), VectorIndex(encoder, params.approximate)
        super().__init__(params, seed=seed, indexes=[self._words, self._vectors])
        self._depth = params.rerank.depth if params.rerank.model else 0
        self._reader = None
        if params.rerank.model:
            from memeval.models.local import reranking

            self._reader = reranking.load(params.rerank.model)

    def found(self, queries: Sequence[str]) -> Iterator[Found]:
        """Yield the fused scores; every event is found, be it by little."""
        asked, words = self._vectors.asked(queries), self._words.scores(queries)
        near = [None] * len(asked) if self._vectors.is_long else self._vectors.near(asked)
        for query, one, row, cosines in zip(queries, asked, words, near, strict=True):
            by_words = Standard.of(row.mean(), row.std())
            by_vectors = Standard.of(*self._vectors.spread(one))
            places = self._likeliest(one, row, cosines, by_words, by_vectors)
            exact = self._vectors.exact(one, places)
            scores = by_words.told(row[places]) + by_vectors.told(exact)
            yield Found(places, self._read_again(query, places, scores) if self._reader else scores)

    def _likeliest(
        self,
        asked: Vectors,
        words: Scores,
        near: Vectors | None,
        by_words: Standard,
        by_vectors: Standard,
    ) -> npt.NDArray[np.intp]:
        """Return where the best may be: by both together, or by each alone in a long stream."""
        many = max(self.params.k, self._depth)
        if near is not None:
            fused = words * by_words.unit + near * by_vectors.unit  # but for a constant
            return likely(fused, many, self._vectors.slack * by_vectors.unit)
        found = best(words, max(many, self._vectors.depth))
        return np.union1d(found, self._vectors.nearest(asked))

    def _read_again(self, query: str, places: npt.NDArray[np.intp], scores: Scores) -> Scores:
        """Put what a cross-encoder says of the best above all that it does not read."""
        assert self._reader is not None
        chosen = best(scores, self._depth)
        told = [self.events[i].told() for i in places[chosen]]
        read = self._reader.scores(query, told)
        scores[chosen] = scores.max() + 1 + read - read.min()
        return scores
