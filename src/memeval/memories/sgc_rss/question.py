"""A question as an entity to start from, and the relations to follow from it, in order.

"The home of Nora Vance is governed by" starts from Nora Vance and follows "home", a noun, and "is
governed by", a verb. A statement without its end and a question in full are read alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memeval.memories.sgc_rss.entities import Entities
from memeval.memories.sgc_rss.facts import Form
from memeval.memories.sgc_rss.restating import IT
from memeval.memories.sgc_rss.sentences import Sentence, find_names, split_words, whole
from memeval.memories.sgc_rss.words import (
    ARTICLES,
    ASKING,
    AUXILIARIES,
    FUNCTION_WORDS,
    PREPOSITIONS,
)

QUOTES = frozenset("\"'")
EMPTY = ASKING | AUXILIARIES | ARTICLES | {"s", "please", "tell", "me", "about", "of"}


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a question that name a relation."""

    phrase: str
    form: Form


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to start, and what to follow; no cues ask for anything that is known of the entity."""

    entity: str
    cues: tuple[Cue, ...]
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity that a question names, and the question about "it"."""

    entity: str
    question: str


def mentions(text: str, entities: Entities) -> list[Mention]:
    """Return the entities that stand in a question, or that its names may mean."""
    told = whole(text)
    found = list(entities.find(told.words))
    if not found:
        names = ((one, told.told(one.start, one.end)) for one in told.names)
        found = [(one.start, one.end, key) for one, name in names for key in entities.guess(name)]
    return [Mention(key, _without(told, start, end)) for start, end, key in found]


def _without(told: Sentence, start: int, end: int) -> str:
    """Return a question with "it" for a name, and no quotes around it."""
    words = told.words
    while start and end < len(words) and words[start - 1] in QUOTES and words[end] in QUOTES:
        start, end = start - 1, end + 1
    before, after = told.places[start].start, told.places[end - 1].end
    return f"{told.text[:before]}{IT}{told.text[after:]}"


def readings(text: str, entities: Entities) -> list[Asked]:
    """Return the ways to read a question, one for each entity that it names or may name."""
    words = split_words(text)
    named = list(entities.find(words))
    if named:
        return [Asked(key, cues(words[:start], words[end:])) for start, end, key in named]
    found = []
    for span in find_names(tuple(words)):
        for key in entities.guess(" ".join(words[span.start : span.end])):
            asked = cues(words[: span.start], words[span.end :])
            found.append(Asked(key, asked, is_guess=True))
    return found


def is_asking(text: str) -> bool:
    """Whether a text is a question in full, and no statement that is left open."""
    return text.rstrip(")\"' ").endswith("?")


def conclusion(question: str, answer: str) -> str:
    """Say an answer in a question's own words; an open statement is ended by it."""
    return f"{question.strip()} {answer}."


def cues(before: Sequence[str], after: Sequence[str]) -> tuple[Cue, ...]:
    """Read the relations around an entity: nouns from the nearest outwards, then the verb."""
    chunks = re.split(r"\b(?:the|a|an)\b", " ".join(before).lower())
    opening, nouns = chunks[0], [_noun(chunk) for chunk in reversed(chunks[1:])]
    rest = [word for word in after if word[0].isalnum() or word == "'s"]
    while rest and rest[0] == "'s":
        owned, rest = _owned(rest[1:])
        nouns.append(" ".join(owned))
    verb = _verb(opening.split(), rest)
    asked = [Cue(noun, "noun") for noun in nouns if noun]
    return (*asked, Cue(verb, "verb")) if verb else tuple(asked)


def _noun(chunk: str) -> str:
    """Strip the "of" that ends a noun, and what is no noun at all."""
    words = [word for word in chunk.split() if word[0].isalnum()]
    while words and words[-1] in {"of", "'s"}:
        words.pop()
    return " ".join(words) if set(words) - EMPTY else ""


def _owned(words: list[str]) -> tuple[list[str], list[str]]:
    """Split what stands after a possessive into the noun that is owned and the rest."""
    for i, word in enumerate(words):
        if word == "'s" or (i and word.lower() in FUNCTION_WORDS):
            return [w.lower() for w in words[:i]], words[i:]
    return [w.lower() for w in words], []


def _verb(opening: list[str], rest: list[str]) -> str:
    """Return the verb: the words after the entity, else those before it ("Who wrote X?")."""
    if set(map(str.lower, rest)) - EMPTY - (PREPOSITIONS if len(rest) == 1 else set()):
        return " ".join(rest)
    said = [word for word in opening if word[0].isalnum() and word not in EMPTY]
    return " ".join(said)
