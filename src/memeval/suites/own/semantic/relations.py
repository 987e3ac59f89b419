"""The relations of the semantic suite: what they join, and the words they are told and asked in.

Generator and solver share these tables and nothing else. In every phrasing `{h}` is the head, of
whom something is told, and `{t}` the tail, which is what is told. It stands last, so that a question
is the statement without its end ("Nora Vance works for"): a cloze, as language models are probed for
relations with (LAMA: Petroni et al. 2019, arXiv:1909.01066).
"""

from typing import NamedTuple


class Relation(NamedTuple):
    """A functional relation: at any time a head has one tail.

    `noun` names the tail where it is the head of another question ("The mayor of the home of Nora
    Vance works for"), `paraphrase` asks for it in words that no phrasing has.
    """

    domain: str
    noun: str
    head: str
    tail: str
    told: tuple[str, ...]
    paraphrase: str


def asking(told: str) -> str:
    """Turn a phrasing into the question for its tail."""
    return told.removesuffix(" {t}.")


def _relation(domain: str, noun: str, joins: str, *told: str, paraphrase: str) -> Relation:
    head, _, tail = joins.partition(" ")
    return Relation(domain, noun, head, tail, told, paraphrase)


RELATIONS = (
    _relation(
        "work", "employer", "person company",
        "{h} works for {t}.", "{h} has a job with {t}.",
        paraphrase="{h} gets wages from",
    ),
    _relation(
        "work", "headquarters", "company city",
        "{h} has its main office in {t}.", "{h} runs its business from {t}.",
        paraphrase="{h} is based at",
    ),
    _relation(
        "work", "founder", "company person",
        "{h} was founded by {t}.", "{h} was set up by {t}.",
        paraphrase="{h} was started by",
    ),
    _relation(
        "work", "power supplier", "city company",
        "{h} buys its power from {t}.", "{h} is supplied with power by {t}.",
        paraphrase="{h} gets electricity from",
    ),
    _relation(
        "geography", "home", "person city",
        "{h} lives in {t}.", "{h} has a house in {t}.",
        paraphrase="{h} resides at",
    ),
    _relation(
        "geography", "mayor", "city person",
        "{h} is governed by {t}.", "{h} is in the hands of {t}.",
        paraphrase="{h} is run by",
    ),
    _relation(
        "geography", "birthplace", "person country",
        "{h} was born in {t}.", "{h} came into the world in {t}.",
        paraphrase="{h} is a native of",
    ),
    _relation(
        "geography", "capital", "country city",
        "{h} is ruled from {t}.", "{h} has its parliament in {t}.",
        paraphrase="{h} makes its laws at",
    ),
    _relation(
        "geography", "president", "country person",
        "{h} is led by {t}.", "{h} is headed by {t}.",
        paraphrase="{h} obeys",
    ),
    _relation(
        "nature", "fishing spot", "person lake",
        "{h} goes fishing on {t}.", "{h} keeps a rowing boat on {t}.",
        paraphrase="{h} casts a net into",
    ),
    _relation(
        "nature", "warden", "lake person",
        "{h} is guarded by {t}.", "{h} is watched over by {t}.",
        paraphrase="{h} is looked after by",
    ),
    _relation(
        "nature", "owner", "lake company",
        "{h} belongs to {t}.", "{h} is owned by {t}.",
        paraphrase="{h} is the property of",
    ),
    _relation(
        "nature", "source of timber", "company forest",
        "{h} cuts its timber in {t}.", "{h} takes its wood from {t}.",
        paraphrase="{h} fells trees at",
    ),
    _relation(
        "nature", "ranger", "forest person",
        "{h} is patrolled by {t}.", "{h} is policed by {t}.",
        paraphrase="{h} is kept safe from poachers by",
    ),
    _relation(
        "nature", "sponsor", "forest company",
        "{h} is sponsored by {t}.", "{h} is paid for by {t}.",
        paraphrase="{h} gets money from",
    ),
    _relation(
        "arts", "author", "book person",
        "{h} was written by {t}.", "{h} was penned by {t}.",
        paraphrase="{h} is a novel by",
    ),
    _relation(
        "arts", "publisher", "book company",
        "{h} was published by {t}.", "{h} was brought out by {t}.",
        paraphrase="{h} was printed by",
    ),
    _relation(
        "arts", "translator", "book person",
        "{h} was translated by {t}.", "{h} was rendered into English by {t}.",
        paraphrase="{h} was put into another language by",
    ),
)  # fmt: skip
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
    """Name an entity by the chain that leads to it: "the mayor of the home of Nora Vance"."""
    return " ".join([*(f"the {relation.noun} of" for relation in reversed(chain)), head])
