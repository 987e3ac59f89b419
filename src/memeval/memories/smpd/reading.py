"""Reads sentences about moving: who, from where, which way, how far, to where, and what was seen.

No sentence has a pattern of its own. Names and directions get their part from the word before them
("from", "reached", "at"), which the lexicon lists. A name is a run of capitalised words, or
lower-case words behind an article where a place is due ("to the old mill"). A direction word is a
name where a place is due and it is capitalised ("came to North"), else a direction.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from memeval.memories.smpd.lexicon import Lexicon, Vector

WORD = r"\d+(?:\.\d+)?|[^\W_]+(?:['\u2019\-][^\W_]+)*|[.!?;,\n]"
ENDS_HERE = r"(?!['\u2019\-]?[^\W_])"
ENDS = frozenset(".!?;\n")
FARTHEST = 1e6
"""Lengths beyond it are taken for it: coordinates must stay exact, and finite."""
PLACE_CUES = ("source", "target", "at", "between")
NOT_IN_A_PLACE = frozenset(
    "direction turn at source target between seen both next relation motion closed pronouns".split()
)
NOT_IN_A_THING = frozenset("at source target between seen both next pronouns".split())


@dataclass(slots=True)
class Clause:
    """What one clause says; empty where it says nothing.

    `step` is the vector of the direction, of length 1, `turn` counts quarter turns to the left,
    `does` holds the roles of the words that were met.
    """

    who: str = ""
    here: str = ""
    there: str = ""
    at: str = ""
    thing: str = ""
    subject: str = ""
    step: Vector | None = None
    turn: int | None = None
    length: float | None = None
    follows: bool = False
    does: set[str] = field(default_factory=set)

    @property
    def says_nothing(self) -> bool:
        """Whether no slot is filled."""
        return not (self.here or self.there or self.at or self.thing or self.step) and (
            self.turn is None
        )


def read(text: str, lexicon: Lexicon) -> list[Clause]:
    """Return the clauses of a text that say something about places or things."""
    return [clause for clause in read_all(text, lexicon) if not clause.says_nothing]


def read_all(text: str, lexicon: Lexicon) -> list[Clause]:
    """Return every clause of a text."""
    tokens = _tokens(lexicon.phrases).findall(text)
    return list(_Reader(tokens, lexicon).clauses())


@functools.cache
def _tokens(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the tokens of a text; a phrase is one, also where it begins a sentence."""
    whole = (f"(?i:{re.escape(phrase[0])}){re.escape(phrase[1:])}{ENDS_HERE}" for phrase in phrases)
    return re.compile("|".join([*whole, WORD]))


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, tokens: Sequence[str], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.i = 0
        self.clause = Clause()
        self.cue = ""
        self.number: float | None = None
        self.is_first = True

    def clauses(self) -> Iterator[Clause]:
        """Yield one clause after the other."""
        while self.i < len(self.tokens):
            word = self.tokens[self.i]
            roles = self.lexicon.roles_of(word.lower())
            if word in ENDS or ("next" in roles and not self.clause.says_nothing):
                yield self._finished()
                self.clause.follows = "next" in roles
                self.is_first = word in ENDS
                self.i += 1
            elif word == ",":
                self.cue, self.i = "", self.i + 1
            elif self._is_name(word, roles):
                self._place(self._name())
            else:
                self._take(word, roles)
                self.is_first = False
        yield self._finished()

    def _finished(self) -> Clause:
        done, self.clause = self.clause, Clause()
        self.cue, self.number = "", None
        if not done.thing and "seen" in done.does:
            done.thing = done.subject
        return done

    def _is_name(self, word: str, roles: frozenset[str]) -> bool:
        if not word[0].isupper():
            return False
        if not roles:
            return True
        if self._next_is("relation"):  # "North of X"
            return False
        if self.cue in PLACE_CUES:  # "came to North"
            return True
        return (
            not self.is_first and "direction" not in roles
        )  # "Turning" begins, "Anna May" does not

    def _name(self) -> str:
        """Take a run of capitalised words, numbers, and "of" between them."""
        parts: list[str] = []
        while self.i < len(self.tokens):
            word = self.tokens[self.i]
            joins = "relation" in self.lexicon.roles_of(word) and self._is_capital(self.i + 1)
            if not (word[0].isupper() or joins or (parts and word.isdecimal())):
                break
            parts.append(word)
            self.i += 1
        self.is_first = False
        return " ".join(parts)

    def _is_capital(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens[i][0].isupper()

    def _next_is(self, *roles: str) -> bool:
        if self.i + 1 >= len(self.tokens):
            return False
        return any(r in self.lexicon.roles_of(self.tokens[self.i + 1].lower()) for r in roles)

    def _place(self, name: str) -> None:
        """Give a name its part, by the cue before it."""
        clause = self.clause
        match self.cue:
            case "source" | "relation":
                clause.here = name
            case "target":
                clause.there = name
            case "at":
                clause.at = name
            case "between" if not clause.here:
                clause.here = name
                return  # the second one is still to come
            case "between":
                clause.there = name
            case _:
                clause.who = clause.who or name
        self.cue = ""

    def _take(self, word: str, roles: frozenset[str]) -> None:
        """Take one word that is not a name."""
        low = word.lower()
        self.clause.does |= roles
        self.i += 1
        if "direction" in roles:
            self._direct(low)
        elif "turn" in roles and not ("source" in roles and self._names_a_place()):
            self.clause.turn = self.lexicon.turns[low]
        elif "unit" in roles and self.number is not None:
            self.clause.length = self.number * self.lexicon.units[low]
            self.number = None
        elif word[0].isdecimal() or "number" in roles:
            self._count(low)
        elif "articles" in roles:
            self._phrase()
        elif cue := next((cue for cue in PLACE_CUES if cue in roles), ""):
            self.cue = cue
        elif "relation" in roles and self.clause.step is not None:
            self.cue = "relation"

    def _direct(self, word: str) -> None:
        self.clause.step = self.lexicon.directions[word]
        if self.number is not None:
            self.clause.length, self.number = self.number, None
        self.cue = ""

    def _count(self, word: str) -> None:
        number = self.lexicon.numbers.get(word)
        self.number = min(float(word), FARTHEST) if number is None else number
        before = self.tokens[self.i - 2].lower() if self.i > 1 else ""
        if before in self.lexicon.directions and not self._next_is_unit():
            self.clause.length, self.number = self.number, None

    def _next_is_unit(self) -> bool:
        return self.i < len(self.tokens) and self.tokens[self.i].lower() in self.lexicon.units

    def _names_a_place(self) -> bool:
        """Whether a name or an article comes now, as in "left the mill" and not in "left"."""
        if self.i >= len(self.tokens):
            return False
        word = self.tokens[self.i]
        return word[0].isupper() or "articles" in self.lexicon.roles_of(word)

    def _phrase(self) -> None:
        """Take what stands behind an article: a place where one is due, else a thing."""
        is_place = self.cue in PLACE_CUES or self.cue == "relation"
        stops = NOT_IN_A_PLACE if is_place else NOT_IN_A_THING
        start, is_told = self.i, "seen" in self.clause.does
        while self.i < len(self.tokens):
            word = self.tokens[self.i]
            ends = stops & self.lexicon.roles_of(word)
            if ends == {"seen"} and not is_place and (is_told or self.i == start):
                ends = frozenset()  # "a spotted cup", and "noticed a dull saw"
            if not word[0].islower() or ends:
                break
            self.i += 1
        words = " ".join(self.tokens[start : self.i])
        if is_place and words:
            self._place(words)
        elif words and not self.clause.thing:
            if is_told:
                self.clause.thing = words
            else:
                self.clause.subject = self.clause.subject or words
