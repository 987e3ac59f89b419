"""What the streams are put together from: events in order, and questions about some of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from memeval.types import Event, Item, Query, Session, spoken_date

NEVER = 10**6
"""A time behind every event's: all is asked at the end."""


@dataclass
class Stream:
    """Events in the order in which they are told, and the questions about them."""

    events: list[Event] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def tell(self, text: str, at: str, speaker: str = "") -> str:
        """Add an event and return its id."""
        text = text[0].upper() + text[1:]
        event = Event(f"e{len(self.events):03}", text, len(self.events), speaker=speaker, at=at)
        self.events.append(event)
        return event.id

    def ask(self, question: str, answers: Sequence[str], gold: Sequence[str], slice_: str) -> None:
        """Add a question about what was told."""
        query = Query(f"q{len(self.items):02}", question, NEVER)
        self.items.append(Item(query, (*answers,), (*gold,), tuple(sorted(gold)), slice_))

    def session(self, name: str) -> Session:
        """Return it as a session."""
        return Session(name, tuple(self.events), tuple(self.items))


def turns(random: Random, told: Iterable[str]) -> Iterator[str]:
    """Yield wordings without end, every one of them before any comes again."""
    wordings = list(told)
    while True:
        random.shuffle(wordings)
        yield from wordings


def dates_of(at: str) -> tuple[str, str]:
    """Return a date as an answer may have it."""
    return spoken_date(at[:10]), at[:10]
