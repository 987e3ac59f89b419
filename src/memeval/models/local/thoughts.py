"""What a model thinks before it answers, by the marks that its tokenizer or template knows."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

MARK = re.compile(r"[<\[][^<>\[\]\s]*(?:think|thought|reason)[^<>\[\]\s]*[>\]]", re.IGNORECASE)
COMMON = {"<think>": "</think>"}
"""What most models write; some that do so name it nowhere."""
SWAPS = {"start": "end", "begin": "end", "START": "END", "BEGIN": "END"}


class Thoughts:
    """The marks around one model's thoughts."""

    def __init__(self, tokenizer: Any) -> None:
        added = tokenizer.added_tokens_decoder.values()
        names = [token.content for token in added]
        template = str(tokenizer.chat_template or "")
        self._closing = COMMON | pairs([*names, *MARK.findall(template)])
        special = {token.content for token in added if token.special}
        self.hidden = bool(special & {*self._closing, *self._closing.values()})
        """Whether a text without special tokens lacks them."""

    def opened_by(self, prompt: str) -> str:
        """Return what closes a thought that a prompt ends in; nothing where it does not."""
        end = prompt.rstrip()
        return next((close for mark, close in self._closing.items() if end.endswith(mark)), "")

    def begun_in(self, text: str) -> str:
        """Return what closes a thought that a text begins with; nothing where it does not."""
        start = text.lstrip()
        return next((close for mark, close in self._closing.items() if start.startswith(mark)), "")


def pairs(names: list[str]) -> dict[str, str]:
    """Return the marks that open a thought, each with the one that closes it."""
    marks = [name for name in names if MARK.fullmatch(name)]
    return {mark: close for mark in marks for close in _closings(mark) if close in marks}


def length(tokens: list[int], closing: str, told: Any) -> int:
    """Return how many tokens a thought takes that ends with the first `closing` in what is told."""
    return bisect_left(range(len(tokens)), x=True, key=lambda n: closing in told(tokens[:n]))


def _closings(mark: str) -> Iterator[str]:
    yield f"{mark[0]}/{mark[1:]}"
    yield from (mark.replace(one, other) for one, other in SWAPS.items() if one in mark)
