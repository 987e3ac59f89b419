"""What an index tells about a cue: how well each candidate matches each of its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Key = tuple[str, ...]
"""The words of a stored trace that its code is made of."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The match of a cue's words with candidates.

    `slots (candidates,) int64`; `matches (words, candidates)` in [0, 1]; `gains (words,)`, what a
    word is worth; `known (words,) bool`, whether any trace holds it; `keys (candidates, units)`,
    the candidates' codes as unit vectors.
    """

    slots: Ints
    matches: Floats
    gains: Floats
    known: npt.NDArray[np.bool_]
    keys: Floats

    @property
    def possible(self) -> float:
        """The evidence that a trace with every word of the cue would have."""
        return max(float(self.gains.sum()), 1e-9)

    def share(self) -> Floats:
        """Return the share of the cue's evidence that each candidate carries, `(candidates,)`."""
        found: Floats = self.gains @ self.matches
        return found / np.float32(self.possible)


class Index(Protocol):
    """Finds traces by their keys. Slots count up from 0 in the order of `add`, and stay."""

    def add(self, key: Key) -> None:
        """Take the next slot for a key."""
        ...

    def remove(self, slot: int) -> None:
        """Forget the key of a slot."""
        ...

    def nearest(self, key: Key, *, but: int = -1) -> tuple[int, float]:
        """Return the slot (other than `but`) with the most similar key and the cosine; or -1, 0."""
        ...

    def candidates(self, cue: Sequence[str], count: int) -> Ints:
        """Return up to `count` slots that share something with a cue, best first."""
        ...

    def compare(self, cue: Sequence[str], slots: Ints) -> Evidence:
        """Match a cue with the traces in given slots."""
        ...

    def nbytes(self) -> int:
        """Return the bytes of all keys and postings."""
        ...
