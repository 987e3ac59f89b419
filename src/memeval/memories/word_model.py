"""What memories that go by the words of a text ask of the model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

WANTS = ("surprise", "tokenize", "word_vectors")
"""The same, as capabilities by name."""


class WordModel(Protocol):
    """A model that tells how unexpected a text is, what its tokens are, and where they lie."""

    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return the surprise in nats of every token of each text, aligned with `tokenize`."""
        ...

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text, without special tokens."""
        ...

    def token_embeddings(self) -> npt.NDArray[np.float32]:
        """Return the input embeddings, `(vocab, width) float32`."""
        ...

    def fingerprint(self) -> str:
        """Return a digest that changes when the model's answers may."""
        ...
