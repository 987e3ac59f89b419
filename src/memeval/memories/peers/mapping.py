"""How a preset says what a server is sent, and what of its replies is which."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from memeval.memories.params import MemoryParams
from memeval.memories.peers.calls import CallError
from memeval.memories.peers.peer import Found
from memeval.outside import shown

PLACE = re.compile(r"\{(user|id|text|at|query|k|folder)\}")
USER = {"user": "{user}"}
ADD = {**USER, "id": "{id}", "text": "{text}"}
SEARCH = {**USER, "query": "{query}", "k": "{k}"}
"""What a server is sent that has nothing in its way."""


class Results(MemoryParams):
    """Where in a reply to a search the results are, and of each its text, key and score."""

    results: str = Field(default="", description="path to the list of results")
    text: str = Field(default="text", description="path to a result's text")
    id: str = Field(default="", description="path to what it was added under")
    score: str = Field(default="", description="path to its score, where it has one")
    by_word: bool = Field(default=False, description="whether words are searched for one by one")


class Counted(MemoryParams):
    """Where in a reply to `stats` the size of the store is; of a list, its length."""

    items: str = Field(default="", description="path to how many things are stored")
    bytes: str = Field(default="", description="path to the bytes that they take")
    content: str = Field(default="", description="path to what changes whenever the store does")


def filled(form: Any, values: Mapping[str, object]) -> Any:
    """Return a form with its places filled in; a text that is nothing but a place is the value."""
    if isinstance(form, Mapping):
        return {key: filled(value, values) for key, value in form.items()}
    if isinstance(form, list | tuple):
        return [filled(value, values) for value in form]
    if not isinstance(form, str):
        return form
    whole = PLACE.fullmatch(form)
    if whole:
        return values.get(whole[1], form)
    return PLACE.sub(lambda place: str(values.get(place[1], place[0])), form)


def at(reply: Any, path: str) -> Any:
    """Return what a dotted path leads to, `results.0.text`; None where it leads nowhere."""
    for step in path.split(".") if path else ():
        if isinstance(reply, Mapping):
            reply = reply.get(step)
        elif isinstance(reply, list) and step.isdecimal() and int(step) < len(reply):
            reply = reply[int(step)]
        else:
            return None
    return reply


def results(reply: Any, where: Results) -> list[Found]:
    """Return the results in a reply.

    Raises:
        CallError: there is no list of them, or one has no text.
    """
    rows = at(reply, where.results)
    if not isinstance(rows, list):
        raise CallError(
            f"a reply to a search must hold a list at {where.results!r}, got {shown(reply)}; mend "
            "search.results in the preset"
        )
    return [_result(row, where) for row in rows]


def _result(row: Any, where: Results) -> Found:
    text, key, score = at(row, where.text), where.id and at(row, where.id), None
    if isinstance(text, list):
        text = "\n".join(map(str, text))
    if not isinstance(text, str):
        raise CallError(
            f"a result must have a text at {where.text!r}, got {shown(row)}; mend search.text in "
            "the preset"
        )
    if where.score and isinstance(told := at(row, where.score), int | float):
        score = float(told)
    return Found(text, (str(key),) if key else (), score)


def size(reply: Any, where: Counted) -> tuple[int, int]:
    """Return how many things are stored and in how many bytes; 0 where that is not told."""
    return _count(at(reply, where.items), where.items), _count(at(reply, where.bytes), where.bytes)


def _count(told: Any, path: str) -> int:
    if not path:
        return 0
    if isinstance(told, list | Mapping | str):
        return len(told)
    return int(told) if isinstance(told, int | float) else 0
