"""A text as sentences, and a sentence as words in which names are told from the rest.

A sample: "Nora Vance works for Axiom Software." has the names "Nora Vance" and "Axiom Software" and
the skeleton `_ works for _`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memeval.memories.sgc_rss.words import ARTICLES, FUNCTION_WORDS, NAME_LINKS, PREPOSITIONS

STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
"""Curly quotes and what they are read as."""
TOKEN = re.compile(r"'s\b|(?:[^\W\d_]\.){2,}|\w+(?:[-'.&](?!s\b)\w+)*|[^\w\s]")
END = re.compile(r"(?<=[.!?])[\")]*\s+(?=[\"'(]?[^\W\d_a-z])|\n+")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'])(?:(?:[^\W\d_a-z]\.)*[^\W\d_a-z]|Mr|Mrs|Ms|Dr|St|Prof|Capt|Rev|No|vs|etc)\.$"
)
LIST_NUMBER = re.compile(r"^\s*\d+[.)]\s+")
"""What stands before an item of a numbered list, and is no part of what it says."""
SLOT = "_"
LONGEST = 60
"""Words after which a sentence is taken for no statement of a fact."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a name stands in the words of its sentence: from `start` up to, not with, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its text, its words and marks, and the spans of its names."""

    text: str
    words: tuple[str, ...]
    names: tuple[Span, ...]
    places: tuple[Span, ...] = ()

    def told(self, start: int, end: int) -> str:
        """Return the words from `start` up to `end` as they stand in the text."""
        if not self.places:
            return " ".join(self.words[start:end]).replace(" 's", "'s")
        return self.text[self.places[start].start : self.places[end - 1].end]

    def from_word(self, start: int) -> "Sentence":
        """Return the sentence without its first words."""
        names = tuple(
            Span(span.start - start, span.end - start) for span in self.names if span.start >= start
        )
        return Sentence(self.text, self.words[start:], names, self.places[start:])

    def name(self, number: int) -> str:
        """Return a name by its place among the names."""
        return self.told(self.names[number].start, self.names[number].end)

    @property
    def skeleton(self) -> tuple[str, ...]:
        """The words with every name replaced by a slot, without the mark at the end."""
        parts: list[str] = []
        at = 0
        for span in self.names:
            parts += (word.lower() for word in self.words[at : span.start])
            parts.append(SLOT)
            at = span.end
        parts += (word.lower() for word in self.words[at:])
        while parts and not (parts[-1] == SLOT or parts[-1][0].isalnum()):
            parts.pop()
        return tuple(parts)


def split_words(text: str) -> tuple[str, ...]:
    """Split a text into words and marks; a possessive is a mark of its own."""
    return tuple(TOKEN.findall(text.translate(STRAIGHT)))


def sentences(text: str) -> Iterator[Sentence]:
    """Split a text into sentences that are short enough to state a fact."""
    pending = ""
    for piece in END.split(LIST_NUMBER.sub("", text.translate(STRAIGHT))):
        pending = f"{pending} {piece}".strip() if pending else piece.strip()
        if ABBREVIATION.search(pending):
            continue
        yield from _read(pending)
        pending = ""
    yield from _read(pending)


def _read(text: str) -> Iterator[Sentence]:
    sentence = whole(text)
    if 0 < len(sentence.words) <= LONGEST:
        yield sentence


def whole(text: str) -> Sentence:
    """Return a text as one sentence, however long it is."""
    text = text.translate(STRAIGHT)
    found = list(TOKEN.finditer(text))
    words = tuple(match[0] for match in found)
    return Sentence(text, words, find_names(words), tuple(Span(*match.span()) for match in found))


def can_tell(sentence: Sentence) -> bool:
    """Whether a sentence may state a fact: it has words beside a name, and asks nothing."""
    return len(sentence.words) > 2 and sentence.words[-1] != "?"


def find_names(words: tuple[str, ...]) -> tuple[Span, ...]:
    """Find the names: runs of capitalised words, numbers, and words of scripts without case."""
    spans = []
    at = 0
    while at < len(words):
        end = _name_end(words, at)
        start = _without_opener(words, at, end)
        if start < end:
            spans.append(Span(start, end))
        at = max(end, at + 1)
    return tuple(spans)


def is_name_like(word: str) -> bool:
    """Whether a word looks like a part of a name: a capital in it, a number, or without case."""
    first = word[0]
    return (
        any(map(str.isupper, word))
        or first.isdigit()
        or (first.isalpha() and first.lower() == first.upper())
    )


def _name_end(words: tuple[str, ...], at: int) -> int:
    """Return where the name that begins at `at` ends; `at` itself if none begins there."""
    end = at
    while end < len(words):
        is_inside = end > at and words[end] in NAME_LINKS and _links(words, end)
        if not is_inside and not is_name_like(words[end]):
            break
        end += 1
    return end


def _links(words: tuple[str, ...], link: int) -> bool:
    """Whether a small word stands between two parts of a name."""
    after = words[link + 1 : link + 2]
    return bool(after) and is_name_like(after[0]) and words[link - 1].lower() not in FUNCTION_WORDS


def _without_opener(words: tuple[str, ...], start: int, end: int) -> int:
    """Leave out a word that is capitalised only because it opens the sentence ("The", "In")."""
    opens = start == 0 or not words[start - 1][0].isalnum()
    while opens and start < end and words[start].lower() in FUNCTION_WORDS:
        # "The Hague" is a name of its own; "The Nile" is found without its article
        start += 1
    return start


def without_adverbial(sentence: Sentence) -> Sentence:
    """Drop what stands before the subject: "In 1831, ", "After lunch, "."""
    words = sentence.words
    opener = words[0].lower() if words else ""
    start = 0
    reach = 8 if opener in PREPOSITIONS else 3
    if opener in FUNCTION_WORDS - ARTICLES and "," in words[:reach]:
        start = words.index(",") + 1
    is_initial = words[start + 1 : start + 2] == (".",)  # "A. J. Smith"
    if start < len(words) and words[start].lower() in ARTICLES and not is_initial:
        start += 1
    if not start:
        return sentence
    return sentence.from_word(start)
