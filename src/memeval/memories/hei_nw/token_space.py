"""The model's token-embedding space: which tokens mean nearly the same."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Units = npt.NDArray[np.int64]

BATCH = 256  # tokens compared with the whole vocabulary at once: 256 x 49,152 x 4 bytes = 50 MB


class Neighbours(NamedTuple):
    """The units that one token of a cue spreads to, weakest first, with weights in (0, 1]."""

    units: Units
    weights: Floats


class TokenSpace:
    """Centred, unit-length token embeddings with a cache of nearest neighbours.

    Centring removes the direction that all embeddings share; without it every token resembles
    every other (Mu and Viswanath 2018, arXiv:1702.01417).
    """

    def __init__(self, embeddings: Floats, *, neighbours: int, floor: float) -> None:
        centred = embeddings - embeddings.mean(axis=0)
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        self._vectors: Floats = centred / np.maximum(lengths, 1e-9)
        self._count = min(neighbours, len(embeddings))
        self._floor = floor
        self._found: dict[int, Neighbours] = {}

    def neighbours(self, tokens: Iterable[int]) -> list[Neighbours]:
        """Return each token's neighbours by cosine, itself last with weight 1.

        A cosine at or below the floor counts as unrelated; above it, weights rise from 0 to 1.
        """
        wanted = list(tokens)
        missing = sorted({token for token in wanted if token not in self._found})
        for start in range(0, len(missing), BATCH):
            self._look_up(missing[start : start + BATCH])
        return [self._found[token] for token in wanted]

    def pooled(self, tokens: Sequence[int]) -> Floats:
        """Return the unit-length mean of the tokens' vectors, `(width,)`; zeros for no tokens."""
        if not len(tokens):
            return np.zeros(self._vectors.shape[1], np.float32)
        mean: Floats = self._vectors[list(tokens)].mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), 1e-9)

    def _look_up(self, tokens: list[int]) -> None:
        cosines = self._vectors[tokens] @ self._vectors.T
        nearest = np.argpartition(-cosines, self._count - 1, axis=1)[:, : self._count]
        for token, row, units in zip(tokens, cosines, nearest, strict=True):
            others = units[units != token][: self._count - 1]
            weights = (row[others] - self._floor) / (1 - self._floor)
            order = np.argsort(weights, kind="stable")
            order = order[weights[order] > 0]
            self._found[token] = Neighbours(
                np.append(others[order], token).astype(np.int64),
                np.append(np.minimum(weights[order], 1), 1).astype(np.float32),
            )
