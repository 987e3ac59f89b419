"""Texts found by what they mean: the cosines of an encoder's unit vectors."""

from collections.abc import Sequence

import numpy as np

from memeval.memories.baselines.ranking import Scores
from memeval.models import Encoder


class VectorIndex:
    """Keeps a vector a text, made once when it is added."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.clear()

    def clear(self) -> None:
        """Forget all texts."""
        self._parts: list[Scores] = [np.empty((0, self._encoder.width))]

    def add(self, texts: Sequence[str]) -> None:
        """Encode texts, all at once."""
        if texts:
            vectors = self._encoder.encode(texts, kind="event")
            self._parts.append(vectors.astype(np.float64))

    def scores(self, texts: Sequence[str]) -> Scores:
        """Return `(texts, added texts) float64`."""
        if len(self._parts) > 1:
            self._parts = [np.concatenate(self._parts)]
        asked = self._encoder.encode(texts, kind="query")
        cosines: Scores = asked.astype(np.float64) @ self._parts[0].T
        return cosines
