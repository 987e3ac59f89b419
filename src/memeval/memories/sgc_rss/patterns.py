"""An extractor of a fixed set of English sentence forms, for what is told only once or twice.

The forms are those of the open information extraction literature (ReVerb: Fader, Soderland and
Etzioni 2011; Hearst 1992 for appositions): a relation is a short run of words between two names, or
a noun with "of" or a possessive.
"""

import re
from typing import NamedTuple

from memeval.memories.sgc_rss.facts import Fact, Form
from memeval.memories.sgc_rss.sentences import SLOT, Sentence, without_adverbial
from memeval.memories.sgc_rss.words import (
    ARTICLES,
    ASKING,
    AUXILIARIES,
    FUNCTION_WORDS,
    PREPOSITIONS,
)

LONGEST_PHRASE = 9
"""Words of a relation at most; longer runs are clauses, not relations."""
LONGEST_STATEMENT = 12
"""Words of a sentence that is read although it names but one thing."""
CONFIDENCE = 0.6
"""Of a fact that a pattern reads; a schema's begins at 0.75."""
NOUN = r"(?P<noun>[a-z][\w-]*(?: [\w-]+){0,3}?)"
BE = r"(?:is|was|are|were|became|remains)"


class Pattern(NamedTuple):
    """A sentence form on the skeleton, and which slots are head and tail."""

    regex: re.Pattern[str]
    head: int
    tail: int


NOUN_PATTERNS = (
    Pattern(re.compile(rf"^(?:the )?{NOUN} of {SLOT} {BE} {SLOT}\b"), 0, 1),
    Pattern(re.compile(rf"^{SLOT} 's {NOUN} {BE} {SLOT}\b"), 0, 1),
    Pattern(re.compile(rf"^{SLOT} {BE} (?:the|a|an) {NOUN} of {SLOT}$"), 1, 0),
    Pattern(re.compile(rf"^{SLOT} {BE} {SLOT} 's {NOUN}$"), 1, 0),
    Pattern(re.compile(rf"^{SLOT} , (?:the|a|an) {NOUN} of {SLOT}\b"), 1, 0),
    Pattern(re.compile(rf"^{SLOT} , {SLOT} 's {NOUN} ,"), 1, 0),
)


class PatternReader:
    """Reads noun patterns first, then subject, verb and object."""

    name = "pattern"

    def read(self, sentence: Sentence) -> list[Fact]:
        """Return the facts that a pattern finds, none for a sentence without a name."""
        subject_first = without_adverbial(sentence)
        if len(subject_first.names) > 1:
            found = self._by_noun(subject_first) or self._by_verb(subject_first)
            if found:
                return found
        return self._by_value(subject_first)

    def _by_noun(self, sentence: Sentence) -> list[Fact]:
        skeleton = " ".join(sentence.skeleton)
        for pattern in NOUN_PATTERNS:
            match = pattern.regex.search(skeleton)
            if match and set(match["noun"].split()) - FUNCTION_WORDS:
                names = sentence.name(pattern.head), sentence.name(pattern.tail)
                return [self._fact(names[0], match["noun"], names[1], "noun")]
        return []

    def _by_verb(self, sentence: Sentence) -> list[Fact]:
        """Read every name that one unbroken run of words joins to the subject.

        A run may hold a name of its own ("was rendered into English by").
        """
        subject, *others = sentence.names
        if subject.start != 0:
            return []
        read: list[Fact] = []
        for number, span in enumerate(others, start=1):
            run = sentence.words[subject.end : span.start]
            if is_phrase(run):
                told = sentence.told(subject.end, span.start)
                read.append(self._fact(sentence.name(0), told, sentence.name(number), "verb"))
        return read

    def _by_value(self, sentence: Sentence) -> list[Fact]:
        """Read a short sentence that ends in a common noun: "Mary went to the garden"."""
        end = len(sentence.words) - (sentence.words[-1:] == (".",))
        if len(sentence.names) != 1 or sentence.names[0].start or end > LONGEST_STATEMENT:
            return []
        start = sentence.names[0].end
        marks = ARTICLES | PREPOSITIONS
        cuts = [at for at in range(start + 1, end) if sentence.words[at - 1] in marks]
        if not cuts or not is_phrase(sentence.words[start : cuts[-1]]):
            return []
        at = cuts[-1]
        told = sentence.told(start, at - (sentence.words[at - 1] in ARTICLES))
        return [self._fact(sentence.name(0), told, sentence.told(at, end), "verb")]

    def _fact(self, head: str, phrase: str, tail: str, form: Form) -> Fact:
        return Fact(head, phrase, tail, form, self.name, CONFIDENCE)


def is_phrase(run: tuple[str, ...]) -> bool:
    """Whether words between two names can be a relation: short, unbroken, with a verb's place."""
    if not 1 <= len(run) <= LONGEST_PHRASE or not all(word[0].isalpha() for word in run):
        return False
    if run[0] != run[0].lower() or run[0] in {"and", "or", "of"} or run[0] in ASKING:
        return False
    return run[0] in AUXILIARIES or any(word not in FUNCTION_WORDS for word in run)
