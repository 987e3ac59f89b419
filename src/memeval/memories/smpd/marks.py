"""Marks in a sentence what tells how places lie: names, directions, and what stands for a name.

A name is a run of capitalised words or a letter, or the words behind an article that the lexicon
does not know; where a sentence has fewer than two of these, any word that it does not know. What a
map calls places already is a name wherever it stands.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from memeval.memories.smpd.lexicon import Lexicon
from memeval.memories.smpd.relation_words import (
    LONGEST_NAME,
    Knows,
    RelationWords,
    Vector,
)
from memeval.memories.smpd.words import plain, whole_name

Kind = Literal["name", "it", "vector", "word"]
ENDS = frozenset(".!?;\n")
HOURS = 12
CUES = ("from", "to", "after", "before")


@dataclass(slots=True)
class Mark:
    """A name or a pronoun, a direction, or a word with a role.

    `seen_from` says whether a relation is seen from this name: 2 where a word before it says so, 1
    where it may be either ("of"). `cue` is the part that a name has on a way, out of CUES. `length`
    is that of a direction that was told with one.
    """

    kind: Kind
    word: str = ""
    vector: Vector = (0.0, 0.0)
    seen_from: int = 0
    length: float = 1.0
    cue: str = ""


class Marker:
    """Marks the sentences of a language."""

    def __init__(self, words: RelationWords, lexicon: Lexicon) -> None:
        self._words, self._lexicon = words, lexicon

    def sentences(self, text: str, knows: Knows) -> Iterator[list[Mark]]:
        """Yield the marks of every sentence that has any."""
        sentence: list[str] = []
        for token in [*self._words.tokens.of(text), "."]:
            if token not in ENDS:
                sentence.append(token)
            elif sentence:
                yield _Sentence(sentence, self._words, self._lexicon, knows).marks()
                sentence = []


class _Sentence:
    """One pass over the tokens of a sentence."""

    def __init__(
        self,
        tokens: Sequence[str],
        words: RelationWords,
        lexicon: Lexicon,
        knows: Knows,
    ) -> None:
        self.tokens, self.words, self.knows = tokens, words, knows
        self.units, self.numbers = lexicon.units, lexicon.numbers
        self.lower = [plain(token) for token in tokens]
        self.is_clock = any(words.does(word, "clock") or ":" in word for word in self.lower)
        self.letters = {t for t in tokens if len(t) == 1 and t.isupper()}
        self.i = 0
        self.number: float | None = None
        self.length = 1.0
        self.seen_from = 0
        self.cue = ""
        self.found: list[Mark] = []
        self.loose: list[tuple[int, Mark]] = []

    def marks(self) -> list[Mark]:
        """Return the marks, in order; loose words are names only where too few others are.

        Where more words are unknown than names are missing, the sentence is of something else, like
        "the key is kept under number 7".
        """
        while self.i < len(self.tokens):
            self._take()
        names = {mark.word for mark in self.found if mark.kind == "name"}
        if len(names | {mark.word for _, mark in self.loose}) <= 2:
            for at, mark in reversed(self.loose):
                self.found.insert(at, mark)
        return self.found

    def _take(self) -> None:
        name = self._known_name() or self._capital_name()
        if name:
            self._name(name)
            return
        word = self.lower[self.i]
        self.i += 1
        if word in self.words.articles:
            if phrase := self._known_name() or self._phrase():
                self._name(phrase)
        elif word == "'s":
            self._possess()
        elif self._is_number(word):
            self._count(word)
        elif word in self.units and self.number is not None:
            self.length, self.number = self.number * self.units[word], None
        elif word in self.words.vectors and not self._is_adverb(word):
            self._direct(word)
        elif self.words.is_known(word):
            self._role(word)
        elif word != ",":
            self.loose.append((len(self.found), self._named(self.tokens[self.i - 1])))

    def _known_name(self) -> str:
        """Take a name that the map knows; none begins with a small word of the language."""
        word = next(iter(self.tokens[self.i :]), "")  # an article may end a sentence
        if not word or (word == self.lower[self.i] and self.words.is_known(word)):
            return ""
        for end in range(min(self.i + LONGEST_NAME, len(self.tokens)), self.i, -1):
            name = whole_name(self.tokens[self.i : end])
            if (len(name) > 1 or self._is_letter(self.i)) and self.knows(name):
                self.i = end
                return name
        return ""

    def _capital_name(self) -> str:
        """Take a run of capitalised words that the lexicon does not know, and a number behind."""
        start = self.i
        while self.i < len(self.tokens) and self._is_capital(self.i):
            self.i += 1
            if len(self.tokens[self.i - 1]) == 1:
                break
        if self.i > start and self.i < len(self.tokens) and self.tokens[self.i].isdecimal():
            self.i += not self.is_clock
        return " ".join(self.tokens[start : self.i])

    def _is_capital(self, i: int) -> bool:
        if len(self.tokens[i]) == 1 and self.tokens[i].isupper():
            return self._is_letter(i)
        return self.tokens[i][0].isupper() and not self.words.is_known(self.lower[i])

    def _is_letter(self, i: int) -> bool:
        """Whether a capital letter is a name: not the article that begins a sentence."""
        token = self.tokens[i]
        if len(token) > 1 or not token.isupper():
            return False
        if i or self.lower[i] not in self.words.articles or len(self.letters) > 1:
            return True
        return i + 1 < len(self.tokens) and self.words.is_known(self.lower[i + 1])

    def _phrase(self) -> str:
        """Take the words behind an article that the lexicon does not know."""
        start = self.i
        while self.i < len(self.tokens):
            token, word = self.tokens[self.i], self.lower[self.i]
            is_new = token[0].isalpha() and not self.words.is_known(word)
            is_numbered = self.i > start and token.isdecimal() and not self.is_clock
            if not (is_new or is_numbered) or self._is_letter(self.i) or word in self.units:
                break
            self.i += 1
        return " ".join(self.tokens[start : self.i])

    def _named(self, name: str) -> Mark:
        mark = Mark("name", name, seen_from=self.seen_from, cue=self.cue)
        self.seen_from, self.cue = 0, ""
        return mark

    def _name(self, name: str) -> None:
        self.found.append(self._named(name))
        self.number = None

    def _possess(self) -> None:
        """Take in that a relation is seen from the name before: "at Y's left"."""
        names = [mark for mark in self.found if mark.kind == "name"]
        if names:
            names[-1].seen_from = 2

    def _is_number(self, word: str) -> bool:
        return word[0].isdecimal() or word in self.numbers

    def _count(self, word: str) -> None:
        if self.is_clock:
            told = word.partition(":")[0]
            hour = self.numbers.get(told, float(told) if told.isdecimal() else 0.0)
            if 1 <= hour <= HOURS and not self._is_angle():
                self.found.append(Mark("vector", "clock", _at_hour(hour)))
            return
        self.number = self.numbers[word] if word in self.numbers else min(float(word), 1e6)

    def _is_angle(self) -> bool:
        return self.i < len(self.tokens) and self.words.does(self.lower[self.i], "degrees")

    def _is_adverb(self, word: str) -> bool:
        """Whether it only stresses the preposition behind it: "right above"."""
        behind = self.i < len(self.tokens) and self.words.does(self.lower[self.i], "prepositions")
        before = self.lower[self.i - 2] if self.i > 1 else ""
        return behind and self.words.does(word, "adverbs") and before not in self.words.articles

    def _direct(self, word: str) -> None:
        vector = self.words.vectors[word]
        self.found.append(Mark("vector", word, vector, length=self.length))
        self.length = 1.0
        self.seen_from = 2 if self.words.does(word, "prepositions") else 0

    def _role(self, word: str) -> None:
        words = self.words
        if words.does(word, *CUES) and self.cue not in {"after", "before"}:  # "después del"
            self.cue = next(cue for cue in CUES if words.does(word, cue))
        if words.does(word, "pronouns") and self.seen_from:
            self.found.append(Mark("it", word, seen_from=self.seen_from))
            self.seen_from = 0
            return
        if words.does(word, "same"):
            self.found.append(Mark("vector", "same"))
        else:
            self.found.append(Mark("word", word))
        if words.does(word, "of"):
            self.seen_from = 1 if words.does(word, "weakly_of") else 2
        elif not words.does(word, "kinds"):
            self.seen_from = 2 if words.does(word, "prepositions", "same") else 0


def _at_hour(hour: float) -> Vector:
    """Return which of the eight directions an hour on a clock face is nearest to."""
    eighth = round(hour * 8 / HOURS) % 8 * math.pi / 4
    return float(round(math.sin(eighth))), float(round(math.cos(eighth)))
