"""Which known names somebody may have meant: by their words first, then letter by letter.

Names are made of words, `gate.enabled` or `memory/hei_nw`, and what is remembered of one is mostly
a word of it. Letters alone take `top_k` for `tau` and find nothing for `enable`.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

NEAREST = 3
ENOUGH, SLACK = 0.5, 0.15
"""How near a name must be, and how much less near than the nearest one."""
SPELT = 0.6
"""How much of all letters must be alike, where no word is: two names of any words share half."""
SHORTEST = 3
"""Letters of a word that may stand for a longer one: `enable` for `enabled`."""
BEGUN, MISSPELT, PURPOSE = 0.9, 0.75, 0.8
"""What a word counts that is the beginning of another, how alike misspelt ones must be, and what
one counts that only tells what the name is for."""


def near_names(
    got: str, known: Iterable[str], purposes: Mapping[str, str] | None = None
) -> list[str]:
    """Return the names that come nearest, the nearest first; `purposes` are searched as well."""
    purposes = purposes or {}
    scored = {name: _nearness(got, name, purposes.get(name, "")) for name in known}
    best = max(scored.values(), default=(0.0, 0.0))[0]
    enough = max(ENOUGH, best - SLACK)
    near = [name for name, (score, _) in scored.items() if score >= enough]
    return sorted(near, key=lambda name: (*(-part for part in scored[name]), name))[:NEAREST]


def _nearness(got: str, name: str, purpose: str) -> tuple[float, float]:
    """Return how near a name is, by its words or by its letters, and by its letters alone."""
    letters = _alike(got.casefold(), name.casefold())
    words, told = _words(name), _words(purpose)
    counts = [max(_best(word, words), PURPOSE * _best(word, told)) for word in _words(got)]
    by_words = sum(counts) / len(counts) if counts else 0.0
    return (max(by_words, letters if letters >= SPELT else 0.0), letters)


def _best(word: str, words: Iterable[str]) -> float:
    return max((_match(word, other) for other in words), default=0.0)


def _match(word: str, other: str) -> float:
    if word == other:
        return 1.0
    short, long = sorted((word, other), key=len)
    if len(short) >= SHORTEST and long.startswith(short):
        return BEGUN
    alike = _alike(word, other)
    return alike if alike >= MISSPELT else 0.0


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
