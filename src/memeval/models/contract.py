"""The contract of a model, checked where somebody else's comes in and where it answers."""

import inspect
import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from memeval.errors import PluginError, blaming
from memeval.models.answers import Choice, Generation
from memeval.models.base import TextModel
from memeval.outside import shown
from memeval.registry import MODELS

MEMBERS = ("name", "window", "generate", "fingerprint", "description")


def checked_model(model: Any, whose: str) -> TextModel:
    """Return a model if it has all that a `TextModel` must have, of the right types.

    Raises:
        PluginError: it has not; the sentence says whose it is.
    """
    absent = [member for member in MEMBERS if not hasattr(model, member)]
    if absent:
        raise PluginError(
            f"a model must have {', '.join(MEMBERS)}, got {type(model).__name__} without "
            f"{', '.join(absent)} from {whose}; subclass memeval.TextModel, which lacks generate "
            "alone"
        )
    window = model.window
    if not (isinstance(model.name, str) and model.name):
        rule, got = "name must be a text", model.name
    elif not (window is None or (_is_count(window) and window)):
        rule, got = "window must be a number of tokens, or None", window
    elif not callable(model.generate) or inspect.iscoroutinefunction(model.generate):
        rule, got = "generate must be a plain function, not async", model.generate
    elif not isinstance(fingerprint := model.fingerprint(), str) or not fingerprint:
        rule, got = "fingerprint must return a text", fingerprint
    elif not _describes(description := model.description()):
        rule, got = "description must return texts and whole numbers by name", description
    else:
        checked: TextModel = model
        return checked
    raise PluginError(f"a model's {rule}, got {shown(got)} from {whose}; mend the model")


def whose(name: str) -> str:
    """Say which model it is, and where it is registered if it is."""
    plugin = MODELS.plugins().get(name)
    return str(plugin) if plugin else f"model {name!r}"


def answering(whose: str, doing: str = "description") -> AbstractContextManager[None]:
    """Say which model it was that raised."""
    return blaming("a model must answer", whose, "mend the model", doing=doing)


def checked_generations(found: Any, count: int, whose: str) -> list[Generation]:
    """Return what `generate` gave if it is one good generation a prompt.

    Raises:
        PluginError: it is not; the sentence names the model.
    """
    _check_list(found, count, Generation, f"generate of {whose}")
    for one in found:
        costs = (
            one.prompt_tokens,
            one.reused_tokens,
            one.generated_tokens,
            one.thought_tokens,
        )
        if not isinstance(one.text, str):
            raise _wrong("a generation's text must be a text", one.text, whose)
        if one.finish not in (None, "stop", "length"):
            raise _wrong(
                "a generation's finish must be 'stop', 'length' or None", one.finish, whose
            )
        _check_costs(costs, (one.prefill_ms, one.decode_ms, one.answer_ms), whose)
    checked: list[Generation] = found
    return checked


def checked_choices(found: Any, options: Sequence[Sequence[str]], whose: str) -> list[Choice]:
    """Return what `choose` gave if each prompt got one of its own options.

    Raises:
        PluginError: it is not so; the sentence names the model.
    """
    _check_list(found, len(options), Choice, f"choose of {whose}")
    for one, choices in zip(found, options, strict=True):
        if not (_is_count(one.index) and one.index < len(choices)):
            rule = f"a choice's index must be below {len(choices)}, its number of options"
            raise _wrong(rule, one.index, whose)
        times = (one.prefill_ms, one.answer_ms)
        _check_costs((one.prompt_tokens, one.reused_tokens), times, whose)
    checked: list[Choice] = found
    return checked


def _check_list(found: Any, count: int, kind: type, whose: str) -> None:
    if not isinstance(found, list):
        raise _wrong(f"a model must return a list of {kind.__name__}", found, whose)
    other = next((one for one in found if not isinstance(one, kind)), None)
    if other is not None or None in found:
        raise _wrong(f"a model must return a list of {kind.__name__}", other, whose)
    if len(found) != count:
        raise PluginError(
            f"a model must return one {kind.__name__} a prompt, got {len(found)} for {count} "
            f"prompts from {whose}; mend the model"
        )


def _check_costs(tokens: Sequence[Any], times: Sequence[Any], whose: str) -> None:
    for count in tokens:
        if not (count is None or _is_count(count)):
            raise _wrong("tokens must be counted, or None", count, whose)
    for spent in times:
        if not (spent is None or _is_time(spent)):
            raise _wrong("a time must be in milliseconds, or None", spent, whose)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value >= 0


def _describes(description: Any) -> bool:
    return isinstance(description, dict) and all(
        isinstance(name, str) and isinstance(value, str | int)
        for name, value in description.items()
    )


def _wrong(rule: str, got: Any, whose: str) -> PluginError:
    return PluginError(f"{rule}, got {shown(got)} from {whose}; mend the model")
