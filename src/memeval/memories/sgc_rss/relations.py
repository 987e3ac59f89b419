"""The relations that were told: their phrasings, the types of their slots, which are one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from memeval.memories.sgc_rss.facts import Fact, Form
from memeval.memories.sgc_rss.type_space import Vector, unit

Key = tuple[Form, str]
"""A phrasing: its form and its words in lower case."""


@dataclass(slots=True)
class Phrasing:
    """One way to tell a relation, with the first fact that was told so as its example."""

    key: Key
    example: tuple[str, str, str]  # head, tail, sentence
    count: int = 0
    heads: Vector = field(default_factory=lambda: np.zeros(0, np.float32))
    tails: Vector = field(default_factory=lambda: np.zeros(0, np.float32))
    root: Key | None = None

    def learn(self, head: Vector, tail: Vector) -> None:
        """Add the types of one fact's head and tail to those of the slots."""
        if not self.count:
            self.heads, self.tails = np.zeros_like(head), np.zeros_like(tail)
        self.count += 1
        self.heads = self.heads + head
        self.tails = self.tails + tail

    def fit(self, head: Vector, tail: Vector) -> float:
        """Return how well a head and a tail fit the slots, 0 to 1: the mean of two cosines."""
        if not self.count:
            return 0.0
        cosines = float(unit(self.heads) @ head), float(unit(self.tails) @ tail)
        return max(0.0, sum(cosines) / 2)


def phrase_key(form: Form, phrase: str) -> Key:
    """Return the key of a phrasing; case and spaces do not tell phrasings apart."""
    return form, " ".join(phrase.casefold().split())


class Relations:
    """All phrasings by key; those joined to one relation share a root."""

    def __init__(self) -> None:
        self.phrasings: dict[Key, Phrasing] = {}
        self.set_valued: set[Key] = set()
        self._members: dict[Key, list[Key]] = {}

    def __len__(self) -> int:
        """Return the number of relations, joined phrasings counted once."""
        return len(self._members)

    def learn(self, fact: Fact, text: str, head: Vector, tail: Vector) -> Phrasing:
        """Count a fact under its phrasing."""
        key = phrase_key(fact.form, fact.phrase)
        phrasing = self.phrasings.get(key)
        if phrasing is None:
            phrasing = Phrasing(key, (fact.head, fact.tail, text))
            self.add(phrasing)
        phrasing.learn(head, tail)
        return phrasing

    def add(self, phrasing: Phrasing) -> None:
        """Enter a phrasing under its root, by default itself."""
        self.phrasings[phrasing.key] = phrasing
        self._members.setdefault(phrasing.root or phrasing.key, []).append(phrasing.key)

    def root(self, key: Key) -> Key:
        """Return the relation that a phrasing tells; itself, if it was never told."""
        phrasing = self.phrasings.get(key)
        return (phrasing and phrasing.root) or key

    def find(self, key: Key) -> Key | None:
        """Return the relation of a phrasing that was told, if it was."""
        return self.root(key) if key in self.phrasings else None

    def members(self, root: Key) -> list[Phrasing]:
        """Return the phrasings of a relation, the most frequent first."""
        found = [self.phrasings[key] for key in self._members[root]]
        return sorted(found, key=lambda phrasing: (-phrasing.count, phrasing.key))

    def roots(self) -> Iterable[Key]:
        """Return all relations."""
        return self._members.keys()

    def join(self, a: Key, b: Key) -> None:
        """Make two relations one."""
        if a == b:
            return
        moved = self._members.pop(b)
        for key in moved:
            self.phrasings[key].root = a
        self._members[a] += moved
        self.set_valued.discard(b)

    def support(self, root: Key) -> int:
        """Return how many facts of a relation were told."""
        return sum(self.phrasings[key].count for key in self._members[root])

    def head_type(self, root: Key) -> Vector:
        """Return the direction that the heads of a relation share, of unit length."""
        total = np.sum([self.phrasings[key].heads for key in self._members[root]], axis=0)
        return unit(total)
