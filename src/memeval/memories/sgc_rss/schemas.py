"""Schemas induced from the stream: sentences that share a skeleton, and the slots that vary in it.

"Nora Vance works for Axiom Software." and "Lena Leighton works for Orbit Software." share the
skeleton `_ works for _`. Three different ones make it a schema. A slot that never varies belongs to
the skeleton: in `_ was rendered into _ by _` it is "English". A schema of two slots then reads
other sentences too, whatever stands in its slots: "quarterback is associated with the sport of
rugby".
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from memeval.memories.sgc_rss.facts import Fact, Form
from memeval.memories.sgc_rss.openings import Openings
from memeval.memories.sgc_rss.patterns import is_phrase
from memeval.memories.sgc_rss.sentences import SLOT, Sentence, Span, without_adverbial
from memeval.memories.sgc_rss.words import ARTICLES, AUXILIARIES, FUNCTION_WORDS

MAX_SKELETONS = 20_000
MAX_FILLERS = 64
"""Different fillers that are counted of a slot; it varies long before."""
LONGEST_FRAME = 12
"""Words between two slots at most."""
RARER = 4
"""Times that a schema of more slots may be rarer than one of two that reads a sentence as well."""

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
        self._openings = Openings(min_support)
        self._frames: dict[Skeleton, dict[Skeleton, Skeleton]] = {}  # between slots, before them

    def learn(self, sentence: Sentence) -> None:
        """Count the skeleton of a sentence, by its names and by what else is a slot in it."""
        sentence = without_adverbial(sentence)
        by_names = frame_of(sentence.skeleton)
        self._openings.learn(by_names)
        if len(sentence.names) > 1:
            names = tuple(sentence.name(i) for i in range(len(sentence.names)))
            self._count(by_names, names)
        read = [one for one in (self._framed(sentence), self._opened(sentence, by_names)) if one]
        found = max(read, key=lambda one: len(one[0]), default=None)
        if found and found[0] != by_names:
            frame, slots = found
            self._count(frame, tuple(sentence.told(span.start, span.end) for span in slots))

    def enter(self, skeleton: Skeleton, schema: Schema) -> None:
        """Enter a schema as it was saved."""
        self.schemas[skeleton] = schema
        self._index(skeleton, schema)

    def _count(self, skeleton: Skeleton, names: tuple[str, ...]) -> None:
        schema = self.schemas.get(skeleton)
        if schema is None:
            if len(self.schemas) >= MAX_SKELETONS:
                self._forget_the_rare()
            schema = self.schemas[skeleton] = Schema()
        schema.learn(names)
        self._index(skeleton, schema)

    def _index(self, skeleton: Skeleton, schema: Schema) -> None:
        """Make a schema of two slots ready to read other sentences."""
        if schema.support < self._min_support or skeleton.count(SLOT) != 2:
            return
        head = skeleton.index(SLOT)
        before, between, rest = skeleton[:head], skeleton[head + 1 : -1], skeleton[-1]
        if rest == SLOT and 0 < len(between) <= LONGEST_FRAME and is_telling((*before, *between)):
            self._frames.setdefault(between, {})[before] = skeleton

    def read(self, sentence: Sentence) -> list[Fact]:
        """Return the facts of a sentence that a schema reads."""
        sentence = without_adverbial(sentence)
        schema = self.schemas.get(frame_of(sentence.skeleton))
        support = schema.support if schema and schema.support >= self._min_support else 0
        framed = self._framed(sentence)
        if framed and (
            framed[0] == frame_of(sentence.skeleton)
            or self.schemas[framed[0]].support >= RARER * support
        ):
            return self._by_frame(sentence, *framed)
        by_names = self._by_names(sentence, schema) if schema and support else []
        return by_names or (self._by_frame(sentence, *framed) if framed else [])

    def _by_names(self, sentence: Sentence, schema: Schema) -> list[Fact]:
        if sentence.skeleton[0] != SLOT:
            return []
        head, *tails = schema.slots
        if head != 0:
            return []
        return [fact for tail in tails if (fact := self._fact(sentence, schema, tail))]

    def _fact(self, sentence: Sentence, schema: Schema, tail: int) -> Fact | None:
        head, span = sentence.names[0], sentence.names[tail]
        if not is_phrase(sentence.words[head.end : span.start]):
            return None
        told = " ".join(frame_of((*sentence.words[head.end : span.start], SLOT))[:-1])
        told = told.replace(" 's", "'s")
        return self._told(sentence.name(0), told, sentence.name(tail), "verb", schema)

    def _framed(self, sentence: Sentence) -> tuple[Skeleton, tuple[Span, Span]] | None:
        """Return the schema of two slots that holds most of a sentence's words, and its slots."""
        matches = sorted(self._matches(sentence), key=lambda one: (-len(one[0]), one[1][1].start))
        if not matches:
            return None
        best, *others = matches
        needed = RARER * self.schemas[best[0]].support
        plain = (one for one in others if one[1][1] == best[1][1] and one[0][0] == SLOT)
        return next((one for one in plain if self.schemas[one[0]].support >= needed), best)

    def _matches(self, sentence: Sentence) -> Iterator[tuple[Skeleton, tuple[Span, Span]]]:
        words = tuple(word.lower() for word in sentence.words)
        end = len(words) - (words[-1:] in {(".",), ("!",)})
        for start in range(1, end - 1):
            for stop in range(start + 1, min(end, start + LONGEST_FRAME + 1)):
                for before, frame in self._frames.get(words[start:stop], {}).items():
                    at = len(before)
                    if at < start and words[:at] == before:
                        yield frame, (Span(at, start), Span(stop, end))

    def _opened(
        self, sentence: Sentence, skeleton: Skeleton
    ) -> tuple[Skeleton, tuple[Span, Span]] | None:
        """Return what a sentence that ends in no name is a schema of, as its opening tells."""
        split = self._openings.split(skeleton)
        opening = skeleton[:split]
        if not split or opening.count(SLOT) != 1 or not is_telling(opening):
            return None
        after = split - opening.index(SLOT) - 1
        head = sentence.names[0]
        stop = head.end + after
        end = len(sentence.words) - (sentence.words[-1] in {".", "!"})
        return (*opening, SLOT), (head, Span(stop, end))

    def _by_frame(
        self, sentence: Sentence, frame: Skeleton, slots: tuple[Span, Span]
    ) -> list[Fact]:
        head, tail = (sentence.told(span.start, span.end) for span in slots)
        phrase, form = relation_of(frame)
        return [self._told(head, phrase, tail, form, self.schemas[frame])]

    def _told(self, head: str, phrase: str, tail: str, form: Form, schema: Schema) -> Fact:
        confidence = schema.support / (schema.support + 1)
        return Fact(head, phrase, tail, form, self.name, confidence)

    def count(self) -> int:
        """Return how many skeletons are schemas."""
        return sum(schema.support >= self._min_support for schema in self.schemas.values())

    def _forget_the_rare(self) -> None:
        """Forget skeletons that have no more support than one sentence gives."""
        kept = {skeleton: one for skeleton, one in self.schemas.items() if one.support > 1}
        self.schemas = kept if len(kept) < MAX_SKELETONS else {}
        self._frames = {}
        for skeleton, schema in self.schemas.items():
            self._index(skeleton, schema)


def is_telling(words: Skeleton) -> bool:
    """Whether words beside slots tell how the two are related, as "and" or "'s" does not."""
    told = [word for word in words if word != SLOT]
    if "," in told:
        return False
    is_verb = bool(told) and told[0] in AUXILIARIES and len(told) > 1
    return is_verb or any(word.isalnum() and word not in FUNCTION_WORDS for word in told)


def frame_of(skeleton: Skeleton) -> Skeleton:
    """Return a skeleton without the articles that stand before its slots, which names may have."""
    return tuple(
        word
        for word, after in pairwise((*skeleton, ""))
        if not (after == SLOT and word in ARTICLES)
    )


def relation_of(frame: Skeleton) -> tuple[str, Form]:
    """Return the words of a schema of two slots, and how they tell the relation.

    "author of _ is _" and "_ 's author is _" tell it by a noun.
    """
    at = frame.index(SLOT)
    before, between = frame[:at], frame[at + 1 : -1]
    if before[-1:] == ("of",) and between[0] in AUXILIARIES and len(between) == 1:
        noun = before[:-1]
    elif not before and between[0] == "'s" and between[-1] in AUXILIARIES:
        noun = between[1:-1]
    else:
        noun = ()
    if set(noun) - FUNCTION_WORDS:
        return " ".join(noun), "noun"
    told = " ".join((*before, *(("_",) if before else ()), *between))
    return told.replace(" 's", "'s"), "clause" if before else "verb"
