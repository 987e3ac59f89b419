"""Whether things are named in the right order: Kendall's tau-b, as BEAM asks for events.

The right order is that of the rubric. BEAM's script has a model say which line of an answer is
which event; here words decide, so that no judge is needed. Of an answer that numbers what it names
every entry is one event, so that they are shared out by the words they have in common. In another
an event's place is where most of its words stand together, if at least half of them do. Events that
are not named are tied behind all that are, as in that script. What is no event does not count.
"""

import re
from collections.abc import Sequence

import numpy as np

from memeval.types import Item
from memeval.words import words

SLICE = "event_ordering"
"""The items that ask for an order."""
WORST = -1.0
LEAST_SHARED = 0.2
"""More of an event's words than this stand in its entry, which is about one thing."""
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NUMBERS = re.compile(r"(?<!\S)\(?(\d{1,2})[.)](?!\d)")
_ORDERED = re.compile(rf"\b({'|'.join(_ORDINALS)})(?:ly)?\b", re.IGNORECASE)
_ARROW = re.compile(r"[-=]+>|→")


def kendall_tau_b(item: Item, answer: str) -> dict[str, float | None]:
    """Score the order of the rubric's events in an answer, from -1, reversed, to 1.

    An answer that names fewer than two shows no order, and gets -1: to name nothing is no better
    than to name all in the wrong one. None for an item that asks for no order, or of fewer than
    two events.
    """
    if item.slice != SLICE or len(item.rubric) < 2:
        return {"kendall_tau_b": None}
    return {"kendall_tau_b": tau_b(places(item.rubric, answer))}


def tau_b(places: Sequence[int | None]) -> float:
    """Return the rank correlation of places with their order; None is a place behind all others."""
    from scipy.stats import kendalltau

    found = [place for place in places if place is not None]
    if len(found) < 2 or len(set(found)) == 1 == len(set(places)):
        return WORST
    behind = max(found) + 1
    ranks = [behind if place is None else place for place in places]
    found_tau = kendalltau(range(len(ranks)), ranks, variant="b").statistic
    return round(float(found_tau), 12)  # it ends a rounding error short of 1


def places(events: Sequence[str], answer: str) -> list[int | None]:
    """Return for every event where an answer names it, None where it does not.

    Places are entries of a numbered answer, and words of another.
    """
    if listed := entries(answer):
        return _shared_out(events, listed)
    told = words(answer)
    return [_place(frozenset(words(event)), told) for event in events]


def entries(answer: str) -> list[str]:
    """Return the entries of an answer that numbers them, or has arrows between; of others none."""
    if len(parts := _ARROW.split(answer)) > 1:
        return parts
    for pattern in (_NUMBERS, _ORDERED):
        marks = [*pattern.finditer(answer)]
        if len(marks) > 1 and [_number(mark[1]) for mark in marks] == [*range(1, len(marks) + 1)]:
            ends = [*(mark.start() for mark in marks[1:]), len(answer)]
            return [answer[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return []


def _number(mark: str) -> int:
    return int(mark) if mark.isdecimal() else _ORDINALS.index(mark.lower()) + 1


def _shared_out(events: Sequence[str], listed: Sequence[str]) -> list[int | None]:
    """Return the entry of each event, no two in one, so that most of their words are shared."""
    from scipy.optimize import linear_sum_assignment

    named, told = ([frozenset(words(text)) for text in some] for some in (events, listed))
    shares = [[len(event & entry) / max(1, len(event)) for entry in told] for event in named]
    rows, columns = linear_sum_assignment(np.array(shares), maximize=True)
    found: list[int | None] = [None] * len(events)
    for event, entry in zip(rows.tolist(), columns.tolist(), strict=True):
        if shares[event][entry] > LEAST_SHARED:
            found[event] = entry
    return found


def _place(event: frozenset[str], told: Sequence[str]) -> int | None:
    """Return where the window begins that holds most of an event's words, at least half of them.

    A window is twice as long as the event, as an answer may put words between; of windows that
    hold as many, that with the more of them in its first half.
    """
    size = len(event)
    starts = [start for start, word in enumerate(told) if word in event]

    def shared(start: int, width: int) -> int:
        return len(event.intersection(told[start : start + width]))

    best = max(starts, key=lambda i: (shared(i, 2 * size), shared(i, size), -i), default=None)
    return best if best is not None and 2 * shared(best, 2 * size) >= size else None
