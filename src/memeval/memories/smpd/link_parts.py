"""The parts of a sentence that joins places: names, numbers, and words that do something."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from memeval.memories.smpd.link_words import LinkWords
from memeval.memories.smpd.relation_words import LONGEST_NAME, Knows
from memeval.memories.smpd.words import plain, whole_name

Sort = Literal["name", "number", "role", "sep", "article", "other"]

BETWEEN_NAMES = frozenset({"sep", "article"})


@dataclass(slots=True)
class Part:
    """A name, a number, or a word by what it does."""

    sort: Sort
    word: str
    number: float = 0.0


class Parts:
    """One pass over the tokens of a sentence: names, numbers, and words that do something."""

    def __init__(self, tokens: Sequence[str], words: LinkWords, knows: Knows) -> None:
        self.tokens, self.words, self.knows = tokens, words, knows
        self.lower = [plain(token) for token in tokens]
        self.i = 0
        self.kind = ""
        self.found: list[Part] = []

    def parts(self) -> list[Part]:
        """Return the parts, in order."""
        while self.i < len(self.tokens):
            self._take()
        return _whole_names(self.found)

    def _take(self) -> None:
        name = self._known() or self._numbered() or self._capital()
        if name:
            self.found.append(Part("name", name))
            return
        word = self.lower[self.i]
        self.i += 1
        if word[0].isdecimal():
            self._number(word)
        elif word == "," or word in self.words.both:
            self.found.append(Part("sep", word))
        elif word in self.words.articles:
            self._article()
        elif word in self.words.roles:
            self.kind = ""
            sort: Sort = "other" if self.words.does(word, "things") else "role"
            self.found.append(Part(sort, word))
            if self.words.does(word, "bare"):
                self._bare()
        else:
            self.kind = ""
            self.found.append(Part("other", word))

    def _known(self) -> str:
        for end in range(min(self.i + LONGEST_NAME, len(self.tokens)), self.i, -1):
            name = whole_name(self.tokens[self.i : end])
            if len(name) > 1 and not name[0].isdecimal() and self.knows(name):
                self.i, self.kind = end, self._kind_of(name)
                return name
        return ""

    def _kind_of(self, name: str) -> str:
        kind, _, number = name.rpartition(" ")
        return kind.lower() if number.isdecimal() else ""

    def _numbered(self) -> str:
        """Take a word with a number behind, or a number in a list of such: "rooms 2, 3"."""
        word = self.lower[self.i]
        if word.isdecimal() and self.kind:
            self.i += 1
            return f"{self.kind} {word}"
        behind = self.lower[self.i + 1] if self.i + 1 < len(self.tokens) else ""
        if not behind.isdecimal() or not word[0].isalpha() or self._is_of_the_language(word):
            return ""
        self.kind = word.removesuffix("s")
        self.i += 2
        return f"{self.kind} {behind}"

    def _is_of_the_language(self, word: str) -> bool:
        words = self.words
        return word in words.roles or word in words.known or word in words.both

    def _capital(self) -> str:
        start = self.i
        while self.i < len(self.tokens) and self._is_name(self.i, start):
            self.i += 1
        self.kind = "" if self.i > start else self.kind
        return whole_name(self.tokens[start : self.i])

    def _is_name(self, i: int, start: int) -> bool:
        word = self.tokens[i]
        if self.lower[i] == "'s":
            return i > 0 and i + 1 < len(self.tokens) and self.tokens[i + 1][0].isupper()
        is_own = i > start or (i > 0 and self.words.does(self.lower[i], "modifiers"))
        return word[0].isupper() and (is_own or not self._is_of_the_language(self.lower[i]))

    def _article(self) -> None:
        """Take the words behind an article that the language does not know, as a name."""
        while self.i < len(self.tokens) and self.words.does(self.lower[self.i], "modifiers"):
            self.i += 1
        start = self.i
        while self.i < len(self.tokens) and self._is_new(self.i):
            self.i += 1
        words = " ".join(self.tokens[start : self.i])
        self.found.append(Part("name", words) if words else Part("article", ""))

    def _bare(self) -> None:
        """Take a name without an article: "leads to highline trail"."""
        if self.i == len(self.tokens):
            return
        if name := self._known() or self._numbered():
            self.found.append(Part("name", name))
        elif self._is_new(self.i):
            self._article()

    def _is_new(self, i: int) -> bool:
        return self.tokens[i][0].islower() and not self._is_of_the_language(self.lower[i])

    def _number(self, word: str) -> None:
        number = _as_number(word)
        if self.i < len(self.tokens) and self.lower[self.i] in self.words.multiples:
            number *= self.words.multiples[self.lower[self.i]]
            self.i += 1
        self.found.append(Part("number", word, number))


def roles_of(parts: Sequence[Part], words: LinkWords) -> set[str]:
    """Return all that the words of some parts do."""
    return {role for part in parts if part.sort == "role" for role in words.roles[part.word]}


def groups_of(clause: Sequence[Part]) -> list[tuple[int, int, list[str]]]:
    """Return the lists of names of a clause, with where each begins and ends.

    What names with a capital are said to be is no name: "a new friend, Ines".
    """
    groups: list[tuple[int, int, list[str]]] = []
    is_open = False
    for i, part in enumerate(clause):
        if part.sort == "name" and is_open:
            start, _, names = groups[-1]
            if _is_apposed(clause, i):
                names = [name for name in names if name != clause[_name_before(clause, i)].word]
            groups[-1] = (start, i + 1, list(dict.fromkeys([*names, part.word])))
        elif part.sort == "name":
            groups.append((i, i + 1, [part.word]))
            is_open = True
        elif part.sort not in BETWEEN_NAMES:
            is_open = False
    return groups


def _name_before(clause: Sequence[Part], i: int) -> int:
    return max(at for at in range(i) if clause[at].sort == "name")


def _is_apposed(clause: Sequence[Part], i: int) -> bool:
    """Whether a name with a capital stands behind a phrase without, or behind its comma."""
    at = _name_before(clause, i)
    between = [part.word for part in clause[at + 1 : i] if part.sort == "sep"]
    is_phrase = not any(letter.isupper() or letter.isdecimal() for letter in clause[at].word)
    return is_phrase and clause[i].word[0].isupper() and between in ([], [","])


def _as_number(word: str) -> float:
    try:
        return min(float(word), 1e12)
    except ValueError:  # 12:30
        return 0.0


def _whole_names(parts: Sequence[Part]) -> list[Part]:
    """Make one name of two with "and" between them, in a list that ends in a comma and "and"."""
    pairs = [(a.word, b.word) for a, b in pairwise(parts) if a.sort == b.sort == "sep"]
    if not any(a == "," and b != "," for a, b in pairs):
        return list(parts)
    whole: list[Part] = []
    for i, part in enumerate(parts):
        is_inner = (
            len(whole) > 1
            and part.sort == whole[-2].sort == "name"
            and whole[-1].sort == "sep"
            and whole[-1].word != ","
            and parts[i - 2].sort == "name"
            and not part.word[-1].isdecimal()
        )
        if is_inner:
            between = whole.pop().word
            whole[-1] = Part("name", f"{whole[-1].word} {between} {part.word}")
        else:
            whole.append(part)
    return whole
