"""What is expected of any memory, whatever it is made of: a generated battery, without a judge.

Things are kept under numbers. A number changes, a thing is to be forgotten, a question is asked
twice, the same facts come in another order, another user asks, the stream grows. A slice each:

- `update`: the number after it was changed; `stale`: the same, without the old one beside it.
- `deletion`: what was to be forgotten is not told. `isolation`: nor is what only another user said.
- `repeat`: the questions of `update` once more. `order`: those of `recall_100`, the same events in
  another order. `recall_N`: a number told once among N events of the same kind.

An answer is right where it says what it should, if it should, and not what it should not: a number
stands in no other fact, so that to look for it is enough.

    Vera's cello is kept under number 4812.
    Vera's cello was moved, and is kept under number 7730 now.
    Under which number is Vera's cello kept?   says 7730, does not say 4812
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from memeval.datasets.in_memory import InMemory
from memeval.errors import ConfigError
from memeval.outside import shown
from memeval.suites.own import words
from memeval.types import Event, Item, PromptFormat, Query, Session
from memeval.words import UNKNOWN
from memeval.words import words as words_of

PRIMARY = "behaves"
NOT = "does not say "
"""How a rubric begins that names what must not be told."""
CHANGES = ("update", "stale", "deletion", "repeat")
LENGTHS = (100, 1_000, 10_000)
SLICES = len(CHANGES) + len(LENGTHS) + len(("isolation", "order"))
STREAM = 200
"""Events of a session in which things change."""
MOST = 50
"""Cases of a slice: a stream of a hundred events holds no more beside what is not asked."""


def behaves(item: Item, answer: str) -> dict[str, float | None]:
    """Score 1 where an answer says what it should, and nothing that it should not.

    None for an item whose rubric says nothing of either.
    """
    barred = [one.removeprefix(NOT) for one in item.rubric if one.startswith(NOT)]
    if not (barred or item.answers):
        return {PRIMARY: None}
    said = set(words_of(answer))
    is_free = not (item.answers and item.answerable)
    is_told = is_free or not said.isdisjoint(item.answers)
    return {PRIMARY: float(is_told and said.isdisjoint(barred))}


@dataclass(frozen=True, slots=True)
class Fact:
    """A thing of somebody's, and the numbers that it is kept under, one after another."""

    whose: str
    numbers: tuple[str, ...]

    @property
    def question(self) -> str:
        """Ask for the number."""
        return f"Under which number is {self.whose} kept?"

    def told(self) -> str:
        """Tell the first number."""
        return f"{self.whose} is kept under number {self.numbers[0]}."

    def changed(self) -> str:
        """Tell the second."""
        return f"{self.whose} was moved, and is kept under number {self.numbers[1]} now."

    def forgotten(self) -> str:
        """Ask to forget it."""
        return f"Please forget under which number {self.whose} is kept."


def facts(random: Random) -> Iterator[Fact]:
    """Yield facts without end, no two of one thing or with a number in common."""
    people = [name for name, _ in words.FIRST_NAMES]
    things = [f"{kind} {noun}" for kind in words.ADJECTIVES for noun in words.NOUNS]
    pairs = random.sample(range(len(people) * len(things)), 30_000)
    numbers = [str(number) for number in random.sample(range(10_000, 100_000), 60_000)]
    for i, pair in enumerate(pairs):
        whose = f"{people[pair % len(people)]}'s {things[pair // len(people)]}"
        yield Fact(whose, (numbers[2 * i], numbers[2 * i + 1]))


def sessions(cases: int, seed: int, largest: int) -> list[Session]:
    """Return the sessions of the battery, each a user with a store of its own."""
    random = Random(f"behaviour-{seed}")
    deck = facts(random)
    changes = [next(deck) for _ in range(3 * cases)]
    made = [_changing(changes, cases, deck, random)]
    made.append(_apart(changes[:cases], deck, random))
    for length in (one for one in LENGTHS if one <= largest):
        asked = [next(deck) for _ in range(cases)]
        told = [fact.told() for fact in (*asked, *(next(deck) for _ in range(length - cases)))]
        random.shuffle(told)
        made.append(_recalling(f"recall_{length}", told, asked))
        if length == LENGTHS[0]:
            made.append(_recalling("order", random.sample(told, len(told)), asked))
    return made


def _changing(changes: Sequence[Fact], cases: int, deck: Iterator[Fact], random: Random) -> Session:
    """Return a stream in which some things are moved, and some are to be forgotten."""
    updated, stale, deleted = (changes[i * cases : (i + 1) * cases] for i in range(3))
    first = [fact.told() for fact in changes]
    fillers = [next(deck).told() for _ in range(max(0, STREAM - 2 * len(first)))]
    later = [fact.changed() for fact in (*updated, *stale)] + [f.forgotten() for f in deleted]
    told = [*_shuffled([*first, *fillers], random), *_shuffled(later, random)]
    place = {text: f"e{i}" for i, text in enumerate(told)}
    items = [
        *(_item("update", fact, fact.numbers[1], place[fact.changed()]) for fact in updated),
        *(
            _item("stale", fact, fact.numbers[1], place[fact.changed()], fact.numbers[0])
            for fact in stale
        ),
        *(_item("deletion", fact, UNKNOWN, "", fact.numbers[0]) for fact in deleted),
        *(_item("repeat", fact, fact.numbers[1], place[fact.changed()]) for fact in updated),
    ]
    return _session("changes", told, items)


def _apart(others: Sequence[Fact], deck: Iterator[Fact], random: Random) -> Session:
    """Return a stream that is asked for what only the one before it was told."""
    told = _shuffled([next(deck).told() for _ in range(LENGTHS[0])], random)
    items = []
    for fact in others:
        one = _item("isolation", fact, UNKNOWN, "", fact.numbers[0])
        items.append(replace(one, rubric=(*one.rubric, NOT + fact.numbers[1])))
    return _session("another user", told, items)


def _recalling(name: str, told: Sequence[str], asked: Sequence[Fact]) -> Session:
    place = {text: f"e{i}" for i, text in enumerate(told)}
    items = [_item(name, fact, fact.numbers[0], place[fact.told()]) for fact in asked]
    return _session(name, told, items)


def _item(slice_: str, fact: Fact, answer: str, gold: str, barred: str = "") -> Item:
    return Item(
        Query("", fact.question, 0),
        answers=(answer,),
        gold_events=(gold,) if gold else (),
        passage=(gold,) if gold else (),
        slice=slice_,
        rubric=(NOT + barred,) if barred else (),
    )


def _session(id_: str, told: Sequence[str], items: Sequence[Item]) -> Session:
    events = tuple(Event(f"e{i}", text, i) for i, text in enumerate(told))
    asked = (
        replace(item, query=Query(f"{id_}-q{i}", item.query.text, len(told)))
        for i, item in enumerate(items)
    )
    return Session(id_, events, tuple(asked))


def _shuffled(told: Sequence[str], random: Random) -> list[str]:
    return random.sample(told, len(told))


class Behaviour:
    """The battery: `size` questions over nine slices, streams of up to `largest` events."""

    prompt: PromptFormat | None = None
    primary = PRIMARY

    def dataset(
        self,
        *,
        size: int | None = None,
        seed: int | None = None,
        path: Path | None = None,
        largest: int = LENGTHS[-1],
    ) -> InMemory:
        """Return the battery of a size and seed.

        Raises:
            ConfigError: it cannot be made, or is to be read from a path.
        """
        cases = (size or 10 * SLICES) // SLICES
        if path is not None or not 1 <= cases <= MOST:
            raise ConfigError(
                f"behaviour is made of {SLICES} to {MOST * SLICES} questions and no files, got "
                f"{size if path is None else shown(str(path))}; give --size {10 * SLICES}"
            )
        if largest not in LENGTHS:
            raise ConfigError(
                f"the longest stream must be one of {', '.join(map(str, LENGTHS))}, got "
                f"{shown(largest)}; give --set data.largest={LENGTHS[1]}"
            )
        made = sessions(cases, seed or 0, largest)
        return InMemory("behaviour", made, seed or 0, scorers=(PRIMARY,), primary=PRIMARY)


SUITE = Behaviour()
