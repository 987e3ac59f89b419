"""The log of a party on a glacier: dated entries that nobody is named as having written."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from memeval.randomness import named_random
from memeval.types import Session
from streams import logbook_words as words
from streams.stream import Stream, dates_of, turns

ENTRIES, EACH, READ = 300, 16, 60
"""Entries in all, questions of a kind, and readings of which some are asked for."""

Question = tuple[str, Callable[[date], tuple[str, ...]], str]
"""What is asked, the answers if its evidence was entered on a date, and its slice."""


class Logbook:
    """Plans entries, each at a place from 0 to 1 in the log, then tells them in that order."""

    def __init__(self, seed: int) -> None:
        self.random = named_random("logbook", seed)
        self.stream = Stream()
        self.entries: list[tuple[float, str, tuple[int, ...]]] = []
        self.questions: list[Question] = []

    def session(self) -> Session:
        """Return the whole of it."""
        for plan in (self.readings, self.when, self.changed, self.paraphrases, self.hops):
            plan()
        self.fill()
        gold: dict[int, list[tuple[str, date]]] = {}
        for (_, text, numbers), day in zip(sorted(self.entries), self.dates(), strict=False):
            entry = self.stream.tell(text, day.isoformat())
            for number in numbers:
                gold.setdefault(number, []).append((entry, day))
        for number, (question, answers, slice_) in enumerate(self.questions):
            events, days = zip(*gold[number], strict=True)
            self.stream.ask(question, answers(days[-1]), events, slice_)
        return self.stream.session("logbook")

    def dates(self) -> Iterator[date]:
        """Yield the dates of the entries, one to three on each."""
        day = date(2021, 9, 14)
        while True:
            for _ in range(self.random.randrange(1, 4)):
                yield day
            day += timedelta(days=1)

    def ask(self, question: str, value: str, slice_: str) -> int:
        """Plan a question and return its number."""
        self.questions.append((question, lambda _: (value,), slice_))
        return len(self.questions) - 1

    def enter(self, text: str, *numbers: int, first: float = 0, last: float = 1) -> None:
        """Plan an entry somewhere in the log; `numbers` are the questions it is evidence of."""
        told = text.replace("{p}", self.random.choice(words.PARTY))
        self.entries.append((self.random.uniform(first, last), told, numbers))

    def readings(self) -> None:
        """Plan readings, all of things of their own; a question asks for some of them."""
        told = [
            (form, id_, span, wording)
            for form, (ids, span, *wordings) in words.READINGS.items()
            for id_, wording in zip(ids, turns(self.random, wordings), strict=False)
        ]
        self.random.shuffle(told)
        for place, (form, id_, (low, high), wording) in enumerate(told[:READ]):
            value = f"{self.random.randrange(10 * low, 10 * high) / 10:.1f}"
            value = value.partition(".")[0] if "cores" in form else value
            asked = [self.ask(form.format(id=id_), value, "single")] if place < EACH else []
            self.enter(wording.replace("{id}", id_).replace("{v}", value), *asked)

    def when(self) -> None:
        """Plan what came to pass, some of it entered days later."""
        tellings = turns(self.random, words.WHEN)
        for deed, question in self.random.sample(words.DEEDS, EACH):
            told, ago = next(tellings)
            self.questions.append((f"When {question}?", days_before(ago), "when"))
            self.enter(told.replace("{deed}", deed), len(self.questions) - 1)

    def changed(self) -> None:
        """Plan what holds until something else does: the latter is asked for."""
        for values, first, then, question in words.CHANGED:
            old, new = self.random.sample(values, 2)
            number = self.ask(question, new, "changed")
            self.enter(first.replace("{v}", old), last=0.5)
            self.enter(then.replace("{v}", new), number, first=0.5)

    def paraphrases(self) -> None:
        """Plan what is asked for in words that it was not told in."""
        for said, question, values in self.random.sample(words.PARAPHRASED, EACH):
            value = self.random.choice(values)
            self.enter(said.replace("{v}", value), self.ask(question, value, "paraphrase"))

    def hops(self) -> None:
        """Plan duties, and what is told by name and asked for by duty: two entries tell it."""
        on_duty = self.random.sample(words.PARTY, len(words.DUTIES))
        of_persons = iter(self.random.sample(words.OF_PERSONS, EACH))
        for name, (duty, who) in zip(on_duty, words.DUTIES, strict=True):
            numbers = []
            for told, question, values in (next(of_persons), next(of_persons)):
                value = self.random.choice(values)
                numbers.append(self.ask(question.format(d=who), value, "hop"))
                self.enter(told.format(p=name, v=value), numbers[-1])
            self.enter(duty.format(p=name), *numbers)

    def fill(self) -> None:
        """Plan entries that nothing is asked about, until there are enough."""
        fillers = turns(self.random, words.FILLER)
        told = {text for _, text, _ in self.entries}
        while len(self.entries) < ENTRIES:
            text = filled(next(fillers), self.random)
            if text not in told:
                told.add(text)
                self.enter(text)


def filled(wording: str, random: Random) -> str:
    """Return a wording with persons, an area and numbers in it."""
    first, then = random.sample(words.PARTY, 2)
    number = random.randrange(3, 40)
    return wording.format(p=first, q=then, a=random.choice(words.AREAS), n=number, m=number + 4)


def days_before(ago: int) -> Callable[[date], tuple[str, ...]]:
    """Return what tells the date so many days before another, in the ways it may be answered."""
    return lambda day: dates_of((day - timedelta(days=ago)).isoformat())


def session(seed: int) -> Session:
    """Generate the log of a seed."""
    return Logbook(seed).session()
