"""SGC-RSS: schema-guided consolidation with a relational semantic store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from memeval.memories.sgc_rss import persistence
from memeval.memories.sgc_rss.buffer import Waiting
from memeval.memories.sgc_rss.changing import Changes
from memeval.memories.sgc_rss.consolidation import find_set_valued, merge_misspelt
from memeval.memories.sgc_rss.contents import Contents, empty
from memeval.memories.sgc_rss.entities import entity_key
from memeval.memories.sgc_rss.facts import Fact
from memeval.memories.sgc_rss.gate import Evidence, Verdict, judge
from memeval.memories.sgc_rss.graph import Prune
from memeval.memories.sgc_rss.joining import join_phrasings
from memeval.memories.sgc_rss.linker import Linker
from memeval.memories.sgc_rss.params import SgcRssParams
from memeval.memories.sgc_rss.patterns import PatternReader
from memeval.memories.sgc_rss.recalling import Recaller
from memeval.memories.sgc_rss.relations import phrase_key
from memeval.memories.sgc_rss.restating import Meanings
from memeval.memories.sgc_rss.sentences import STRAIGHT, Sentence, can_tell, sentences
from memeval.memories.sgc_rss.speakers import Speakers
from memeval.memories.sgc_rss.type_space import TypeSpace, Vector
from memeval.memories.sgc_rss.words import SAME_AS
from memeval.memories.store_folder import Saved
from memeval.memories.word_model import WANTS, WordModel
from memeval.models import Encoder
from memeval.types import Event, Query, Recall


class Ends(NamedTuple):
    """The entities of a fact by their keys, and the kinds of their names."""

    head: str
    tail: str
    head_kind: Vector
    tail_kind: Vector


COUNTERS = (
    "events",
    "events_without_fact",
    "facts_by_schema",
    "facts_by_pattern",
    "facts_fast_tracked",
    "gate_inserted",
    "gate_aggregated",
    "gate_routed",
    "replays",
    "relations_joined",
    "edges_merged",
    "names_merged",
)


class SgcRss:
    """Writes facts as edges of a graph; answers questions by chains of them.

    A fact that fits a schema is written when it comes. Every other sentence that names two things
    waits in the episodic buffer until replay, which reads it by the schemas that have formed
    meanwhile or by patterns of English, joins phrasings that say the same, and settles what holds.
    """

    Params = SgcRssParams
    uses = ("encoder",)
    wants = WANTS
    knobs = ("schema.fast_track", "gate.enabled", "ppr.enabled")
    knobs_together = ()

    def __init__(
        self, params: SgcRssParams, *, model: WordModel, seed: int, encoder: Encoder | None = None
    ) -> None:
        self.params = params
        self.seed = seed
        self._model = model
        self._encoder = encoder
        self._meanings = Meanings(encoder) if encoder else None
        self._space = TypeSpace(model)
        self._patterns = PatternReader()
        self._counts: Counter[str] = Counter()
        self._latest = 0
        self._speakers = Speakers()
        self._hold(empty(params, encoder))

    def _hold(self, contents: Contents) -> None:
        """Hold this from now on."""
        self._contents = contents
        self._graph, self._entities, self._schemas, self._buffer, self._passages = contents
        self._relations = self._graph.relations
        self._linker = Linker(self._model, self._relations, self.params.link, self._meanings)

    def observe(self, events: Sequence[Event]) -> None:
        """Read the events; write the facts that fit a schema, and keep the others for replay."""
        for event in events:
            self._counts["events"] += 1
            self._latest = max(self._latest, event.time)
            text = self._speakers.resolve(event.text.translate(STRAIGHT), event.speaker)
            facts = [one for one in sentences(text) if can_tell(one)]
            self._counts["events_without_fact"] += not facts
            for sentence in facts:
                self._take_in(sentence, event)
            if self.params.recall.passages:
                self._keep(event)
            if self._buffer.is_full:
                self.replay()

    def _keep(self, event: Event) -> None:
        """Keep an event as a passage."""
        gone = self._passages.add(event)
        if gone is not None:
            self._graph.prunes.append(Prune(gone.id, "", "", 0.0, "passages full"))

    def _take_in(self, sentence: Sentence, event: Event) -> None:
        """Write what a schema reads; what none does waits for replay."""
        facts = self._schemas.read(sentence) if self.params.schema.fast_track else []
        self._schemas.learn(sentence)
        waiting = Waiting(sentence.text, event.id, event.time)
        written = [self._consider(fact, waiting) for fact in facts]
        if not written or not all(written):
            self._buffer.add(waiting)

    def _consider(self, fact: Fact, told: Waiting) -> bool:
        """Put a fact before the gate; False if it was routed to the buffer."""
        ends = self._ends(fact)
        if self.params.gate.enabled and self._judge(fact, told, ends) == "route":
            self._counts["gate_routed"] += 1
            return False
        self._counts["facts_fast_tracked"] += 1
        self._write(fact, told, ends)
        return True

    def _judge(self, fact: Fact, told: Waiting, ends: Ends) -> Verdict:
        """Ask the gate, first without the fit: it only adds, and costs more than all the rest."""
        key = phrase_key(fact.form, fact.phrase)
        evidence = Evidence(
            fact.confidence,
            0.0,
            self._latest - told.time,
            max(self._graph.degree[ends.head], self._graph.degree[ends.tail]),
            is_told=self._graph.twin(ends.head, key, ends.tail) is not None,
        )
        verdict = judge(evidence, self.params.gate)
        if verdict != "route":
            return verdict
        fit = self._relations.fit(key, ends.head_kind, ends.tail_kind)
        return judge(replace(evidence, fit=fit), self.params.gate)

    def _ends(self, fact: Fact) -> Ends:
        return Ends(
            self._entities.lookup(fact.head),
            self._entities.lookup(fact.tail),
            self._space.vector(fact.head),
            self._space.vector(fact.tail),
        )

    def _write(self, fact: Fact, told: Waiting, ends: Ends) -> None:
        """Insert a fact, or count it again if the gate is on and it is known."""
        self._counts[f"facts_by_{fact.extractor}"] += 1
        if fact.phrase.lower() in SAME_AS:
            self._same(fact, told, ends)
            return
        nodes = self._entities.count(ends.head), self._entities.count(ends.tail)
        phrasing = self._relations.learn(fact, told.text, ends.head_kind, ends.tail_kind)
        twin = self._graph.twin(ends.head, phrasing.key, ends.tail)
        if twin is not None and self.params.gate.enabled:
            self._counts["gate_aggregated"] += 1
            self._graph.aggregate(twin, told.event, fact.confidence)
            return
        self._counts["gate_inserted"] += 1
        self._graph.insert(fact, nodes, told.text, told.event, told.time)
        self._graph.prune()

    def _same(self, fact: Fact, told: Waiting, ends: Ends) -> None:
        """Take two names for one entity; whatever was told of the other is told of it."""
        entity, other = self._entities.count(ends.head), ends.tail
        self._counts["names_merged"] += entity != other
        if other in self._graph.nx and entity != other:
            self._graph.rename(other, entity, fact.head)
            self._settle()
        self._entities.merge(other, into=entity)
        names = entity_key(fact.tail), entity_key(fact.head)  # told before, either may be the alias
        alias = next((name for name in names if name in self._entities.aliases), None)
        if alias is not None:
            self._entities.witness(alias, told.event)

    def replay(self) -> None:
        """Read what waited, join phrasings, merge misspelt names, settle what holds.

        What is read here has waited its turn and is not judged again: by then the first facts of a
        long stream have lost their recency, and nothing would ever let them in.
        """
        self._counts["replays"] += 1
        for told in self._buffer.take():
            sentence = told.sentence()
            facts = self._schemas.read(sentence) or self._patterns.read(sentence)
            for fact in facts:
                self._write(fact, told, self._ends(fact))
            if not facts:
                self._keep_waiting(told)
        if self.params.schema.join:
            joined = join_phrasings(
                self._relations, self._linker, self.params.schema, Changes(self._graph)
            )
            self._counts["relations_joined"] += joined
        if self.params.link.typos:
            self._counts["names_merged"] += merge_misspelt(self._graph, self._entities)
        self._settle()
        self._relations.set_valued |= find_set_valued(self._graph)
        self._settle()

    def _settle(self) -> None:
        aggregate = self.params.gate.enabled
        self._counts["edges_merged"] += self._graph.settle(aggregate=aggregate)

    def _keep_waiting(self, told: Waiting) -> None:
        """Keep what nothing reads yet, unless such sentences alone would fill the buffer."""
        if len(self._buffer.waiting) < self._buffer.capacity // 2:
            self._buffer.add(told)
        else:
            self._graph.prunes.append(Prune(told.event, "", "", 0.0, "buffer full, unread"))

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the chains of facts that answer each query, best first; empty if none does."""
        return self._recaller().recall([query.text for query in queries])

    def denies(self, queries: Sequence[Query]) -> list[bool]:
        """Return of each query whether it is understood word for word and no fact answers it."""
        recaller = self._recaller()
        return [recaller.denies(query.text) for query in queries]

    def _recaller(self) -> Recaller:
        return Recaller(
            self._contents,
            self.params,
            linker=self._linker,
            space=self._space,
            meanings=self._meanings,
        )

    def stored_events(self) -> set[str]:
        """Return the ids of all events behind an edge or alias, in the buffer, or kept as told."""
        return self._contents.events()

    def stats(self) -> Mapping[str, int | float]:
        """Return counters of what happened, and the size of the store."""
        graph = self._graph
        counts: dict[str, int | float] = {name: self._counts[name] for name in COUNTERS}
        counts["contradictions"] = sum(not edge.is_open for edge in graph.edges.values())
        counts["schemas"] = self._schemas.count()
        counts["relations"] = len(self._relations)
        counts["relations_set_valued"] = len(self._relations.set_valued)
        counts["nodes"] = graph.nx.number_of_nodes()
        counts["buffer_items"] = len(self._buffer.waiting)
        counts["edges"] = len(graph)
        counts["passages"] = len(self._passages)
        counts["store_items"] = len(graph) + len(self._passages)
        counts["store_bytes"] = self._contents.bytes()
        counts["prunes"] = len(graph.prunes)
        return counts

    def fingerprint(self) -> str:
        """Return a digest of edges, buffer, passages, aliases and relations."""
        return self._contents.digest()

    def save(self, directory: Path) -> None:
        """Write the store as Parquet tables and `store.json`, whole or not at all."""
        tables = persistence.tables_of(self._contents)
        about = {
            "counts": dict(self._counts),
            "aliases": self._entities.aliases,
            "alias_events": self._entities.alias_events,
            "latest": self._latest,
            "next_id": self._graph.next_id,
        }
        model = self._model.fingerprint()
        persistence.LAYOUT.write(directory, Saved(tables, about), model=model)

    def load(self, directory: Path) -> None:
        """Replace the store by a saved one.

        Raises:
            DataError: the store is broken, or was written with another model.
        """
        contents = empty(self.params, self._encoder)
        with persistence.LAYOUT.reading(directory, model=self._model.fingerprint()) as saved:
            persistence.fill(contents, saved)
            counts = Counter(saved.about["counts"])
        self._hold(contents)
        self._counts, self._latest = counts, saved.about["latest"]
