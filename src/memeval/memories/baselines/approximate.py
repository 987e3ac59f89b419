"""Vectors of long streams by inverted lists, as FAISS has them: few are compared, some are missed.

A query is compared with the vectors of the lists whose middles lie nearest (Jegou et al. 2011), in
eight bits a number. What is found is then told by its exact cosine.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from memeval.errors import ConfigError
from memeval.memories.params import MemoryParams

Vectors = npt.NDArray[np.float32]
Blocks = Callable[[], Iterator[tuple[int, Vectors]]]
"""Gives all vectors anew, by blocks of rows, each with the place of its first."""

SAMPLE = 40  # vectors a list that middles are learnt from; FAISS warns below 39
GROWN = 4  # times what middles were learnt from, after which they are learnt anew


class ApproximateParams(MemoryParams):
    """Exact search multiplies every vector; off unless asked for, as it misses some."""

    enabled: bool = Field(
        default=False, description="search long streams by inverted lists; needs faiss-cpu"
    )
    above: int = Field(default=100_000, ge=1, description="events from which on it does")
    lists: int = Field(default=128, ge=1, description="lists that are looked through a query")
    depth: int = Field(default=256, ge=1, description="events of theirs that are told exactly")

    def digests_of_files(self) -> Mapping[str, str]:
        """Return the version of FAISS, where it is asked for."""
        return {"approximate.enabled": f"faiss {_faiss().__version__}"} if self.enabled else {}


class Lists:
    """An index beside the vectors, which are handed to it when they are asked for."""

    def __init__(self, params: ApproximateParams) -> None:
        self._params = params
        self._faiss = _faiss()
        self._index: Any = None
        self._learnt_from = 0

    def nearest(self, asked: Vectors, count: int, blocks: Blocks) -> npt.NDArray[np.intp]:
        """Return places near to one query's vector, in order, among `count` vectors."""
        if self._index is None or count > GROWN * self._learnt_from:
            self._learn(count, blocks)
        for start, block in blocks():
            if start + len(block) > self._index.ntotal:
                self._index.add(block[max(0, self._index.ntotal - start) :])
        found = self._index.search(asked[None], self._params.depth)[1][0]
        places: npt.NDArray[np.intp] = np.sort(found[found >= 0]).astype(np.intp)
        return places

    def _learn(self, count: int, blocks: Blocks) -> None:
        """Find the middles of lists, from vectors that are spread over the stream."""
        self._learnt_from = count
        lists = max(1, int(count**0.5))
        step = max(1, count // (SAMPLE * lists))
        sample = np.concatenate([block[-start % step :: step] for start, block in blocks()])
        width, kind = sample.shape[1], self._faiss.METRIC_INNER_PRODUCT
        self._middles = self._faiss.IndexFlatIP(width)  # the index does not keep it alive
        eight = self._faiss.ScalarQuantizer.QT_8bit
        self._index = self._faiss.IndexIVFScalarQuantizer(self._middles, width, lists, eight, kind)
        self._index.train(sample)
        self._index.nprobe = self._params.lists


def _faiss() -> Any:
    try:
        import faiss
    except ImportError as error:
        raise ConfigError(
            "approximate search needs faiss, got none installed; run: "
            "pip install 'memeval-bench[approximate]', or leave approximate.enabled"
        ) from error
    return faiss
