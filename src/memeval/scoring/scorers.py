"""The scores that every answer gets, each a scorer by entry point like any other.

An item that is walked is right when the walk arrived; all its scores say so.
"""

from collections.abc import Callable, Sequence

from memeval.scoring import answers
from memeval.types import Item, Navigation

STEP = ", "
"""What stands between the moves of a walk that was taken for an answer."""


def exact_match(item: Item, answer: str) -> dict[str, float | None]:
    """Score 1 for an accepted answer, by the normalisation of SQuAD."""
    return {"exact_match": _score(item, answer, answers.exact_match)}


def raw_exact_match(item: Item, answer: str) -> dict[str, float | None]:
    """Score 1 for an accepted answer to the letter."""
    return {"raw_exact_match": _score(item, answer, answers.raw_exact_match)}


def f1(item: Item, answer: str) -> dict[str, float | None]:
    """Score the words shared with the accepted answer that is nearest."""
    return {"f1": _score(item, answer, answers.token_f1)}


def contains(item: Item, answer: str) -> dict[str, float | None]:
    """Score 1 for an accepted answer anywhere in the text."""
    return {"contains": _score(item, answer, answers.contains)}


def arrives(way: Navigation, moves: Sequence[str]) -> bool:
    """Whether the moves lead from the start to the goal, which ends them, all of them legal."""
    here = way.start
    for move in moves:
        if here == way.goal or move not in way.moves[here]:
            break
        here = way.moves[here][move]
    return here == way.goal


def _score(item: Item, answer: str, rule: Callable[[str, Sequence[str]], float]) -> float:
    if item.navigation is not None:
        return float(arrives(item.navigation, answer.split(STEP)))
    return float(rule(answer, item.answers))
