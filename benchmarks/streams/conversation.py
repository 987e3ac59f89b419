"""Two friends talk on twelve days: questions and answers, news, corrections, and chat between."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from memeval.randomness import named_random
from memeval.types import Session
from streams import conversation_words as words
from streams.stream import Stream, dates_of, turns

DAYS = 12
Turn = tuple[str, str, str]
"""Who says what, and of which question it is evidence; of none is ""."""


class Conversation:
    """Plans what is said on which day, then tells it; questions are asked when all is told."""

    def __init__(self, seed: int) -> None:
        self.random = named_random("conversation", seed)
        self.stream = Stream()
        self.days: list[list[list[Turn]]] = [[] for _ in range(DAYS)]
        self.dates = list(dates(self.random))
        self.asked: list[tuple[str, str, tuple[str, ...], str]] = []
        self.nods = turns(self.random, words.NODS)

    def session(self) -> Session:
        """Return the whole of it."""
        for plan in (self.single, self.when, self.changed, self.answers, self.paraphrases):
            plan()
        self.twice()
        gold = self.tell()
        for key, question, answers, slice_ in self.asked:
            self.stream.ask(question, answers, gold[key], slice_)
        return self.stream.session("conversation")

    def ask(self, question: str, answers: Iterable[str], slice_: str) -> str:
        """Plan a question, and return the key that its evidence is told under."""
        key = f"{slice_} {len(self.asked)}"
        self.asked.append((key, question, tuple(answers), slice_))
        return key

    def say(self, day: int, who: str, text: str, key: str) -> None:
        """Plan a turn on a day that the other one nods to."""
        self.days[day].append([(who, text, key), (other(who), next(self.nods), "")])

    def day(self, first: int = 0, last: int = DAYS) -> int:
        """Return a day out of some."""
        return self.random.randrange(first, last)

    def single(self) -> None:
        """Plan what is told once, of kin: each of them is told two things of."""
        for place, (form, (values, *told)) in enumerate(words.SINGLE.items()):
            picked = iter(self.random.sample(values, 4))
            wordings = turns(self.random, told)
            for who, kin in words.KIN.items():
                for one in kin[place % 2 :: 2]:
                    value = next(picked)
                    key = self.ask(form.format(s=who, kin=one), [value], "single")
                    self.say(self.day(), who, next(wordings).format(kin=one, v=value), key)

    def when(self) -> None:
        """Plan what somebody did, some days before it is told."""
        tellings = turns(self.random, words.WHEN)
        deeds = self.random.sample(words.DEEDS, len(words.WHEN))
        for who, (deed, question) in zip(speakers(self.random), deeds, strict=False):
            day, (told, ago) = self.day(), next(tellings)
            then = (self.dates[day] - timedelta(days=ago)).isoformat()
            key = self.ask(f"When {question.format(s=who)}?", dates_of(then), "when")
            self.say(day, who, told.format(deed=deed), key)

    def changed(self) -> None:
        """Plan what holds until something else does, told in other words: the latter is asked."""
        for who, (values, first, then, question) in zip(
            speakers(self.random), words.CHANGED, strict=False
        ):
            old, new = self.random.sample(values, 2)
            key = self.ask(question.format(s=who), [new], "changed")
            self.say(self.day(0, DAYS // 2), who, first.format(v=old), "")
            self.say(self.day(DAYS // 2), who, then.format(v=new), key)

    def answers(self) -> None:
        """Plan questions that are answered in the next turn, by what says little for itself."""
        replies = turns(self.random, words.REPLIES_TO_QUESTIONS)
        asked = self.random.sample(words.ASKED, 14)
        for who, (said, question, values) in zip(speakers(self.random), asked, strict=False):
            value = self.random.choice(values)
            key = self.ask(question.format(s=who), [value], "answered")
            answer = (who, next(replies).format(v=value), key)
            self.days[self.day()].append([(other(who), said, ""), answer])

    def paraphrases(self) -> None:
        """Plan what is asked for in words that it was not told in."""
        told = self.random.sample(words.PARAPHRASED, 14)
        for who, (said, question, values) in zip(speakers(self.random), told, strict=False):
            value = self.random.choice(values)
            key = self.ask(question.format(s=who), [value], "paraphrase")
            self.say(self.day(), who, said.format(v=value), key)

    def twice(self) -> None:
        """Plan what is told on two days, in other words."""
        told = self.random.sample(words.TWICE, 10)
        for who, (first, then, question, values) in zip(speakers(self.random), told, strict=False):
            value = self.random.choice(values)
            key = self.ask(question.format(s=who), [value], "twice")
            self.say(self.day(0, DAYS // 2), who, first.format(v=value), key)
            self.say(self.day(DAYS // 2), who, then.format(v=value), key)

    def tell(self) -> dict[str, list[str]]:
        """Tell day after day; return the events that are evidence, by key."""
        gold: dict[str, list[str]] = {}
        greetings, farewells = self.pairs("GREETINGS", "GREETED"), self.pairs("FAREWELLS", "PARTED")
        talk = turns(self.random, words.SMALL_TALK)
        for date, blocks in zip(self.dates, self.days, strict=True):
            for _ in range(3):
                blocks.append(self.exchange(next(talk)))
            self.random.shuffle(blocks)
            said = [self.exchange(next(greetings)), *blocks, self.exchange(next(farewells))]
            minutes = 0
            for who, text, key in (turn for block in said for turn in block):
                minutes += self.random.randrange(1, 4)
                at = (date + timedelta(minutes=minutes)).isoformat(timespec="minutes")
                event = self.stream.tell(text, at, who)
                gold.setdefault(key, []).append(event)
        return gold

    def pairs(self, first: str, then: str) -> Iterator[Sequence[str]]:
        """Return wordings and what is said to them, whichever comes next of each."""
        lists = (getattr(words, name) for name in (first, then))
        return zip(*(turns(self.random, wordings) for wordings in lists), strict=True)

    def exchange(self, said: Sequence[str]) -> list[Turn]:
        """Return turns of the two, whoever begins."""
        who = self.random.choice(words.SPEAKERS)
        return [(who, said[0], ""), (other(who), said[1], "")]


def dates(random: Random) -> Iterator[datetime]:
    """Yield when the twelve talks begin."""
    date = datetime(2024, 2, 3, 18, 5)
    for _ in range(DAYS):
        yield date.replace(hour=random.randrange(8, 22), minute=random.randrange(60))
        date += timedelta(days=random.randrange(7, 17))


def speakers(random: Random) -> Iterator[str]:
    """Yield speakers without end, each as often as the other."""
    return turns(random, words.SPEAKERS)


def other(who: str) -> str:
    """Return whom a speaker talks to."""
    return next(one for one in words.SPEAKERS if one != who)


def session(seed: int) -> Session:
    """Generate the conversation of a seed."""
    return Conversation(seed).session()
