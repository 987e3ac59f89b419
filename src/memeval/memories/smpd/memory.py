"""SMPD: a map drawn from told walks, planned over, and distilled into habits."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from memeval.memories.smpd import persistence
from memeval.memories.smpd.answering import Answerer
from memeval.memories.smpd.lexicon import load_lexicon
from memeval.memories.smpd.macros import Macro, MacroLibrary, distill
from memeval.memories.smpd.params import SmpdParams
from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.planner import Planner
from memeval.memories.smpd.tracking import Tracker
from memeval.memories.smpd.upkeep import bound_places, merge_coinciding
from memeval.memories.store_folder import Saved, Tables
from memeval.types import Event, Example, Query, Recall

COUNTERS = (
    "gate_inserted",
    "gate_aggregated",
    "closures",
    "closures_of_nothing",
    "moves_contradicted",
    "geometry_contradictions",
    "steps_in_place",
    "lists_restated",
    "places_merged",
    "macros_demoted",
    "people_forgotten",
    "walks_forgotten",
)


class Smpd:
    """Reads walks into a map of places; answers with the next move, a way, or what lies where.

    The model is not needed: walks are read by a lexicon, and ways are found by search.
    """

    Params = SmpdParams
    needs = ()
    knobs = ("macro.distill", "gate.enabled", "path_integration.enabled")
    knobs_together = ()

    def __init__(self, params: SmpdParams, *, seed: int) -> None:  # noqa: ARG002
        self.params = params
        self._lexicon = load_lexicon(params.reading.lexicon)
        self._events_read = 0
        self._examples: tuple[Example, ...] = ()
        self._walk_on(*self._empty_map(), [])

    def _empty_map(self) -> tuple[PlaceGraph, Tracker]:
        graph = PlaceGraph(self.params)
        return graph, Tracker(graph, self._lexicon, self.params.store)

    def _walk_on(self, graph: PlaceGraph, tracker: Tracker, macros: list[Macro]) -> None:
        """Go on with this map from now on."""
        self._graph, self._tracker, self._planner = graph, tracker, Planner(graph)
        self._use(macros)

    def _use(self, macros: list[Macro]) -> None:
        self._macros = MacroLibrary(macros)
        self._answerer = Answerer(
            self._graph,
            self._planner,
            self._macros,
            lexicon=self._lexicon,
            params=self.params.recall,
            examples=self._examples,
        )

    def shown(self, examples: Sequence[Example]) -> None:
        """Answer from now on in the form that examples show."""
        self._examples = tuple(examples)
        self._use(self._macros.macros)

    def observe(self, events: Sequence[Event]) -> None:
        """Draw what the events tell into the map; what tells nothing of places is passed over."""
        for event in events:
            self._events_read += self._tracker.take(event)
            if bound_places(self._graph):  # after each: what is kept must not hang on the batch
                self._tracker.replace({})

    def replay(self) -> None:
        """Make one place of those on the same spot, and distil the walks into macros."""
        self._graph.settle()
        self._tracker.replace(merge_coinciding(self._graph))
        if self.params.macro.distill:
            macros = distill(self._tracker.all_walks(), self.params.macro)
            for macro in macros:
                self._judge(macro)
            self._use(sorted(macros, key=lambda macro: (-macro.rank, macro.places)))
        self._planner.refresh()

    def _judge(self, macro: Macro) -> None:
        """Demote a macro that leads through what can no longer be passed."""
        gate = self.params.gate
        for here, there in zip(macro.places, macro.places[1:], strict=False):
            if not any(
                passage.is_usable(gate) for passage in self._graph.ways.between(here, there)
            ):
                macro.failures += 1
        self._graph.counts["macros_demoted"] += bool(macro.failures)

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the traces for each query, best first; empty for what the map does not hold."""
        return [self._answerer.recall(query.text) for query in queries]

    def stored_events(self) -> set[str]:
        """Return the ids of the events that a passage or a sighting rests on."""
        told = {event for passage in self._graph.ways for event in passage.events}
        told |= {event for relation in self._graph.relations for event in relation.events}
        told |= {trait.event for trait in self._graph.traits.values()}
        return told | {seen.event for seen in self._graph.things}

    def stats(self) -> Mapping[str, int | float]:
        """Return counters of the gate and the geometry, and the size of the store."""
        graph = self._graph
        counts: dict[str, int | float] = {name: graph.counts[name] for name in COUNTERS}
        passages = sum(1 for _ in graph.ways)
        counts["events_read"] = self._events_read
        counts["places"] = len(graph.places)
        counts["passages"] = passages
        relations = list(graph.relations)
        counts["relations"] = len(relations)
        counts["relations_contradicted"] = sum(r.misses(graph.geometry) for r in relations)
        counts["things"] = len(graph.things)
        counts["macros"] = len(self._macros.macros)
        counts["walks"] = len(self._tracker.walks)
        counts["store_items"] = passages + len(relations) + len(graph.things) + len(graph.traits)
        counts["store_bytes"] = self._bytes()
        counts["prunes"] = len(graph.prunes)
        return counts

    def _bytes(self) -> int:
        """Return the bytes of all texts, and 8 for every number."""
        graph = self._graph
        texts = sum(len(place.name.encode()) for place in graph.places.values())
        texts += sum(len(seen.text.encode()) for seen in graph.things)
        numbers = 4 * len(graph.places) + sum(len(walk.places) for walk in self._tracker.walks)
        for passage in graph.ways:
            texts += sum(map(len, passage.events)) + len(passage.move) + len(passage.who)
            numbers += 11
        for relation in graph.relations:
            texts += sum(map(len, relation.events))
            numbers += 7
        texts += sum(len(trait.event) for trait in graph.traits.values())
        numbers += 3 * len(graph.traits)
        return texts + 8 * numbers

    def fingerprint(self) -> str:
        """Return a digest of the map, the walks and the macros."""
        return persistence.digest(self._tables())

    def save(self, directory: Path) -> None:
        """Write a Parquet file a table, and `store.json`, whole or not at all."""
        about = {
            "counts": dict(self._graph.counts),
            "events_read": self._events_read,
            "next_place": self._graph.next_place,
            "last_walker": self._tracker.last,
        }
        persistence.LAYOUT.write(directory, Saved(self._tables(), about))

    def load(self, directory: Path) -> None:
        """Replace the store by a saved one.

        Raises:
            DataError: the store is broken, or not one of this memory.
        """
        graph, tracker = self._empty_map()
        with persistence.LAYOUT.reading(directory) as saved:
            macros = persistence.fill(graph, tracker, saved)
        self._events_read = saved.about["events_read"]
        self._walk_on(graph, tracker, macros)

    def _tables(self) -> Tables:
        return persistence.tables_of(self._graph, self._tracker, self._macros.macros)
