"""Reads what joins places, or people: "room 1 is connected to rooms 2 and 3", "Ana knows Ben".

Names in a list are joined by the word before it to each of those named before; a list with nothing
behind its word is joined each to each. It is told besides what a place is worth, and where one can
get from it: anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from memeval.memories.smpd.course import Leg, course
from memeval.memories.smpd.link_parts import Part, Parts, groups_of, roles_of
from memeval.memories.smpd.link_words import LinkWords
from memeval.memories.smpd.relation_words import Knows

ENDS = frozenset(".!?;\n")
HEARER = "(you)"
"""What a map calls whoever is told it all, as no text does."""


@dataclass(slots=True)
class Links:
    """What a text tells: pairs that are joined or no more, and worths.

    Of a list that is joined each to each, the pairs without its first name are `implied`.

    `anywhere` holds the names of each clause that tells that one gets anywhere, `course` where
    one is led in turn. A worth without a name is of the place where one stands then. `shut` holds
    places that nobody gets to any more, `blocked` whether the way to the most, or the least, is.
    """

    joined: list[tuple[str, str]] = field(default_factory=list)
    implied: list[tuple[str, str]] = field(default_factory=list)
    cut: list[tuple[str, str]] = field(default_factory=list)
    worth: list[tuple[str, float]] = field(default_factory=list)
    anywhere: list[tuple[str, ...]] = field(default_factory=list)
    course: list[Leg] = field(default_factory=list)
    shut: list[str] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether anything is told."""
        ways = self.joined or self.cut or self.shut or self.blocked
        return bool(ways or self.worth or self.anywhere or self.course)


class LinkReader:
    """Reads a language's sentences about joins; none in a language that tells none."""

    def __init__(self, words: LinkWords | None) -> None:
        self.words = words

    def read(self, text: str, knows: Knows) -> Links:
        """Return what a text tells of joins."""
        links = Links()
        if not self.words or not self.words.may_join.are_in(text):
            return links
        tokens = [*self.words.tokens.of(text), "."]
        sentence: list[str] = []
        for word in tokens:
            if word not in ENDS:
                sentence.append(word)
                continue
            parts = Parts(sentence, self.words, knows).parts()
            if blocked := _blocked(sentence, parts, self.words):
                links.blocked.add(blocked)
            else:
                links.course.extend(course(parts, self.words))
                for clause in _clauses(parts, self.words):
                    _tell(clause, self.words, links)
            sentence = []
        links.shut = [name for name in links.shut if knows(name)]
        return links


def _clauses(parts: Sequence[Part], words: LinkWords) -> list[list[Part]]:
    clauses: list[list[Part]] = [[]]
    for part in parts:
        if part.sort == "role" and words.does(part.word, "split"):
            clauses.append([])
        else:
            clauses[-1].append(part)
    return clauses


def _blocked(sentence: Sequence[str], parts: Sequence[Part], words: LinkWords) -> str:
    """Return of what the way is no more: of the most, or of the least; empty where none is told."""
    does = roles_of(parts, words)
    is_cut = ("cut" in does or {"join", "negation"} <= does) and "between" not in does
    told = " ".join(sentence)
    return next((role for role in ("most", "least") if is_cut and words.asks(told, role)), "")


def _tell(clause: Sequence[Part], words: LinkWords, links: Links) -> None:
    """Take in what a clause tells: joins, or that there are none; and worths."""
    does = roles_of(clause, words)
    names = [part.word for part in clause if part.sort == "name"]
    pairs = list[tuple[str, str]]()
    is_cut = ("cut" in does) != ("negation" in does)  # but "no longer closed"
    if "join" in does or {"between", "cut"} <= does:
        pairs, implied, replaced = _pairs(clause, words)
        links.implied.extend(implied)
        (links.cut if is_cut else links.joined).extend(pairs)
        links.cut.extend(replaced)
    elif "cut" in does and is_cut and len(names) == 1:
        links.shut.extend(names)
    if {"you", "meet"} <= does and names:
        links.joined.extend((HEARER, name) for name in _met(clause, words))
    is_numbered = any(part.sort == "number" for part in clause)
    if "any" in does and not ("worth" in does and is_numbered):
        links.anywhere.append(tuple(names))
    elif does & {"worth", "cost"}:
        _tell_worth(_behind(clause, pairs), words, links)


def _met(clause: Sequence[Part], words: LinkWords) -> list[str]:
    """Return whom "you" meet: the names behind the word for it, if that stands before all names."""
    start, _, names = groups_of(clause)[0]
    return names if {"you", "meet"} <= roles_of(clause[:start], words) else []


def _behind(clause: Sequence[Part], pairs: Sequence[tuple[str, str]]) -> Sequence[Part]:
    """Return a clause from the name that it joins last, if it joins any."""
    joined = {name for pair in pairs[-1:] for name in pair}
    return clause[max((i for i, part in enumerate(clause) if part.word in joined), default=0) :]


def _tell_worth(clause: Sequence[Part], words: LinkWords, links: Links) -> None:
    """Take in what places are worth, or cost; without a number, that they no longer are."""
    does = roles_of(clause, words)
    names = [part.word for part in clause if part.sort == "name"]
    numbers = [part.number for part in clause if part.sort == "number"]
    if not does & {"worth", "cost"}:
        return
    sign = -1.0 if "cost" in does else 1.0
    links.worth.extend((name, sign * number) for name, number in _worths(clause))
    if numbers and not names:
        links.worth.append(("", sign * numbers[0]))
    if "negation" in does and not numbers:
        links.worth.extend((name, 0.0) for name in names[:1])


def _pairs(
    clause: Sequence[Part], words: LinkWords
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs that a clause joins, implies, and those for which others came instead."""
    groups = groups_of(clause)
    joined, implied = list[tuple[str, str]](), list[tuple[str, str]]()
    replaced, used = list[tuple[str, str]](), set[int]()
    for i, (start, _, names) in enumerate(groups):
        before = clause[groups[i - 1][1] : start] if i else clause[:start]
        does = roles_of(before, words)
        if "between" in does:
            joined.extend(product(names[:1], names[1:]))
            used.add(i)
        elif i > 1 and "instead" in does:
            replaced.extend(product(groups[i - 2][2], names))
        elif i and "join" in does:
            joined.extend(product(groups[i - 1][2], names))
            used |= {i - 1, i}
        elif i == 1 and "join" in roles_of(clause[: groups[0][0]], words) and not does:
            joined.extend(product(groups[0][2], names))  # "a corridor connects Elm with Yew"
            used |= {0, 1}
        elif i > 1 and i - 1 in used and not does and all(p.sort == "other" for p in before):
            joined.extend(product(groups[i - 2][2], names))  # "Uma introduces Ravi to Ines"
            used.add(i)
    for i, (_, end, names) in enumerate(groups):
        behind = clause[end : groups[i + 1][0]] if i + 1 < len(groups) else clause[end:]
        if i not in used and any(p.sort == "role" and words.does(p.word, "join") for p in behind):
            joined.extend(product(names[:1], names[1:]))
            implied.extend(combinations(names[1:], 2))
            if i and len(behind) > 1 and behind[0].word == "'s":  # "Ines is Uma's cousin"
                joined.extend(product(groups[i - 1][2][:1], names))
    return [(a, b) for a, b in joined if a != b], implied, replaced


def _worths(clause: Sequence[Part]) -> list[tuple[str, float]]:
    """Return names with the number behind each; before it, where a number comes first."""
    told = [part for part in clause if part.sort in {"name", "number"}]
    if not told:
        return []
    order = told if told[0].sort == "name" else told[::-1]
    found: dict[str, float] = {}
    name = ""
    for part in order:
        if part.sort == "name":
            name = part.word
        elif name and name not in found:
            found[name] = part.number
    return list(found.items())
