"""Facts that fit no frequent schema: every sentence here is told a few times in a session at most."""

from typing import NamedTuple


class Oddity(NamedTuple):
    """A sentence of its own kind, what it joins, and the question in the same words."""

    head: str
    tail: str
    told: str
    asked: str


def _oddity(joins: str, told: str, asked: str) -> Oddity:
    head, _, tail = joins.partition(" ")
    return Oddity(head, tail, told, asked)


ODDITIES = tuple(
    _oddity(*row)
    for row in (
        ("person person", "{h} once beat {t} at chess.", "Whom did {h} once beat at chess?"),
        ("person person", "{h} is allergic to the cat of {t}.", "To whose cat is {h} allergic?"),
        (
            "person person",
            "{h} named a parrot after {t}.",
            "After whom did {h} name a parrot?",
        ),
        (
            "person person",
            "{h} shares a birthday with {t}.",
            "With whom does {h} share a birthday?",
        ),
        ("person person", "{h} danced a tango with {t}.", "With whom did {h} dance a tango?"),
        ("person person", "{h} owes a fortune to {t}.", "To whom does {h} owe a fortune?"),
        (
            "person person",
            "{h} fought a duel against {t}.",
            "Against whom did {h} fight a duel?",
        ),
        ("person person", "{h} snores louder than {t}.", "Than whom does {h} snore louder?"),
        (
            "person person",
            "{h} was mistaken by the police for {t}.",
            "For whom was {h} mistaken by the police?",
        ),
        (
            "person person",
            "{h} split a lottery win with {t}.",
            "With whom did {h} split a lottery win?",
        ),
        (
            "person person",
            "{h} copied the haircut of {t}.",
            "Whose haircut did {h} copy?",
        ),
        (
            "person person",
            "{h} inherited a glass eye from {t}.",
            "From whom did {h} inherit a glass eye?",
        ),
        ("person city", "{h} broke a leg in {t}.", "Where did {h} break a leg?"),
        (
            "person city",
            "{h} missed the last train to {t}.",
            "The last train to where did {h} miss?",
        ),
        (
            "person city",
            "{h} sold ice cream on the streets of {t}.",
            "On the streets of which place did {h} sell ice cream?",
        ),
        (
            "person city",
            "{h} landed a hot air balloon in {t}.",
            "Where did {h} land a hot air balloon?",
        ),
        ("person city", "{h} spent a honeymoon in {t}.", "Where did {h} spend a honeymoon?"),
        (
            "person company",
            "{h} won free bread for life from {t}.",
            "From whom did {h} win free bread for life?",
        ),
        ("person company", "{h} threw an egg at {t}.", "At whom did {h} throw an egg?"),
        (
            "person company",
            "{h} dreamed of robbing {t}.",
            "Whom did {h} dream of robbing?",
        ),
        ("person lake", "{h} swam at night across {t}.", "What did {h} swim across at night?"),
        ("person lake", "{h} nearly drowned in {t}.", "Where did {h} nearly drown?"),
        (
            "person mountain",
            "{h} proposed marriage on top of {t}.",
            "On top of what did {h} propose marriage?",
        ),
        (
            "person mountain",
            "{h} skied backwards down {t}.",
            "What did {h} ski down backwards?",
        ),
        (
            "person river",
            "{h} dropped a wedding ring into {t}.",
            "Into what did {h} drop a wedding ring?",
        ),
        ("person forest", "{h} keeps bees deep in {t}.", "Where does {h} keep bees?"),
        ("person forest", "{h} saw a ghost in {t}.", "Where did {h} see a ghost?"),
        (
            "person museum",
            "{h} was locked up overnight in {t}.",
            "Where was {h} locked up overnight?",
        ),
        (
            "person book",
            "{h} cried at the last page of {t}.",
            "At the last page of what did {h} cry?",
        ),
        ("person book", "{h} knows every line of {t}.", "Every line of what does {h} know?"),
        (
            "person book",
            "{h} taught a parrot to say the title {t}.",
            "What title did {h} teach a parrot to say?",
        ),
        (
            "city city",
            "{h} lost a tug of war against {t}.",
            "Against whom did {h} lose a tug of war?",
        ),
        (
            "city person",
            "{h} baked a giant cake for {t}.",
            "For whom did {h} bake a giant cake?",
        ),
        ("city company", "{h} banned billboards by {t}.", "By whom did {h} ban billboards?"),
        (
            "company person",
            "{h} apologised on television to {t}.",
            "To whom did {h} apologise on television?",
        ),
        (
            "company company",
            "{h} lost a football match to {t}.",
            "To whom did {h} lose a football match?",
        ),
        (
            "company city",
            "{h} paid for the fireworks of {t}.",
            "For the fireworks of which place did {h} pay?",
        ),
        (
            "lake person",
            "{h} was poisoned by mistake by {t}.",
            "By whom was {h} poisoned by mistake?",
        ),
        ("country city", "{h} prints its stamps in {t}.", "Where does {h} print its stamps?"),
        (
            "book person",
            "{h} was set to music by {t}.",
            "Who set {h} to music?",
        ),
    )
)
