"""Reads how places lie to each other: of which, seen from which, in which direction."""

from collections.abc import Sequence
from dataclasses import dataclass

from memeval.memories.smpd.lexicon import Lexicon
from memeval.memories.smpd.marks import Mark, Marker
from memeval.memories.smpd.relation_words import Knows, RelationWords, Vector


@dataclass(frozen=True, slots=True)
class Told:
    """That `there` lies by a vector from `here`.

    `is_exact` says that directions which are not told are ruled out: without it, "left of" leaves
    open what is above. `is_map` says that it was told in the words of a map.
    """

    here: str
    there: str
    vector: Vector
    is_exact: bool = False
    is_map: bool = False


class RelationReader:
    """Reads a language's sentences about how places lie; none in a language that tells none."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.words = lexicon.relations
        self.marker = Marker(self.words, lexicon) if self.words else None

    def read(self, text: str, knows: Knows) -> list[Told]:
        """Return what a text tells of how places lie, in the order of telling.

        A text that tells of moving, seeing or shutting tells something else.
        """
        words, marker = self.words, self.marker
        if not words or not marker or not words.may_relate.are_in(text):
            return []
        if words.else_told.are_in(text):
            return []
        told, before = list[Told](), list[Mark]()
        for marks in marker.sentences(text, knows):
            names = [mark for mark in marks if mark.kind == "name"]
            if any(mark.kind == "word" and words.does(mark.word, "verbs") for mark in marks):
                told += relations_in(marks, words, before[:1])
            before = names or before
        return told


def relations_in(
    marks: Sequence[Mark], words: RelationWords, before: Sequence[Mark] = ()
) -> list[Told]:
    """Return the relations of a sentence; a pronoun may stand for the name told `before`."""
    found: dict[tuple[str, str], list[Mark]] = {}
    for start, end in _groups(marks):
        subject = _subject(marks, start, end)
        here = subject and _seen_from(marks, start, end, subject, before)
        if subject and here and subject != here:
            found.setdefault((here, subject), []).extend(marks[start:end])
    is_exact = any(mark.kind == "word" and words.does(mark.word, "exact") for mark in marks)
    return [_told(pair, group, words, is_exact=is_exact) for pair, group in found.items()]


def summed(group: Sequence[Mark]) -> Vector:
    """Return the direction of several: above and to the left, between ten and eleven o'clock."""
    directions = [mark for mark in group if mark.kind == "vector"]
    length = max((mark.length for mark in directions), default=1.0)
    axes = zip(*(mark.vector for mark in directions), strict=True)
    x, y = (max(-1.0, min(1.0, sum(axis))) for axis in axes) if directions else (0.0, 0.0)
    return x * length, y * length


def _told(
    pair: tuple[str, str], group: Sequence[Mark], words: RelationWords, *, is_exact: bool
) -> Told:
    vector = summed(group)
    is_map = any(mark.word in words.compass for mark in group)
    return Told(*pair, vector, is_exact=is_exact or vector == (0, 0) or is_map, is_map=is_map)


def _groups(marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Return where directions stand that no name parts."""
    groups: list[tuple[int, int]] = []
    is_open = False
    for i, mark in enumerate(marks):
        if mark.kind == "vector":
            groups[-1:] = [(groups[-1][0], i + 1)] if is_open else [*groups[-1:], (i, i + 1)]
            is_open = True
        elif mark.kind in {"name", "it"}:
            is_open = False
    return groups


def _subject(marks: Sequence[Mark], start: int, end: int) -> str:
    """Return what lies there: the last name before that nothing is seen from, else one behind."""
    for mark in [*reversed(marks[:start]), *marks[end:]]:
        if mark.kind == "name" and not mark.seen_from:
            return mark.word
    return ""


def _seen_from(
    marks: Sequence[Mark], start: int, end: int, subject: str, before: Sequence[Mark]
) -> str:
    """Return what it is seen from: the name behind, or before, that is marked so; else another."""
    behind = next((mark for mark in marks[end:] if mark.kind in {"name", "it"}), None)
    if behind and behind.seen_from and behind.kind == "name" and behind.word != subject:
        return behind.word
    names = [m for m in [*before, *marks] if m.kind == "name" and m.word != subject]
    if not (behind and behind.kind == "it"):
        earlier = [m for m in marks[:start] if m.kind == "name" and m.seen_from]
        names = [m for m in earlier if m.word != subject] or names
    earlier = [m for m in names if not any(m is late for late in marks[end:])]
    return (earlier[-1] if earlier else names[0]).word if names else ""
