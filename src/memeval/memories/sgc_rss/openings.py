"""Where a slot begins in sentences that open alike: there many different words follow.

Harris (1955, "From phoneme to morpheme") found boundaries where the variety of successors peaks. A
value that is no name ("wide receiver") is told from the words that stand before it in this way.
"""

from dataclasses import dataclass, field

from memeval.memories.sgc_rss.sentences import SLOT

MAX_OPENINGS = 100_000
LONGEST = 16
"""Words of an opening at most."""
EXPECTED = 0.5
"""Share of the sentences that open so, from which on a word is no value but belongs to them."""

Opening = tuple[str, ...]


@dataclass(slots=True)
class Continued:
    """How many sentences open so, and the different words that follow."""

    count: int = 0
    words: set[str] = field(default_factory=set)


class Openings:
    """Counts what follows the first words of sentences, names counted as slots."""

    def __init__(self, variety: int) -> None:
        self._variety = variety
        self._seen: dict[Opening, Continued] = {}

    def learn(self, skeleton: Opening) -> None:
        """Count a sentence that names something."""
        if SLOT not in skeleton:
            return
        if len(self._seen) >= MAX_OPENINGS:
            self._seen = {o: c for o, c in self._seen.items() if c.count > 1}
        for end in range(1, min(len(skeleton), LONGEST)):
            seen = self._seen.setdefault(skeleton[:end], Continued())
            seen.count += 1
            if len(seen.words) < self._variety:
                seen.words.add(skeleton[end])

    def split(self, skeleton: Opening) -> int:
        """Return how many words come before the value that ends a sentence; 0 if it has none."""
        for end in range(min(len(skeleton), LONGEST) - 1, 1, -1):
            if SLOT not in skeleton[: end - 1] or skeleton[end - 1] == SLOT:
                continue
            seen = self._seen.get(skeleton[:end])
            if seen and len(seen.words) >= self._variety and self._is_expected(skeleton, end):
                return end
        return 0

    def _is_expected(self, skeleton: Opening, end: int) -> bool:
        """Whether the last word before a value belongs to the opening; a verb need not."""
        if skeleton[end - 2] == SLOT:
            return True
        before, seen = self._seen[skeleton[: end - 1]], self._seen[skeleton[:end]]
        return seen.count >= EXPECTED * before.count
