"""Baselines that give back the same whatever is asked: nothing, the newest, the whole stream."""

from collections.abc import Sequence

from memeval.memories.baselines.ranking import RankingParams
from memeval.memories.event_store import EventStore
from memeval.types import Event, Query, Recall, Trace


class NoMemory(EventStore):
    """Remembers nothing: the model on its own, the floor."""

    def observe(self, events: Sequence[Event]) -> None:
        """Forget the events at once."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return empty recalls, which nothing was looked up for."""
        return [Recall(ranked=False)] * len(queries)


class FullContext(EventStore):
    """Gives back the whole stream, newest best; the reader cuts what does not fit the window."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return every event for every query."""
        return [Recall(_newest_first(self.events), ranked=False)] * len(queries)


class Recent(EventStore):
    """Gives back the newest events, newest best: what a plain window over the stream finds.

    That the newest fits best is its guess, so that it gets the scores of a ranking.
    """

    class Params(RankingParams):
        """`k` traces a query."""

    params: Params

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the last events for every query."""
        return [Recall(_newest_first(self.events)[: self.params.k])] * len(queries)


def _newest_first(events: Sequence[Event]) -> tuple[Trace, ...]:
    newest_first = sorted(events, key=lambda event: -event.time)
    return tuple(Trace(e.told(), float(e.time), (e.id,)) for e in newest_first)
