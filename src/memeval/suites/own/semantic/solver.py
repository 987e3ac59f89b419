"""A solver of the semantic suite that reads only the text of the events and the question.

It shares the tables of phrasings with the generator and nothing else. Of every relation and head it
keeps what was told last, and it answers a nested question from the inside out.
"""

import re
from collections.abc import Iterator, Sequence

from memeval.suites.own.semantic.oddities import ODDITIES
from memeval.suites.own.semantic.relations import BY_NOUN, RELATIONS, asking
from memeval.types import Event, Session
from memeval.words import UNKNOWN

NOUNS = "|".join(BY_NOUN)
NAME = r"[A-Z]\w+(?: [A-Z]\w+)?"
HEAD = rf"(?:[Tt]he (?:{NOUNS}) of )*{NAME}"
Facts = dict[tuple[str, str], str]
"""What was told last, by relation and head."""


def _reading(template: str, head: str = NAME) -> re.Pattern[str]:
    """Return the pattern that reads head and tail from a sentence of a template."""
    pattern = re.escape(template).replace(r"\{h\}", rf"(?P<h>{head})")
    return re.compile(pattern.replace(r"\{t\}", rf"(?P<t>{NAME})"))


def _told() -> Iterator[tuple[re.Pattern[str], str]]:
    for relation in RELATIONS:
        for told in relation.told:
            yield _reading(told), relation.noun
    for oddity in ODDITIES:
        yield _reading(oddity.told), oddity.told


def _asked() -> Iterator[tuple[re.Pattern[str], str]]:
    for relation in RELATIONS:
        for asked in (*map(asking, relation.told), relation.paraphrase):
            yield _reading(asked, HEAD), relation.noun
    for oddity in ODDITIES:
        yield _reading(oddity.asked), oddity.told


TOLD, ASKED = tuple(_told()), tuple(_asked())


def read_stream(events: Sequence[Event]) -> Facts:
    """Read the facts in order of time, so that the last mention wins."""
    facts: Facts = {}
    for event in sorted(events, key=lambda e: e.time):
        for pattern, relation in TOLD:
            if match := pattern.fullmatch(event.text):
                facts[relation, match["h"]] = match["t"]
    return facts


def read_question(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield every reading of a question: the relations to follow, first to last, and the head."""
    for pattern, relation in ASKED:
        if match := pattern.fullmatch(text):
            nouns = re.findall(rf"[Tt]he ({NOUNS}) of ", match["h"])
            yield [*reversed(nouns), relation], match["h"].rpartition(" of ")[2]


def solve(facts: Facts, text: str) -> set[str]:
    """Return every answer that follows from the facts; {"unknown"} if none does."""
    answers = set()
    for relations, head in read_question(text):
        found = head
        for relation in relations:
            found = facts.get((relation, found), UNKNOWN)
        answers.add(found)
    return answers


def solve_session(session: Session) -> dict[str, set[str]]:
    """Return the answers that follow from a session's events, by query id."""
    facts = read_stream(session.events)
    return {item.query.id: solve(facts, item.query.text) for item in session.items}
