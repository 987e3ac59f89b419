"""Closed loop: many items walk their worlds at once, one recall and one choice a decision."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from memeval.fitting import Reading
from memeval.memories.checked import Checked
from memeval.models import Choice
from memeval.reader import Reader
from memeval.scoring.walks import budget_of
from memeval.telemetry.clock import Stopwatch
from memeval.types import Item, Navigation, Query, Recall

Cost = TypeVar("Cost", int, float)


@dataclass(slots=True)
class Walk:
    """A walker: where it stands, what it has done, and what that cost.

    `recall`, `reading` and `prompt` are those of the first decision; `read` holds the events behind
    all that was read. The store is frozen and the model has no other state, so a walker who comes
    to a place again with the same recall would go round in a circle until the budget is spent: it
    stops there.
    """

    item: Item
    way: Navigation
    here: str
    budget: int
    moves: list[str] = field(default_factory=list)
    decisions: int = 0
    recall: Recall = field(default_factory=Recall)
    reading: Reading = field(default_factory=Reading)
    prompt: str | None = None
    read: set[str] = field(default_factory=set)
    recall_ms: float = 0.0
    prefill_ms: float | None = 0.0
    prompt_tokens: int | None = 0
    reused_tokens: int | None = 0
    answer_ms: float | None = None
    error: str | None = None
    been: set[tuple[str, Recall]] = field(default_factory=set)

    @property
    def arrived(self) -> bool:
        """Whether the walker stands at the goal."""
        return self.here == self.way.goal

    @property
    def goes_on(self) -> bool:
        """Whether another decision is to be made, and can be."""
        return not self.error and not self.arrived and len(self.moves) < self.budget

    @property
    def query(self) -> Query:
        """Ask for the next decision; the id stays the item's."""
        text = self.way.question.replace("{here}", self.here)
        return Query(self.item.query.id, text, self.item.query.time)

    def options(self, recall: Recall) -> list[tuple[str, ...]]:
        """Return what can be chosen: every legal move, and macros that begin with one."""
        legal = self.way.moves[self.here]
        macros = (t.actions for t in recall.traces if t.actions and t.actions[0] in legal)
        return list(dict.fromkeys([*((move,) for move in legal), *macros]))

    def go(self, actions: Sequence[str]) -> None:
        """Make the moves of one decision, as far as they are legal and the budget lasts."""
        self.decisions += 1
        for move in actions:
            if (
                self.arrived
                or self.budget == len(self.moves)
                or move not in self.way.moves[self.here]
            ):
                return
            self.here = self.way.moves[self.here][move]
            self.moves.append(move)

    def pay(self, choice: Choice) -> None:
        """Add up what a choice has cost; what one choice does not tell, the sum cannot."""
        self.prefill_ms = _plus(self.prefill_ms, choice.prefill_ms)
        self.prompt_tokens = _plus(self.prompt_tokens, choice.prompt_tokens)
        self.reused_tokens = _plus(self.reused_tokens, choice.reused_tokens)
        if choice.answer_ms is not None:
            self.answer_ms = (self.answer_ms or 0.0) + choice.answer_ms
        self.error = choice.error


def walk(
    items: Sequence[Item],
    memory: Checked,
    reader: Reader,
    *,
    watch: Stopwatch,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Walk]:
    """Let every item with a `navigation` walk until it arrives or its budget is spent."""
    ways = [(item, item.navigation) for item in items if item.navigation]
    walks = [Walk(item, way, way.start, budget_of(way)) for item, way in ways]
    walking = [w for w in walks if not w.arrived]
    while walking:
        before = len(walking)
        with watch.phase("recall"):
            recalls = _recall(walking, memory)
        deciding = [
            (w, recall) for w, recall in zip(walking, recalls, strict=True) if _goes_on(w, recall)
        ]
        with watch.phase("read"):
            _decide(deciding, reader)
        walking = [w for w, _ in deciding if w.goes_on]
        on_done(before - len(walking))
    return walks


def _plus(total: Cost | None, one: Cost | None) -> Cost | None:
    return None if total is None or one is None else total + one


def _goes_on(w: Walk, recall: Recall) -> bool:
    """Whether this decision is a new one; if so, remember it."""
    is_new = (w.here, recall) not in w.been
    w.been.add((w.here, recall))
    return is_new


def _recall(walking: Sequence[Walk], memory: Checked) -> list[Recall]:
    """Recall for where each walker stands; controls are shown what leads on from there."""
    memory.follow([_decision(w) for w in walking])
    start = time.perf_counter()
    recalls = memory.recall([w.query for w in walking])
    share_ms = (time.perf_counter() - start) * 1000 / len(walking)
    for w in walking:
        w.recall_ms += share_ms
    return recalls


def _decide(deciding: Sequence[tuple[Walk, Recall]], reader: Reader) -> None:
    """Let the model choose, and go there."""
    options = [w.options(recall) for w, recall in deciding]
    told = [[", ".join(actions) for actions in choices] for choices in options]
    queries, recalls = [w.query for w, _ in deciding], [recall for _, recall in deciding]
    read = reader.cut(queries, recalls)
    chosen = reader.choose(queries, read, told)
    for (w, recall), cut, choices, choice in zip(deciding, read, options, chosen, strict=True):
        if not w.decisions:
            w.recall, w.reading, w.prompt = recall, cut, reader.text(w.query, cut)
        w.read.update(cut.events)
        w.pay(choice)
        if not w.error:
            w.go(choices[choice.index])


def _decision(w: Walk) -> Item:
    """Return the item of one decision: its gold tells the first move that comes nearer."""
    gold = next(iter(w.way.nearer[w.here].values()))
    return Item(w.query, (), gold, w.item.passage, w.item.slice)
