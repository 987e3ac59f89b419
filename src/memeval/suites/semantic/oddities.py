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


ODDITIES = (
    _oddity("person person", "{h} once beat {t} at chess.", "Whom did {h} once beat at chess?"),
    _oddity(
        "person person", "{t} is allergic to the cat of {h}.", "Who is allergic to the cat of {h}?"
    ),
    _oddity("person person", "{t} named a parrot after {h}.", "Who named a parrot after {h}?"),
    _oddity("person person", "{t} shares a birthday with {h}.", "Who shares a birthday with {h}?"),
    _oddity("person city", "{h} danced on a table in {t}.", "Where did {h} dance on a table?"),
    _oddity("person city", "{h} keeps a pet snake in {t}.", "Where does {h} keep a pet snake?"),
    _oddity("person person", "{t} fought a duel against {h}.", "Who fought a duel against {h}?"),
    _oddity("person person", "{t} snores louder than {h}.", "Who snores louder than {h}?"),
    _oddity(
        "person person",
        "{t} was mistaken by the police for {h}.",
        "Who was mistaken by the police for {h}?",
    ),
    _oddity("person city", "{h} lost a wallet in {t}.", "Where did {h} lose a wallet?"),
    _oddity("person person", "{t} copied the haircut of {h}.", "Who copied the haircut of {h}?"),
    _oddity(
        "person museum",
        "{h} fainted in front of a painting at {t}.",
        "Where did {h} faint in front of a painting?",
    ),
    _oddity("person city", "{h} broke a leg in {t}.", "Where did {h} break a leg?"),
    _oddity(
        "person city", "{h} missed the last train to {t}.", "To where did {h} miss the last train?"
    ),
    _oddity(
        "person city",
        "{h} sold ice cream on the streets of {t}.",
        "Where did {h} sell ice cream on the streets?",
    ),
    _oddity(
        "person city",
        "{h} landed a hot air balloon in {t}.",
        "Where did {h} land a hot air balloon?",
    ),
    _oddity("person city", "{h} spent a honeymoon in {t}.", "Where did {h} spend a honeymoon?"),
    _oddity(
        "company person",
        "{t} won free bread for life from {h}.",
        "Who won free bread for life from {h}?",
    ),
    _oddity("company person", "{t} threw an egg at {h}.", "Who threw an egg at {h}?"),
    _oddity("company person", "{t} dreamed of robbing {h}.", "Who dreamed of robbing {h}?"),
    _oddity("person lake", "{h} swam at night across {t}.", "Where did {h} swim at night?"),
    _oddity("person lake", "{h} nearly drowned in {t}.", "Where did {h} nearly drown?"),
    _oddity(
        "person mountain",
        "{h} proposed marriage on top of {t}.",
        "On top of what did {h} propose marriage?",
    ),
    _oddity("person mountain", "{h} skied backwards down {t}.", "What did {h} ski down backwards?"),
    _oddity(
        "person river", "{h} dropped a wedding ring into {t}.", "Where did {h} drop a wedding ring?"
    ),
    _oddity("person forest", "{h} keeps bees deep in {t}.", "Where does {h} keep bees?"),
    _oddity("person forest", "{h} saw a ghost in {t}.", "Where did {h} see a ghost?"),
    _oddity(
        "person museum",
        "{h} was locked up for a night at {t}.",
        "Where was {h} locked up for a night?",
    ),
    _oddity(
        "book person", "{t} cried at the last page of {h}.", "Who cried at the last page of {h}?"
    ),
    _oddity("book person", "{t} knows every line of {h}.", "Who knows every line of {h}?"),
    _oddity(
        "person book",
        "{h} taught a parrot to say the title {t}.",
        "What title did {h} teach a parrot to say?",
    ),
    _oddity("city city", "{t} beat {h} at tug of war.", "Which city beat {h} at tug of war?"),
    _oddity("city person", "{t} rode a camel through {h}.", "Who rode a camel through {h}?"),
    _oddity(
        "city company",
        "{t} painted every bench of {h}.",
        "Which company painted every bench of {h}?",
    ),
    _oddity(
        "company person",
        "{t} got a televised apology from {h}.",
        "Who got a televised apology from {h}?",
    ),
    _oddity(
        "company company",
        "{t} beat {h} at football.",
        "Which company beat {h} at football?",
    ),
    _oddity("company city", "{h} set off fireworks in {t}.", "Where did {h} set off fireworks?"),
    _oddity("lake person", "{t} poured ink into {h}.", "Who poured ink into {h}?"),
    _oddity("country city", "{h} prints its stamps in {t}.", "Where does {h} print its stamps?"),
    _oddity("book person", "{t} set {h} to music.", "Who set {h} to music?"),
)
