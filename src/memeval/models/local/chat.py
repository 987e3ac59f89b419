"""Conversations as a model's own chat template writes them."""

from collections.abc import Sequence
from typing import Any

from memeval.errors import ModelError
from memeval.models.local.rendering import RenderingError, rendered
from memeval.models.prompt import Message
from memeval.outside import shown_text

PLACE = "[[answer]]"
WITHOUT_THINKING = {"enable_thinking": False, "thinking": False}
"""What templates ask for that can do without a thought; the others take no notice."""


def render(tokenizer: Any, messages: Sequence[Message], *, name: str, begin: str) -> str:
    """Return messages up to where the assistant's next turn begins.

    A template that knows no system message, or drops it, gets its text at the head of the first
    user turn. What the engine puts before every text, `begin`, is left out.

    Raises:
        ModelError: there is no template, or it cannot tell these messages.
    """
    if not tokenizer.chat_template:
        raise ModelError(
            f"a model in chat style must have a chat template, got none in the tokenizer of "
            f"{name!r}; take --prompt-style completion, or the model's instruct version"
        )
    try:
        text = _with_system(tokenizer, messages)
    except RenderingError as error:
        raise ModelError(
            f"a chat template must take turns of user and assistant, got {_line(error)} from that "
            f"of {name!r}; take --prompt-style completion"
        ) from error
    return text.removeprefix(begin)


def end_of_turn(tokenizer: Any) -> set[int]:
    """Return the special token that the template puts behind an answer, if there is one."""
    if not tokenizer.chat_template:
        return set()
    turns = [Message("user", "?"), Message("assistant", PLACE)]
    try:
        _, _, after = _apply(tokenizer, turns, begins_answer=False).rpartition(PLACE)
    except RenderingError:
        return set()
    first = tokenizer(after, add_special_tokens=False)["input_ids"][:1]
    special = {id_ for id_, token in tokenizer.added_tokens_decoder.items() if token.special}
    return special & set(first)


def _with_system(tokenizer: Any, messages: Sequence[Message]) -> str:
    if messages[0].role != "system":
        return _apply(tokenizer, messages)
    system, first, *others = messages
    try:
        text = _apply(tokenizer, messages)
        if system.text in text:
            return text
    except RenderingError:
        pass
    return _apply(tokenizer, [Message("user", f"{system.text}\n\n{first.text}"), *others])


def _apply(tokenizer: Any, messages: Sequence[Message], *, begins_answer: bool = True) -> str:
    turns = [{"role": message.role, "content": message.text} for message in messages]
    return rendered(tokenizer, turns, begins_answer=begins_answer, **WITHOUT_THINKING)


def _line(error: RenderingError) -> str:
    return shown_text(" ".join(str(error).split()))
