"""The words of moving about, as data: a file a language."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.errors import ConfigError, unknown_name
from memeval.memories.smpd.link_words import LinkWords, link_words
from memeval.memories.smpd.relation_words import RelationWords, Vector, relation_words
from memeval.outside import path_of, read_yaml, shown, shown_text

__all__ = ["FOLDER", "Lexicon", "Roles", "Vector", "languages", "load_lexicon"]

FOLDER = Path(__file__).parent / "lexicons"
Roles = frozenset[str]
NO_ROLES: Roles = frozenset()
LISTS = (
    "motion turning source target at arrival relation between both next articles negation "
    "closed opened facing seen pronouns ask_what"
).split()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A language of moves. `roles` tells what a word may do in a sentence.

    `directions` holds the vector of each direction by its one name and by its other forms, `called`
    the one name of each vector; `turns` are quarter turns to the left. `phrases` lists the entries
    of several words, longest first.
    `relations` and `links` are None in a file that has none.
    """

    roles: Mapping[str, Roles]
    directions: Mapping[str, Vector]
    called: Mapping[Vector, str]
    turns: Mapping[str, int]
    units: Mapping[str, float]
    numbers: Mapping[str, float]
    phrases: tuple[str, ...]
    tell: Mapping[str, str]
    relations: RelationWords | None = None
    links: LinkWords | None = None

    def roles_of(self, word: str) -> Roles:
        """Return what a lower-case word may do; nothing for a word that is not of this sort."""
        return self.roles.get(word, NO_ROLES)


def languages() -> list[str]:
    """Return the languages that have a file."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@functools.cache
def load_lexicon(name: str) -> Lexicon:
    """Read the file of a language, by its name or by the path of a file of one's own.

    Raises:
        ConfigError: there is no such file, or it misses something.
    """
    is_path = name.endswith((".yaml", ".yml"))
    path = path_of(name) if is_path else FOLDER / f"{name}.yaml"
    if not is_path and name not in languages():
        raise ConfigError(unknown_name("a lexicon", name, languages()))
    try:
        return _lexicon(read_yaml(path.read_text("utf-8")))
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"a lexicon must be a YAML file like {FOLDER / 'en.yaml'}, got {shown(name)} "
            f"({shown_text(repr(error))}); mend the file"
        ) from error


def _lexicon(content: Mapping[str, Any]) -> Lexicon:
    roles: dict[str, set[str]] = {}

    def enter(words: Iterable[str], role: str) -> None:
        for word in words:
            roles.setdefault(word, set()).add(role)

    for name in LISTS:
        enter(content[name], name)
    own = {word: (float(x), float(y)) for word, (x, y) in content["directions"].items()}
    other = {form: own[word] for form, word in content["direction_forms"].items()}
    for role, table in (("direction", own | other), ("turn", content["turns"])):
        enter(table, role)
    enter(content["units"], "unit")
    enter(content["numbers"], "number")
    relations = relation_words(content, own | other) if "relations" in content else None
    return Lexicon(
        {word: frozenset(does) for word, does in roles.items()},
        own | other,
        {vector: word for word, vector in own.items()},
        dict(content["turns"]),
        {unit: float(length) for unit, length in content["units"].items()},
        {word: float(number) for word, number in content["numbers"].items()},
        tuple(sorted((word for word in roles if " " in word), key=len, reverse=True)),
        dict(content["tell"]),
        relations,
        link_words(content, _vocabulary(roles, relations)) if "links" in content else None,
    )


def _vocabulary(roles: Iterable[str], relations: RelationWords | None) -> frozenset[str]:
    """Return all words of a language, of which no name is made."""
    of_relations = [*relations.roles, *relations.vectors] if relations else []
    return frozenset([*roles, *of_relations])
