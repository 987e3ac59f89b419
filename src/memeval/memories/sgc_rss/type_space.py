"""What kind of thing a name names, as a direction in the model's token-embedding space."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memeval.memories.word_model import WordModel

Vector = npt.NDArray[np.float32]
MAX_CACHED = 50_000


class TypeSpace:
    """Vectors of names: the mean of their words' centred, unit-length token embeddings.

    Names of one kind lie close ("Falls" and "Heights", "Lena" and "Nora"), so a slot has the type
    of the names that filled it. Centring removes the direction that all embeddings share (Mu and
    Viswanath 2018, arXiv:1702.01417).
    """

    def __init__(self, model: WordModel) -> None:
        self._model = model
        self._embeddings: Vector = model.token_embeddings()
        self._mean: Vector = self._embeddings.mean(axis=0)
        self._words: dict[str, Vector] = {}

    @property
    def width(self) -> int:
        """The length of a vector."""
        return int(self._embeddings.shape[1])

    def vector(self, name: str) -> Vector:
        """Return the unit-length vector of a name, `(width,) float32`; zeros for no words."""
        words = name.split()
        if not words:
            return np.zeros(self.width, np.float32)
        total = np.sum([self._word(word) for word in words], axis=0)
        return unit(total)

    def _word(self, word: str) -> Vector:
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= MAX_CACHED:
                self._words.clear()
            [tokens] = self._model.tokenize([" " + word])
            known = self._words[word] = self._of_tokens(tokens)
        return known

    def _of_tokens(self, tokens: Sequence[int]) -> Vector:
        """Return the mean of some rows of the vocabulary, which is never normalised as a whole."""
        if not tokens:
            return np.zeros(self.width, np.float32)
        centred = self._embeddings[list(tokens)] - self._mean
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        mean: Vector = (centred / np.maximum(lengths, 1e-9)).astype(np.float32).mean(axis=0)
        return mean


def unit(vector: npt.NDArray[np.floating]) -> Vector:
    """Scale a vector to length 1; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length > 0 else vector).astype(np.float32)
