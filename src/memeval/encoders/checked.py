"""An encoder as memories are handed it: what goes wrong in it is its fault, not the memory's."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from memeval.errors import PluginError, blaming
from memeval.models import Encoder
from memeval.models.encoder import Fingerprinted
from memeval.outside import shown

NORM_TOLERANCE = 1e-2
"""Vectors that were made in half precision are this close to 1."""


class CheckedEncoder:
    """Passes calls on to an encoder, and checks what comes back."""

    def __init__(self, encoder: Encoder, whose: str) -> None:
        self.encoder = encoder
        self.whose = whose
        self.name = encoder.name
        self.width = encoder.width

    def encode(
        self, texts: Sequence[str], *, kind: Literal["event", "query"]
    ) -> npt.NDArray[np.float32]:
        """Return unit vectors, `(texts, width) float32`, one a text and in order.

        Raises:
            PluginError: it raises, or returns anything else.
        """
        with blaming("an encoder must not raise", self.whose, "mend the encoder", doing="encode"):
            found = self.encoder.encode(texts, kind=kind)
            if rule := self._broken(found, len(texts)):
                raise PluginError(
                    f"an encoder must return {rule}, got {shown(found)} from {self.whose}; mend "
                    "its method encode"
                )
            return found

    def fingerprint(self) -> str:
        """Return what the encoder's vectors rest on, nothing where it does not tell.

        Raises:
            PluginError: it raises, or returns anything but text.
        """
        if not isinstance(self.encoder, Fingerprinted):
            return ""
        rule = "an encoder must have a fingerprint that is text"
        with blaming(rule, self.whose, "mend the encoder", doing="fingerprint"):
            found = self.encoder.fingerprint()
            if not isinstance(found, str):
                raise PluginError(f"{rule}, got {shown(found)} from {self.whose}; mend it")
            return found

    def _broken(self, found: object, count: int) -> str:
        """Return which rule vectors break; a norm that is not finite is not 1 either."""
        if not isinstance(found, np.ndarray) or found.shape != (count, self.width):
            return "one row of its width a text"
        if found.dtype != np.float32:
            return "float32"
        norms = np.linalg.norm(found, axis=1)
        return "" if np.all(np.abs(norms - 1) < NORM_TOLERANCE) else "vectors of length 1"
