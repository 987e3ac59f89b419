"""A fake encoder with the real contract, for tests and for authors of memories.

A text's vector is the sum of fixed noise for each of its words, so that texts that share words lie
close together. No number it helps to produce is a result.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

WIDTH = 64


class ScriptedEncoder:
    """Adds up hashed words."""

    name = "scripted"
    width = WIDTH

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Literal["event", "query"],  # noqa: ARG002 - both are told alike
    ) -> npt.NDArray[np.float32]:
        """Return `(texts, 64) float32`, rows of length 1."""
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, WIDTH), np.float32)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        words = re.findall(r"\w+", text.lower()) or [""]
        total = np.sum([_noise(word) for word in words], axis=0)
        unit: npt.NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
        return unit


def _noise(word: str) -> npt.NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
    return np.random.default_rng(seed).standard_normal(WIDTH)
