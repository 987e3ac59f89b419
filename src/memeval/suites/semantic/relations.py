"""The relations of the semantic suite: what they join, and the words they are told and asked in.

Generator and solver share these tables and nothing else. In every phrasing `{h}` is the head, of
whom something is told, and `{t}` the tail, which is what is told.
"""

from typing import NamedTuple


class Phrasing(NamedTuple):
    """One way to tell a fact, and the question in the same words."""

    told: str
    asked: str


class Relation(NamedTuple):
    """A functional relation: at any time a head has one tail.

    `noun` names the tail in nested questions ("the mayor of the home city of ..."). `paraphrase`
    asks for it in words that stand in none of the phrasings.
    """

    domain: str
    noun: str
    head: str
    tail: str
    phrasings: tuple[Phrasing, ...]
    paraphrase: str


def _noun_phrasings(noun: str, opening: str, article: str = "") -> tuple[Phrasing, Phrasing]:
    """Return the two phrasings that every relation has: by its noun, head first and tail first."""
    asked = f"{opening} is the {noun} of {{h}}?"
    return (
        Phrasing(f"The {noun} of {{h}} is {article}{{t}}.", asked),
        Phrasing(f"{article.capitalize()}{{t}} is the {noun} of {{h}}.", asked),
    )


def _relation(
    domain: str, noun: str, joins: str, *phrasing: str, paraphrase: str, article: str = ""
) -> Relation:
    head, _, tail = joins.partition(" ")
    common = _noun_phrasings(noun, opening_of(tail), article)
    return Relation(domain, noun, head, tail, (*common, Phrasing(*phrasing)), paraphrase)


def opening_of(kind: str) -> str:
    """Return the question word that asks for an entity of a kind."""
    return "Who" if kind == "person" else "What"


RELATIONS = (
    _relation(
        "work",
        "employer",
        "person company",
        "{h} works for {t}.",
        "Which company does {h} work for?",
        paraphrase="Who pays the wages of {h}?",
    ),
    _relation(
        "work",
        "headquarters",
        "company city",
        "{h} has its headquarters in {t}.",
        "Where does {h} have its headquarters?",
        paraphrase="Where is {h} based?",
    ),
    _relation(
        "work",
        "main product",
        "company product",
        "{h} makes the product {t}.",
        "What product does {h} make?",
        paraphrase="What do people buy from {h}?",
    ),
    _relation(
        "work",
        "founder",
        "company person",
        "{h} was founded by {t}.",
        "Who founded {h}?",
        paraphrase="Who started {h}?",
    ),
    _relation(
        "geography",
        "home city",
        "person city",
        "{h} lives in {t}.",
        "Where does {h} live?",
        paraphrase="Where does {h} reside?",
    ),
    _relation(
        "geography",
        "province",
        "city province",
        "{h} lies in the province {t}.",
        "In which province does {h} lie?",
        paraphrase="Which region does {h} belong to?",
    ),
    _relation(
        "geography",
        "river",
        "city river",
        "{h} stands on the river {t}.",
        "On which river does {h} stand?",
        paraphrase="What water flows past {h}?",
    ),
    _relation(
        "geography",
        "mayor",
        "city person",
        "{h} elected {t} as mayor.",
        "Whom did {h} elect as mayor?",
        paraphrase="Who governs {h}?",
    ),
    _relation(
        "nature",
        "source",
        "river mountain",
        "{h} has its source on {t}.",
        "Where does {h} have its source?",
        paraphrase="Where does {h} begin?",
    ),
    _relation(
        "nature",
        "mouth",
        "river lake",
        "{h} flows into {t}.",
        "What does {h} flow into?",
        paraphrase="Where does {h} end?",
    ),
    _relation(
        "nature",
        "largest forest",
        "province forest",
        "{h} has its largest forest in {t}.",
        "Where does {h} have its largest forest?",
        paraphrase="Where do most trees in {h} grow?",
    ),
    _relation(
        "nature",
        "emblem",
        "province animal",
        "{h} chose the {t} as its emblem.",
        "What did {h} choose as its emblem?",
        paraphrase="Which animal stands for {h}?",
        article="the ",
    ),
    _relation(
        "arts",
        "author",
        "book person",
        "{h} was written by {t}.",
        "Who wrote {h}?",
        paraphrase="Whose novel is {h}?",
    ),
    _relation(
        "arts",
        "publisher",
        "book company",
        "{h} was published by {t}.",
        "Who published {h}?",
        paraphrase="Which firm printed {h}?",
    ),
    _relation(
        "arts",
        "exhibitor",
        "book museum",
        "{h} is exhibited at {t}.",
        "Where is {h} exhibited?",
        paraphrase="Where can visitors see {h}?",
    ),
    _relation(
        "arts",
        "curator",
        "museum person",
        "{h} hired {t} as curator.",
        "Whom did {h} hire as curator?",
        paraphrase="Who is in charge of {h}?",
    ),
    _relation(
        "arts",
        "host city",
        "museum city",
        "{h} opened in the city {t}.",
        "In which city did {h} open?",
        paraphrase="Where is {h} located?",
    ),
    _relation(
        "arts",
        "music teacher",
        "person person",
        "{h} learned music from {t}.",
        "From whom did {h} learn music?",
        paraphrase="Who gives {h} piano lessons?",
    ),
)
BY_NOUN = {relation.noun: relation for relation in RELATIONS}


def told_of(kind: str) -> tuple[Relation, ...]:
    """Return the relations whose head is of a kind."""
    return tuple(relation for relation in RELATIONS if relation.head == kind)


def chains(length: int) -> tuple[tuple[Relation, ...], ...]:
    """Return every way to follow so many different relations, each from the tail of the last."""
    if length == 1:
        return tuple((relation,) for relation in RELATIONS)
    return tuple(
        (*chain, relation)
        for chain in chains(length - 1)
        for relation in told_of(chain[-1].tail)
        if relation not in chain
    )


def nested(chain: tuple[Relation, ...], head: str) -> str:
    """Ask where a chain leads: "Who is the mayor of the home city of Nora Vance?"."""
    nouns = " of ".join(f"the {relation.noun}" for relation in reversed(chain))
    return f"{opening_of(chain[-1].tail)} is {nouns} of {head}?"
