"""Dense codes, for comparison: one pooled word vector a trace (`dg.enabled=false`)."""

from collections.abc import Sequence

import numpy as np

from memeval.memories.hei_nw.evidence import Evidence, Floats, Ints, Key
from memeval.memories.hei_nw.lexicon import Lexicon, unit_rows


class DenseIndex:
    """Keys are mean word vectors, compared by cosine with every other."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._rows: Floats = np.zeros((0, lexicon.width), np.float32)
        self._count = 0

    def add(self, key: Key) -> None:
        """Take the next slot for a key."""
        vector = self._pooled(key)
        if self._count == len(self._rows):
            grown = np.zeros((max(64, 2 * self._count), len(vector)), np.float32)
            grown[: self._count] = self._rows
            self._rows = grown
        self._rows[self._count] = vector
        self._count += 1

    def remove(self, slot: int) -> None:
        """Forget a key: a zero vector resembles nothing."""
        self._rows[slot] = 0

    def nearest(self, key: Key, *, but: int = -1) -> tuple[int, float]:
        """Return the slot with the most similar key and the cosine."""
        cosines = self._cosines(key)
        if 0 <= but < len(cosines):
            cosines[but] = 0
        best = int(cosines.argmax()) if len(cosines) else -1
        return (best, min(float(cosines[best]), 1.0)) if best >= 0 < cosines[best] else (-1, 0.0)

    def candidates(self, cue: Sequence[str], count: int) -> Ints:
        """Return the slots with the highest positive cosines, best first."""
        cosines = self._cosines(cue)
        best = np.argsort(-cosines, kind="stable")[:count]
        return best[cosines[best] > 0]

    def compare(self, cue: Sequence[str], slots: Ints) -> Evidence:
        """Match a cue as a whole: one `word`, of which nobody can say that it is known."""
        keys = self._rows[slots]
        matches = np.maximum(keys @ self._pooled(cue), 0)[None]
        return Evidence(slots, matches, np.ones(1, np.float32), np.zeros(1, bool), keys)

    def nbytes(self) -> int:
        """Return the bytes of all vectors."""
        return int(self._rows[: self._count].nbytes)

    def _cosines(self, words: Sequence[str]) -> Floats:
        found: Floats = self._rows[: self._count] @ self._pooled(words)
        return found

    def _pooled(self, words: Sequence[str]) -> Floats:
        mean: Floats = self._lexicon.vectors(words).sum(axis=0, keepdims=True)
        pooled: Floats = unit_rows(mean)[0]
        return pooled
