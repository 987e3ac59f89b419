"""Controls: they are handed the session's items, which no memory ever sees.

They bound what any memory can score: `gold` from above, `shuffled` is the placebo, and `passage`
is the model without a memory, reading the right page.
"""

from abc import abstractmethod
from collections.abc import Sequence

from memeval.memories.event_store import EventStore
from memeval.randomness import named_random
from memeval.types import Event, Item, Query, Recall, Trace


class Control(EventStore):
    """A baseline that the runner shows the items after teaching."""

    def prepare(self, items: Sequence[Item]) -> None:
        """Look up what is to be given back for each item."""
        by_id = {event.id: event for event in self.events}
        chosen = self.choose(items)
        self._recalls = {
            item.query.id: _as_recall([by_id[id_] for id_ in ids])
            for item, ids in zip(items, chosen, strict=True)
        }

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

    def choose(self, items: Sequence[Item]) -> list[tuple[str, ...]]:
        """Choose each item's gold events."""
        return [item.gold_events for item in items]


class ShuffledControl(Control):
    """Gives another item's gold events: the placebo, as long as the truth but not true."""

    def choose(self, items: Sequence[Item]) -> list[tuple[str, ...]]:
        """Hand every item's gold to the next one, in an order drawn from the seed."""
        order = [i for i, item in enumerate(items) if item.gold_events]
        named_random("shuffled", self.seed, len(items)).shuffle(order)
        if len(order) < 2:
            return [() for _ in items]
        giver = dict(zip(order, [*order[1:], order[0]], strict=True))
        spare = items[order[0]].gold_events
        return [items[giver[i]].gold_events if i in giver else spare for i in range(len(items))]


def _as_recall(events: Sequence[Event]) -> Recall:
    """Rank the last one best, so that the reader tells them in the order given."""
    ranked = reversed(list(enumerate(events)))
    return Recall(tuple(Trace(e.text, float(place), (e.id,)) for place, e in ranked))
