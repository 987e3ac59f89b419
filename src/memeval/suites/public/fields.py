"""Fields of published records in the words of people: which one it is, and what it must be."""

from collections.abc import Sequence
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

_KINDS = {
    str: ("text", "texts"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    bool: ("true or false", "true or false"),
}
"""One of a kind, and several."""


def not_true(value: object) -> object:
    """Refuse true and false where a number is asked for, as which Python counts them."""
    if isinstance(value, bool):
        raise ValueError(value)
    return value


def field_path(place: Sequence[str | int], content: Any) -> list[str | int]:
    """Return the fields and entries that lead to a fault, without what pydantic adds of its own.

    It adds the branches of a choice, which are no keys of what was read. A field that is missing
    stands at the end.
    """
    path: list[str | int] = []
    for step in place:
        is_key = isinstance(content, dict) and isinstance(step, str)
        if not (is_key or (isinstance(content, list) and isinstance(step, int))):
            break
        path.append(step)
        content = content.get(step) if isinstance(content, dict) else content[step]
    return path


def expected(kind: type[BaseModel], path: Sequence[str | int]) -> str:
    """Return what must stand at a place of a table, as in "text or a number"."""
    wanted: Any = kind
    for step in path:
        if isinstance(wanted, type) and issubclass(wanted, BaseModel):
            wanted = wanted.model_fields[str(step)].annotation
        else:
            wanted = get_args(wanted)[-1]
    return _told(wanted, is_one=True)


def _told(wanted: Any, *, is_one: bool) -> str:
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin in {Union, UnionType}:
        kinds = [part for part in parts if part is not NoneType]
        kinds = [part for part in kinds if not (part is int and float in kinds)]
        return _either([_told(part, is_one=is_one) for part in kinds])
    if origin is Literal:
        return _either([str(value) for value in parts])
    if origin is list:
        return f"{'a list' if is_one else 'lists'} of {_told(parts[0], is_one=False)}"
    return _KINDS.get(wanted, ("a table", "tables"))[not is_one]


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
