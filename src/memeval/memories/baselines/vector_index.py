"""Texts found by what they mean: the cosines of an encoder's unit vectors."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memeval.memories.baselines.ranking import Scores
from memeval.models import Encoder

ROWS = 1024
"""Vectors of a block, which a core keeps at hand; a long stream grows by blocks, none copied."""


class VectorIndex:
    """Keeps a vector a text, made once when it is added.

    Vectors are kept as they come, and multiplied in double precision, block by block: a sum in
    single precision would differ by which queries are asked together.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.clear()

    def clear(self) -> None:
        """Forget all texts."""
        self._blocks: list[npt.NDArray[np.float32]] = []
        self._count = 0

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

    def scores(self, texts: Sequence[str]) -> Scores:
        """Return `(texts, added texts) float64`."""
        asked = self._encoder.encode(texts, kind="query").astype(np.float64)
        cosines: Scores = np.empty((len(texts), self._count))
        for number, block in enumerate(self._blocks):
            part = cosines[:, number * ROWS : (number + 1) * ROWS]
            part[:] = asked @ block[: part.shape[1]].astype(np.float64).T
        return cosines
