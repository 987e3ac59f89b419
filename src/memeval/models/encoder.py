"""Sentence vectors, for memories that ask for an encoder."""

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt


@runtime_checkable
class Encoder(Protocol):
    """Gives texts places in a space where what means alike lies close."""

    name: str
    width: int

    def encode(
        self, texts: Sequence[str], *, kind: Literal["event", "query"]
    ) -> npt.NDArray[np.float32]:
        """Return unit vectors, `(texts, width) float32`, one a text and in order."""
        ...


@runtime_checkable
class Fingerprinted(Protocol):
    """An encoder that tells what its vectors rest on; those of others are not kept on disk."""

    def fingerprint(self) -> str:
        """Return a digest of all that decides a text's vector."""
        ...
