"""A solver of the episodic suite that reads only the text of the events and the question.

It knows the phrasings, not the generator: it filters all facts by every cue of the question. An
item is sound if exactly one answer is left, and it is the accepted one.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memeval.suites.own import words
from memeval.types import Event, Session
from memeval.words import UNKNOWN

NAME = r"(?P<who>[A-Z]\w+ [A-Z]\w+)"
PLACE = r"(?P<place>[A-Z]\w+ [A-Z]\w+)"
DAY = r"(?P<day>\d+ [A-Z]\w+)"
DEED = r"(?P<verb>\w+) (?:an?|the) (?P<thing>[a-z ]+?)"
TOLD = tuple(
    re.compile(pattern + r"\.$")
    for pattern in (
        rf"^{NAME} {DEED} at {PLACE} on {DAY}",
        rf"^On {DAY}, {NAME} {DEED} at {PLACE}",
        rf"^At {PLACE}, {NAME} {DEED} on {DAY}",
        rf"^(?:Correction: |In fact, )?{NAME} {DEED}(?: at {PLACE})?(?: on {DAY})?(?: after all)?",
    )
)
SEQUELS = {
    "came_across": re.compile(r"^There s?he came across an? (?P<sequel>[a-z ]+)\.$"),
    "gave_to": re.compile(r"^Then s?he gave it to (?P<sequel>[A-Z]\w+ [A-Z]\w+)\.$"),
    "walked_to": re.compile(r"^Then s?he walked on to (?P<sequel>[A-Z]\w+ [A-Z]\w+)\.$"),
}
ASKED = tuple(
    (re.compile(pattern), slot)
    for pattern, slot in (
        (rf"^What did {NAME} come across at {PLACE}\?$", "came_across"),
        (rf"^To whom did {NAME} give the (?P<thing>[a-z ]+)\?$", "gave_to"),
        (rf"^Where did {NAME} walk on to from {PLACE}\?$", "walked_to"),
        (r"^Who had to do with the (?P<thing>[a-z ]+)\?$", "who"),
        (rf"^Who was at {PLACE}\?$", "who"),
        (rf"^Who (?P<verb>\w+) the (?P<thing>[a-z ]+) at {PLACE}\?$", "who"),
        (r"^Who (?P<verb>\w+) the (?P<thing>[a-z ]+)\?$", "who"),
        (rf"^Where did {NAME} (?P<verb>\w+) the (?P<thing>[a-z ]+)\?$", "place"),
        (rf"^Where was {NAME}\?$", "place"),
        (r"^Where was the (?P<thing>[a-z ]+) seen\?$", "place"),
        (r"^Where was the (?P<thing>[a-z]+) (?P<verb>\w+)\?$", "place"),
        (rf"^On what date did {NAME} (?P<verb>\w+) the (?P<thing>[a-z ]+)\?$", "day"),
        (rf"^On what date was someone at {PLACE}\?$", "day"),
        (r"^On what date was the (?P<thing>[a-z]+) (?P<verb>\w+)\?$", "day"),
        (rf"^What did {NAME} (?P<verb>\w+) at {PLACE}\?$", "thing"),
    )
)
SAME_VERB = {form: verb.past for verb in words.VERBS for form in verb}
SAME_THING = {cued: said for said, cued in words.SYNONYM_NOUNS}


@dataclass(slots=True)
class Reading:
    """What the solver makes of one event or question: slots by name."""

    slots: dict[str, str]
    asked: str = ""


def read_stream(events: Sequence[Event]) -> list[Reading]:
    """Read facts in order of time; a sequel is added to the fact right before it.

    A correction, told without one of the slots, becomes a later fact that keeps the rest.
    """
    facts: list[Reading] = []
    for event in sorted(events, key=lambda e: e.time):
        for pattern in TOLD:
            if match := pattern.match(event.text):
                facts.append(Reading(_canonical(match.groupdict())))
                break
        for kind, pattern in SEQUELS.items():
            if match := pattern.match(event.text):
                facts[-1].slots[kind] = match["sequel"]
    return facts


def read_question(text: str) -> Reading | None:
    """Read a question's cues and the slot it asks for; None if no known form fits."""
    for pattern, asked in ASKED:
        if match := pattern.match(text):
            return Reading(_canonical(match.groupdict()), asked)
    return None


def solve(
    facts: Sequence[Reading], told: Mapping[tuple[str, str], set[int]], text: str
) -> set[str]:
    """Return every answer that follows from the facts; {"unknown"} if none does."""
    question = read_question(text)
    if question is None:
        return set()
    places = set.intersection(*(told.get(cue, set()) for cue in question.slots.items()))
    fitting = [facts[i] for i in sorted(places) if question.asked in facts[i].slots]
    # Facts about the same deed are one fact and its corrections: the last mention wins.
    last = {(fact.slots["who"], fact.slots["verb"], fact.slots["thing"]): fact for fact in fitting}
    return {fact.slots[question.asked] for fact in last.values()} or {UNKNOWN}


def places_of_cues(facts: Sequence[Reading]) -> dict[tuple[str, str], set[int]]:
    """Return which facts each cue fits, by slot and value; a name is also found by its typos."""
    found = defaultdict(set)
    for i, fact in enumerate(facts):
        for slot, value in fact.slots.items():
            for cue in {value} | (_typos(value) if slot == "who" else set()):
                found[slot, cue].add(i)
    return dict(found)


def _canonical(slots: dict[str, str | None]) -> dict[str, str]:
    """Drop empty slots and reduce verbs and things to one word for each meaning."""
    kept = {name: value for name, value in slots.items() if value}
    if "verb" in kept:
        kept["verb"] = SAME_VERB.get(kept["verb"], kept["verb"])
    if "thing" in kept:
        kept["thing"] = SAME_THING.get(kept["thing"], kept["thing"])
    return kept


def _typos(name: str) -> set[str]:
    """Return a name with one word changed by a swapped, dropped or doubled letter."""
    parts = name.split()
    return {
        " ".join([*parts[:i], wrong, *parts[i + 1 :]])
        for i, word in enumerate(parts)
        for wrong in _misspellings(word)
    }


def _misspellings(word: str) -> set[str]:
    found = set()
    for i in range(1, len(word) - 1):
        found.add(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
        found.add(word[:i] + word[i + 1 :])
        found.add(word[:i] + word[i] + word[i:])
    return found


def solve_session(session: Session) -> dict[str, set[str]]:
    """Return the answers that follow from a session's events, by query id."""
    facts = read_stream(session.events)
    told = places_of_cues(facts)
    return {item.query.id: solve(facts, told, item.query.text) for item in session.items}
