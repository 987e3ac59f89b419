"""A judge: what it is asked, how its verdicts are read, and what tells its worth."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from memeval.judging import Judge, measure_controls, prompts_digest
from memeval.judging.prompts import asked, prompts
from memeval.models import Generation, Message, Prompt, TextModel
from memeval.types import Item, Query


class Says(TextModel):
    """A model whose replies are what a function makes of the question."""

    def __init__(self, reply: Callable[[str], str]) -> None:
        self.reply = reply
        self.prompts: list[Prompt] = []

    def generate(
        self, prompts: Sequence[Prompt], *, max_new_tokens: int, stop: Sequence[str], **_: object
    ) -> list[Generation]:
        self.prompts += prompts
        return [Generation(self.reply(p.text), 10, 0, 2) for p in prompts]


def failed(table: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [name for name, row in table.items() if row["failed"]]


def item(
    number: int = 0, answer: str = "7 May 2023", slice_: str = "when", rubric: tuple[str, ...] = ()
) -> Item:
    query = Query(f"q{number}", f"When was trip {number}?", 1)
    return Item(query, (answer,), (), (), slice_, rubric=rubric)


def exact(question: str) -> str:
    """Judge as one should: yes where the response holds the answer."""
    gold = question.split("Correct answer: ")[1].split("\n", maxsplit=1)[0]
    return "Yes." if gold in question.split("Reply: ")[1] else "No."


@pytest.mark.parametrize(
    ("reply", "score"),
    [("Yes.", 1.0), ("no", 0.0), ("No, yes it is not", 0.0), ("Perhaps", None), ("", None)],
)
def test_verdicts_are_read_by_their_first_word(reply: str, score: float | None) -> None:
    """Whichever of yes and no comes first; what says neither is no verdict."""
    [verdict] = Judge(Says(lambda _: reply)).judge([item()], ["x"])
    assert verdict.scores == {"judge": score}


def test_the_kind_of_question_chooses_the_prompt() -> None:
    """A slice with a prompt of its name is asked by it, what nobody can answer by another."""
    assert "off by one" in asked(item(slice_="temporal-reasoning"), "x")
    assert "off by one" not in asked(item(slice_="when"), "x")
    assert "cannot be answered" in asked(item(answer="unknown"), "x")


def test_what_is_asked_is_put_in_as_it_stands() -> None:
    """An answer with braces, or with the name of a place, changes nothing else."""
    told = asked(item(answer="{response}"), "{question}")
    assert "Correct answer: {response}\n" in told
    assert "Reply: {question}\n" in told


def test_votes_are_calls_of_their_own_and_the_majority_counts() -> None:
    """Of three votes two decide; they are told apart, so that each is made anew."""
    replies = iter(["yes", "no", "yes", "yes", "no", "no"])
    model = Says(lambda _: next(replies))
    verdicts = Judge(model, votes=3).judge([item(), item(1)], ["a", "b"])
    assert [verdict.scores["judge"] for verdict in verdicts] == [1.0, 0.0]
    assert [prompt.sample for prompt in model.prompts] == [0, 1, 2, 0, 1, 2]


def test_a_tie_accepts_nothing() -> None:
    """Half is not more than half."""
    replies = iter(["yes", "no"])
    [verdict] = Judge(Says(lambda _: next(replies)), votes=2).judge([item()], ["a"])
    assert verdict.scores["judge"] == 0.0


def test_a_rubric_is_scored_by_its_points() -> None:
    """Points at 1 and 0.5 make 0.75; an item without points has no such score."""

    def reply(question: str) -> str:
        if "Point: " not in question:
            return "yes"
        return "1" if "Point: red" in question else "I say 0.5."

    told = Judge(Says(reply)).judge([item(rubric=("red", "big")), item(1)], ["x", "y"])
    assert [verdict.scores["rubric"] for verdict in told] == [0.75, None]


def test_no_answer_is_not_judged() -> None:
    """An item whose model failed costs no call and has no verdict."""
    model = Says(lambda _: "yes")
    first, second = Judge(model).judge([item(), item(1)], [None, "x"])
    assert (first.scores["judge"], second.scores["judge"]) == (None, 1.0)
    assert len(model.prompts) == 1


def test_usage_is_counted_once() -> None:
    """What was used is told once, and tokens that one reply does not tell are not known."""
    judge = Judge(Says(lambda _: "yes"))
    judge.judge([item(), item(1)], ["x", "y"])
    used = judge.take_usage()
    assert (used["calls"], used["prompt_tokens"], used["completion_tokens"]) == (2, 20, 4)
    assert judge.take_usage() == {}


def test_a_model_that_chats_is_asked_in_its_template() -> None:
    """The question is the user's only turn."""

    class Chatty(Says):
        def render_chat(self, messages: Sequence[Message]) -> str:
            return "".join(f"<{one.role}>{one.text}" for one in messages)

    model = Chatty(lambda _: "yes")
    Judge(model).judge([item()], ["x"])
    assert model.prompts[0].text.startswith("<user>Below are")


ITEMS = [item(number, f"{number + 1} May 2023") for number in range(30)]


def test_a_good_judge_passes_its_controls() -> None:
    """It accepts golds, in other words too, and neither another's, a vague, nor a wrong one."""
    table = measure_controls(Judge(Says(exact)), ITEMS)
    told = {name: row["accepted"] for name, row in table.items()}
    assert told["gold"] == told["reworded"] == 1.0
    assert told["vague"] == told["wrong_value"] == 0.0
    assert {row["n"] for row in table.values()} == {20}
    assert failed(table) == []


def test_a_judge_that_accepts_all_fails() -> None:
    """Whoever always says yes fails every control of wrong answers."""
    table = measure_controls(Judge(Says(lambda _: "yes")), ITEMS)
    assert failed(table) == ["other_gold", "vague", "wrong_value"]


def test_a_judge_that_accepts_nothing_fails() -> None:
    """Whoever says no, or nothing clear, fails every control of right answers."""
    for reply in ("no", "Hm."):
        table = measure_controls(Judge(Says(lambda _, r=reply: r)), ITEMS)
        assert failed(table) == ["gold", "reworded"]


def test_a_wrong_value_is_another_number_month_or_day() -> None:
    """A gold without any has no such control."""
    model = Says(lambda _: "no")
    measure_controls(Judge(model), [item(0, "in May"), item(1, "on Monday"), item(2, "Bob")])
    told = [prompt.text for prompt in model.prompts]
    assert sum("Reply: in August\n" in text for text in told) == 1
    assert sum("Reply: on Thursday\n" in text for text in told) == 1
    # gold, reworded, other's and vague of three items, and two of the last
    assert len(told) == 4 * 3 + 2


def test_prompts_are_pinned() -> None:
    """The digest changes with a word of any prompt; a new one is set on purpose."""
    assert set(prompts()) == {
        "abstention",
        "default",
        "knowledge-update",
        "rubric",
        "single-session-preference",
        "temporal-reasoning",
    }
    assert prompts_digest()[:12] == "ebf07e6c1144"
