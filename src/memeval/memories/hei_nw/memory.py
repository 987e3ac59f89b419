"""HEI-NW: a hippocampal episodic index with neuromodulated writes."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw import persistence
from memeval.memories.hei_nw.completion import complete
from memeval.memories.hei_nw.dense import DenseIndex
from memeval.memories.hei_nw.evidence import Index, Key
from memeval.memories.hei_nw.gate import judge, salient_surprise
from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.lexicon import Lexicon, words_of
from memeval.memories.hei_nw.params import HeiNwParams
from memeval.memories.hei_nw.replay import refers_back, replay_once
from memeval.memories.hei_nw.sparse import SparseIndex
from memeval.memories.hei_nw.store import StoredTrace, TraceStore
from memeval.memories.word_model import WANTS, WordModel
from memeval.types import Event, Query, Recall, Trace

GATE_COUNTS = ("attempts", "written", "reinforced", "rejected", "pinned", "crowded_out")
REPLAY_COUNTS = ("samples", "bound", "merged", "strengthened")


class HeiNw:
    """Writes what surprises, binds it into episodes, and completes a cue to an episode.

    A stored key holds an event's own words. The cue is what spreads to neighbouring words, so that
    "purchased" finds "bought" while the store stays as sparse as the text.
    """

    Params = HeiNwParams
    wants = WANTS
    knobs = ("gate.enabled", "hopfield.enabled", "dg.enabled", "replay.enabled")
    knobs_together = (("gate.enabled", "hopfield.enabled"),)

    def __init__(self, params: HeiNwParams, *, model: WordModel, seed: int) -> None:
        self.params = params
        self.seed = seed
        self._model = model
        self._lexicon = Lexicon(model, components=params.dg.components)
        self._homeostasis = Homeostasis(self._lexicon)
        self._store = self._empty_store(self._homeostasis)
        self._counts: Counter[str] = Counter()
        self._saliences: dict[str, float] = {}

    def observe(self, events: Sequence[Event]) -> None:
        """Read the events with one forward pass, and write those that pass the gate."""
        texts = [_spaced(event.text) for event in events]
        words = [words_of(event.text) for event in events]
        self._lexicon.read(word for found in words for word in found)
        surprises = self._model.surprise(texts)
        tokens = self._model.tokenize(texts)
        for event, found, ids, nats in zip(events, words, tokens, surprises, strict=True):
            self._consider(event, self._winners(found, ids, nats), nats)
            self._homeostasis.learn(found)
            self._counts["gate_tokens"] += len(ids)

    def _consider(self, event: Event, key: Key, nats: npt.NDArray[np.float32]) -> None:
        gate = self.params.gate
        position = self._counts["gate_attempts"]
        self._counts["gate_attempts"] += 1
        slot, similarity = self._store.index.nearest(key) if gate.enabled else (-1, 0.0)
        verdict = judge(event, salient_surprise(nats, gate.top_tokens), 1 - similarity, gate)
        self._saliences[event.id] = verdict.salience
        if similarity >= gate.duplicate and not self._continues(event, position):
            self._reinforce(self._store[slot], event, verdict.salience, position)
        elif not verdict.write or not key:
            self._counts["gate_rejected"] += 1
        else:
            self._write(event, key, verdict.salience, position)

    def _continues(self, event: Event, position: int) -> bool:
        """Whether an event goes on with the one before; the same words then tell something new."""
        before = self._store.slot_at(position - 1)
        return (
            before is not None
            and refers_back(event.text)
            and self._store[before].text != event.text
        )

    def _write(self, event: Event, key: Key, salience: float, position: int) -> None:
        trace = StoredTrace(
            text=event.text,
            events=[event.id],
            time=event.time,
            salience=salience,
            pinned=event.pin,
            key=key,
            position=position,
            seen=position,
            episode=position,
        )
        if self._store.add(trace):
            self._counts["gate_written"] += 1
            self._counts["gate_pinned"] += event.pin
        else:
            self._counts["gate_crowded_out"] += 1

    def _reinforce(self, trace: StoredTrace, event: Event, salience: float, position: int) -> None:
        self._store.rest_on(trace, [event.id])
        trace.time = max(trace.time, event.time)
        trace.pinned |= event.pin
        self._store.reinforce(trace, salience, seen=position)
        self._counts["gate_reinforced"] += 1

    def _winners(self, words: list[str], ids: list[int], nats: npt.NDArray[np.float32]) -> Key:
        """Return the words of a key: the most surprising and telling ones, in their order."""
        count = self.params.dg.winners
        if len(words) <= count:
            return tuple(words)
        surprise = {token: float(value) for token, value in zip(ids, nats, strict=True)}
        drive = [
            self._lexicon.rarity(word) * sum(surprise.get(t, 0) for t in self._lexicon.tokens(word))
            for word in words
        ]
        won = np.sort(np.argsort(-np.array(drive), kind="stable")[:count])
        return tuple(words[i] for i in won.tolist())

    def replay(self) -> None:
        """Go through the store `replay.cycles` times: bind episodes, merge, strengthen, decay."""
        if not self.params.replay.enabled:
            return
        for _ in range(self.params.replay.cycles):
            self._counts += replay_once(
                self._store, self.params.replay, duplicate=self.params.gate.duplicate
            )

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the episodes that each query brings up, best first; nothing if nothing fits."""
        cues = [words_of(query.text) for query in queries]
        self._lexicon.read(word for cue in cues for word in cue)
        return [self._recall_one(cue) for cue in cues]

    def _recall_one(self, cue: list[str]) -> Recall:
        store, params = self._store, self.params.hopfield
        found = store.index.candidates(cue, params.candidates)
        if not len(found):
            return Recall()
        if not params.enabled:
            shares = store.index.compare(cue, found).share()
            order = np.argsort(-shares, kind="stable")[: self.params.recall.traces]
            return Recall(
                tuple(_trace([store[int(found[i])]], float(shares[i])) for i in order.tolist())
            )
        slots = store.with_mates(found)
        traces = [store[slot] for slot in slots.tolist()]
        completion = complete(
            store.index.compare(cue, slots),
            episodes=np.array([trace.episode for trace in traces]),
            times=np.array([trace.time for trace in traces]),
            beta=params.beta,
            same=params.same,
        )
        if completion.mismatch > params.mismatch:
            return Recall()
        best = slice(self.params.recall.traces)
        pairs = zip(
            completion.episodes[best].tolist(), completion.scores[best].tolist(), strict=True
        )
        return Recall(tuple(_trace(store.episode(name), score) for name, score in pairs))

    def stored_events(self) -> set[str]:
        """Return the ids of all events that a trace rests on."""
        return {event for trace in self._store.live() for event in trace.events}

    def saliences(self) -> Mapping[str, float]:
        """Return the salience of every event observed since the memory was made, by event id."""
        return self._saliences

    def stats(self) -> Mapping[str, int | float]:
        """Return gate and replay counters and the size of the store."""
        counts: dict[str, int | float] = {
            name: self._counts[name]
            for name in (
                *(f"gate_{name}" for name in GATE_COUNTS),
                *(f"replay_{name}" for name in REPLAY_COUNTS),
            )
        }
        if tokens := self._counts["gate_tokens"]:
            counts["writes_per_1000_tokens"] = 1000 * self._counts["gate_written"] / tokens
        counts["store_items"] = len(self._store)
        counts["store_bytes"] = self._store.told_bytes() + self._store.index.nbytes()
        counts["prunes"] = len(self._store.prunes)
        return counts

    def fingerprint(self) -> str:
        """Return a digest of all traces."""
        digest = hashlib.sha256()
        for trace in self._store.live():
            digest.update(json.dumps(asdict(trace)).encode())
        return digest.hexdigest()

    def save(self, directory: Path) -> None:
        """Write `traces.parquet`, `prunes.parquet` and `store.json`, whole or not at all."""
        persistence.save(
            directory, self._store, self._homeostasis, self._counts, self._model.fingerprint()
        )

    def load(self, directory: Path) -> None:
        """Replace the store by a saved one.

        Raises:
            DataError: the store is broken, or was written with another model.
        """
        homeostasis = Homeostasis(self._lexicon)
        store = self._empty_store(homeostasis)
        self._counts = persistence.load(directory, store, homeostasis, self._model.fingerprint())
        self._homeostasis, self._store = homeostasis, store

    def _empty_store(self, homeostasis: Homeostasis) -> TraceStore:
        dg, bounds = self.params.dg, self.params.store
        lexicon = self._lexicon

        def new_index() -> Index:
            if dg.enabled:
                return SparseIndex(lexicon, homeostasis, neighbours=dg.neighbours, floor=dg.floor)
            return DenseIndex(lexicon)

        return TraceStore(bounds.max_traces, bounds.half_life_events, bounds.max_events, new_index)


def _trace(episode: Sequence[StoredTrace], score: float) -> Trace:
    """Tell an episode as one text."""
    events = tuple(event for part in episode for event in part.events)
    return Trace(" ".join(part.text for part in episode), score, events)


def _spaced(text: str) -> str:
    """Put a space before a text, so that its first word has the token it has mid-sentence."""
    return " " + text.strip() if text.strip() else ""
