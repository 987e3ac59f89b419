"""Whether the right one of the choices was named, and no other."""

import re

from memeval.types import Item
from memeval.words import normalize

_HYPHEN = re.compile(r"-(?=[^\W\d_])")


def choice_accuracy(item: Item, answer: str) -> dict[str, float | None]:
    """Score 1 for an answer that names an accepted choice, and none that is not accepted.

    Of choices that hold one another the longest counts: "upper left" does not name "left". None
    for an item that offers no choices.
    """
    if not item.choices:
        return {"choice_accuracy": None}
    accepted = {_joined(one) for one in item.answers}
    named = _named(_joined(answer), {_joined(choice) for choice in item.choices})
    return {"choice_accuracy": float(bool(named) and named <= accepted)}


def _named(text: str, choices: set[str]) -> set[str]:
    longest_first = sorted(choices, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    return set(re.findall(rf"(?<!\S)(?:{pattern})(?!\S)", text))


def _joined(text: str) -> str:
    """Return the words of a text, those of a compound apart: upper-left is upper left."""
    return normalize(_HYPHEN.sub(" ", text))
