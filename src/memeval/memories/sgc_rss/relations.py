"""The relations that were told: their phrasings, the types of their slots, which are one."""

from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

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


class SlotProbe:
    """The kind of a slot, ready to be compared with many names."""

    def __init__(self, slot: Vector, names: Vector) -> None:
        self._both = np.stack([slot, names])
        self._slot_names = float(slot @ names)
        self._names_squared = float(names @ names)

    def cosine(self, name: Vector) -> float:
        """Return the cosine of a name, less what all names share, and the slot.

        Multiplied out, `(name - names) @ slot / |name - names|` is two products with a name of unit
        length.
        """
        with_slot, with_names = (self._both @ name).tolist()
        squared = 1 - 2 * with_names + self._names_squared
        return float((with_slot - self._slot_names) / sqrt(squared)) if squared > 1e-9 else 0.0


class Fitted(NamedTuple):
    """The slots of a phrasing as they were when it had been told so often."""

    told: int
    heads: SlotProbe
    tails: SlotProbe


def phrase_key(form: Form, phrase: str) -> Key:
    """Return the key of a phrasing; case and spaces do not tell phrasings apart."""
    return form, " ".join(phrase.casefold().split())


class Relations:
    """All phrasings by key; those joined to one relation share a root."""

    def __init__(self) -> None:
        self.phrasings: dict[Key, Phrasing] = {}
        self.set_valued: set[Key] = set()
        self._members: dict[Key, list[Key]] = {}
        self._named = 0
        self._names: Vector | None = None
        self._fitted: dict[Key, Fitted] = {}
        self._head_kinds: tuple[list[Key], Vector] | None = None  # until more is learnt

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
        self._name(head + tail, 2)
        return phrasing

    def add(self, phrasing: Phrasing) -> None:
        """Enter a phrasing under its root, by default itself."""
        self.phrasings[phrasing.key] = phrasing
        if phrasing.count:
            self._name(phrasing.heads + phrasing.tails, 2 * phrasing.count)
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

    def join(self, a: Key, b: Key) -> None:
        """Make two relations one."""
        if a == b:
            return
        self._head_kinds = None
        moved = self._members.pop(b)
        for key in moved:
            self.phrasings[key].root = a
        self._members[a] += moved
        self.set_valued.discard(b)

    def support(self, root: Key) -> int:
        """Return how many facts of a relation were told."""
        return sum(self.phrasings[key].count for key in self._members[root])

    def kind(self, total: Vector, count: int) -> Vector:
        """Return the direction in which names differ from names as such, of unit length.

        All names have much in common; without taking that away a person's name would be 0.6 like a
        company's.
        """
        if self._names is None or not count:
            return unit(total)
        return unit(total / count - self._names / self._named)

    def slots(self, phrasing: Phrasing) -> tuple[Vector, Vector]:
        """Return the kinds of a phrasing's heads and tails."""
        return self.kind(phrasing.heads, phrasing.count), self.kind(phrasing.tails, phrasing.count)

    def with_heads_like(self, kind: Vector, floor: float) -> list[Key]:
        """Return relations told more than once whose heads are of a kind, the likeliest first."""
        if self._head_kinds is None:
            self._head_kinds = self._measure_head_kinds()
        roots, kinds = self._head_kinds
        if not roots:
            return []
        fits = kinds @ kind
        found = [i for i in range(len(roots)) if fits[i] >= floor]
        return [roots[i] for i in sorted(found, key=lambda i: (-fits[i], roots[i]))]

    def _measure_head_kinds(self) -> tuple[list[Key], Vector]:
        """Return the relations told more than once, and the kind of the heads of each in a row."""
        roots = [root for root in self._members if self.support(root) > 1]
        rows = []
        for root in roots:
            members = [self.phrasings[key] for key in self._members[root]]
            total = np.sum([one.heads for one in members], axis=0)
            rows.append(self.kind(total, self.support(root)))
        return roots, np.array(rows, np.float32)

    def fit(self, key: Key, head: Vector, tail: Vector) -> float:
        """Return how well two names fit a phrasing, 0 to 1: the mean of two cosines.

        A phrasing's kinds are worked out anew whenever it has been told a quarter more often: every
        fact that is written asks for them, and they hardly move.
        """
        phrasing = self.phrasings.get(key)
        if phrasing is None or self._names is None:
            return 0.0
        fitted = self._fitted.get(key)
        if fitted is None or phrasing.count > 1.25 * fitted.told:
            names = self._names / np.float32(self._named)
            heads, tails = self.slots(phrasing)
            fitted = Fitted(phrasing.count, SlotProbe(heads, names), SlotProbe(tails, names))
            self._fitted[key] = fitted
        return max(0.0, (fitted.heads.cosine(head) + fitted.tails.cosine(tail)) / 2)

    def _name(self, total: Vector, count: int) -> None:
        """Count names towards what all names have in common."""
        self._head_kinds = None
        self._names = total if self._names is None else self._names + total
        self._named += count
