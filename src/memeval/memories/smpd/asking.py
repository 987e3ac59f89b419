"""What a question about a map asks, by the parts of the lexicon and not by any phrasing.

Which words of asking there are, whether there is a direction, and how many places are named: a
direction and one place ask what lies there; a direction and two, whether it is so; two places and
"where", how they lie; two places and a way, the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from memeval.memories.smpd.lexicon import Lexicon
from memeval.memories.smpd.marks import Mark, Marker
from memeval.memories.smpd.relating import relations_in, summed
from memeval.memories.smpd.relation_words import Knows, RelationWords, Vector

Kind = Literal[
    "what", "whether", "where", "way", "step", "steps", "after", "before", "nearer", "can"
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of question with the places that it is about.

    `here` is what it is seen from, or where a way begins, `there` the other one, or where it leads;
    `among` what to choose from, or the place before the one asked for.
    """

    kind: Kind
    here: str = ""
    there: str = ""
    vector: Vector = (0.0, 0.0)
    among: tuple[str, ...] = ()


class Understander:
    """Understands a language's questions; none in a language that tells no relations."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.relations
        self._marker = Marker(self._words, lexicon) if self._words else None

    def understand(self, question: str, knows: Knows) -> tuple[list[str], Asked | None]:
        """Return the places that are named, from where one sets out first, and what is asked.

        None is asked where the lexicon does not tell, or no place is known.
        """
        if not self._words or not self._marker:
            return [], None
        sentences = list(self._marker.sentences(question, knows))
        names = [m for marks in sentences for m in marks if m.kind == "name" and knows(m.word)]
        named = list({m.word: m for m in names}.values())
        asked = (_Question(marks, self._words, knows).asked() for marks in sentences)
        places = [m.word for m in sorted(named, key=lambda m: m.cue != "from")]
        return places, next(filter(None, asked), None)


class _Question:
    """The marks of one sentence; names that the map does not know are none."""

    def __init__(self, marks: Sequence[Mark], words: RelationWords, knows: Knows) -> None:
        self.marks = [m for m in marks if m.kind != "name" or knows(m.word)]
        self.words = words
        self.names = list({m.word: m for m in self.marks if m.kind == "name"}.values())
        self.has_direction = any(m.kind == "vector" for m in self.marks)

    def asked(self) -> Asked | None:
        """Return what is asked; None where nothing is, or of no place that is known."""
        if not self.names:
            return None
        if len(self.names) > 1 and (found := self._of_many()):
            return found
        if self.has_direction:
            return self._directed()
        return self._of_two() if len(self.names) == 2 else None

    def _of_two(self) -> Asked | None:
        """Return what is asked of two places without a direction."""
        if self._has("can") and not self._has("what", "where", "how"):
            return self._way("can")
        if self._has("way") and (self._is_cued("to") or not self._has("where")):
            return self._way("way" if self._has("how") else "step")
        return self._where() if self._has("where") else None

    def _of_many(self) -> Asked | None:
        """Return what is asked by words of its own: of what is near, or how far a way is."""
        if self._has("nearer"):
            seen = max(self.names, key=lambda m: (m.seen_from, m.cue == "to"))
            among = tuple(m.word for m in self.names if m is not seen)
            return Asked("nearer", seen.word, among=among) if len(among) > 1 else None
        if self._has("many"):
            return self._way("steps")
        return self._along("after") or self._along("before")

    def _along(self, kind: Literal["after", "before"]) -> Asked | None:
        """Ask for the neighbour on a way of the place that is marked so, if one is."""
        named = [m for m in self.marks if m.kind == "name"]
        cued = next((m for m in named if m.cue == kind), None)
        if cued is None:
            return None
        ends = [m for m in named if m is not cued]
        start = next((m for m in ends if m.cue == "from"), cued)
        goal = next((m for m in ends if m is not start), cued)
        return Asked(kind, start.word, goal.word, among=(cued.word,))

    def _directed(self) -> Asked | None:
        if len(self.names) > 1:
            told = relations_in(self.marks, self.words)
            if self._has("what", "where") or not told:
                return self._where()
            return Asked("whether", told[0].here, told[0].there, told[0].vector)
        [name] = self.names
        if not self._has("what", "where"):
            return None
        x, y = summed(self.marks)
        before = self.marks.index(name) < next(
            i for i, mark in enumerate(self.marks) if mark.kind == "vector"
        )
        is_seen = name.seen_from or not before
        return Asked("what", name.word, vector=(x, y) if is_seen else (-x, -y))

    def _where(self) -> Asked:
        """Ask how two places lie: seen from the one more marked as that, else the second."""
        first, second = self.names[:2]
        is_first = first.seen_from > second.seen_from
        here, there = (first, second) if is_first else (second, first)
        return Asked("where", here.word, there.word)

    def _way(self, kind: Kind) -> Asked:
        """Ask for a way: from the place that is marked so, else from the first one."""
        first, second = self.names[:2]
        is_back = second.cue == "from" or (first.cue == "to" and second.cue != "to")
        here, there = (second, first) if is_back else (first, second)
        return Asked(kind, here.word, there.word)

    def _has(self, *roles: str) -> bool:
        return any(m.kind == "word" and self.words.does(m.word, *roles) for m in self.marks)

    def _is_cued(self, cue: str) -> bool:
        return any(mark.cue == cue for mark in self.names)
