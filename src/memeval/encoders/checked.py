"""An encoder as memories are handed it: what goes wrong in it is its fault, not the memory's."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from memeval.errors import PluginError, blaming
from memeval.models import Encoder
from memeval.outside import shown


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
            if isinstance(found, np.ndarray) and found.shape == (len(texts), self.width):
                return found
            raise PluginError(
                f"an encoder must return one row of its width a text, got {shown(found)} from "
                f"{self.whose}; mend its method encode"
            )
