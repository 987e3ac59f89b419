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

    `noun` names the tail where it is the head of another question ("Who employs the mayor of ..."),
    `paraphrase` asks for it in words that stand in none of the phrasings.
    """

    domain: str
    noun: str
    head: str
    tail: str
    phrasings: tuple[Phrasing, ...]
    paraphrase: str


def _relation(
    domain: str, noun: str, joins: str, paraphrase: str, *told: tuple[str, str]
) -> Relation:
    head, _, tail = joins.partition(" ")
    first = (f"The {noun} of {{h}} is {{t}}.", f"{opening_of(tail)} is the {noun} of {{h}}?")
    phrasings = tuple(Phrasing(*pair) for pair in (first, *told))
    return Relation(domain, noun, head, tail, phrasings, paraphrase)


def opening_of(kind: str) -> str:
    """Return the words that ask for an entity of a kind."""
    return {"person": "Who", "company": "Which company"}.get(kind, "What")


RELATIONS = (
    _relation(
        "work",
        "employer",
        "person company",
        "Which firm pays {h}?",
        ("At {t}, {h} has a job.", "Where does {h} have a job?"),
        ("{h} works for {t}.", "Which company does {h} work for?"),
    ),
    _relation(
        "work",
        "headquarters",
        "company city",
        "In which town is {h} based?",
        ("In {t} stands the headquarters of {h}.", "Where does the headquarters of {h} stand?"),
        ("{h} has its headquarters in {t}.", "Where does {h} have its headquarters?"),
    ),
    _relation(
        "work",
        "founder",
        "company person",
        "Who started {h}?",
        ("{t} founded {h}.", "Who founded {h}?"),
        ("{h} was founded by {t}.", "By whom was {h} founded?"),
    ),
    _relation(
        "work",
        "power supplier",
        "city company",
        "Which firm keeps the lights on in {h}?",
        ("{t} supplies {h} with power.", "Which company supplies {h} with power?"),
        ("{h} gets its power from {t}.", "Where does {h} get its power from?"),
    ),
    _relation(
        "geography",
        "home city",
        "person city",
        "In which town does {h} reside?",
        ("In {t}, {h} has a house.", "Where does {h} have a house?"),
        ("{h} lives in {t}.", "Where does {h} live?"),
    ),
    _relation(
        "geography",
        "mayor",
        "city person",
        "Who runs the town hall of {h}?",
        ("{t} is the mayor of {h}.", "Who is the mayor of {h}?"),
        ("{t} was elected mayor of {h}.", "Who was elected mayor of {h}?"),
    ),
    _relation(
        "geography",
        "birth country",
        "person country",
        "Which nation does {h} come from?",
        ("{t} is the birth country of {h}.", "What is the birth country of {h}?"),
        ("{h} was born in {t}.", "Where was {h} born?"),
    ),
    _relation(
        "geography",
        "capital",
        "country city",
        "From which town is {h} ruled?",
        ("In {t} sits the government of {h}.", "Where does the government of {h} sit?"),
        ("{h} has its capital in {t}.", "Where does {h} have its capital?"),
    ),
    _relation(
        "geography",
        "president",
        "country person",
        "Who leads {h}?",
        ("{t} is the president of {h}.", "Who is the president of {h}?"),
        ("{t} was sworn in as president of {h}.", "Who was sworn in as president of {h}?"),
    ),
    _relation(
        "nature",
        "fishing lake",
        "person lake",
        "Where does {h} cast a net?",
        ("On {t}, {h} goes fishing.", "Where does {h} go fishing?"),
        ("{h} goes fishing on {t}.", "On which lake does {h} go fishing?"),
    ),
    _relation(
        "nature",
        "warden",
        "lake person",
        "Who looks after {h}?",
        ("{t} is the warden of {h}.", "Who is the warden of {h}?"),
        ("{t} guards {h} as warden.", "Who guards {h} as warden?"),
    ),
    _relation(
        "nature",
        "owner",
        "lake company",
        "Which firm holds the deeds to {h}?",
        ("{t} owns {h}.", "Which company owns {h}?"),
        ("{h} belongs to {t}.", "To which company does {h} belong?"),
    ),
    _relation(
        "nature",
        "timber forest",
        "company forest",
        "Where does {h} fell trees?",
        ("In {t}, {h} cuts its timber.", "Where does {h} cut its timber?"),
        ("{h} gets its timber from {t}.", "Where does {h} get its timber from?"),
    ),
    _relation(
        "nature",
        "ranger",
        "forest person",
        "Who keeps poachers out of {h}?",
        ("{t} is the ranger of {h}.", "Who is the ranger of {h}?"),
        ("{t} patrols {h} as ranger.", "Who patrols {h} as ranger?"),
    ),
    _relation(
        "nature",
        "sponsor",
        "forest company",
        "Which firm gives money to {h}?",
        ("{t} sponsors {h}.", "Which company sponsors {h}?"),
        ("{h} is sponsored by {t}.", "By which company is {h} sponsored?"),
    ),
    _relation(
        "arts",
        "author",
        "book person",
        "Whose novel is {h}?",
        ("{t} wrote {h}.", "Who wrote {h}?"),
        ("{h} was written by {t}.", "By whom was {h} written?"),
    ),
    _relation(
        "arts",
        "publisher",
        "book company",
        "Which firm printed {h}?",
        ("{t} published {h}.", "Who published {h}?"),
        ("{h} was published by {t}.", "By whom was {h} published?"),
    ),
    _relation(
        "arts",
        "translator",
        "book person",
        "Who put {h} into another language?",
        ("{t} translated {h}.", "Who translated {h}?"),
        ("{h} was translated by {t}.", "By whom was {h} translated?"),
    ),
    _relation(
        "arts",
        "favourite book",
        "person book",
        "Which novel does {h} like best?",
        ("{t} is the favourite book of {h}.", "What is the favourite book of {h}?"),
        ("{h} loves the book {t}.", "Which book does {h} love?"),
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
    """Name an entity by the chain that leads to it: "the mayor of the home city of Nora Vance"."""
    return " ".join([*(f"the {relation.noun} of" for relation in reversed(chain)), head])
