"""Finds the words and phrases of a language in a text, at little cost where there are none."""

import re
from collections.abc import Iterable, Sequence

TOKEN = re.compile(
    r"\d{1,2}:\d{2}|\d+(?:\.\d+)?|[^\W_]+(?:['\u2019&](?!s\b)[^\W_]+)*|['\u2019]s\b|[.!?;,\n°$]"
)
PIECE = re.compile(r"[^\W_]+|[$:]")


def plain(text: str) -> str:
    """Return a text in lower case, its apostrophes as a lexicon writes them."""
    return text.lower().replace("\u2019", "'")


def whole_name(tokens: Sequence[str]) -> str:
    """Return the name that tokens make up: "Peter Pan's Flight"."""
    return " ".join(tokens).replace(" 's", "'s").replace(" \u2019s", "\u2019s")


class Tokens:
    """Cuts texts into words, numbers and marks; what stands together in a lexicon is one word."""

    def __init__(self, words: Iterable[str]) -> None:
        longer: dict[str, list[str]] = {}
        for word in words:
            first, *rest = TOKEN.findall(word)
            if rest:
                longer.setdefault(first, []).append(word)
        self._longer = {first: _beginning(phrases) for first, phrases in longer.items()}

    def of(self, text: str) -> list[str]:
        """Return the tokens of a text."""
        found, end = list[str](), 0
        while match := TOKEN.search(text, end):
            longer = self._longer.get(plain(match[0]))
            match = (longer and longer.match(text, match.start())) or match
            found.append(match[0])
            end = match.end()
        return found


class Words:
    """Tells whether a text has any of some words or phrases."""

    def __init__(self, words: Iterable[str]) -> None:
        pieces = {word: PIECE.findall(word) for word in words}
        self._single = frozenset(word for word, parts in pieces.items() if parts == [word])
        longer = {word: parts[0] for word, parts in pieces.items() if parts != [word]}
        self._first = frozenset(longer.values())
        self._longer = _anywhere(longer)

    def are_in(self, text: str) -> bool:
        """Whether a text has one of the words, in whatever case."""
        pieces = PIECE.findall(text.lower())
        if not self._single.isdisjoint(pieces):
            return True
        return not self._first.isdisjoint(pieces) and self._longer.search(text) is not None


def _beginning(phrases: Iterable[str]) -> re.Pattern[str]:
    told = "|".join(_escaped(phrases))
    return re.compile(rf"(?i:{told})(?![^\W_])")


def _anywhere(phrases: Iterable[str]) -> re.Pattern[str]:
    told = "|".join(_escaped(phrases))
    return re.compile(rf"(?<![^\W_])(?:{told})(?![^\W_])", re.IGNORECASE)


def _escaped(phrases: Iterable[str]) -> list[str]:
    """Return patterns for phrases, longest first, with either apostrophe."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return [re.escape(phrase).replace("'", "['\u2019]") for phrase in longest_first]
