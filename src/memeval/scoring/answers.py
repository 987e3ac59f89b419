"""Scores of a predicted answer against the accepted ones."""

import re
import string
from collections import Counter
from collections.abc import Sequence

from memeval.types import UNKNOWN

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize(text: str) -> str:
    """Lower the case, drop punctuation and the articles a/an/the, and squeeze white space.

    An answer that is nothing but an article keeps it: it is the option A of a choice, not silence.
    Source, but for that: the SQuAD evaluation (Rajpurkar et al. 2016, arXiv:1606.05250).
    """
    folded = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", folded).split() or folded.split())


def exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether the normalised prediction equals an accepted answer: the primary score.

    Answers are short names and dates, for which being right is all or nothing.
    """
    return normalize(prediction) in {normalize(answer) for answer in answers}


def raw_exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether the prediction equals an accepted answer to the letter."""
    return prediction in answers


def token_f1(prediction: str, answers: Sequence[str]) -> float:
    """Return the best harmonic mean of word precision and recall over the accepted answers."""
    return max(
        (_f1(normalize(prediction).split(), normalize(a).split()) for a in answers), default=0.0
    )


def contains(prediction: str, answers: Sequence[str]) -> bool:
    """Whether an accepted answer stands somewhere in the prediction, as whole words."""
    padded = f" {normalize(prediction)} "
    return any(f" {normalize(answer)} " in padded for answer in answers)


def abstains(prediction: str) -> bool:
    """Whether the prediction is "unknown" or nothing at all."""
    return normalize(prediction) in ("", UNKNOWN)


def _f1(predicted: list[str], accepted: list[str]) -> float:
    if not predicted or not accepted:
        return float(predicted == accepted)
    shared = (Counter(predicted) & Counter(accepted)).total()
    return 2 * shared / (len(predicted) + len(accepted))
