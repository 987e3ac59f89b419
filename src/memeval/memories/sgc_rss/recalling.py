"""From a question to the chains of facts that answer it."""

from collections.abc import Sequence

from memeval.memories.sgc_rss.contents import Contents
from memeval.memories.sgc_rss.graph import Edge
from memeval.memories.sgc_rss.linker import Linker
from memeval.memories.sgc_rss.neighbourhood import Neighbourhood, edges_out, explore
from memeval.memories.sgc_rss.params import SgcRssParams
from memeval.memories.sgc_rss.passage_index import Found
from memeval.memories.sgc_rss.paths import Chain, find_chains
from memeval.memories.sgc_rss.question import Asked, Cue, is_asking, readings
from memeval.memories.sgc_rss.relations import Key
from memeval.memories.sgc_rss.restating import Meanings
from memeval.memories.sgc_rss.telling import trace_of, trace_of_meant
from memeval.memories.sgc_rss.type_space import TypeSpace
from memeval.memories.sgc_rss.understanding import Meant, Understanding
from memeval.types import Recall, Trace


class Recaller:
    """Answers questions from a store that it leaves as it is."""

    def __init__(
        self,
        contents: Contents,
        params: SgcRssParams,
        *,
        linker: Linker,
        space: TypeSpace,
        meanings: Meanings | None = None,
    ) -> None:
        self._graph, self._entities = contents.graph, contents.entities
        self._passages = contents.passages
        self._linker = linker
        self._space = space
        self._params = params
        self._understanding = (
            Understanding(self._graph, self._entities, meanings=meanings, params=params)
            if meanings
            else None
        )

    def recall(self, texts: Sequence[str]) -> list[Recall]:
        """Return for each question the likeliest chains as traces, else the passages that fit.

        A question in words that were told is looked up. Others are compared with chains as a whole
        where there is an encoder, and linked word by word by the model where there is none.
        """
        found = [self._taken_apart(text) for text in texts]
        left = [i for i, recall in enumerate(found) if recall is None]
        asked = [texts[i] for i in left]
        for i, chain in zip(left, self._as_wholes(asked), strict=True):
            found[i] = chain if chain.traces else None
        left = [i for i in left if found[i] is None]
        passages = self._passages.find([texts[i] for i in left], self._params.recall.passages)
        for i, some in zip(left, passages, strict=True):
            found[i] = self._as_told(some) if some else None
        return [recall or Recall() for recall in found]

    def _taken_apart(self, text: str) -> Recall | None:
        """Return what a question's words say one by one; None where it has to be read as a whole.

        A statement that is left open ("The home of Nora Vance is governed by") has a plain grammar:
        where it is about something of which facts are told, and none answers, nothing is known.
        """
        told = self._in_told_words(text)
        if told is not None or is_asking(text):
            return told
        linked = self._linked(text)
        return linked if linked.traces or self._is_known(text) else None

    def _is_known(self, text: str) -> bool:
        """Whether facts of schemas are told of something that a question names."""
        near = (
            edges_out(self._graph, one.entity, (), self._params.ppr.fanout)
            for one in readings(text, self._entities)
        )
        return any(not _is_remark(edge) for edges in near for edge in edges)

    def _as_wholes(self, texts: Sequence[str]) -> list[Recall]:
        if self._understanding is None:
            return [self._linked(text) for text in texts]
        return [self._meant(found) for found in self._understanding.understand(texts)]

    def _in_told_words(self, text: str) -> Recall | None:
        """Return the chains that a question names word for word, None if there is none."""
        exact = [one for one in readings(text, self._entities) if self._is_told(one)]
        found = [(chain, asked) for asked in exact for chain in self._chains(asked)]
        return self._best(text, found) if found else None

    def _is_told(self, asked: Asked) -> bool:
        return not asked.is_guess and bool(asked.cues) and self._is_exact(asked.cues)

    def _linked(self, text: str) -> Recall:
        """Return the chains whose relations the words of a question mean to the model."""
        found: list[tuple[Chain, Asked]] = []
        for asked in readings(text, self._entities):
            found += [(chain, asked) for chain in self._chains(asked)]
        return self._best(text, found)

    def _best(self, text: str, found: Sequence[tuple[Chain, Asked]]) -> Recall:
        params = self._params.recall
        if not params.link_remarks:
            found = [pair for pair in found if self._is_plain(*pair)]
        sure = [pair for pair in found if pair[0].probability >= params.min_confidence]
        sure.sort(key=lambda pair: -pair[0].probability)
        traces = [
            trace_of(chain, asked, question=text, graph=self._graph, params=params)
            for chain, asked in sure[: params.traces]
        ]
        return Recall(tuple(traces))

    def _meant(self, found: Sequence[Meant]) -> Recall:
        """Return the chains that a question may mean, the likeliest first.

        They lead where the first says what is asked, and is made of facts that schemas read.
        """
        params = self._params.recall
        if not found or found[0].cosine < params.alike:
            return Recall()
        if any(_is_remark(step.edge) for step in found[0].walk):
            return Recall()
        best = found[: params.traces]
        traces = [trace_of_meant(one, graph=self._graph, params=params) for one in best]
        return Recall(tuple(traces))

    def _as_told(self, found: Sequence[Found]) -> Recall:
        """Return passages as traces, best first."""
        traces = [Trace(one.event.told(), one.score, (one.event.id,)) for one in found]
        return Recall(tuple(traces))

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


def _is_remark(edge: Edge) -> bool:
    """Whether a fact was read by a pattern of English, from words that form no schema."""
    return edge.extractor != "schema"
