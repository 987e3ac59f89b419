"""From a cue to a recall: rank, complete, tell, and say how sure that is."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from memeval.memories.hei_nw.completion import episodes, leader
from memeval.memories.hei_nw.confidence import confidence, fit_of
from memeval.memories.hei_nw.cues import context_of, fit
from memeval.memories.hei_nw.keys import Floats, Ints
from memeval.memories.hei_nw.params import HeiNwParams
from memeval.memories.hei_nw.store import StoredTrace, TraceStore
from memeval.types import Recall, Trace


class Recalling:
    """Recalls from a store as it is; after a change of the store a new one is made."""

    def __init__(self, store: TraceStore, params: HeiNwParams) -> None:
        self.params = params
        self._store = store
        self._context = context_of(store.in_slots(), params.cue)

    def recall(self, cue: Sequence[str], cosines: Floats | None) -> Recall:
        """Recall for a cue's words; `cosines (slots,)` are those of its vector, if it has one."""
        slots, index = self._context.slots, self._store.words
        shares = index.scores(cue)[slots] if self.params.dg.enabled else None
        cosines = None if cosines is None else cosines[slots]
        rankers = [scores for scores in (shares, cosines) if scores is not None]
        fits = fit(rankers, cue, self._context, self.params.cue)
        order = best(fits, self.params.recall.traces)
        if self.params.hopfield.enabled and shares is not None:
            order = self._completed(order, fits, shares)
        first = order[0]
        found = [(self._store[int(slots[i])], float(fits[i])) for i in order.tolist()]
        sure = confidence(
            fit_of(
                (trace.told() for trace, _ in found),
                missing=0.0 if shares is None else index.missing(cue, [int(slots[first])]),
                cosine=None if cosines is None else float(cosines[first]),
            ),
            self.params.confidence,
        )
        return Recall(tuple(self._told(found, sure)), confidence=sure)

    def _completed(self, order: Ints, fits: Floats, shares: Floats) -> Ints:
        """Return the order with the newest telling of what fits best in front."""
        params = self.params.hopfield
        some = order[: params.candidates]
        if fits[some[0]] <= 0:
            return order
        slots = self._context.slots[some]
        place = leader(
            fits[some],
            shares[some],
            self._store.words.codes(slots),
            np.array([self._store[slot].time for slot in slots.tolist()]),
            beta=params.beta,
            same=params.same,
        )
        return np.concatenate([some[[place]], order[order != some[place]]])

    def _told(self, found: Sequence[tuple[StoredTrace, float]], sure: float) -> Iterator[Trace]:
        """Yield traces, best first; the first scores what it is sure of, and others less."""
        hopfield = self.params.hopfield
        joined = hopfield.joined if hopfield.enabled else 0
        fits = {trace.position: value for trace, value in found}
        traces = [trace for trace, _ in found]
        lead = fits[traces[0].position]
        for place, episode in enumerate(episodes(traces[:joined], traces[joined:])):
            fit_best = max(fits[trace.position] for trace in episode)
            score = sure * math.exp(min(0.0, fit_best - lead)) if place else sure
            events = tuple(dict.fromkeys(event for trace in episode for event in trace.events))
            yield Trace(_as_one(episode), score, events)


def best(fits: Floats, count: int) -> Ints:
    """Return the places of the highest fits, best first, of equals the last first."""
    places = np.arange(len(fits))
    if len(fits) > count:
        places = np.flatnonzero(fits >= np.partition(fits, -count)[-count])
    order: Ints = places[np.lexsort((-places, -fits[places]))][:count]
    return order


def _as_one(episode: Sequence[StoredTrace]) -> str:
    """Tell an episode as one text: its day once, and whoever speaks."""
    first, *others = episode
    told = [f"{t.speaker}: {t.text}" if t.speaker else t.text for t in others]
    return " ".join((first.told(), *told))
