"""From a question to the chains of facts that answer it."""

from collections.abc import Sequence

from memeval.memories.sgc_rss.entities import Entities
from memeval.memories.sgc_rss.graph import Edge, Graph
from memeval.memories.sgc_rss.linker import Linker
from memeval.memories.sgc_rss.neighbourhood import Neighbourhood, edges_out, explore
from memeval.memories.sgc_rss.params import SgcRssParams
from memeval.memories.sgc_rss.paths import Chain, find_chains
from memeval.memories.sgc_rss.question import Asked, Cue, readings
from memeval.memories.sgc_rss.relations import Key
from memeval.memories.sgc_rss.type_space import TypeSpace
from memeval.types import Recall, Trace


class Recaller:
    """Answers questions from a store that it leaves as it is."""

    def __init__(
        self,
        graph: Graph,
        entities: Entities,
        linker: Linker,
        space: TypeSpace,
        params: SgcRssParams,
    ) -> None:
        self._graph = graph
        self._entities = entities
        self._linker = linker
        self._space = space
        self._params = params

    def recall(self, text: str) -> Recall:
        """Return the likeliest chains as traces, none if none is likely enough."""
        found: list[tuple[Chain, Asked]] = []
        for asked in readings(text, self._entities):
            found += [(chain, asked) for chain in self._chains(asked)]
        params = self._params.recall
        if not params.link_remarks:
            found = [pair for pair in found if self._is_plain(*pair)]
        sure = [pair for pair in found if pair[0].probability >= params.min_confidence]
        sure.sort(key=lambda pair: -pair[0].probability)
        return Recall(tuple(self._trace(*pair) for pair in sure[: params.traces]))

    def denies(self, text: str) -> bool:
        """Whether a question is understood word for word and no fact answers it.

        It names an entity that was told of, and every relation it follows forms a schema and is
        named as it was told; so what is missing is the fact, and not the understanding.
        """
        asked = [one for one in readings(text, self._entities) if not one.is_guess]
        understood = [one for one in asked if one.cues and all(map(self._is_schema, one.cues))]
        return bool(understood) and not any(map(self._chains, asked))

    def _is_exact(self, cues: Sequence[Cue]) -> bool:
        return all(self._linker.exact(cue) is not None for cue in cues)

    def _is_plain(self, chain: Chain, asked: Asked) -> bool:
        """Whether a chain is more than one remark, or a remark in the very words of the question.

        Any story has words that stand by a name; to link others to them is to guess.
        """
        is_remark = len(chain.edges) == 1 and _is_remark(chain.edges[0])
        return not is_remark or self._is_exact(asked.cues)

    def _is_schema(self, cue: Cue) -> bool:
        key = self._linker.exact(cue)
        support = self._graph.relations.support(key) if key is not None else 0
        return support >= self._params.schema.min_support

    def _chains(self, asked: Asked) -> list[Chain]:
        if not asked.cues:
            return self._all_that_is_known(asked.entity)
        cues = asked.cues if self._params.ppr.enabled else asked.cues[-1:]
        near = self._neighbourhood(asked.entity, asked.cues)
        if not self._params.recall.link_remarks and not self._is_exact(asked.cues):
            edges = (edge for leaving in near.edges.values() for edge in leaving)
            if all(map(_is_remark, edges)):
                return []  # without asking the model what the words of the question mean
        root = self._graph.relations.root
        return find_chains(asked.entity, cues, near.edges, near.visits, link=self._link, root=root)

    def _neighbourhood(self, entity: str, cues: Sequence[Cue]) -> Neighbourhood:
        ppr = self._params.ppr
        named = {key for cue in cues if (key := self._linker.exact(cue)) is not None}
        if not ppr.enabled:
            return Neighbourhood({entity: edges_out(self._graph, entity, named, ppr.fanout)}, {})
        hops = min(ppr.hops, len(cues))
        return explore(self._graph, entity, named, ppr.model_copy(update={"hops": hops}))

    def _all_that_is_known(self, entity: str) -> list[Chain]:
        """Return the facts of an entity, the newest first, when nothing in particular is asked."""
        edges = edges_out(self._graph, entity, (), self._params.ppr.fanout)
        newest = sorted(edges, key=lambda edge: (-edge.since, -edge.id))
        return [Chain((edge,), edge.confidence) for edge in newest]

    def _link(self, cue: Cue, node: str, leaving: Sequence[Edge]) -> dict[Key, float]:
        """Link a cue to the relations of a node, in competition with those of others of its kind.

        The others matter where the fact that is asked for is missing: without them whatever is told
        of the entity would be taken for the answer.
        """
        relations = self._graph.relations
        candidates = dict.fromkeys(relations.root(edge.phrasing) for edge in leaving)
        if self._linker.exact(cue) is None:
            candidates.update(dict.fromkeys(self._of_its_kind(node)))
        return self._linker.link(cue, list(candidates)[: self._params.link.candidates])

    def _of_its_kind(self, node: str) -> list[Key]:
        """Return the relations that things of an entity's kind have, the best fitting first."""
        relations = self._graph.relations
        kind = relations.kind(self._space.vector(self._graph.name(node)), 1)
        return relations.with_heads_like(kind, self._params.link.kind)

    def _trace(self, chain: Chain, asked: Asked) -> Trace:
        texts = list(dict.fromkeys(edge.text for edge in chain.edges))
        told = self._params.recall.told
        if told != "chain" and len(chain.edges) > 1:
            texts = [*(texts if told == "both" else []), self._inferred(chain, asked)]
        events = dict.fromkeys(event for edge in chain.edges for event in edge.events)
        return Trace(" ".join(texts), chain.probability, tuple(events))

    def _inferred(self, chain: Chain, asked: Asked) -> str:
        """Say what a chain implies, in the words of the question."""
        name = self._graph.name
        of = " ".join(f"the {cue.phrase} of" for cue in reversed(asked.cues) if cue.form == "noun")
        subject = f"{of} {name(asked.entity)}".strip()
        last = asked.cues[-1]
        verb = last.phrase if last.form == "verb" else "is"
        sentence = f"{subject} {verb} {name(chain.end)}."
        return sentence[0].upper() + sentence[1:]


def _is_remark(edge: Edge) -> bool:
    """Whether a fact was read by a pattern of English, from words that form no schema."""
    return edge.extractor != "schema"
