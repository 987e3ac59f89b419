"""Asks a model whether answers are right."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from memeval.judging.prompts import asked, asked_of_nugget
from memeval.models import Chats, Generation, Message, Prompt, TakesTurns, TextModel
from memeval.models.contract import answering, checked_generations, whose
from memeval.types import Item

JUDGE, RUBRIC = "judge", "rubric"
"""The names of the scores that a judge gives, and of its role among those that use a model."""
TOKENS = 8
"""As many as a verdict may have."""
_YES_OR_NO = re.compile(r"\b(yes|no)\b")
_POINTS = re.compile(r"(?<![\d.])(0\.5|[01](?:\.0+)?)(?!\.?\d)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of one answer by score name: None of what it did not tell."""

    scores: Mapping[str, float | None]


class Judge:
    """Gives verdicts by majority of `votes`, and counts what they cost.

    Each vote is a call of its own at temperature 0; a local model votes alike each time.
    """

    def __init__(self, model: TextModel, *, votes: int = 1) -> None:
        self.model = model
        self.votes = votes
        self._used: dict[str, float | int | None] = {}

    def judge(self, items: Sequence[Item], answers: Sequence[str | None]) -> list[Verdict]:
        """Return a verdict on each answer; on none where there is none, or the item is a walk."""
        told = [
            (item, answer) if answer is not None and item.navigation is None else None
            for item, answer in zip(items, answers, strict=True)
        ]
        yes = [asked(*one) for one in told if one]
        points = [
            asked_of_nugget(i, nugget, a) for i, a in filter(None, told) for nugget in i.rubric
        ]
        replies = iter(self._ask([*yes, *points]))
        verdicts = [
            {JUDGE: _majority([_yes(t) for t in next(replies)])} if one else {} for one in told
        ]
        for one, verdict in zip(told, verdicts, strict=True):
            if one and one[0].rubric:
                found = [_mean([_points(t) for t in next(replies)]) for _ in one[0].rubric]
                verdict[RUBRIC] = None if None in found else _mean(found)
        names = dict.fromkeys(name for verdict in verdicts for name in verdict)
        return [Verdict({name: verdict.get(name) for name in names}) for verdict in verdicts]

    def take_usage(self) -> dict[str, float | int | None]:
        """Return what was used since this was last asked; tokens are None if one was not told."""
        used, self._used = self._used, {}
        return used

    def _ask(self, questions: Sequence[str]) -> list[list[str]]:
        """Return the votes on each question as texts; one that failed is empty."""
        prompts = [self._prompt(q, vote) for q in questions for vote in range(self.votes)]
        name = whose(self.model.name)
        start = time.perf_counter()
        with answering(name, "judge"):
            found = self.model.generate(prompts, max_new_tokens=TOKENS, stop=())
            replies = checked_generations(found, len(prompts), name)
        self._count(replies, time.perf_counter() - start)
        return [
            [reply.text for reply in replies[first : first + self.votes]]
            for first in range(0, len(replies), self.votes)
        ]

    def _prompt(self, question: str, vote: int) -> Prompt:
        if isinstance(self.model, TakesTurns):
            return Prompt("", (), question, chat=True, sample=vote)
        if isinstance(self.model, Chats):
            told = self.model.render_chat([Message("user", question)])
            return Prompt("", (), told, chat=True, sample=vote)
        return Prompt("", (), f"{question}\nAnswer:", sample=vote)

    def _count(self, replies: Sequence[Generation], seconds: float) -> None:
        answered = [reply for reply in replies if reply.error is None]
        prompts = [reply.prompt_tokens for reply in answered]
        said = [reply.generated_tokens for reply in answered]
        self._used = added(
            self._used,
            {
                "calls": len(replies),
                "prompt_tokens": None if None in prompts else sum(filter(None, prompts)),
                "completion_tokens": None if None in said else sum(filter(None, said)),
                "seconds": seconds,
                "failures": len(replies) - len(answered),
            },
        )


def added(
    one: Mapping[str, float | int | None], other: Mapping[str, float | int | None]
) -> dict[str, float | int | None]:
    """Return two usages together; what one of them does not know is not known."""
    total: dict[str, float | int | None] = {}
    for name in {**one, **other}:
        told = [usage[name] for usage in (one, other) if name in usage]
        known = [count for count in told if count is not None]
        total[name] = sum(known) if len(known) == len(told) else None
    return total


def _yes(text: str) -> float | None:
    """Return whether a reply says yes or no, whichever comes first; None if it says neither."""
    told = _YES_OR_NO.search(text.lower())
    return float(told[1] == "yes") if told else None


def _points(text: str) -> float | None:
    told = _POINTS.search(text)
    return float(told[1]) if told else None


def _majority(votes: Sequence[float | None]) -> float | None:
    """Return what more than half of the clear votes say: a tie accepts nothing."""
    share = _mean(votes)
    return None if share is None else float(share > 0.5)


def _mean(votes: Sequence[float | None]) -> float | None:
    clear = [vote for vote in votes if vote is not None]
    return mean(clear) if clear else None
