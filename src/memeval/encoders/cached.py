"""An encoder that is asked for every text once, and counts what it was asked for."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from memeval.encoders.checked import CheckedEncoder
from memeval.encoders.vectors import KeptVectors, Vector, key_of


class CachedEncoder:
    """Passes on the texts whose vectors are not kept; without `kept`, all that are asked for.

    What comes from disk is not timed as encoding, so `stats` says how much of it did.
    """

    def __init__(self, encoder: CheckedEncoder, kept: KeptVectors | None = None) -> None:
        self.encoder = encoder
        self.name = encoder.name
        self.width = encoder.width
        self._kept = kept
        self._texts = self._from_cache = 0

    def encode(
        self, texts: Sequence[str], *, kind: Literal["event", "query"]
    ) -> npt.NDArray[np.float32]:
        """Return unit vectors, `(texts, width) float32`, one a text and in order.

        Raises:
            PluginError: the encoder raises, or returns anything else.
        """
        keys = [key_of(text, kind) for text in texts]
        wanted = dict(zip(keys, texts, strict=True))
        found = self._kept.find(list(wanted)) if self._kept else {}
        new = {key: text for key, text in wanted.items() if key not in found}
        self._texts += len(texts)
        self._from_cache += sum(key in found for key in keys)
        found |= self._encoded(new, kind)
        rows = [found[key] for key in keys]
        return np.stack(rows) if rows else np.empty((0, self.width), np.float32)

    def fingerprint(self) -> str:
        """Return what the encoder's vectors rest on, nothing where it does not tell."""
        return self.encoder.fingerprint()

    def stats(self) -> dict[str, int]:
        """Count the texts asked for, and those of them whose vectors came from disk."""
        return {"texts": self._texts, "from_cache": self._from_cache}

    def _encoded(
        self, texts: dict[bytes, str], kind: Literal["event", "query"]
    ) -> dict[bytes, Vector]:
        """Return the vectors of texts that are new, and keep them."""
        if not texts:
            return {}
        vectors = self.encoder.encode(list(texts.values()), kind=kind)
        made = dict(zip(texts, vectors, strict=True))
        if self._kept:
            self._kept.keep(made)
        return made
