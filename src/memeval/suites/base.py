"""What every suite is made with: decks of cards, fixed shares, the assembly of a session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Generic, Protocol, TypeVar

from memeval.types import Event, Item, PromptFormat, Query, Session

T = TypeVar("T")

Solver = Callable[[Session], dict[str, set[str]]]
"""Returns the answers that follow from the events' text, by query id."""


class Generate(Protocol):
    """Makes a session from its size and seed alone."""

    def __call__(self, *, size: int, seed: int) -> Session:
        """Generate."""
        ...


@dataclass(frozen=True, slots=True)
class Suite:
    """A seeded generator, the solver that checks it, its prompt, and the most items it can make."""

    generate: Generate
    solve: Solver
    prompt: PromptFormat
    max_size: int


class Deck(Generic[T]):
    """Cards drawn without replacement, so that no two facts share what must tell them apart."""

    def __init__(self, cards: Sequence[T], random: Random) -> None:
        self._cards = list(cards)
        random.shuffle(self._cards)

    def draw(self) -> T:
        """Take the next card; an empty deck raises IndexError."""
        return self._cards.pop()

    def draw_like(self, accept: Callable[[T], bool]) -> T:
        """Take the next card that is accepted; raises IndexError if none is left."""
        for i in reversed(range(len(self._cards))):
            if accept(self._cards[i]):
                return self._cards.pop(i)
        raise IndexError("no card of this kind is left")


def shares(total: int, of: Mapping[str, float]) -> dict[str, int]:
    """Split a total by fixed shares, largest remainder first, so that the counts sum to it."""
    exact = {name: total * share for name, share in of.items()}
    counts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(of, key=lambda name: counts[name] - exact[name])
    for name in by_remainder[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


@dataclass(eq=False, slots=True)
class Happening:
    """An event before it has a place in the stream.

    `worth` is the scorer's label. A `dependent` sentence means something only right after the one
    before it ("There she met ..."), so it never serves as a distractor by itself.
    """

    text: str
    worth: bool = True
    reward: bool = False
    pin: bool = False
    dependent: bool = False


@dataclass(eq=False, slots=True)
class Question:
    """An item before its events have ids.

    `blocks` are runs of happenings that stay together; the blocks of one question keep their order
    in the stream. `gold` and `near` (confusers, superseded facts) always stand in the passage.
    """

    text: str
    answers: tuple[str, ...]
    slice: str
    blocks: list[list[Happening]]
    gold: list[Happening] = field(default_factory=list)
    near: list[Happening] = field(default_factory=list)


def assemble(
    questions: Sequence[Question],
    fillers: Sequence[Happening],
    *,
    random: Random,
    labels: Mapping[str, str | int],
    prompt: PromptFormat,
    passage_size: int,
) -> Session:
    """Shuffle the happenings into one stream, number them, and give every question its passage."""
    stream = _interleave(questions, fillers, random)
    events = {
        happening: Event(f"e{i:05d}", happening.text, i, happening.reward, happening.pin)
        for i, happening in enumerate(stream)
    }
    by_id = {event.id: event for event in events.values()}
    alone = [event.id for happening, event in events.items() if not happening.dependent]
    items = []
    for i, question in enumerate(questions):
        gold = [events[happening].id for happening in question.gold]
        passage = set(gold) | {events[happening].id for happening in question.near}
        while len(passage) < min(passage_size, len(alone)):
            passage.add(random.choice(alone))
        items.append(
            Item(
                query=Query(f"q{i:05d}", question.text, len(events)),
                answers=question.answers,
                gold_events=tuple(gold),
                passage=tuple(sorted(passage, key=lambda id_: by_id[id_].time)),
                slice=question.slice,
            )
        )
    worth = frozenset(event.id for happening, event in events.items() if happening.worth)
    name = "-".join(str(value) for value in labels.values())
    return Session(name, tuple(by_id.values()), tuple(items), prompt, worth, labels)


def _interleave(
    questions: Sequence[Question], fillers: Sequence[Happening], random: Random
) -> list[Happening]:
    """Shuffle blocks, then put those of one question back into their order."""
    owned = [(q, block) for q, question in enumerate(questions) for block in question.blocks]
    slots = [*(owner for owner, _ in owned), *([-1] * len(fillers))]
    random.shuffle(slots)
    waiting = {q: iter(question.blocks) for q, question in enumerate(questions)}
    waiting[-1] = iter([filler] for filler in fillers)
    return [happening for owner in slots for happening in next(waiting[owner])]
