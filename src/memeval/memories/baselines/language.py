"""The language that a stream is written in, told by which language's stop words it holds."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from memeval.memories.baselines.terms import terms

LEAST_SHARE = 0.2
"""Of a stream's words that are stop words of its language; running text has twice that."""


@dataclass(frozen=True, slots=True)
class Language:
    """What belongs to it: words that tell nothing, and how the rest is cut to its stems."""

    name: str
    stop_words: frozenset[str]
    stem: Callable[[list[str]], list[str]]


@cache
def languages() -> tuple[Language, ...]:
    """Return the languages that bm25s has stop words of and PyStemmer has stems of."""
    import Stemmer
    from bm25s import stopwords

    listed = {name: f"STOPWORDS_{name.upper()}" for name in Stemmer.algorithms()}
    listed |= {"english": "STOPWORDS_EN_PLUS"}
    return tuple(
        Language(
            name,
            frozenset(term for word in getattr(stopwords, of) for term in terms(word)),
            Stemmer.Stemmer(name).stemWords,
        )
        for name, of in listed.items()
        if hasattr(stopwords, of)
    )


def language_of(told: Iterable[Sequence[str]]) -> Language | None:
    """Return the language of texts, given as their terms; None where none is told.

    It is the one whose stop words make up most of them, if that is as much as in running text.
    """
    counts = Counter(term for text in told for term in text)
    held = {language: sum(counts[word] for word in language.stop_words) for language in languages()}
    likeliest = max(held, key=held.__getitem__)
    is_told = held[likeliest] > LEAST_SHARE * counts.total()
    return likeliest if is_told else None
