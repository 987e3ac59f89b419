"""Entity linking: names, other names of the same, and names with a wrong letter."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

SHORTEST_TYPO = 4
"""Letters of a word in which a wrong letter is forgiven; shorter words differ by one too often."""
LONGEST_NAME = 12


def entity_key(name: str) -> str:
    """Return what names of one entity have in common: no case, width, marks or leading article."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(c if c.isalnum() or c in "'-&." else " " for c in folded)
    words = [word.rstrip(".") or word for word in kept.split()] or folded.split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


class Entities:
    """Keys of all entities by word, so that a name is found whole, in part, or misspelt.

    Misspellings are found by deletion neighbourhoods (SymSpell: Garbe 2012): two words that differ
    by one wrong, missing, added or swapped letter have a word in common once each lost a letter.
    """

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.alias_events: dict[str, list[str]] = {}
        self.mentions: Counter[str] = Counter()
        self._by_word: dict[str, dict[str, None]] = {}
        self._by_deletion: dict[str, dict[str, None]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self.mentions or key in self.aliases

    def canonical(self, key: str) -> str:
        """Follow an alias to the entity it names."""
        return self.aliases.get(key, key)

    def lookup(self, name: str) -> str:
        """Return the key that a name has, or would have."""
        return self.canonical(entity_key(name))

    def count(self, key: str) -> str:
        """Count a mention of an entity by its key; return the key."""
        if key not in self.mentions:
            self._index(key)
        self.mentions[key] += 1
        return key

    def restore(
        self, mentions: Iterable[tuple[str, int]], aliases: Iterable[tuple[str, str]]
    ) -> None:
        """Enter counted names and their aliases, as they were saved."""
        for key, count in mentions:
            self._index(key)
            self.mentions[key] = count
        for alias, key in aliases:
            self.aliases[alias] = key
            self._index(alias)

    def merge(self, other: str, into: str) -> None:
        """Make one entity's name another name of a second."""
        if other == into:
            return
        self.mentions[into] += self.mentions.pop(other, 0)
        self._index(into)
        self._index(other)
        self.aliases[other] = into
        for alias, key in list(self.aliases.items()):
            if key == other:
                self.aliases[alias] = into

    def witness(self, alias: str, event: str) -> None:
        """Keep which event told another name of an entity."""
        told = self.alias_events.setdefault(alias, [])
        if event not in told:
            told.append(event)

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Yield the names that stand in a text, longest first from the left: start, end, key."""
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + LONGEST_NAME), at, -1):
                key = entity_key(" ".join(words[at:end]).replace(" 's", "'s"))
                is_bare = end - at == 1 or (_is_word(words[at]) and _is_word(words[end - 1]))
                if is_bare and key in self:
                    yield at, end, self.canonical(key)
                    at = end
                    break
            else:
                at += 1

    def guess(self, name: str) -> list[str]:
        """Return the entities that a name that is none may mean: a part of it, or a misspelling.

        A word that stands in any name is no typo of another; the first letter is taken for right.
        """
        words = entity_key(name).split()
        choices = [[w] if w in self._by_word else self._near(w) for w in words]
        if not words or not all(choices):
            return []
        sets = [{k for w in choice for k in self._by_word[w]} for choice in choices]
        found = {self.canonical(key) for key in set.intersection(*sets)}
        whole = {key for key in found if len(key.split()) == len(words)}
        return sorted(whole or found)

    def misspellings(self) -> Iterator[tuple[str, str]]:
        """Yield entities that are most likely another one with a wrong letter: (typo, meant).

        The names differ in one letter of one word, which no other name has and which was told but
        once, while the word that was meant stands in several names or was told several times.
        """
        told = Counter[str]()
        for key, count in self.mentions.items():
            for word in key.split():
                told[word] += count
        for key in sorted(self.mentions):
            words = key.split()
            if len(words) < 2:
                continue
            for i, word in enumerate(words):
                if told[word] > 1 or len(word) < SHORTEST_TYPO:
                    continue
                for near in self._near(word):
                    meant = " ".join([*words[:i], near, *words[i + 1 :]])
                    if told[near] > 1 and meant in self.mentions and meant != key:
                        yield key, meant
                        break

    def _index(self, key: str) -> None:
        for word in key.split():
            if word not in self._by_word:
                for shorter in deletions(word):
                    self._by_deletion.setdefault(shorter, {})[word] = None
            self._by_word.setdefault(word, {})[key] = None

    def _near(self, word: str) -> list[str]:
        """Return known words that differ from a word by one letter and begin as it does."""
        if len(word) < SHORTEST_TYPO or not word.isalpha():
            return []  # of two numbers that differ in a digit neither is a typo
        found = {near for part in deletions(word) for near in self._by_deletion.get(part, ())}
        return sorted(w for w in found if w != word and w[0] == word[0] and one_edit(w, word))


def _is_word(word: str) -> bool:
    """Whether a word is no mark, which would belong to the text around a name."""
    return any(map(str.isalnum, word))


def deletions(word: str) -> set[str]:
    """Return a word and what is left of it without each of its letters."""
    if len(word) < SHORTEST_TYPO:
        return {word}
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def one_edit(a: str, b: str) -> bool:
    """Whether two words differ by one letter wrong, missing or added, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        longer, shorter = (rest_a, rest_b) if len(a) > len(b) else (rest_b, rest_a)
        return longer[1:] == shorter
    return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
