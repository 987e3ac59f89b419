"""HEI-NW: a hippocampal episodic index with neuromodulated writes."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from memeval.errors import ConfigError
from memeval.memories.hei_nw import persistence
from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.keys import Floats, Key
from memeval.memories.hei_nw.lexicon import Lexicon, words_of
from memeval.memories.hei_nw.params import HeiNwParams
from memeval.memories.hei_nw.recalling import Recalling
from memeval.memories.hei_nw.replay import refers_back, replay_once
from memeval.memories.hei_nw.salience import Gate, Measures, asks, measure
from memeval.memories.hei_nw.sparse import SparseIndex
from memeval.memories.hei_nw.store import StoredTrace, TraceStore
from memeval.memories.hei_nw.surprise import salient_surprise
from memeval.memories.hei_nw.vectors import VectorKeys
from memeval.memories.passages import passages
from memeval.memories.word_model import WordModel
from memeval.models import Encoder, Surprises
from memeval.models.encoder import Fingerprinted
from memeval.types import Event, Query, Recall

GATE_COUNTS = ("attempts", "written", "reinforced", "rejected", "pinned", "crowded_out")
REPLAY_COUNTS = ("samples", "bound", "merged", "strengthened")


class HeiNw:
    """Keeps what tells something, binds it to what stands beside it, and completes a cue.

    A stored key holds a passage's own words. The cue is what spreads to neighbouring words, so that
    "purchased" finds "bought" while the store stays as sparse as the text. An encoder's vector is a
    second key; without an encoder the words are all.
    """

    Params = HeiNwParams
    uses = ("encoder",)
    wants = ("tokenize", "word_vectors")
    knobs = ("gate.enabled", "hopfield.enabled", "dg.enabled", "replay.enabled")
    knobs_together = (("gate.enabled", "hopfield.enabled"),)

    def __init__(
        self, params: HeiNwParams, *, model: WordModel, seed: int, encoder: Encoder | None = None
    ) -> None:
        if not params.dg.enabled and encoder is None:
            raise ConfigError(
                "HEI-NW needs an encoder where its sparse code is off, got dg.enabled=false and no "
                "encoder; give one, or leave dg.enabled"
            )
        if params.gate.enabled and params.gate.surprise and not isinstance(model, Surprises):
            raise ConfigError(
                "HEI-NW needs a model that tells surprise where gate.surprise is above 0, got one "
                "that does not; give another --model, or gate.surprise=0"
            )
        self.params = params
        self.seed = seed
        self._model = model
        self._encoder = encoder
        self._lexicon = Lexicon(model, components=params.dg.components)
        self._gate = Gate(params.gate)
        self._homeostasis = Homeostasis(self._lexicon)
        self._store = self._empty_store(self._homeostasis)
        self._recalling: Recalling | None = None
        self._counts: Counter[str] = Counter()
        self._saliences: dict[str, float] = {}

    def observe(self, events: Sequence[Event]) -> None:
        """Read the events, and write the passages of them that are worth it."""
        self._recalling = None
        told = [(event, part) for event in events for part in passages(event.text)]
        traces = [self._trace(event, part) for event, part in told]
        keys = [words_of(trace.told()) for trace in traces]
        self._lexicon.read(word for found in keys for word in found)
        vectors = self._vectors(  # of a whole event as all rankers have it: kept on disk once
            [
                event.told() if part == event.text else trace.told()
                for (event, part), trace in zip(told, traces, strict=True)
            ]
        )
        texts = [trace.text for trace in traces]
        self._counts["gate_tokens"] += sum(map(len, self._model.tokenize(texts)))
        surprises = self._surprises(texts)
        for i, (event, _) in enumerate(told):
            traces[i].key = self._winners(keys[i])
            self._consider(event, traces[i], surprises[i], None if vectors is None else vectors[i])
            self._homeostasis.learn(keys[i])

    def _trace(self, event: Event, part: str) -> StoredTrace:
        return StoredTrace(
            text=part,
            speaker=event.speaker,
            date=event.at[:10],
            events=[event.id],
            time=event.time,
            salience=0.0,
            pinned=event.pin,
            key=(),
            position=-1,
            seen=-1,
            asks=asks(part),
        )

    def _vectors(self, texts: Sequence[str]) -> Floats | None:
        return self._encoder.encode(texts, kind="event") if self._encoder and texts else None

    def _surprises(self, texts: Sequence[str]) -> list[float]:
        """Return the surprise of texts in nats, 0 where it counts for nothing."""
        gate = self.params.gate
        if not (gate.enabled and gate.surprise):
            return [0.0] * len(texts)
        read = self._model.surprise([_spaced(text) for text in texts])
        return [salient_surprise(nats, gate.top_tokens) for nats in read]

    def _consider(
        self, event: Event, trace: StoredTrace, nats: float, vector: Floats | None
    ) -> None:
        gate = self.params.gate
        position = self._counts["gate_attempts"]
        self._counts["gate_attempts"] += 1
        slot, similarity = self._store.words.nearest(trace.key) if gate.enabled else (-1, 0.0)
        trace.position = trace.seen = position
        trace.salience = self._gate.salience(event, self._measured(trace, 1 - similarity, nats))
        self._saliences[event.id] = max(trace.salience, self._saliences.get(event.id, 0.0))
        keeps = self._gate.keeps(event, trace.salience)
        if similarity >= gate.duplicate and self._tells_again(trace, self._store[slot]):
            self._reinforce(self._store[slot], trace)
        elif not keeps or not trace.key:
            self._counts["gate_rejected"] += 1
        elif self._store.add(trace, vector):
            self._counts["gate_written"] += 1
            self._counts["gate_pinned"] += trace.pinned
        else:
            self._counts["gate_crowded_out"] += 1

    def _measured(self, trace: StoredTrace, novelty: float, nats: float) -> Measures:
        before = self._store.slot_at(trace.position - 1)
        answers = before is not None and self._store[before].asks
        gains = [self._homeostasis.telling(word) for word in words_of(trace.text)]
        return measure(trace.text, gains, novelty=novelty, answers=answers, surprise=nats)

    def _tells_again(self, trace: StoredTrace, known: StoredTrace) -> bool:
        """Whether the same words tell the same: not by another, nor behind another sentence."""
        if trace.speaker != known.speaker:
            return False
        before = self._store.slot_at(trace.position - 1)
        goes_on = before is not None and self._store[before].text != trace.text
        return not (goes_on and refers_back(trace.text))

    def _reinforce(self, known: StoredTrace, trace: StoredTrace) -> None:
        self._store.rest_on(known, trace.events)
        known.time = max(known.time, trace.time)
        known.pinned |= trace.pinned
        self._store.reinforce(known, trace.salience, seen=trace.position)
        self._counts["gate_reinforced"] += 1

    def _winners(self, words: Sequence[str]) -> Key:
        """Return the words of a key: the most telling ones, in their order."""
        count = self.params.dg.winners
        if len(words) <= count:
            return tuple(words)
        gains = np.array([self._homeostasis.gain(word) for word in words])
        won = np.sort(np.argsort(-gains, kind="stable")[:count])
        return tuple(words[i] for i in won.tolist())

    def replay(self) -> None:
        """Go through the store `replay.cycles` times: bind neighbours, merge, strengthen, decay."""
        if not self.params.replay.enabled:
            return
        self._recalling = None
        for _ in range(self.params.replay.cycles):
            self._counts += replay_once(
                self._store, self.params.replay, duplicate=self.params.gate.duplicate
            )

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the traces that fit each query best, told as episodes, and how sure that is."""
        cues = [words_of(query.text) for query in queries]
        self._lexicon.read(word for cue in cues for word in cue)
        if not len(self._store):
            return [Recall(confidence=0.0)] * len(queries)
        if self._recalling is None:
            self._recalling = Recalling(self._store, self.params)
        cosines = self._cosines([query.text for query in queries])
        return [self._recalling.recall(*one) for one in zip(cues, cosines, strict=True)]

    def _cosines(self, texts: Sequence[str]) -> Sequence[Floats | None]:
        if self._encoder is None or self._store.vectors is None:
            return [None] * len(texts)
        return list(self._store.vectors.scores(self._encoder.encode(texts, kind="query")))

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
        counts["store_bytes"] = self._store.nbytes()
        counts["prunes"] = len(self._store.prunes)
        return counts

    def fingerprint(self) -> str:
        """Return a digest of all traces."""
        digest = hashlib.sha256()
        for trace in self._store.live():
            digest.update(json.dumps(asdict(trace)).encode())
        return digest.hexdigest()

    def save(self, directory: Path) -> None:
        """Write a Parquet file each of traces, prunes and words, and `store.json`, or nothing."""
        persistence.save(directory, self._store, self._homeostasis, self._counts, self._readers())

    def load(self, directory: Path) -> None:
        """Replace the store by a saved one.

        Raises:
            DataError: the store is broken, or was written with another model or encoder.
        """
        homeostasis = Homeostasis(self._lexicon)
        store = self._empty_store(homeostasis)
        self._counts = persistence.load(directory, store, homeostasis, self._readers())
        self._homeostasis, self._store, self._recalling = homeostasis, store, None

    def _readers(self) -> persistence.Readers:
        encoder = self._encoder
        told = encoder.fingerprint() if isinstance(encoder, Fingerprinted) else ""
        return persistence.Readers(
            self._model.fingerprint(), told or (encoder.name if encoder else "")
        )

    def _empty_store(self, homeostasis: Homeostasis) -> TraceStore:
        dg, bounds = self.params.dg, self.params.store
        lexicon = self._lexicon

        def new_words() -> SparseIndex:
            return SparseIndex(lexicon, homeostasis, neighbours=dg.neighbours, floor=dg.floor)

        vectors = VectorKeys(self._encoder.width) if self._encoder else None
        return TraceStore(
            bounds.max_traces, bounds.half_life_events, bounds.max_events, new_words, vectors
        )


def _spaced(text: str) -> str:
    """Put a space before a text, so that its first word has the token it has mid-sentence."""
    return " " + text.strip() if text.strip() else ""
