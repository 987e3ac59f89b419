"""The words that join places, or people, as data: a part of a language's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memeval.memories.smpd.words import Tokens, Words

ROLES = (
    "join between instead split cut negation any worth cost you enter back at meet sight choice"
    " relative bare modifiers things openers"
).split()
TELLING = "join any worth cost you cut".split()
"""What a sentence that tells of joins has a word of."""
QUESTION_ROLES = "list numbers most least total first".split()


@dataclass(frozen=True, slots=True)
class LinkWords:
    """The words that tell of joins, by what they do."""

    roles: Mapping[str, frozenset[str]]
    multiples: Mapping[str, float]
    articles: frozenset[str]
    both: frozenset[str]
    known: frozenset[str]
    tokens: Tokens
    may_join: Words
    asking: Mapping[str, Words]

    def does(self, word: str, role: str) -> bool:
        """Whether a lower-case word may do this."""
        return role in self.roles.get(word, ())

    def asks(self, question: str, role: str) -> bool:
        """Whether a question has a word that asks for this."""
        return self.asking[role].are_in(question)


def link_words(whole: Mapping[str, Any], known: frozenset[str]) -> LinkWords:
    """Read the part of a language's file that tells of joins."""
    content = whole["links"]
    roles: dict[str, set[str]] = {}
    for name in ROLES:
        for word in content[name]:
            roles.setdefault(word, set()).add(name)
    return LinkWords(
        {word: frozenset(does) for word, does in roles.items()},
        {str(word): float(times) for word, times in content["multiples"].items()},
        frozenset(whole["articles"]),
        frozenset(whole["both"]) | frozenset(content.get("or", ["or"])),
        known | {word for words in content["questions"].values() for word in words},
        Tokens([*roles, *known]),
        Words([word for name in TELLING for word in content[name]]),
        {name: Words(content["questions"][name]) for name in QUESTION_ROLES},
    )
