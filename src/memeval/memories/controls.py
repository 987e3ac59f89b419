"""Controls: they are handed the session's items, which no memory ever sees.

They bound what any memory can score: `gold` from above, `shuffled` is the placebo, and `passage`
is the model without a memory, reading the right page.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from memeval.memories.event_store import EventStore
from memeval.randomness import named_random
from memeval.types import Event, Item, Query, Recall, Trace


class Control(EventStore):
    """A baseline that the runner shows the session before the first question.

    One that `needs_gold` is asked only what has gold events, or what has no answer.
    """

    needs_gold: ClassVar[bool] = False

    def prepare(self, items: Sequence[Item], events: Sequence[Event]) -> None:
        """Look up what is to be given back for each item, out of all events of the session."""
        self._told = {event.id: event for event in events}
        self._give(items)

    def _give(self, items: Sequence[Item]) -> None:
        chosen = self.choose(items)
        self._recalls = {
            item.query.id: _as_recall([self._told[id_] for id_ in ids])
            for item, ids in zip(items, chosen, strict=True)
        }

    def follow(self, decisions: Sequence[Item]) -> None:
        """Look at the decisions that walkers are about to make; most controls need not."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return what was prepared for each query."""
        return [self._recalls[query.id] for query in queries]

    @abstractmethod
    def choose(self, items: Sequence[Item]) -> list[tuple[str, ...]]:
        """Return the event ids to give back for each item, in the order to tell them."""


class PassageControl(Control):
    """Gives the item's own passage: its gold events among distractors, in order of time."""

    def choose(self, items: Sequence[Item]) -> list[tuple[str, ...]]:
        """Choose each item's passage."""
        return [item.passage for item in items]


class GoldControl(Control):
    """Gives exactly the gold events, in the order that leads to the answer: the ceiling."""

    needs_gold = True

    def choose(self, items: Sequence[Item]) -> list[tuple[str, ...]]:
        """Choose each item's gold events."""
        return [item.gold_events for item in items]

    def follow(self, decisions: Sequence[Item]) -> None:
        """Give each walker the gold events of its next decision."""
        self._give(decisions)


class ShuffledControl(Control):
    """Gives another item's gold events: the placebo, as long as the truth but not true."""

    needs_gold = True

    def choose(self, items: Sequence[Item]) -> list[tuple[str, ...]]:
        """Hand every item the gold of the next that shares none with it, in a seeded order."""
        order = [i for i, item in enumerate(items) if item.gold_events]
        named_random("shuffled", self.seed, len(items)).shuffle(order)
        place = {i: n for n, i in enumerate(order)}
        given = []
        for i, item in enumerate(items):
            next_up = place.get(i, -1) + 1
            givers = (items[j].gold_events for j in (*order[next_up:], *order[:next_up]))
            own = set(item.gold_events)
            given.append(next((gold for gold in givers if own.isdisjoint(gold)), ()))
        return given


def _as_recall(events: Sequence[Event]) -> Recall:
    """Rank the last one best, so that the reader tells them in the order given."""
    ranked = reversed(list(enumerate(events)))
    traces = (Trace(e.told(), float(place), (e.id,)) for place, e in ranked)
    return Recall(tuple(traces), ranked=False)
