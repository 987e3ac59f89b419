"""HEI-NW: a hippocampal episodic index with neuromodulated writes (first version)."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw import persistence
from memeval.memories.hei_nw.gate import judge, salient_surprise
from memeval.memories.hei_nw.params import HeiNwParams
from memeval.memories.hei_nw.store import StoredTrace, TraceStore
from memeval.memories.hei_nw.token_space import TokenSpace
from memeval.types import Event, Query, Recall, Trace

if TYPE_CHECKING:
    from memeval.models.base import LanguageModel


class HeiNw:
    """Writes what surprises, keyed by its tokens; recalls by matching a cue token by token.

    A stored key holds a trace's own tokens. The cue is what spreads to neighbouring tokens, so
    that "purchased" finds "bought" while the store stays as sparse as the text.
    """

    Params = HeiNwParams

    def __init__(self, params: HeiNwParams, *, model: "LanguageModel", seed: int) -> None:
        self.params = params
        self.seed = seed
        self._model = model
        self._space = TokenSpace(
            model.token_embeddings(), neighbours=params.dg.neighbours, floor=params.dg.floor
        )
        self._store = TraceStore(params.store.max_traces)
        self._counts: Counter[str] = Counter()

    def observe(self, events: Sequence[Event]) -> None:
        """Read the events with one forward pass, and write those that pass the gate."""
        texts = [_spaced(event.text) for event in events]
        surprises = self._model.surprise(texts)
        for event, tokens, nats in zip(events, self._model.tokenize(texts), surprises, strict=True):
            self._consider(event, tokens, nats)

    def _consider(self, event: Event, tokens: list[int], nats: npt.NDArray[np.float32]) -> None:
        self._counts["gate_attempts"] += 1
        self._counts["gate_tokens"] += len(tokens)
        gate = self.params.gate
        units = winners(tokens, nats, self.params.dg.winners)
        slot, similarity = self._store.nearest(units)
        verdict = judge(event, salient_surprise(nats, gate.top_tokens), 1 - similarity, gate)
        if gate.enabled and similarity >= gate.duplicate:
            self._reinforce(slot, event, verdict.salience)
        elif not verdict.write or not units:
            self._counts["gate_rejected"] += 1
        else:
            self._write(event, units, verdict.salience)

    def _write(self, event: Event, units: tuple[int, ...], salience: float) -> None:
        trace = StoredTrace(event.text, [event.id], event.time, salience, event.pin, units)
        if self._store.add(trace):
            self._counts["gate_written"] += 1
            self._counts["gate_pinned"] += event.pin
        else:
            self._counts["gate_crowded_out"] += 1

    def _reinforce(self, slot: int, event: Event, salience: float) -> None:
        trace = self._store.traces[slot]
        assert trace is not None, "nearest returns live slots"
        trace.events.append(event.id)
        trace.salience = max(trace.salience, salience)
        trace.time = max(trace.time, event.time)
        trace.pinned |= event.pin
        self._counts["gate_reinforced"] += 1

    def replay(self) -> None:
        """Do nothing yet: this version writes once and does not consolidate."""

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the best-matching traces of each query, best first."""
        tokens = self._model.tokenize([_spaced(query.text) for query in queries])
        return [self._recall_one(cue) for cue in tokens]

    def _recall_one(self, cue: list[int]) -> Recall:
        if not len(self._store) or not cue:
            return Recall()
        scores = self._dense_scores(cue) if not self.params.dg.enabled else self._sparse_scores(cue)
        best = np.argsort(-scores, kind="stable")[: self.params.recall.traces]
        found = [
            (trace, float(scores[slot]))
            for slot in best.tolist()
            if (trace := self._store.traces[slot]) is not None and scores[slot] > 0
        ]
        if not found or found[0][1] < self.params.recall.min_confidence:
            return Recall()
        found = newest_of_equals_first(found, self.params.recall.tie)
        return Recall(tuple(Trace(t.text, score, tuple(t.events)) for t, score in found))

    def _sparse_scores(self, cue: list[int]) -> npt.NDArray[np.float32]:
        """Return the share of the cue's evidence that each trace carries, `(slots,)`, in [0, 1]."""
        match = self._store.match(self._space.neighbours(dict.fromkeys(cue)))
        return match.evidence / np.float32(max(match.possible, 1e-9))

    def _dense_scores(self, cue: list[int]) -> npt.NDArray[np.float32]:
        """Return the cosine of pooled token embeddings, `(slots,)`; 0 for free slots."""
        target = self._space.pooled(cue)
        scores = np.zeros(len(self._store.traces), np.float32)
        for slot, trace in enumerate(self._store.traces):
            if trace is not None:
                scores[slot] = self._space.pooled(trace.units) @ target
        return scores

    def stored_events(self) -> set[str]:
        """Return the ids of all events that a trace rests on."""
        return {event for trace in self._store.live() for event in trace.events}

    def stats(self) -> Mapping[str, int | float]:
        """Return gate counters and the size of the store."""
        names = ("attempts", "written", "reinforced", "rejected", "pinned", "crowded_out")
        counts: dict[str, int | float] = {f"gate_{n}": self._counts[f"gate_{n}"] for n in names}
        tokens = self._counts["gate_tokens"]
        if tokens:
            counts["writes_per_1000_tokens"] = 1000 * self._counts["gate_written"] / tokens
        counts["store_items"] = len(self._store)
        counts["store_bytes"] = self._store.store_bytes()
        counts["prunes"] = len(self._store.prunes)
        return counts

    def fingerprint(self) -> str:
        """Return a digest of all traces."""
        content = json.dumps([asdict(trace) for trace in self._store.live()])
        return hashlib.sha256(content.encode()).hexdigest()

    def save(self, directory: Path) -> None:
        """Write `traces.parquet`, `prunes.parquet` and `store.json`."""
        persistence.save(directory, self._store, self._counts, self._model.fingerprint())

    def load(self, directory: Path) -> None:
        """Replace the store by a saved one.

        Raises:
            DataError: the store is broken, or was written with another model.
        """
        self._store, self._counts = persistence.load(
            directory, self.params.store.max_traces, self._model.fingerprint()
        )


def newest_of_equals_first(
    found: Sequence[tuple[StoredTrace, float]], tie: float
) -> list[tuple[StoredTrace, float]]:
    """Put the newest first among the traces that fit the cue as well as the best, within `tie`.

    A correction repeats the words of what it corrects, so a cue cannot tell the two apart; the
    last mention is the one that holds.
    """
    as_good = [pair for pair in found if pair[1] >= (1 - tie) * found[0][1]]
    newest_first = sorted(as_good, key=lambda pair: -pair[0].time)
    return [*newest_first, *found[len(as_good) :]]


def winners(tokens: Sequence[int], nats: npt.NDArray[np.float32], count: int) -> tuple[int, ...]:
    """Return the distinct units of the most surprising tokens (k-winners-take-all), sorted."""
    most_surprising = np.argsort(-nats, kind="stable").tolist()
    kept = dict.fromkeys(tokens[i] for i in most_surprising)
    return tuple(sorted(list(kept)[:count]))


def _spaced(text: str) -> str:
    """Put a space before a text, so that its first word has the token it has mid-sentence."""
    return " " + text.strip() if text.strip() else ""
