"""What every suite is made with: decks of cards, the assembly of a session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Generic, TypeVar

from memeval.suites.own import words
from memeval.types import Event, Item, Navigation, PromptFormat, Query, Session

REWARD_RATE, PIN_RATE = 0.10, 0.03
CHATTER_REWARD_RATE, CHATTER_PIN_RATE = 0.05, 0.01

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Way:
    """A `Navigation` before its events have ids."""

    start: str
    goal: str
    question: str
    moves: Mapping[str, Mapping[str, str]]
    nearer: Mapping[str, Mapping[str, Sequence[Happening]]]

    def numbered(self, events: Mapping[Happening, Event]) -> Navigation:
        """Name the events that tell which moves come nearer."""
        nearer = {
            place: {move: tuple(events[h].id for h in told) for move, told in moves.items()}
            for place, moves in self.nearer.items()
        }
        return Navigation(self.start, self.goal, self.question, self.moves, nearer)


@dataclass(eq=False, slots=True)
class Question:
    """An item before its events have ids.

    `blocks` are runs of happenings that stay together; the blocks of one question keep their order
    in the stream. `gold` and `near` (confusers, superseded facts) always stand in the passage, what
    is `barred` never does: other happenings that hold the answer.
    """

    text: str
    answers: tuple[str, ...]
    slice: str
    blocks: list[list[Happening]]
    gold: list[Happening] = field(default_factory=list)
    near: list[Happening] = field(default_factory=list)
    barred: list[Happening] = field(default_factory=list)
    way: Way | None = None


def chatter(random: Random) -> Happening:
    """Say something that nobody will ask about, about as long as a fact."""
    parts = (words.CHATTER_TIMES, words.CHATTER_STATES, words.CHATTER_TAILS)
    return Happening("{}, {} {}.".format(*map(random.choice, parts)), worth=False)


def article(thing: str) -> str:
    """Return the indefinite article of a thing."""
    return "an" if thing[0] in "aeiou" else "a"


def flag(facts: Sequence[Happening], chatter: Sequence[Happening], random: Random) -> None:
    """Set reward and pin flags at random: a flag is a hint, not a label."""
    for events, reward, pin in (
        (facts, REWARD_RATE, PIN_RATE),
        (chatter, CHATTER_REWARD_RATE, CHATTER_PIN_RATE),
    ):
        for event in events:
            event.reward = random.random() < reward
            event.pin = random.random() < pin


def assemble(
    questions: Sequence[Question],
    fillers: Sequence[Happening],
    *,
    stories: Sequence[Sequence[list[Happening]]] = (),
    random: Random,
    labels: Mapping[str, str | int],
    prompt: PromptFormat,
    passage_size: int,
) -> Session:
    """Shuffle the happenings into one stream, number them, and give every question its passage.

    A story is what no single question owns: blocks that keep their order in the stream.
    """
    owned = [*(question.blocks for question in questions), *stories]
    stream = _interleave(owned, fillers, random)
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
        barred = {events[happening].id for happening in question.barred}
        while len(passage) < min(passage_size, len(alone) - len(barred)):
            passage |= {random.choice(alone)} - barred
        items.append(
            Item(
                query=Query(f"q{i:05d}", question.text, len(events)),
                answers=question.answers,
                gold_events=tuple(gold),
                passage=tuple(sorted(passage, key=lambda id_: by_id[id_].time)),
                slice=question.slice,
                navigation=question.way.numbered(events) if question.way else None,
            )
        )
    worth = frozenset(event.id for happening, event in events.items() if happening.worth)
    name = "-".join(str(value) for value in labels.values())
    return Session(name, tuple(by_id.values()), tuple(items), prompt, worth)


def _interleave(
    owned: Sequence[Sequence[list[Happening]]], fillers: Sequence[Happening], random: Random
) -> list[Happening]:
    """Shuffle blocks, then put those of one owner back into their order."""
    slots = [owner for owner, blocks in enumerate(owned) for _ in blocks] + [-1] * len(fillers)
    random.shuffle(slots)
    waiting = {owner: iter(blocks) for owner, blocks in enumerate(owned)}
    waiting[-1] = iter([filler] for filler in fillers)
    return [happening for owner in slots for happening in next(waiting[owner])]
