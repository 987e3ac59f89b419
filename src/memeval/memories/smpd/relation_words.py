"""The words by which places are told to lie, as data: a part of a language's file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from memeval.memories.smpd.words import Tokens, Words

Vector = tuple[float, float]
LONGEST_NAME = 5
"""Words of a name that the map knows."""
Knows = Callable[[str], bool]
ROLES = (
    "prepositions adverbs same of weakly_of from to pronouns verbs clock degrees exact "
    "kinds fillers"
).split()
QUESTION_ROLES = "what where how way many steps nearer after before can".split()


@dataclass(frozen=True, slots=True)
class RelationWords:
    """What the words of a language may do where places are told to lie in relation.

    `roles` are those of a word: a preposition has its name right behind it ("above the box"), words
    of `of` have what a relation is seen from behind them, `verbs` make a sentence one about how
    places lie, `same` are words for one spot, `exact` rule out the directions not told, `kinds`
    come before a name and are none of it, and `fillers` are no part of any name. `words` has what
    the nine relations are called on a sheet and on a map.
    """

    vectors: Mapping[str, Vector]
    compass: frozenset[str]
    roles: Mapping[str, frozenset[str]]
    articles: frozenset[str]
    words: Mapping[str, Mapping[Vector, str]]
    tokens: Tokens
    may_relate: Words
    else_told: Words

    def does(self, word: str, *roles: str) -> bool:
        """Whether a lower-case word may do one of these."""
        has = self.roles.get(word)
        return has is not None and not has.isdisjoint(roles)

    def is_known(self, word: str) -> bool:
        """Whether a lower-case word is of this language, and so no name."""
        return word in self.roles or word in self.vectors or word in self.articles


def relation_words(whole: Mapping[str, Any], directions: Mapping[str, Vector]) -> RelationWords:
    """Read the part of a file that tells relations.

    Raises:
        KeyError: a list is missing.
    """
    content = whole["relations"]
    own = {word: (float(x), float(y)) for word, (x, y) in content["vectors"].items()}
    roles: dict[str, set[str]] = {}
    lists = {name: content[name] for name in ROLES}
    lists |= {name: content["questions"][name] for name in QUESTION_ROLES}
    for name, words in lists.items():
        for word in words:
            roles.setdefault(str(word), set()).add(name)
    vectors = {**directions, **own}
    return RelationWords(
        vectors,
        frozenset(directions) | {word for word in own if word.startswith(tuple(directions))},
        {word: frozenset(does) for word, does in roles.items()},
        frozenset(whole["articles"]),
        {kind: _by_vector(table) for kind, table in content["words"].items()},
        Tokens([*roles, *vectors]),
        Words([*vectors, *content["same"], *content["clock"], ":"]),
        Words(_of_something_else(whole, {*roles, *vectors})),
    )


def _of_something_else(whole: Mapping[str, Any], own: set[str]) -> list[str]:
    """Return the words with which a sentence does not tell how places lie."""
    lists = ("motion", "turning", "facing", "closed", "opened", "seen")
    return [*whole["negation"], *(w for name in lists for w in whole[name] if w not in own)]


def _by_vector(table: Mapping[str, tuple[float, float]]) -> dict[Vector, str]:
    return {(float(x), float(y)): word for word, (x, y) in table.items()}
