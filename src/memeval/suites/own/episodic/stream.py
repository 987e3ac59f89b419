"""Episodic suite: who did what, where and when, asked in seven ways.

A sample item, of the slice `update`; the stream also holds confusers and chatter:

    event   e00007  "On 3 May, Nora Vance bought a brass lute at Alder Mill."
    event   e00031  "Correction: Nora Vance bought a brass lute at Heron Wharf."
    query   "Where did Nora Vance buy the brass lute?"      answer  "Heron Wharf"

A confuser shares all cues of a question but one, and carries another answer. One that carried the
same answer would let a memory score with the wrong event.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Any

from memeval.datasets.sampling import shares
from memeval.randomness import named_random
from memeval.suites.own import words
from memeval.suites.own.base import (
    Deck,
    Happening,
    Question,
    article,
    assemble,
    chatter,
    flag,
)
from memeval.suites.own.episodic.prompt import EPISODIC
from memeval.types import Session
from memeval.words import UNKNOWN

SHARES = {
    "exact": 0.20,
    "paraphrase": 0.20,
    "partial": 0.15,
    "noisy": 0.10,
    "update": 0.15,
    "bound": 0.10,
    "unknown": 0.10,
}
MAX_SIZE = 2000
EVENTS_PER_ITEM = 3
PASSAGE_SIZE = 6


@dataclass(frozen=True, slots=True)
class Fact:
    """One episode, slot by slot."""

    who: str
    pronoun: str
    verb: words.Verb
    thing: str
    place: str
    day: str

    def told(self, random: Random) -> str:
        """Tell the episode in one of three phrasings."""
        phrasing = random.choice(PHRASINGS)
        return phrasing.format(f=self, a=article(self.thing), past=self.verb.past)


PHRASINGS = (
    "{f.who} {past} {a} {f.thing} at {f.place} on {f.day}.",
    "On {f.day}, {f.who} {past} {a} {f.thing} at {f.place}.",
    "At {f.place}, {f.who} {past} {a} {f.thing} on {f.day}.",
)
EXACT = (
    # question, slot asked for, cue slots
    ("Who {f.verb.past} the {f.thing} at {f.place}?", "who", ("thing", "place")),
    ("Where did {f.who} {f.verb.base} the {f.thing}?", "place", ("who", "thing")),
    ("On what date did {f.who} {f.verb.base} the {f.thing}?", "day", ("who", "thing")),
    ("What did {f.who} {f.verb.base} at {f.place}?", "thing", ("who", "place")),
)
NAMED = tuple(form for form in EXACT if "who" in form[2])
PARTIAL = (
    ("Where was {f.who}?", "place", "who"),
    ("Who had to do with the {f.thing}?", "who", "thing"),
    ("Where was the {f.thing} seen?", "place", "thing"),
    ("Who was at {f.place}?", "who", "place"),
    ("On what date was someone at {f.place}?", "day", "place"),
)
PARAPHRASE = (
    ("Who {f.verb.synonym} the {cue}?", "who"),
    ("Where was the {cue} {f.verb.synonym}?", "place"),
    ("On what date was the {cue} {f.verb.synonym}?", "day"),
)
CORRECTIONS = (
    "Correction: {f.who} {f.verb.past} {a} {f.thing} {said}.",
    "{f.who} {f.verb.past} {a} {f.thing} {said} after all.",
    "In fact, {f.who} {f.verb.past} {a} {f.thing} {said}.",
)
BOUND = (
    # second sentence, question, slot of another fact that answers it
    (
        "There {f.pronoun} came across {a} {o.thing}.",
        "What did {f.who} come across at {f.place}?",
        "thing",
    ),
    ("Then {f.pronoun} gave it to {o.who}.", "To whom did {f.who} give the {f.thing}?", "who"),
    (
        "Then {f.pronoun} walked on to {o.place}.",
        "Where did {f.who} walk on to from {f.place}?",
        "place",
    ),
)


class World:
    """Deals facts whose people, things and places are each used once, unless a confuser copies one."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.people = Deck(list(product(words.FIRST_NAMES, words.SURNAMES)), random)
        self.things = Deck(list(product(words.ADJECTIVES, words.NOUNS)), random)
        self.places = Deck(list(product(words.PLACE_NAMES, words.PLACE_KINDS)), random)
        self.deeds = Deck(list(product(words.VERBS, words.SYNONYM_NOUNS)), random)

    def fact(self) -> Fact:
        """Deal a fact with fresh slots."""
        who, pronoun = _named(self.people.draw())
        return Fact(
            who=who,
            pronoun=pronoun,
            verb=self.random.choice(words.VERBS),
            thing=" ".join(self.things.draw()),
            place=" ".join(self.places.draw()),
            day=f"{self.random.randint(1, 28)} {self.random.choice(words.MONTHS)}",
        )

    def tell(self, fact: Fact) -> Happening:
        """Make the event that tells a fact."""
        return Happening(fact.told(self.random))

    def ask(self, text: str, answer: str, ability: str, gold: list[Happening]) -> Question:
        """Make a question whose gold events stand together in the stream."""
        return Question(text, (answer,), ability, blocks=[gold], gold=gold)

    def confuse(self, question: Question, confuser: Fact) -> None:
        """Put a confuser somewhere into the stream, and into the question's passage."""
        told = self.tell(confuser)
        question.blocks.append([told])
        question.near.append(told)


def _exact(world: World, i: int) -> Question:
    """Ask with the event's own words."""
    form, slot, cues = EXACT[i % len(EXACT)]
    fact = world.fact()
    question = world.ask(form.format(f=fact), getattr(fact, slot), "exact", [world.tell(fact)])
    if i // len(EXACT) % 2 == 0:
        world.confuse(question, _sharing(world, fact, world.random.choice(cues)))
    return question


def _paraphrase(world: World, i: int) -> Question:
    """Ask with synonyms for the action and the thing, and no other cue."""
    form, slot = PARAPHRASE[i % len(PARAPHRASE)]
    verb, (said, cue) = world.deeds.draw()
    fact = replace(world.fact(), verb=verb, thing=said)
    text = form.format(f=fact, cue=cue)
    question = world.ask(text, getattr(fact, slot), "paraphrase", [world.tell(fact)])
    if i // len(PARAPHRASE) % 2 == 0:
        share = world.random.randrange(2)  # the action or the thing
        card = (verb, (said, cue))
        other_verb, (other_thing, _) = world.deeds.draw_like(lambda c: c[share] == card[share])
        world.confuse(question, replace(world.fact(), verb=other_verb, thing=other_thing))
    return question


def _partial(world: World, i: int) -> Question:
    """Ask with one slot; the confuser shares half of that slot."""
    form, slot, cue = PARTIAL[i % len(PARTIAL)]
    fact = world.fact()
    question = world.ask(form.format(f=fact), getattr(fact, slot), "partial", [world.tell(fact)])
    if i // len(PARTIAL) % 2 == 0:
        world.confuse(question, _half_sharing(world, fact, cue))
    return question


def _noisy(world: World, i: int) -> Question:
    """Ask with a typo in the name; the confuser did the same to the same thing."""
    form, slot, _ = NAMED[i % len(NAMED)]
    fact = world.fact()
    text = form.format(f=replace(fact, who=_with_typo(fact.who, world.random)))
    question = world.ask(text, getattr(fact, slot), "noisy", [world.tell(fact)])
    kept = "place" if slot == "thing" else "thing"
    world.confuse(question, _sharing(world, fact, kept))
    return question


def _update(world: World, i: int) -> Question:
    """Ask for what a later event corrected.

    Every other correction repeats the whole fact, the rest only what is new: one is longer than
    what it corrects, the other shorter, so that nothing but the order of time tells them apart.
    """
    form, slot, _ = EXACT[1 + i % 2]
    old = world.fact()
    new = replace(old, **{slot: getattr(world.fact(), slot)})
    while getattr(new, slot) == getattr(old, slot):
        new = replace(old, **{slot: getattr(world.fact(), slot)})
    changed = {"place": f"at {new.place}", "day": f"on {new.day}"}
    said = changed[slot] if i // 2 % 2 else " ".join(changed.values())
    telling = world.random.choice(CORRECTIONS)
    first = world.tell(old)
    correction = Happening(telling.format(f=new, a=article(new.thing), said=said))
    question = world.ask(form.format(f=new), getattr(new, slot), "update", [correction])
    question.blocks.insert(0, [first])
    question.near.append(first)
    return question


def _bound(world: World, i: int) -> Question:
    """Ask for what only the second sentence of an episode says."""
    sentence, form, slot = BOUND[i % len(BOUND)]
    fact, other = world.fact(), world.fact()
    second = Happening(sentence.format(f=fact, o=other, a=article(other.thing)), dependent=True)
    gold = [world.tell(fact), second]
    question = world.ask(form.format(f=fact), getattr(other, slot), "bound", gold)
    if i // len(BOUND) % 2 == 0:
        world.confuse(question, _sharing(world, fact, "who"))
    return question


def _unknown(world: World, i: int) -> Question:
    """Ask for what never happened, of someone who did something else."""
    form, _, cues = EXACT[i % len(EXACT)]
    never = world.fact()
    question = Question(form.format(f=never), (UNKNOWN,), "unknown", blocks=[])
    world.confuse(question, _sharing(world, never, world.random.choice(cues)))
    return question


ASKERS: dict[str, Callable[[World, int], Question]] = {
    "exact": _exact,
    "paraphrase": _paraphrase,
    "partial": _partial,
    "noisy": _noisy,
    "update": _update,
    "bound": _bound,
    "unknown": _unknown,
}


def generate(*, size: int, seed: int) -> Session:
    """Generate the session of a size (number of items, 1 to 2,000) and a seed."""
    labels: dict[str, str | int] = {"suite": "episodic", "size": size, "seed": seed}
    world = World(named_random(*labels.values(), "facts"))
    counts = shares(size, SHARES)
    questions = [ASKERS[name](world, i) for name in SHARES for i in range(counts[name])]
    world.random.shuffle(questions)
    told = [event for question in questions for block in question.blocks for event in block]
    fillers = [chatter(world.random) for _ in range(EVENTS_PER_ITEM * size - len(told))]
    flag(told, fillers, world.random)
    return assemble(
        questions,
        fillers,
        random=named_random(*labels.values(), "stream"),
        labels=labels,
        prompt=EPISODIC,
        passage_size=PASSAGE_SIZE,
    )


def _sharing(world: World, fact: Fact, slot: str) -> Fact:
    """Return a fresh fact with the same action and one slot of `fact`."""
    kept: dict[str, Any] = {"verb": fact.verb, slot: getattr(fact, slot)}
    return replace(world.fact(), **kept)


def _half_sharing(world: World, fact: Fact, slot: str) -> Fact:
    """Return a fresh fact that shares the second word of a slot: surname, noun or kind of place."""
    word = getattr(fact, slot).split()[1]
    if slot == "who":
        who, pronoun = _named(world.people.draw_like(lambda card: card[1] == word))
        return replace(world.fact(), who=who, pronoun=pronoun)
    deck = world.things if slot == "thing" else world.places
    mixed: dict[str, Any] = {slot: " ".join(deck.draw_like(lambda card: card[1] == word))}
    return replace(world.fact(), **mixed)


def _named(card: tuple[tuple[str, str], str]) -> tuple[str, str]:
    """Return full name and pronoun."""
    (first, pronoun), surname = card
    return f"{first} {surname}", pronoun


def _with_typo(name: str, random: Random) -> str:
    """Swap, drop or double a letter inside one word of a name, until it is no name at all."""
    known = {*words.FEMALE_NAMES, *words.MALE_NAMES, *words.SURNAMES}
    parts = name.split()
    at = random.randrange(len(parts))
    while True:
        word = parts[at]
        i = random.randrange(1, len(word) - 1)
        swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        wrong = random.choice((swapped, word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:]))
        if wrong not in known and wrong != word:
            return " ".join([*parts[:at], wrong, *parts[at + 1 :]])
