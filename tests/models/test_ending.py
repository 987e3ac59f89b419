"""Where an answer begins and ends in what a model says."""

from itertools import pairwise
from typing import Any

import pytest
from tiny_models import TURNS, byte_tokenizer, saying_model

from memeval.models import Message, Prompt
from memeval.models.local import chat
from memeval.models.local.encoding import Encoding
from memeval.models.local.ending import THOUGHT_TOKENS, Ending, Said, end_of
from memeval.models.local.huggingface import HuggingFaceModel, model_of
from memeval.models.local.one_by_one import OneByOneEngine
from memeval.models.local.thoughts import pairs

SWITCHED = TURNS.replace(
    "[assistant]",
    "[assistant]{% if enable_thinking is false %}<think></think>{% endif %}",
)


def ending(stop: tuple[str, ...] = ("\n",), *, new: int = 16, thinking: str = "", **marks: Any):  # type: ignore[no-untyped-def]
    tokenizer = byte_tokenizer(adds_bos=False)
    tokenizer.add_tokens(list(marks.get("added", ())), special_tokens=marks.get("special", False))
    encoding = Encoding(None, tokenizer)
    return Ending(encoding, encoding.ends, stop, new, thinking)


def read(told: str, **options: Any) -> Said:
    end = ending(**options)
    tokens = end.encoding.tokenizer(told, add_special_tokens=False)["input_ids"]
    return end.read(tokens)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("\n\n Lima\nPeru", Said("Lima", 0, "stop")),
        ("Lima\nPeru", Said("Lima", 0, "stop")),
        (" Lima<eos>", Said("Lima", 0, "stop")),
        ("\n<eos>", Said("", 0, "stop")),
        ("\n\n", Said("", 0, None)),
        (" Li", Said("Li", 0, None)),
        ("\n" * 16, Said("", 0, "length")),
        ("Lima, the capita", Said("Lima, the capita", 0, "length")),
    ],
)
def test_an_answer_ends_at_a_stop_string_behind_its_first_word(told: str, said: Said) -> None:
    """White space before an answer is no end of it, and counts as tokens that it may have."""
    assert read(told) == said


@pytest.mark.parametrize(
    ("text", "stop", "end"),
    [
        ("\n\nQuestion: x", "\nQuestion:", 1),
        ("\n\nLima\n\nPeru", "\n\n", 6),
        ("Lima", "\n", None),
        ("Lima. Peru", ".", 4),
    ],
)
def test_a_stop_string_may_begin_in_white_space(text: str, stop: str, end: int | None) -> None:
    """Only one that is nothing but the space before the answer is passed over."""
    assert end_of(text, [stop]) == end


THINKS = "<think>Is it\nLima?</think>\n\nLima\n"


@pytest.mark.parametrize("special", [True, False, None])
def test_a_thought_is_no_answer(special: bool | None) -> None:
    """It is passed over and counted, however the tokenizer writes its marks."""
    added = ("<think>", "</think>") if special is not None else ()
    tokens = len("Is it\nLima?") + (2 if added else len("<think></think>"))
    assert read(THINKS, added=added, special=special) == Said("Lima", tokens, "stop")


def test_a_thought_may_be_longer_than_an_answer() -> None:
    """The answer has all its tokens behind the thought, which has a bound of its own."""
    thought = "<think>" + "so " * 100 + "</think>"
    assert read(thought + "Lima is the capi").finish == "length"
    assert read(thought + "Lima is the cap").finish is None
    endless = "<think>" + "x" * (THOUGHT_TOKENS - len("<think>"))
    assert read(endless) == Said("", THOUGHT_TOKENS, "length")
    assert read(endless[:-1]).finish is None


def test_a_thought_that_ends_with_the_text_is_cut() -> None:
    """Nothing was answered, and the count of what was cut says so."""
    assert read("<think>Is it<eos>").finish == "length"


def test_a_prompt_may_have_opened_the_thought() -> None:
    """What the model says first is then thought, without a mark."""
    assert read("Is it\nLima?</think>Lima\n", thinking="</think>") == Said("Lima", 19, "stop")
    thoughts = ending().encoding.thoughts
    assert thoughts.opened_by("[assistant]<think>\n") == "</think>"
    assert thoughts.opened_by("[assistant]<think></think>\n") == ""


def test_marks_are_found_by_what_they_say() -> None:
    """Models mark thoughts in many ways; a mark without its other half is none."""
    names = ["<seed:think>", "</seed:think>", "[THINK]", "[/THINK]", "<|START_THINKING|>"]
    names += ["<|END_THINKING|>", "<reasoning>", "<b>", "</b>", "['reasoning_content']"]
    assert pairs(names) == {
        "<seed:think>": "</seed:think>",
        "[THINK]": "[/THINK]",
        "<|START_THINKING|>": "<|END_THINKING|>",
    }


def test_thinking_is_switched_off_where_a_template_can() -> None:
    """Another template renders what it always did."""
    tokenizer = byte_tokenizer(adds_bos=False)
    for template, end in ((SWITCHED, "[assistant]<think></think>"), (TURNS, "[assistant]")):
        tokenizer.chat_template = template
        told = chat.render(tokenizer, [Message("user", "Who?")], name="tiny", begin="")
        assert told == f"[user]Who?<eos>\n{end}"


def saying(text: str, *, one_by_one: bool, window: int = 4096) -> HuggingFaceModel:
    """Return a model that says a text, without a character twice, after a question mark."""
    model = saying_model(dict(pairwise("?" + text)), window=window)
    made = model_of(model, byte_tokenizer(adds_bos=False), name="saying")
    if one_by_one:
        made._engine = OneByOneEngine(model)
    return made


@pytest.mark.parametrize("one_by_one", [False, True])
def test_either_engine_reads_on_behind_white_space(one_by_one: bool) -> None:
    """The answer is what comes after it, and ends where it always did."""
    model = saying("\n Lima", one_by_one=one_by_one)
    found = model.generate([Prompt("", (), "?")], max_new_tokens=16, stop=["\n"])
    assert [(one.text, one.finish, one.thought_tokens) for one in found] == [("Lima", "stop", 0)]
    [cut] = model.generate([Prompt("", (), "?")], max_new_tokens=3, stop=["\n"])
    assert (cut.text, cut.finish, cut.generated_tokens) == ("L", "length", 3)


@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_thought_ends_with_the_window(one_by_one: bool) -> None:
    """A model that thinks on has no more room than its window, whoever is asked beside it."""
    model = saying("\n", one_by_one=one_by_one, window=64)
    model._model.lm_head.weight.data[:, :] = 0
    model._model.lm_head.weight.data[ord("x") - 33, :] = 1  # says x for ever
    prompts = [Prompt("", (), "?" * 9 + "<think>"), Prompt("", (), "?<think>")]
    found = model.generate(prompts, max_new_tokens=4, stop=["\n"])
    assert [one.finish for one in found] == ["length", "length"]
    assert all(one.text == "" for one in found)
    spent = [(one.prompt_tokens or 0) + (one.generated_tokens or 0) for one in found]
    assert max(spent) <= 64 + 1
    assert spent[0] == spent[1]
