"""Schemas induced from the stream: sentences that share a skeleton, and the slots that vary in it.

"Nora Vance works for Axiom Software." and "Lena Leighton works for Orbit Software." share the
skeleton `_ works for _`. Three different ones make it a schema. A slot that never varies belongs to
the skeleton: in `_ was rendered into _ by _` it is "English".
"""

from collections import Counter
from dataclasses import dataclass, field

from memeval.memories.sgc_rss.facts import Fact
from memeval.memories.sgc_rss.patterns import is_phrase
from memeval.memories.sgc_rss.sentences import SLOT, Sentence, without_adverbial

MAX_SKELETONS = 20_000
MAX_FILLERS = 64
"""Different fillers that are counted of a slot; it varies long before."""

Skeleton = tuple[str, ...]


@dataclass(slots=True)
class Schema:
    """A skeleton, the different facts it was told with, and the fillers of each slot."""

    support: int = 0
    fillers: list[Counter[str]] = field(default_factory=list)

    def learn(self, names: tuple[str, ...]) -> None:
        """Count one sentence, unless all its slots hold what they held before."""
        if not self.fillers:
            self.fillers = [Counter() for _ in names]
        is_new = any(name not in seen for name, seen in zip(names, self.fillers, strict=True))
        self.support += is_new
        for name, seen in zip(names, self.fillers, strict=True):
            if name in seen or len(seen) < MAX_FILLERS:
                seen[name] += 1

    @property
    def slots(self) -> list[int]:
        """The slots that vary; all of them while fewer than two do."""
        varying = [i for i, seen in enumerate(self.fillers) if len(seen) > 1]
        return varying if len(varying) >= 2 else list(range(len(self.fillers)))


class SchemaReader:
    """Learns skeletons as sentences come, and reads facts by those that have enough support."""

    name = "schema"

    def __init__(self, min_support: int) -> None:
        self._min_support = min_support
        self.schemas: dict[Skeleton, Schema] = {}

    def learn(self, sentence: Sentence) -> None:
        """Count the skeleton of a sentence with two names or more."""
        sentence = without_adverbial(sentence)
        if len(sentence.names) < 2:
            return
        schema = self.schemas.get(sentence.skeleton)
        if schema is None:
            if len(self.schemas) >= MAX_SKELETONS:
                self._forget_the_rare()
            schema = self.schemas[sentence.skeleton] = Schema()
        schema.learn(tuple(sentence.name(i) for i in range(len(sentence.names))))

    def read(self, sentence: Sentence) -> list[Fact]:
        """Return the facts of a sentence that has the skeleton of a schema."""
        sentence = without_adverbial(sentence)
        schema = self.schemas.get(sentence.skeleton)
        if schema is None or schema.support < self._min_support or sentence.skeleton[0] != SLOT:
            return []
        head, *tails = schema.slots
        if head != 0:
            return []
        return [fact for tail in tails if (fact := self._fact(sentence, schema, tail))]

    def _fact(self, sentence: Sentence, schema: Schema, tail: int) -> Fact | None:
        head, span = sentence.names[0], sentence.names[tail]
        if not is_phrase(sentence.words[head.end : span.start]):
            return None
        told = sentence.told(head.end, span.start)
        confidence = schema.support / (schema.support + 1)
        return Fact(sentence.name(0), told, sentence.name(tail), "verb", self.name, confidence)

    def count(self) -> int:
        """Return how many skeletons are schemas."""
        return sum(schema.support >= self._min_support for schema in self.schemas.values())

    def _forget_the_rare(self) -> None:
        """Forget skeletons that have no more support than one sentence gives."""
        kept = {skeleton: one for skeleton, one in self.schemas.items() if one.support > 1}
        self.schemas = kept if len(kept) < MAX_SKELETONS else {}
