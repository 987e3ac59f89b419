"""Answers that are known to be right or wrong, which tell what a judge is worth."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from memeval.judging.judge import JUDGE, Judge
from memeval.types import Item
from memeval.words import words

MOST = 20
"""Items that each control is asked of."""
LEAST_RIGHT, MOST_WRONG = 0.9, 0.1
"""The shares that a judge may at worst accept of right answers, and of wrong ones."""
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Control:
    """Makes answers of a kind, from an item and the next one; None where it cannot make one."""

    is_right: bool
    answer: Callable[[Item, Item], str | None]


def _gold(item: Item, _: Item) -> str:
    return item.answers[0]


def _reworded(item: Item, _: Item) -> str:
    """Say it as people do, behind words that say nothing: a judge must see the same answer."""
    return f"If I remember it right, what you are looking for is this: {item.answers[0]}."


def _other_gold(item: Item, other: Item) -> str | None:
    mine = {tuple(words(answer)) for answer in item.answers}
    return None if tuple(words(other.answers[0])) in mine else other.answers[0]


def _vague(item: Item, _: Item) -> str:
    """Stay on the topic and say nothing, as a model does that remembers having heard of it."""
    topic = item.query.text.strip().rstrip("?.")
    return f'About "{topic}": this was mentioned, and it was something along those lines.'


def _wrong_value(item: Item, _: Item) -> str | None:
    """Change the first number, or the first month or weekday, and leave the rest as it is."""
    gold = item.answers[0]
    if told := _NUMBER.search(gold):
        return f"{gold[: told.start()]}{int(told[0]) + 3}{gold[told.end() :]}"
    for names in (MONTHS, DAYS):
        for place, name in enumerate(names):
            if re.search(rf"\b{name}\b", gold):
                return re.sub(rf"\b{name}\b", names[(place + 3) % len(names)], gold, count=1)
    return None


CONTROLS: Mapping[str, Control] = {
    "gold": Control(is_right=True, answer=_gold),
    "reworded": Control(is_right=True, answer=_reworded),
    "other_gold": Control(is_right=False, answer=_other_gold),
    "vague": Control(is_right=False, answer=_vague),
    "wrong_value": Control(is_right=False, answer=_wrong_value),
}


def measure_controls(judge: Judge, items: Sequence[Item]) -> dict[str, dict[str, Any]]:
    """Return what share of each control's answers a judge accepts, None of none, and their number.

    They are asked of at most 20 answerable items, spread evenly over all. A reply that is neither
    yes nor no accepts nothing; how many there were is told, and whether the control is failed.
    """
    usable = [item for item in items if item.answerable and item.answers and not item.navigation]
    step = max(1, len(usable) // MOST)
    chosen = usable[::step][:MOST]
    pairs = list(zip(chosen, chosen[1:] + chosen[:1], strict=True))
    table: dict[str, dict[str, Any]] = {}
    for name, control in CONTROLS.items():
        made = [(item, control.answer(item, other)) for item, other in pairs]
        told = [(item, answer) for item, answer in made if answer is not None]
        verdicts = judge.judge([_bare(i) for i, _ in told], [a for _, a in told])
        said = [verdict.scores.get(JUDGE) for verdict in verdicts]
        table[name] = {
            "accepted": sum(one == 1 for one in said) / len(said) if said else None,
            "n": len(said),
            "unclear": sum(one is None for one in said),
        }
        table[name]["failed"] = int(_is_failed(control, table[name]["accepted"]))
    return table


def _is_failed(control: Control, accepted: float | None) -> bool:
    """Whether too few right answers are accepted, or too many wrong ones."""
    if accepted is None:
        return False
    return accepted < LEAST_RIGHT if control.is_right else accepted > MOST_WRONG


def _bare(item: Item) -> Item:
    """Return an item without its rubric: controls are told by yes or no alone."""
    return Item(item.query, item.answers, (), (), item.slice)
