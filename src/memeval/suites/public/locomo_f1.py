"""The score of LoCoMo's own script, `task_eval/evaluation.py`."""

import re
import string
from collections import Counter
from functools import cache
from statistics import fmean
from typing import Any

from memeval.types import Item
from memeval.words import is_unknown

_ARTICLES = re.compile(r"\b(a|an|the|and)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_SAYS_NOTHING = ("no information available", "not mentioned")


def locomo_f1(item: Item, answer: str) -> dict[str, float | None]:
    """Score the stems shared with the accepted answer that is nearest, by the item's category.

    Multi-hop answers are lists: both are split at commas, and each part of the gold has the best
    part of the answer; the score is the mean. An open-domain gold counts up to its semicolon. An
    adversarial question is answered by saying that nothing is mentioned; the script knows two
    phrases for it, of which our prompt asks for neither, so "unknown" and its like count as well.

    Source: https://github.com/snap-research/locomo, Maharana et al. 2024, arXiv:2402.17753.
    """
    if item.slice == "adversarial":
        says_nothing = any(phrase in answer.lower() for phrase in _SAYS_NOTHING)
        return {"locomo_f1": float(says_nothing or is_unknown(answer))}
    return {"locomo_f1": max(_score(item.slice, answer, gold) for gold in item.answers)}


def _score(category: str, answer: str, gold: str) -> float:
    if category == "multi-hop":
        parts = answer.split(",")
        return fmean(max(_f1(part, wanted) for part in parts) for wanted in gold.split(","))
    return _f1(answer, gold.partition(";")[0] if category == "open-domain" else gold)


def _f1(answer: str, gold: str) -> float:
    """Return the harmonic mean of precision and recall over stems; 0 where none is shared."""
    said, wanted = Counter(_stems(answer)), Counter(_stems(gold))
    shared = (said & wanted).total()
    return 2 * shared / (said.total() + wanted.total()) if shared else 0.0


def _stems(text: str) -> list[str]:
    bare = text.lower().translate(_PUNCTUATION)
    return [_stem(word) for word in _ARTICLES.sub(" ", bare).split()]


@cache
def _stem(word: str) -> str:
    """Return Porter's stem of a word, as NLTK cuts it."""
    return str(_stemmer().stem(word))


@cache
def _stemmer() -> Any:
    from nltk.stem.porter import PorterStemmer  # takes long to import, and few cells need it

    return PorterStemmer()
