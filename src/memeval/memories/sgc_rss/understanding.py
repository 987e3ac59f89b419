"""Which chain a question means: the one that says, about what it names, what the question asks.

A question is not taken apart. Every chain of facts that hold, out from a name in it, is put in
words without names, and compared with the question as a whole by an encoder's vectors: semantic
parsing by paraphrasing (Berant and Liang 2014, doi:10.3115/v1/P14-1133). How deep a question nests,
and whether it does so by "of", by relative clauses or otherwise, makes no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memeval.memories.sgc_rss.entities import Entities
from memeval.memories.sgc_rss.graph import Graph
from memeval.memories.sgc_rss.params import SgcRssParams
from memeval.memories.sgc_rss.question import Mention, mentions
from memeval.memories.sgc_rss.restating import Meanings, Path
from memeval.memories.sgc_rss.walking import Walk, path_of, walks

Vectors = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Meant:
    """A chain that a question may mean: how likely its wording is meant, and how alike they are."""

    question: str
    walk: Walk
    probability: float
    cosine: float


class Understanding:
    """Compares questions with chains of a graph that it leaves as it is."""

    def __init__(
        self, graph: Graph, entities: Entities, *, meanings: Meanings, params: SgcRssParams
    ) -> None:
        self._graph = graph
        self._entities = entities
        self._meanings = meanings
        self._params = params

    def understand(self, texts: Sequence[str]) -> list[list[Meant]]:
        """Return what each question may mean, the likeliest first; all are encoded together."""
        found = [self._candidates(text) for text in texts]
        asked = list(dict.fromkeys(one.question for pairs in found for one, _ in pairs))
        if not asked:
            return [[] for _ in texts]
        rows = dict(zip(asked, self._meanings.questions(asked), strict=True))
        paths = [path_of(walk) for pairs in found for _, some in pairs for walk in some]
        self._meanings.read(paths)
        return [self._ranked(text, pairs, rows) for text, pairs in zip(texts, found, strict=True)]

    def _candidates(self, text: str) -> list[tuple[Mention, list[Walk]]]:
        named = mentions(text, self._entities)
        found = ((one, walks(self._graph, one.entity, self._params.ppr)) for one in named)
        return [(mention, some) for mention, some in found if some]

    def _ranked(
        self, text: str, pairs: Sequence[tuple[Mention, list[Walk]]], rows: Vectors
    ) -> list[Meant]:
        """Return the walks from what a question names, wordings competing, not where they lead."""
        cosines = {
            (mention.entity, path): cosine
            for mention, some in pairs
            for path, cosine in self._alike(rows[mention.question], some).items()
        }
        told = np.array([*cosines.values()])
        weights = np.exp(self._params.link.sharpness * (told - 1))
        shares = dict(zip(cosines, (weights / weights.sum()).tolist(), strict=True))
        likely = [
            Meant(text, walk, shares[key], cosines[key])
            for mention, some in pairs
            for walk in some
            if (key := (mention.entity, path_of(walk)))
        ]
        return sorted(likely, key=_best_first)

    def _alike(self, question: npt.NDArray[np.float32], some: Sequence[Walk]) -> dict[Path, float]:
        """Return how well each wording of some walks says what a question asks."""
        paths = list(dict.fromkeys(map(path_of, some)))
        return dict(zip(paths, self._meanings.cosines(question, paths).tolist(), strict=True))


def _best_first(one: Meant) -> tuple[float, ...]:
    """Order by likelihood, then the newest facts first."""
    newest = ((-step.edge.since, -step.edge.id) for step in one.walk)
    return (-one.probability, *(number for pair in newest for number in pair))
