"""Sparse codes: an inverted index of word units with a homeostatic gain."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.keys import Floats, Ints, Key
from memeval.memories.hei_nw.lexicon import Lexicon, unit_rows

POSTINGS_READ = 20_000  # for one cue, rarest words first; commoner ones only score what was found
FINALISTS = 8  # keys whose cosine is worked out in full


class Spread(NamedTuple):
    """The units that a cue's word activates, weakest first, and how strongly (at most 1)."""

    units: list[int]
    weights: list[float]


class SparseIndex:
    """Keys are sets of words. A word that no key holds spreads to its nearest stored neighbours."""

    def __init__(
        self, lexicon: Lexicon, homeostasis: Homeostasis, *, neighbours: int, floor: float
    ) -> None:
        self._lexicon = lexicon
        self._homeostasis = homeostasis
        self._neighbours = neighbours
        self._floor = floor
        self._units: dict[str, int] = {}
        self._words: list[str] = []
        self._postings: list[array[int]] = []  # slots in rising order; may name removed ones
        self._holders: list[int] = []  # traces that hold a unit now
        self._keys: list[tuple[int, ...] | None] = []
        self._gone: list[int] = []  # slots whose postings are still there
        self._vectors: Floats | None = None
        self._spreads: dict[str, Spread] = {}

    def add(self, key: Key) -> None:
        """Take the next slot for a key."""
        slot = len(self._keys)
        units = tuple(self._unit(word) for word in key)
        for unit in units:
            self._postings[unit].append(slot)
            self._holders[unit] += 1
        self._keys.append(units)
        self._spreads.clear()

    def remove(self, slot: int) -> None:
        """Forget a key; its postings stay until the store is rebuilt."""
        for unit in self._keys[slot] or ():
            self._holders[unit] -= 1
        self._keys[slot] = None
        self._gone.append(slot)
        self._spreads.clear()

    def nearest(self, key: Key, *, but: int = -1) -> tuple[int, float]:
        """Return the slot with the most similar key by gain-weighted cosine."""
        own = {unit: self._gain(unit) for word in key if (unit := self._units.get(word, -1)) >= 0}
        fresh = [self._homeostasis.gain(word) for word in key if word not in self._units]
        overlap = self._gather([(Spread([unit], [1.0]), gain) for unit, gain in own.items()])
        length = np.sqrt(sum(own.values()) + sum(fresh))
        best, best_cosine = -1, 0.0
        for slot in _top(overlap, FINALISTS).tolist():
            # A key is at least as long as its overlap, which bounds the cosine of all that follow.
            if np.sqrt(overlap[slot]) <= best_cosine * length:
                break
            units = self._keys[slot]
            if units is None or slot == but:
                continue
            gains = [own.get(unit) or self._gain(unit) for unit in units]
            shared = sum(own.get(unit, 0.0) for unit in units)
            cosine = shared / max(length * np.sqrt(sum(gains)), 1e-9)
            if cosine > best_cosine:
                best, best_cosine = slot, float(cosine)
        return best, min(best_cosine, 1.0)

    def scores(self, cue: Sequence[str]) -> Floats:
        """Return the share of a cue's evidence that each slot holds, `(slots,)` from 0 to 1.

        In a large store the commonest words of a cue are left out.
        """
        told = [(self._spread(word), word) for word in cue]
        gains = [(spread, self._gain_of_cue(word, spread)) for spread, word in told]
        possible = np.float32(max(sum(gain for _, gain in gains), 1e-9))
        found: Floats = self._gather(gains) / possible
        return found

    def missing(self, cue: Sequence[str], slots: Sequence[int]) -> float:
        """Return the share of a cue's evidence that some trace holds, and none of these does."""
        gains = [self._gain_of_cue(word, self._spread(word)) for word in cue]
        lost = sum(
            gain
            for word, gain in zip(cue, gains, strict=True)
            if self._is_known(word) and not self._is_held(self._units[word], slots)
        )
        return lost / max(sum(gains), 1e-9)

    def nbytes(self) -> int:
        """Return the bytes of keys (8 a unit) and postings (8 an entry)."""
        keys = sum(len(units) for units in self._keys if units)
        return 8 * keys + 8 * sum(map(len, self._postings))

    def _unit(self, word: str) -> int:
        unit = self._units.get(word)
        if unit is None:
            unit = self._units[word] = len(self._units)
            self._words.append(word)
            self._postings.append(array("q"))
            self._holders.append(0)
        return unit

    def _is_known(self, word: str) -> bool:
        unit = self._units.get(word)
        return unit is not None and self._holders[unit] > 0

    def _gain(self, unit: int) -> float:
        return self._homeostasis.gain(self._words[unit])

    def _gain_of_cue(self, word: str, spread: Spread) -> float:
        """Return the gain of a word that fires for all that it spreads to."""
        fired = self._homeostasis.fired
        mass = sum(w * fired[self._words[u]] for u, w in zip(*spread, strict=True))
        return self._homeostasis.gain(word, mass)

    def _spread(self, word: str) -> Spread:
        """Return what a word activates: its own unit, or the nearest stored words if it has none.

        The nearest neighbour fires fully and the others relative to it, however far it is: which
        stored word is meant by a new one is a matter of rank.
        """
        if self._is_known(word):
            return Spread([self._units[word]], [1.0])
        if word not in self._spreads:
            cosines = self._stored_vectors() @ self._lexicon.vectors([word])[0]
            cosines = np.where(np.array(self._holders, bool), cosines, 0.0)
            strength = np.maximum(cosines - self._floor, 0)
            units = _top(strength, self._neighbours)[::-1]
            weights = strength[units] / max(float(strength.max(initial=0)), 1e-9)
            self._spreads[word] = Spread(units.tolist(), weights.tolist())
        return self._spreads[word]

    def _stored_vectors(self) -> Floats:
        """Return the vectors of all units, `(units, width)`; only new ones are looked up."""
        done = 0 if self._vectors is None else len(self._vectors)
        if self._vectors is None or done < len(self._units):
            new = self._lexicon.vectors(self._words[done:])
            self._vectors = new if self._vectors is None else np.concatenate([self._vectors, new])
        return self._vectors

    def _gather(self, cue: Sequence[tuple[Spread, float]]) -> Floats:
        """Add up evidence over postings, most telling words first, `(slots,)`."""
        evidence = np.zeros(len(self._keys), np.float32)
        read = 0
        for (units, weights), gain in sorted(cue, key=lambda part: -part[1]):
            size = sum(len(self._postings[unit]) for unit in units)
            if read and read + size > POSTINGS_READ:
                break
            read += size
            if len(units) == 1:
                evidence[np.frombuffer(self._postings[units[0]], np.int64)] += gain * weights[0]
                continue
            best = np.zeros(len(self._keys), np.float32)
            for unit, weight in zip(units, weights, strict=True):
                best[np.frombuffer(self._postings[unit], np.int64)] = weight
            evidence += np.float32(gain) * best
        evidence[self._gone] = 0
        return evidence

    def _is_held(self, unit: int, slots: Sequence[int]) -> bool:
        return any(unit in (self._keys[slot] or ()) for slot in slots)

    def codes(self, slots: Ints) -> Floats:
        """Return keys as unit vectors over the units that occur in them, `(slots, units)`.

        A unit counts by the root of its gain.
        """
        keys = [self._keys[slot] or () for slot in slots.tolist()]
        units, columns = np.unique([u for key in keys for u in key], return_inverse=True)
        codes = np.zeros((len(keys), max(1, len(units))), np.float32)
        rows = np.repeat(np.arange(len(keys)), [len(key) for key in keys])
        gains = np.array([self._gain(unit) for unit in units.astype(int).tolist()], np.float32)
        codes[rows, columns] = np.sqrt(gains)[columns] if len(units) else 0
        return unit_rows(codes)


def _top(values: Floats, count: int) -> Ints:
    """Return the places of the largest positive values, largest first, first come first."""
    found = np.flatnonzero(values > 0)
    if len(found) > count:
        least = np.partition(values[found], len(found) - count)[len(found) - count]
        found = found[values[found] >= least]
    return found[np.argsort(-values[found], kind="stable")][:count]
