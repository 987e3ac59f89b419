"""Homeostatic gain: words that come with every event are turned down."""

import math
from collections import Counter
from collections.abc import Iterable

from memeval.memories.hei_nw.lexicon import Lexicon


class Homeostasis:
    """Learns from all events observed, written or not, how much a word says.

    The gain is `rarity * log(1 + N / (mass + 1/2))^2`, where mass is in how many of the N events
    a word came, as by the squared inverse document frequency of a tf-idf cosine (Spärck Jones
    1972).
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.fired: Counter[str] = Counter()
        self.observed = 0

    def learn(self, words: Iterable[str]) -> None:
        """Take in the distinct words of one event."""
        self.fired.update(words)
        self.observed += 1

    def gain(self, word: str, mass: float | None = None) -> float:
        """Return the gain of a word, or what it were if the word had this mass."""
        events = self.fired[word] if mass is None else mass
        turned_down = math.log1p(self.observed / (events + 0.5)) ** 2
        return self._lexicon.rarity(word) * turned_down

    def telling(self, word: str) -> float:
        """Return the gain of a word as a share of what it were if no event had it yet.

        Unlike the gain it does not rise as a stream goes on.
        """
        most = self.gain(word, 0.0)
        return self._lexicon.rarity(word) * (self.gain(word) / most if most else 1.0)
