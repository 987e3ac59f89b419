"""Vectors of traces in half precision, and a sparse-code stand-in for them in large stores.

The stand-in is the sign of every component: how many signs two vectors share tells their angle
(Charikar 2002, doi:10.1145/509907.509965), eight bytes at a time.
"""

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw.keys import Floats, Ints

Halves = npt.NDArray[np.float16]
Signs = npt.NDArray[np.uint64]

EXACT = 4_096
"""Up to so many traces, every cosine is worked out; a batch of queries shares the reading."""
FINALISTS = 1_024  # at least, whose cosines are worked out in a larger store
SAMPLE = 256  # traces that tell how the signs they share go with cosines
FEWEST_ROWS = 64

SIGN_AND_REST = np.int32(0x8FFF_E000 - 2**32)  # where sign, exponent and fraction lie then
BIAS = np.float32(2.0**112)  # between the exponents' zeros, 127 and 15


class VectorKeys:
    """A unit vector a slot; slots count up from 0 in the order of `add`, and stay."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._rows: Halves = np.zeros((0, width), np.float16)
        self._signs: Signs = np.zeros((-(-width // 64), 0), np.uint64)  # a column a slot
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, slot: int) -> Halves:
        """Return the vector of a slot, `(width,)`."""
        row: Halves = self._rows[slot]
        return row

    def add(self, vectors: npt.NDArray[np.floating]) -> None:
        """Take the next slots for unit vectors, `(slots, width)`."""
        end = self._count + len(vectors)
        if end > len(self._rows):
            size = max(FEWEST_ROWS, end, 2 * self._count)
            self._rows = np.pad(self._rows, ((0, size - len(self._rows)), (0, 0)))
            self._signs = np.pad(self._signs, ((0, 0), (0, size - self._signs.shape[1])))
        self._rows[self._count : end] = vectors
        self._signs[:, self._count : end] = _signs(self._rows[self._count : end]).T
        self._count = end

    def scores(self, cues: Floats) -> Floats:
        """Return the cosine of every slot with every cue, `(cues, slots)`; most are estimates."""
        found = np.empty((len(cues), self._count), np.float32)
        rows = single(self._rows[: self._count]) if self._count <= EXACT else None
        for i, cue in enumerate(cues):  # one by one: the same to the last digit in any batch
            found[i] = self._estimated(cue) if rows is None else rows @ cue
        return found

    def nbytes(self) -> int:
        """Return the bytes of all vectors and signs."""
        return self._rows[: self._count].nbytes + self._signs[:, : self._count].nbytes

    def _estimated(self, cue: Floats) -> Floats:
        """Return exact cosines where they are high, and estimates on their scale elsewhere."""
        apart = np.zeros(self._count, np.uint16)
        for told, own in zip(self._signs, _signs(cue[None])[0], strict=True):
            apart += np.bitwise_count(told[: self._count] ^ own)
        within = np.cumsum(np.bincount(apart, minlength=self.width + 1))
        finalists = np.flatnonzero(apart <= np.searchsorted(within, FINALISTS))
        sample = np.arange(0, self._count, self._count // SAMPLE)
        slope, level = _line(apart[sample].astype(np.float32), self._cosines(sample, cue))
        found: Floats = np.float32(slope) * apart + np.float32(level)
        found[finalists] = self._cosines(finalists, cue)
        return found

    def _cosines(self, slots: Ints, cue: Floats) -> Floats:
        cosines: Floats = single(self._rows[slots]) @ cue
        return cosines


def single(halves: Halves) -> Floats:
    """Return finite numbers of half precision in single precision, the same to the last digit.

    NumPy converts them one by one; moving their bits takes a quarter of that.
    """
    bits = halves.view(np.int16).astype(np.int32) << 13 & SIGN_AND_REST
    single: Floats = bits.view(np.float32) * BIAS
    return single


def _line(values: Floats, told: Floats) -> tuple[float, float]:
    """Return slope and level of the line through what is told of values, by least squares."""
    apart = values - values.mean()
    slope = float(apart @ told) / max(float(apart @ apart), 1e-9)
    return slope, float(told.mean()) - slope * float(values.mean())


def _signs(vectors: npt.NDArray[np.floating]) -> Signs:
    """Return a bit a component, `(vectors, width / 64)`."""
    packed = np.packbits(vectors > 0, axis=1)
    padded = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    return np.ascontiguousarray(padded).view(np.uint64)
