"""Facts that fit no frequent schema: every sentence here is told a few times in a session at most."""

from typing import NamedTuple

from memeval.suites.own.semantic.relations import asking


class Oddity(NamedTuple):
    """A sentence of its own kind, what it joins, and the question in the same words."""

    head: str
    tail: str
    told: str

    @property
    def asked(self) -> str:
        """The question in the words of the sentence."""
        return asking(self.told)


def _oddity(joins: str, told: str) -> Oddity:
    head, _, tail = joins.partition(" ")
    return Oddity(head, tail, told)


ODDITIES = tuple(
    _oddity(*row)
    for row in (
        ("person person", "{h} once lost at chess to {t}."),
        ("person person", "{h} is allergic to the cat of {t}."),
        ("person person", "{h} named a parrot after {t}."),
        ("person person", "{h} shares a birthday with {t}."),
        ("person person", "{h} danced a tango with {t}."),
        ("person person", "{h} owes a fortune to {t}."),
        ("person person", "{h} fought a duel against {t}."),
        ("person person", "{h} snores louder than {t}."),
        ("person person", "{h} was mistaken by the police for {t}."),
        ("person person", "{h} split a lottery win with {t}."),
        ("person person", "{h} copied the haircut of {t}."),
        ("person person", "{h} inherited a glass eye from {t}."),
        ("person city", "{h} broke a leg in {t}."),
        ("person city", "{h} missed the last train to {t}."),
        ("person city", "{h} sold ice cream on the streets of {t}."),
        ("person city", "{h} landed a hot air balloon in {t}."),
        ("person city", "{h} spent a honeymoon in {t}."),
        ("person company", "{h} won free bread for life from {t}."),
        ("person company", "{h} threw an egg at {t}."),
        ("person company", "{h} dreamed of robbing {t}."),
        ("person lake", "{h} swam at night across {t}."),
        ("person lake", "{h} nearly drowned in {t}."),
        ("person mountain", "{h} proposed marriage on top of {t}."),
        ("person mountain", "{h} skied backwards down {t}."),
        ("person river", "{h} dropped a wedding ring into {t}."),
        ("person forest", "{h} keeps bees deep in {t}."),
        ("person forest", "{h} saw a ghost in {t}."),
        ("person museum", "{h} was locked up overnight in {t}."),
        ("person book", "{h} cried at the last page of {t}."),
        ("person book", "{h} knows every line of {t}."),
        ("person book", "{h} burst into tears over {t}."),
        ("city city", "{h} lost a tug of war against {t}."),
        ("city person", "{h} baked a giant cake for {t}."),
        ("city company", "{h} banned billboards by {t}."),
        ("company person", "{h} apologised on television to {t}."),
        ("company company", "{h} lost a football match to {t}."),
        ("company city", "{h} paid for the fireworks of {t}."),
        ("lake person", "{h} was poisoned by mistake by {t}."),
        ("country city", "{h} prints its stamps in {t}."),
        ("book person", "{h} was set to music by {t}."),
    )
)
