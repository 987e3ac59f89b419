"""The graph that a semantic session is about: entities of several kinds, and what is told of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import NamedTuple

from memeval.suites.own import words as shared
from memeval.suites.own.base import Deck, Happening
from memeval.suites.own.semantic import words
from memeval.suites.own.semantic.relations import Relation, told_of

KNOWN_RATE = 0.4
"""How often a fact is about an entity that was named before; the often named are named again."""
ANSWERS, ITEMS_PER_ANSWER = 3, 100
"""An entity answers at most `ANSWERS` items, and one more for every `ITEMS_PER_ANSWER`."""


class Names(NamedTuple):
    """The two halves of names of one kind, and which of them tells two names apart best."""

    first: Sequence[str]
    second: Sequence[str]
    telling: int


NAMES = {
    "person": Names((*shared.FEMALE_NAMES, *shared.MALE_NAMES), shared.SURNAMES, 1),
    "company": Names(words.COMPANY_NAMES, words.COMPANY_KINDS, 0),
    "city": Names(shared.PLACE_NAMES, words.CITY_KINDS, 0),
    "country": Names(words.COUNTRY_NAMES, words.COUNTRY_KINDS, 0),
    "river": Names(words.NATURE_NAMES, words.RIVER_KINDS, 0),
    "mountain": Names(words.NATURE_NAMES, words.MOUNTAIN_KINDS, 0),
    "lake": Names(words.NATURE_NAMES, words.LAKE_KINDS, 0),
    "forest": Names(words.NATURE_NAMES, words.FOREST_KINDS, 0),
    "book": Names(words.TITLE_OPENINGS, words.TITLE_ENDINGS, 1),
    "museum": Names(words.MUSEUM_NAMES, words.MUSEUM_KINDS, 0),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One edge of the graph, and the event that tells it."""

    relation: Relation
    head: str
    tail: str
    told: str
    event: Happening


class World:
    """Names entities, and tells every relation of a head once, unless it is replaced."""

    def __init__(self, random: Random, size: int) -> None:
        self.random = random
        self.most_answers = ANSWERS + size // ITEMS_PER_ANSWER
        self.answered: Counter[str] = Counter()
        self.naming: defaultdict[str, list[Happening]] = defaultdict(list)
        self._decks = {
            kind: Deck(list(product(names.first, names.second)), random)
            for kind, names in NAMES.items()
        }
        self._known: defaultdict[str, list[str]] = defaultdict(list)
        self._facts: dict[tuple[Relation, str], Fact] = {}

    def fresh(self, kind: str) -> str:
        """Name an entity that nothing was told of yet."""
        return " ".join(self._decks[kind].draw())

    def entity(self, kind: str, avoid: Collection[str] = ()) -> str:
        """Name an entity, old or new, but none of those to avoid and none that answers too much."""
        known = self._known[kind]
        while True:
            is_old = known and self.random.random() < KNOWN_RATE
            name = self.random.choice(known) if is_old else self.fresh(kind)
            if name not in avoid and self.may_answer(name):
                return name

    def may_answer(self, name: str) -> bool:
        """Whether an entity may answer one more item."""
        return self.answered[name] < self.most_answers

    def like(self, kind: str, name: str) -> str:
        """Name a new entity that shares half of a name."""
        deck, half = self._decks[kind], NAMES[kind].telling
        mine = name.split()
        try:
            card = deck.draw_like(lambda card: card[half] == mine[half])
        except IndexError:
            card = deck.draw_like(lambda card: card[1 - half] == mine[1 - half])
        return " ".join(card)

    def fact(self, relation: Relation, head: str) -> Fact | None:
        """Return what was told, if anything was."""
        return self._facts.get((relation, head))

    def tell(self, relation: Relation, head: str, tail: str) -> Fact:
        """Tell a fact in one of its phrasings; its head and tail may come up again."""
        fact = self.tell_in(self.random.choice(relation.told), relation, head, tail)
        self._known[relation.head].append(head)
        return fact

    def tell_in(self, told: str, relation: Relation, head: str, tail: str) -> Fact:
        """Tell a fact in a phrasing; only its tail may come up again by chance."""
        event = Happening(told.format(h=head, t=tail))
        self._facts[relation, head] = fact = Fact(relation, head, tail, told, event)
        self._known[relation.tail].append(tail)
        self.note(event, head, tail)
        return fact

    def note(self, event: Happening, *entities: str) -> None:
        """Note which entities an event names."""
        for entity in entities:
            self.naming[entity].append(event)

    def untold(self, relation: Relation) -> str:
        """Name a head of which the relation was not told."""
        while True:
            head = self.entity(relation.head)
            if (relation, head) not in self._facts:
                return head

    def walk(self, chain: Sequence[Relation]) -> list[str]:
        """Return the entities along a chain, over told facts where there are any."""
        path = [self.entity(chain[0].head)]
        for relation in chain:
            told = self.fact(relation, path[-1])
            path.append(told.tail if told else self.entity(relation.tail, avoid=path))
        return path

    def other_relation(self, relation: Relation) -> Relation:
        """Return another relation of the same kind of head."""
        return self.random.choice([r for r in told_of(relation.head) if r != relation])
