"""Reads what joins places, or people: "room 1 is connected to rooms 2 and 3", "Ana knows Ben".

Names in a list are joined by the word before it to each of those named before; a list with nothing
behind its word is joined each to each. It is told besides what a place is worth, and where one can
get from it: anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from memeval.memories.smpd.link_parts import Part, Parts
from memeval.memories.smpd.link_words import LinkWords
from memeval.memories.smpd.relation_words import Knows

ENDS = frozenset(".!?;\n")
BETWEEN_NAMES = frozenset({"sep", "article"})


@dataclass(frozen=True, slots=True)
class Leg:
    """Where one is led: on to places (or into the choice of them), or to where one stands then."""

    names: tuple[str, ...]
    goes_on: bool


@dataclass(slots=True)
class Links:
    """What a text tells: pairs that are joined or no more, and worths.

    Of a list that is joined each to each, the pairs without its first name are `implied`.

    `anywhere` holds the names of each clause that tells that one gets anywhere, `course` where
    one is led in turn. A worth without a name is of the place where one stands then.
    """

    joined: list[tuple[str, str]] = field(default_factory=list)
    implied: list[tuple[str, str]] = field(default_factory=list)
    cut: list[tuple[str, str]] = field(default_factory=list)
    worth: list[tuple[str, float]] = field(default_factory=list)
    anywhere: list[tuple[str, ...]] = field(default_factory=list)
    course: list[Leg] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything is told."""
        return bool(self.joined or self.cut or self.worth or self.anywhere or self.course)


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
            links.course.extend(_course(parts, self.words))
            for clause in _clauses(parts, self.words):
                _tell(clause, self.words, links)
            sentence = []
        return links


def _clauses(parts: Sequence[Part], words: LinkWords) -> list[list[Part]]:
    clauses: list[list[Part]] = [[]]
    for part in parts:
        if part.sort == "role" and words.does(part.word, "split"):
            clauses.append([])
        else:
            clauses[-1].append(part)
    return clauses


def _tell(clause: Sequence[Part], words: LinkWords, links: Links) -> None:
    """Take in what a clause tells: joins, or that there are none; and worths."""

    def has(role: str) -> bool:
        return any(part.sort == "role" and words.does(part.word, role) for part in clause)

    pairs = list[tuple[str, str]]()
    if has("join"):
        pairs, implied, replaced = _pairs(clause, words)
        links.implied.extend(implied)
        is_cut = has("cut") != has("negation")  # but "no longer closed"
        (links.cut if is_cut else links.joined).extend(pairs)
        links.cut.extend(replaced)
    names = [part.word for part in clause if part.sort == "name"]
    if has("any") and not has("worth"):
        links.anywhere.append(tuple(names))
    elif (has("worth") or has("cost")) and not pairs:
        sign = -1.0 if has("cost") else 1.0
        links.worth.extend((name, sign * number) for name, number in _worths(clause))
        numbers = [part.number for part in clause if part.sort == "number"]
        if numbers and not names:
            links.worth.append(("", sign * numbers[0]))
        if has("negation") and not any(part.sort == "number" for part in clause):
            links.worth.extend((name, 0.0) for name in names[:1])


def _course(parts: Sequence[Part], words: LinkWords) -> list[Leg]:
    """Return where a sentence leads "you": on to a place, back to one, or to where one is."""
    if not any(part.sort == "role" and words.does(part.word, "you") for part in parts):
        return []
    legs, end = list[Leg](), 0
    for start, stop, names in _groups(parts):
        before = [p.word for p in parts[end:start] if p.sort == "role"]
        roles = [{"enter", "back", "at", "join"} & words.roles[word] for word in before]
        last = next((does for does in reversed(roles) if does), set())
        if last:
            goes_on = "enter" in last
            legs.append(Leg(tuple(names if goes_on else names[:1]), goes_on=goes_on))
        end = stop
    return legs


def _pairs(
    clause: Sequence[Part], words: LinkWords
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs that a clause joins, implies, and those for which others came instead."""
    groups = _groups(clause)
    joined, implied = list[tuple[str, str]](), list[tuple[str, str]]()
    replaced, used = list[tuple[str, str]](), set[int]()
    for i, (start, _, names) in enumerate(groups):
        before = clause[groups[i - 1][1] : start] if i else clause[:start]
        does = {r for p in before if p.sort == "role" for r in words.roles[p.word]}
        if "between" in does or any("between" in p.word for p in before if p.sort == "role"):
            joined.extend(product(names[:1], names[1:]))
            used.add(i)
        elif i > 1 and "instead" in does:
            replaced.extend(product(groups[i - 2][2], names))
        elif i and "join" in does:
            joined.extend(product(groups[i - 1][2], names))
            used |= {i - 1, i}
    for i, (_, end, names) in enumerate(groups):
        behind = clause[end : groups[i + 1][0]] if i + 1 < len(groups) else clause[end:]
        if i not in used and any(p.sort == "role" and words.does(p.word, "join") for p in behind):
            joined.extend(product(names[:1], names[1:]))
            implied.extend(combinations(names[1:], 2))
    return [(a, b) for a, b in joined if a != b], implied, replaced


def _groups(clause: Sequence[Part]) -> list[tuple[int, int, list[str]]]:
    """Return the lists of names of a clause, with where each begins and ends."""
    groups: list[tuple[int, int, list[str]]] = []
    is_open = False
    for i, part in enumerate(clause):
        if part.sort == "name" and is_open:
            start, _, names = groups[-1]
            groups[-1] = (start, i + 1, list(dict.fromkeys([*names, part.word])))
        elif part.sort == "name":
            groups.append((i, i + 1, [part.word]))
            is_open = True
        elif part.sort not in BETWEEN_NAMES:
            is_open = False
    return groups


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
