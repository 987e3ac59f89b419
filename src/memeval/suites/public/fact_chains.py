"""Which facts of a list an answer rests on: the one chain of them that leads to it.

The file of FactConsolidation names no evidence; its facts are sentences of a few forms, one
relation each, so that what follows from what can be told from the text alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MOST_HOPS = 4
"""Facts that a question of several hops needs at most."""

_FORMS = tuple(
    re.compile(form.replace("S", r"(?P<subject>.+)").replace("O", r"(?P<object>.+)\.?"), re.DOTALL)
    for form in (
        r"The name of (?P<relation>the current head of state in) S is O",
        r"The name of (?P<relation>the current head of the) S government is O",
        r"The (?P<relation>headquarters) of S is located in the city of O",
        r"The (?P<relation>company that produced) S is O",
        r"The (?P<relation>type of music) that S plays is O",
        r"The (?P<relation>\w+) where S was educated is O",
        r"The (?P<relation>[\w ]+?) of S is O",
        r"S's (?P<relation>child) is O",
        r"S is (?P<relation>located in the continent|associated with the sport) of O",
        r"S is (?P<relation>affiliated with the religion|a citizen) of O",
        r"S is (?P<relation>famous for|employed by|married to) O",
        r"S was (?P<relation>created in the country|written in the language) of O",
        r"S was (?P<relation>founded in the city|born in the city) of O",
        r"S was (?P<relation>performed by|founded by|created by|developed by) O",
        r"S (?P<relation>plays the position|speaks the language|works in the field) of O",
        r"S (?P<relation>died in the city|worked in the city) of O",
    )
)
"""A relation's words between, before or around its subject and object; the first that fits."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a fact tells of: a later fact on the same matter replaces it."""

    subject: str
    relation: str


class Facts:
    """A list of facts in order, the later of two on one matter the one that holds."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._objects: list[str] = []
        self._matters: list[Matter | None] = []
        self._places: defaultdict[Matter, list[int]] = defaultdict(list)
        self._of: defaultdict[str, list[Matter]] = defaultdict(list)
        for place, text in enumerate(texts):
            fits = (form.fullmatch(text) for form in _FORMS)
            found = next((one for one in fits if one), None)
            matter = Matter(found["subject"], found["relation"]) if found else None
            self._matters.append(matter)
            self._objects.append(found["object"].removesuffix(".") if found else "")
            if matter is None:
                continue
            if matter not in self._places:
                self._of[matter.subject].append(matter)
            self._places[matter].append(place)

    @property
    def unread(self) -> int:
        """How many facts have a form that is not known here."""
        return self._matters.count(None)

    def alike(self, place: int) -> list[int]:
        """Return the facts on the matter of one, itself among them."""
        matter = self._matters[place]
        return [place] if matter is None else self._places[matter]

    def telling(self, question: str, answer: str) -> int | None:
        """Return the last fact of what was named in a question that ever had this answer.

        None where there is no such matter, or several, so that it cannot be told which is meant.
        """
        matters = [
            matter
            for name in self._named(question)
            for matter in self._of[name]
            if any(self.says(place, answer) for place in self._places[matter])
        ]
        return self._places[matters[0]][-1] if len(matters) == 1 else None

    def says(self, place: int, answer: str) -> bool:
        """Whether a fact ends with an answer."""
        return _bare(self._objects[place]) == _bare(answer)

    def object_of(self, place: int) -> str:
        """Return what a fact says of its subject."""
        return self._objects[place]

    def leading(self, question: str, answer: str) -> tuple[int, ...]:
        """Return the chain of facts that hold from a name in the question to the answer.

        Nothing where there is no chain of two to four facts, or more than one.
        """
        chains = (
            chain
            for name in self._named(question)
            for chain in self._chains(name, answer, MOST_HOPS, frozenset({name}))
            if len(chain) > 1
        )
        found = list(islice(chains, 2))
        return found[0] if len(found) == 1 else ()

    def _chains(
        self, name: str, answer: str, most: int, seen: frozenset[str]
    ) -> Iterator[tuple[int, ...]]:
        for matter in self._of.get(name, ()):
            place = self._places[matter][-1]
            end = self._objects[place]
            if self.says(place, answer):
                yield (place,)
            if most > 1 and end not in seen:
                for chain in self._chains(end, answer, most - 1, seen | {end}):
                    yield (place, *chain)

    def _named(self, question: str) -> Sequence[str]:
        """Return the subjects that stand in a question, but for parts of longer ones."""
        found = [
            name
            for name in self._of
            if name in question and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question)
        ]
        return [one for one in found if not any(one != other and one in other for other in found)]


def _bare(text: str) -> str:
    """Return a name as facts and answers write it alike: without the end of a sentence."""
    return text.strip().removesuffix(".")
