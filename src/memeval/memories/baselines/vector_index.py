"""Texts found by what they mean: the cosines of an encoder's unit vectors."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from memeval.memories.baselines.approximate import ApproximateParams, Lists, Vectors
from memeval.memories.baselines.ranking import Scores
from memeval.memories.baselines.spread import Spread
from memeval.models import Encoder

ROWS = 1024
"""Vectors of a block, which a core keeps at hand; a long stream grows by blocks, none copied."""


class VectorIndex:
    """Keeps a vector a text, made once when it is added.

    A sum in single precision differs by which queries are asked together, so whatever is told is
    multiplied in double. Single precision, which reads half as much, only says which texts can be
    among the best: `near` is off by less than `slack`.
    """

    def __init__(self, encoder: Encoder, approximate: ApproximateParams | None = None) -> None:
        self._encoder = encoder
        self._approximate = approximate or ApproximateParams()
        self.slack = encoder.width * float(np.finfo(np.float32).eps)  # of unit vectors, at worst
        self.clear()

    def clear(self) -> None:
        """Forget all texts."""
        self._blocks: list[Vectors] = []
        self._count = 0
        self._spread = Spread(self._encoder.width)
        self._lists = Lists(self._approximate) if self._approximate.enabled else None

    def __len__(self) -> int:
        return self._count

    def add(self, texts: Sequence[str]) -> None:
        """Encode texts, all at once."""
        left = self._encoder.encode(texts, kind="event") if texts else np.empty((0, 0), np.float32)
        while len(left):
            place = self._count % ROWS
            if place == 0:
                self._blocks.append(np.empty((ROWS, self._encoder.width), np.float32))
            taken = left[: ROWS - place]
            self._blocks[-1][place : place + len(taken)] = taken
            self._count += len(taken)
            left = left[len(taken) :]

    def asked(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of queries, `(texts, width)`."""
        return self._encoder.encode(texts, kind="query")

    def near(self, asked: Vectors) -> Vectors:
        """Return about how near each added text is, `(queries, added texts) float32`."""
        cosines = np.empty((len(asked), self._count), np.float32)
        for start, block in self.blocks():
            np.matmul(asked, block.T, out=cosines[:, start : start + len(block)])
        return cosines

    @property
    def is_long(self) -> bool:
        """Whether there are so many texts that some are to be looked at alone."""
        return self._lists is not None and self._count > self._approximate.above

    @property
    def depth(self) -> int:
        """How many are told exactly of a stream that is not looked at whole."""
        return self._approximate.depth

    def nearest(self, asked: Vectors) -> npt.NDArray[np.intp]:
        """Return places of the texts nearest to one query's vector, of which some are missed."""
        assert self._lists is not None
        return self._lists.nearest(asked, self._count, self.blocks)

    def exact(self, asked: Vectors, places: npt.NDArray[np.intp]) -> Scores:
        """Return the cosines of one query's vector and some texts, `(places,) float64`."""
        rows = np.empty((len(places), self._encoder.width))
        for i, place in enumerate(places):
            rows[i] = self._blocks[place // ROWS][place % ROWS]
        # a sum a row, so that it does not matter which other rows there are
        cosines: Scores = np.einsum("ij,j->i", rows, asked.astype(np.float64))
        return cosines

    def spread(self, asked: Vectors) -> tuple[float, float]:
        """Return mean and standard deviation of all cosines of one query's vector."""
        for start, block in self.blocks():
            if start + len(block) > len(self._spread):
                self._spread.add(block[max(0, len(self._spread) - start) :])
        return self._spread.of(asked)

    def scores(self, texts: Sequence[str]) -> Scores:
        """Return `(texts, added texts) float64`."""
        asked = self.asked(texts).astype(np.float64)
        cosines: Scores = np.empty((len(texts), self._count))
        for start, block in self.blocks():
            cosines[:, start : start + len(block)] = asked @ block.astype(np.float64).T
        return cosines

    def blocks(self) -> Iterator[tuple[int, Vectors]]:
        """Yield all vectors in blocks, `(rows, width)`, each with the place of its first."""
        for number, block in enumerate(self._blocks):
            yield number * ROWS, block[: self._count - number * ROWS]
