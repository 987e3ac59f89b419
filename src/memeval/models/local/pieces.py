"""Tokens of the pieces of a text, such that together they are the text and nothing more.

A SentencePiece tokenizer puts a space before every text, and so before a piece that stands in the
middle of one. Such a piece is tokenized behind a few characters, whose tokens are then cut off.
"""

from collections.abc import Sequence
from typing import Any

BEFORE = ("\n", ":", "a")
"""What a piece is tokenized behind; the first is what stands before most of them."""
PROBE = ("Notes:\n", "- Pia moved to Lima.\n", "- Omar has 2 boats.\n", "Where? Answer:", " north")


class Pieces:
    """Tokenizes texts, and pieces that continue one, without special tokens."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._behind: tuple[str, ...] = ()
        self.concatenate = self._is_faithful()
        if not self.concatenate:
            self._behind = BEFORE
            self.concatenate = self._is_faithful()

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text."""
        if not texts:
            return []
        ids: list[list[int]] = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return ids

    def continuing(self, pieces: Sequence[str]) -> list[list[int]]:
        """Return token ids of each piece as it is behind another, wherever that may be."""
        found: dict[str, list[int]] = {}
        left = list(dict.fromkeys(pieces))
        for before in self._behind:
            if not left:
                break
            [begin, *whole] = self.tokenize([before, *(before + piece for piece in left)])
            found |= {
                piece: ids[len(begin) :]
                for piece, ids in zip(left, whole, strict=True)
                if ids[: len(begin)] == begin
            }
            left = [piece for piece in left if piece not in found]
        found |= zip(left, self.tokenize(left), strict=True)
        return [found[piece] for piece in pieces]

    def lengths(self, pieces: Sequence[str]) -> list[int]:
        """Return the tokens that each piece takes at most: it may begin a prompt or continue it."""
        alone = self.tokenize(pieces)
        behind = self.continuing(pieces) if self._behind else alone
        return [max(map(len, both)) for both in zip(alone, behind, strict=True)]

    def added(self, text: str, more: str) -> list[int]:
        """Return token ids of what more there is when it is written behind a text."""
        if not self.concatenate:
            begin, whole = self.tokenize([text, text + more])
            if whole[: len(begin)] == begin:
                return whole[len(begin) :]
        return self.continuing([more])[0]

    def _is_faithful(self) -> bool:
        """Whether the pieces of a prompt, put together, are the prompt."""
        first, *others = PROBE
        [whole, begin] = self.tokenize(["".join(PROBE), first])
        joined = [*begin, *(id_ for ids in self.continuing(others) for id_ in ids)]
        return joined == whole or self._tokenizer.decode(joined) == self._tokenizer.decode(whole)


def beginning(tokenizer: Any) -> list[int]:
    """Return what a tokenizer puts before every text of its own accord."""
    whole = tokenizer("a")["input_ids"]
    text = tokenizer("a", add_special_tokens=False)["input_ids"]
    places = range(len(whole) - len(text) + 1) if text else ()
    start = next((i for i in places if whole[i : i + len(text)] == text), 0)
    return list(whole[:start])
