"""Scores of a predicted answer against the accepted ones, by the words of both."""

from collections import Counter
from collections.abc import Sequence
from unicodedata import category

from memeval.words import is_unknown, words


def exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether the prediction has the words of an accepted answer: the primary score.

    Answers are short names and dates, for which being right is all or nothing.
    """
    return words(prediction) in [words(answer) for answer in answers]


def raw_exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether the prediction equals an accepted answer to the letter."""
    return prediction in answers


def token_f1(prediction: str, answers: Sequence[str]) -> float:
    """Return the best harmonic mean of word precision and recall over the accepted answers."""
    predicted = words(prediction)
    return max((_f1(predicted, words(answer)) for answer in answers), default=0.0)


def contains(prediction: str, answers: Sequence[str]) -> bool:
    """Whether an accepted answer stands somewhere in the prediction, as whole words."""
    padded = f" {' '.join(words(prediction))} "
    return any(f" {' '.join(words(answer))} " in padded for answer in answers)


def abstains(prediction: str) -> bool:
    """Whether the prediction says that the answer is not known, or nothing at all."""
    says_something = any(category(char)[0] in "LNS" for char in prediction)
    return not says_something or is_unknown(prediction)


def _f1(predicted: list[str], accepted: list[str]) -> float:
    if not predicted or not accepted:
        return float(predicted == accepted)
    shared = (Counter(predicted) & Counter(accepted)).total()
    return 2 * shared / (len(predicted) + len(accepted))
