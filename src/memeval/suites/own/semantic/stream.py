"""Semantic suite: relations between entities, told one by one and asked one, two or three at once.

A sample item, of the slice `hop2`; the stream also holds confusers and chatter:

    event   e00031  "Heron Falls is governed by Igor Finch."
    event   e00007  "Nora Vance lives in Heron Falls."
    query   "The home of Nora Vance is governed by"      answer  "Igor Finch"

A confuser shares all cues of a question but one, and carries another answer: the same head with
another relation, or the same relation with a head that shares half of its name.
"""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import TypeVar

from memeval.datasets.sampling import shares
from memeval.randomness import named_random
from memeval.suites.own import words
from memeval.suites.own.base import Happening, Question, assemble, flag
from memeval.suites.own.semantic.oddities import ODDITIES
from memeval.suites.own.semantic.prompt import SEMANTIC
from memeval.suites.own.semantic.relations import (
    RELATIONS,
    Relation,
    asking,
    chains,
    nested,
    told_of,
)
from memeval.suites.own.semantic.world import Fact, World
from memeval.types import Session
from memeval.words import UNKNOWN

T = TypeVar("T")

SHARES = {
    "hop1": 0.20,
    "hop2": 0.20,
    "hop3": 0.15,
    "contradiction": 0.15,
    "mismatch": 0.10,
    "paraphrase": 0.10,
    "unknown": 0.10,
}
MAX_SIZE = 2000
EVENTS_PER_ITEM = 3
PASSAGE_SIZE = 6


class Interviewer:
    """Asks about a world, and has it tell what the questions rest on."""

    def __init__(self, world: World, random: Random) -> None:
        self.world = world
        self.random = random
        self._relations = _shuffled(RELATIONS, random)
        self._chains = {length: _shuffled(chains(length), random) for length in (2, 3)}
        self._oddities = _shuffled(ODDITIES, random)
        self._asked: set[str] = set()
        self._walked: set[tuple[tuple[Relation, ...], str]] = set()
        self._placed: set[Happening] = set()

    def hop1(self, i: int) -> Question:
        """Ask for one fact in its own words."""
        fact = self._new_fact(self._relation(i))
        text = asking(fact.told).format(h=fact.head)
        question = self._ask(text, fact.tail, "hop1", [fact.event])
        if i % 2 == 0:
            self._confuse(question, fact, [fact.tail])
        return question

    def hop2(self, i: int) -> Question:
        """Ask along a chain of two facts."""
        return self._hops("hop2", 2, i)

    def hop3(self, i: int) -> Question:
        """Ask along a chain of three facts."""
        return self._hops("hop3", 3, i)

    def contradiction(self, i: int) -> Question:
        """Ask for a fact that a later one replaced.

        The two are told in different phrasings, and the question is in the words of either, so that
        nothing but the order of time tells them apart.
        """
        relation, world = self._relation(i), self.world
        head = world.fresh(relation.head)
        phrasings = self.random.sample(relation.told, 2)
        old = world.tell_in(phrasings[0], relation, head, world.entity(relation.tail))
        answer = world.entity(relation.tail, avoid=[old.tail])
        new = world.tell_in(phrasings[1], relation, head, answer)
        text = asking(self.random.choice(phrasings)).format(h=head)
        question = self._ask(text, new.tail, "contradiction", [new.event])
        question.blocks.insert(0, [old.event])
        question.near.append(old.event)
        return question

    def mismatch(self, i: int) -> Question:
        """Ask for a fact whose like is hardly ever told; the confuser tells its head's own things."""
        oddity = self._oddities[i % len(self._oddities)]
        while True:
            head = self.world.entity(oddity.head)
            text = oddity.asked.format(h=head)
            if text not in self._asked:
                break
        answer = self.world.entity(oddity.tail, avoid=[head])
        event = Happening(oddity.told.format(h=head, t=answer))
        self.world.note(event, head, answer)
        question = self._ask(text, answer, "mismatch", [event])
        if i % 2 == 0:
            relation = self.random.choice(told_of(oddity.head))
            self._add_near(question, relation, head, [answer])
        return question

    def paraphrase(self, i: int) -> Question:
        """Ask in other words; the confuser tells something else of the same head."""
        fact = self._new_fact(self._relation(i))
        text = fact.relation.paraphrase.format(h=fact.head)
        question = self._ask(text, fact.tail, "paraphrase", [fact.event])
        other = self.world.other_relation(fact.relation)
        self._add_near(question, other, fact.head, [fact.tail])
        return question

    def unknown(self, i: int) -> Question:
        """Ask what was never told, of a head of which something else was told."""
        relation, world = self._relation(i), self.world
        head = world.fresh(relation.head)
        text = asking(self.random.choice(relation.told)).format(h=head)
        question = self._ask(text, UNKNOWN, "unknown", [])
        other = world.other_relation(relation)
        phrasing = self.random.choice(other.told)
        near = world.tell_in(phrasing, other, head, world.entity(other.tail, avoid=[head]))
        self._place(question, near.event)
        question.near.append(near.event)
        if i % 2 == 0:
            self._add_near(question, relation, world.like(relation.head, head), [])
        return question

    def _hops(self, name: str, length: int, i: int) -> Question:
        """Ask for the last fact of a chain in its own words, of a head named by the others."""
        chain = self._chains[length][i % len(self._chains[length])]
        path = self._new_path(chain)
        steps = zip(chain, pairwise(path), strict=True)
        facts = [self.world.fact(r, h) or self.world.tell(r, h, t) for r, (h, t) in steps]
        text = asking(facts[-1].told).format(h=nested(chain[:-1], path[0]))
        text = text[0].upper() + text[1:]
        question = self._ask(text, path[-1], name, [fact.event for fact in facts])
        if i % 2 == 0:
            self._confuse(question, self.random.choice(facts), path)
        return question

    def _new_path(self, chain: tuple[Relation, ...]) -> list[str]:
        """Return a path that comes by no entity twice, and that no question went yet."""
        while True:
            path = self.world.walk(chain)
            is_path = len(set(path)) == len(path) and self.world.may_answer(path[-1])
            if is_path and (chain, path[0]) not in self._walked:
                self._walked.add((chain, path[0]))
                return path

    def _relation(self, i: int) -> Relation:
        return self._relations[i % len(self._relations)]

    def _new_fact(self, relation: Relation) -> Fact:
        head = self.world.untold(relation)
        return self.world.tell(relation, head, self.world.entity(relation.tail, avoid=[head]))

    def _ask(self, text: str, answer: str, ability: str, gold: list[Happening]) -> Question:
        question = Question(text, (answer,), ability, blocks=[], gold=gold)
        for event in gold:
            self._place(question, event)
        self._asked.add(text)
        self.world.answered[answer] += 1
        return question

    def _place(self, question: Question, event: Happening) -> None:
        """Put an event among those of a question, anywhere in time, unless another brought it."""
        if event not in self._placed:
            question.blocks.insert(self.random.randint(0, len(question.blocks)), [event])
            self._placed.add(event)

    def _confuse(self, question: Question, fact: Fact, avoid: Sequence[str]) -> None:
        """Tell something else of the same head, or the same of a head with half of its name."""
        other = self.world.other_relation(fact.relation)
        told = self.world.fact(other, fact.head)
        if self.random.random() < 0.5 and not (told and told.tail in avoid):
            self._add_near(question, other, fact.head, avoid)
        else:
            head = self.world.like(fact.relation.head, fact.head)
            self._add_near(question, fact.relation, head, avoid)

    def _add_near(
        self, question: Question, relation: Relation, head: str, avoid: Sequence[str]
    ) -> None:
        told = self.world.fact(relation, head)
        tail = self.world.entity(relation.tail, avoid=[head, *avoid])
        near = told or self.world.tell(relation, head, tail)
        self._place(question, near.event)
        question.near.append(near.event)


def generate(*, size: int, seed: int) -> Session:
    """Generate the session of a size (number of items, 1 to 2,000) and a seed."""
    labels: dict[str, str | int] = {"suite": "semantic", "size": size, "seed": seed}
    random = named_random(*labels.values(), "facts")
    interviewer = Interviewer(World(random, size), random)
    counts = shares(size, SHARES)
    questions = [getattr(interviewer, name)(i) for name in SHARES for i in range(counts[name])]
    for question in questions:
        naming = interviewer.world.naming[question.answers[0]]
        question.barred = [event for event in naming if event not in question.gold]
    random.shuffle(questions)
    told = [event for question in questions for block in question.blocks for event in block]
    chatter = [_chatter(random) for _ in range(EVENTS_PER_ITEM * size - len(told))]
    flag(told, chatter, random)
    return assemble(
        questions,
        chatter,
        random=named_random(*labels.values(), "stream"),
        labels=labels,
        prompt=SEMANTIC,
        passage_size=PASSAGE_SIZE,
    )


def _chatter(random: Random) -> Happening:
    """Say something that nobody will ask about, about as long as a fact."""
    state = random.choice(words.CHATTER_STATES)
    if random.random() < 0.5:
        text = f"{random.choice(words.CHATTER_TIMES)}, {state}."
    else:
        text = f"{state.capitalize()} {random.choice(words.CHATTER_TAILS)}."
    return Happening(text, worth=False)


def _shuffled(cards: Sequence[T], random: Random) -> list[T]:
    return random.sample(cards, len(cards))
