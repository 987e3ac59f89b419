"""The write gate: what tells something, new to this stream, is worth a trace.

Every measure is taken as its rank among the latest of the stream, so that length, style and
language of a text count for nothing by themselves.
"""

import math
import re
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from memeval.memories.hei_nw.params import GateParams
from memeval.types import Event

UNJUDGED = 1.0
"""Salience of everything while the gate is off."""
LATEST = 1_000  # values of a measure that ranks are told from
TELLING = 3  # words of a text whose gains are averaged
QUESTION_MARKS = frozenset("?？؟;")  # noqa: RUF001 - of other scripts
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]\s+|[\"'(\n])\s*\w+")
_WORD = re.compile(r"\w+")


def asks(text: str) -> bool:
    """Whether a text ends with a question, in any script."""
    return bool(QUESTION_MARKS & {*text.rstrip().rstrip("\"')")[-1:]})


def names(text: str) -> int:
    """Return how many words inside sentences are written as names or numbers are."""
    inside = _SENTENCE_START.sub(" ", text)
    return sum(word[0].isupper() or word[0].isdigit() for word in _WORD.findall(inside))


class Measures(NamedTuple):
    """What the gate looks at. `surprise` in nats, 0 where no model is asked."""

    rarity: float
    density: float
    novelty: float
    names: float
    asks: float
    answers: float
    surprise: float = 0.0


def measure(
    text: str, gains: Sequence[float], *, novelty: float, answers: bool, surprise: float = 0.0
) -> Measures:
    """Measure a text whose words have these gains; it `answers` if the one before asks."""
    told = [math.sqrt(gain) for gain in gains]
    best = sorted(told)[-TELLING:]
    return Measures(
        rarity=sum(best) / TELLING,
        density=sum(told) / math.sqrt(max(1, len(text.split()))),
        novelty=novelty,
        names=math.log1p(names(text)),
        asks=float(asks(text)),
        answers=float(answers),
        surprise=surprise,
    )


class Ranks:
    """Where values stand among the latest of their kind, from 0 to 1."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque()
        self._sorted: list[float] = []

    def take(self, value: float) -> float:
        """Return the share of the values before that are lower, and take this one in."""
        below = bisect_left(self._sorted, value)
        rank = below / len(self._sorted) if self._sorted else 0.5
        insort(self._sorted, value)
        self._latest.append(value)
        if len(self._latest) > LATEST:
            del self._sorted[bisect_left(self._sorted, self._latest.popleft())]
        return rank


class Gate:
    """Judges events one by one, as they come."""

    RANKED = ("rarity", "density", "novelty", "surprise")

    def __init__(self, params: GateParams) -> None:
        self.params = params
        self._ranks = {name: Ranks() for name in (*self.RANKED, "salience")}

    def salience(self, event: Event, measures: Measures) -> float:
        """Return how likely a text is worth a trace; all the same with the gate off."""
        if not self.params.enabled:
            return UNJUDGED
        weights = self.params
        logit = weights.bias + weights.reward * event.reward + weights.pin * event.pin
        logit += sum(getattr(weights, name) * x for name, x in self.judged(measures).items())
        return 1 / (1 + math.exp(-logit))

    def judged(self, measures: Measures) -> dict[str, float]:
        """Return what is weighed of an event's text: ranks in the stream, and bare measures."""
        told = measures._asdict()
        for name in self.RANKED:
            told[name] = self._ranks[name].take(told[name]) if getattr(self.params, name) else 0.0
        return told

    def keeps(self, event: Event, salience: float) -> bool:
        """Whether a salience is among the share of the stream that is kept; what is pinned is."""
        rank = self._ranks["salience"].take(salience)
        return not self.params.enabled or event.pin or rank >= 1 - self.params.keep
