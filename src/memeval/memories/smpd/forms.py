"""The form in which answers are due, as worked examples show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from memeval.memories.smpd.lexicon import Lexicon, Vector
from memeval.memories.smpd.telling import Teller
from memeval.types import Example

WORDS_BETWEEN = ", "


@dataclass(slots=True)
class Forms:
    """Writes ways and relations: in whole words, unless examples show letters or other words.

    An example of which the answer is nothing but first letters of directions ("w,s") shows that
    ways are written so; one of which it is a word for a relation shows which words are meant.
    """

    lexicon: Lexicon
    examples: Sequence[Example] = ()
    _between: str = ""
    _kind: str = ""
    _letters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._letters = {word[0]: word for (x, y), word in self.lexicon.called.items() if not x * y}
        for example in self.examples:
            self._learn(example.answer.strip())

    def way(self, teller: Teller, places: Sequence[int]) -> str:
        """Write the moves of a way; in letters only where each is a direction."""
        moves = [teller.move(a, b) for a, b in pairwise(places)]
        if self._between and all(self._letters.get(move[0]) == move for move in moves):
            return self._between.join(move[0] for move in moves)
        return WORDS_BETWEEN.join(moves)

    def relation(self, vector: Vector, *, is_map: bool) -> str:
        """Write how a place lies, in words of a map or of a sheet."""
        assert self.lexicon.relations
        kind = self._kind or ("map" if is_map else "sheet")
        return self.lexicon.relations.words[kind][vector]

    def _learn(self, answer: str) -> None:
        parts = [part.strip() for part in answer.split(",")]
        if len(parts) > 1 and all(part in self._letters for part in parts):
            self._between = "," if ", " not in answer else ", "
        relations = self.lexicon.relations
        kinds = [k for k, t in relations.words.items() if answer in t.values()] if relations else []
        if len(kinds) == 1:
            self._kind = kinds[0]
